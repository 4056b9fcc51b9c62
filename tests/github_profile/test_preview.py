"""A preview shows the page as GitHub does, runs nothing and loads nothing."""

import io
import zipfile
from base64 import b64decode

import pytest
from hypothesis import given
from PIL import Image

from seminar_utils.github_profile import hear, preview
from seminar_utils.github_profile.preview import as_page, read_aloud
from seminar_utils.github_profile.reading.markdown import sanitise, to_html
from tests.github_profile.judge import SETTINGS, Page, as_browsers_read, dangers, hostile

README = """# 안녕, I am Mina 👩‍👩‍👧

![The curve of plain-32 ends above.](images/figure.png) <img src="images/figure.png" width="50%">

![visits <b>](https://counter.example/x.svg) ![](//counter.example/y.png)

- [x] done, see [my notes](notes.md) and [the paper](https://arxiv.example/1512.03385)

|net|error|
|-|-|
|plain|13|

```
a = 1
  b < 2
```

Behind
the code.
"""


def picture(kind="PNG", size=(3, 2)):
    file = io.BytesIO()
    Image.new("RGB", size, "green").save(file, format=kind)
    return file.getvalue()


@pytest.fixture
def profile(tmp_path):
    folder = tmp_path / "mina-example"
    (folder / "images").mkdir(parents=True)
    (folder / "README.md").write_text(README, encoding="utf-8")
    (folder / "images" / "figure.png").write_bytes(picture())
    return folder


def shown(folder, text):
    (folder / "README.md").write_text(text, encoding="utf-8")
    return Page(preview(folder)._repr_html_())


def sources(page):
    return [attributes["src"] for tag, attributes in page.elements if tag == "img"]


def test_the_page_is_shown_with_the_pictures_of_the_repository(profile):
    page = Page(preview(profile)._repr_html_())
    assert "mina-example / README.md" in page.text
    for tag in ("h1", "img", "table", "th", "pre", "code", "input"):
        assert tag in page.tags(), tag
    first, second = (attributes for tag, attributes in page.elements if tag == "img")
    assert first["alt"] == "The curve of plain-32 ends above."
    assert b64decode(first["src"].removeprefix("data:image/png;base64,")) == picture()
    assert second["width"] == "50%" and second["alt"] == ""
    assert "👩‍👩‍👧" in page.text and "a = 1\n  b < 2\n" in page.text


def test_pictures_of_the_web_are_boxes_with_their_alt_texts(profile):
    html = preview(profile)._repr_html_()
    assert "counter.example" not in html
    assert "Picture (from the web, not loaded): visits <b>" in Page(html).text
    assert "Picture (from the web, not loaded): no alt text" in Page(html).text


def test_only_links_to_the_web_lead_anywhere(profile):
    page = shown(
        profile,
        "[a](https://a.example/?x=1&y=2) [b](/logout) [c](../../lab) [d](#e) [f](//g.example) "
        "[h](mailto:i@j.example) [k](javascript:l) [m](HTTP://n.example)",
    )
    links = [attributes for tag, attributes in page.elements if tag == "a"]
    found = [attributes.get("href") for attributes in links]
    assert found == [
        "https://a.example/?x=1&y=2",
        *[None] * 4,
        "mailto:i@j.example",
        None,
        "HTTP://n.example",
    ]
    for attributes in links:
        assert attributes == {} or attributes["target"] == "_blank"
        assert attributes == {} or attributes["rel"] == "noopener noreferrer"


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("나 무.JPG", "JPEG"), ("b.gif", "GIF"), ("c.png", "GIF")]
)
def test_pictures_are_known_by_their_bytes(profile, name, kind):
    (profile / name).write_bytes(picture(kind))
    page = shown(profile, f"![](<{name}>) ![](</{name}>) ![](<./images/../{name}?raw=true>)")
    assert [source[:14] for source in sources(page)] == [f"data:image/{kind.lower()}"[:14]] * 3


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("gone.png", "not among the files"),
        ("images/Figure.png", "not among the files"),
        (r"images\\figure.png", "not among the files"),
        ("../secret.png", "not among the files"),
        ("/etc/passwd", "not among the files"),
        ("file:///etc/passwd", "not among the files"),
        ("%00", "not among the files"),
        ("", "not among the files"),
        ("empty.png", "not among the files"),
        ("drawing.svg", "no PNG, JPEG or GIF"),
        ("README.md", "no PNG, JPEG or GIF"),
        ("bitmap.png", "no PNG, JPEG or GIF"),
        ("data:image/png;base64,AA==", "not among the files"),
    ],
)
def test_what_github_would_not_show_is_a_box(profile, source, reason):
    (profile.parent / "secret.png").write_bytes(picture())
    (profile / "empty.png").write_bytes(b"")
    (profile / "bitmap.png").write_bytes(picture("BMP"))
    (profile / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>")
    page = shown(profile, f"![words]({source})")
    assert sources(page) == []
    assert f"Picture ({reason}): words" in page.text


def test_pictures_that_would_fill_the_notebook_are_boxes(profile):
    noise = Image.effect_noise((1_300, 1_300), 90)
    noise.save(profile / "noise.png")
    assert 1.2 * 2**20 < (profile / "noise.png").stat().st_size < 2.5 * 2**20
    page = shown(profile, "![a](noise.png)\n" * 5 + "![b](images/figure.png)")
    assert 2 <= len(sources(page)) - 1 <= 4  # the last is small and fits
    assert "Picture (too large to be shown here): a" in page.text


def test_only_numbers_are_kept_as_a_pictures_size(profile):
    page = shown(profile, """<img src=images/figure.png width='5" onload="x' height=9>""")
    (attributes,) = (attributes for tag, attributes in page.elements if tag == "img")
    assert set(attributes) == {"src", "alt", "height", "style"} and attributes["height"] == "9"


def test_hear_gives_the_text_and_the_words_for_pictures(profile):
    lines = [
        *("mina-example / README.md", "Heading 1: 안녕, I am Mina 👩‍👩‍👧"),
        "[Picture: The curve of plain-32 ends above.] [Picture without alt text: figure.png]",
        "[Picture: visits <b>] [Picture without alt text: y.png]",
        *("- [x] done, see my notes and the paper", "net | error", "plain | 13", "a = 1"),
        *("  b < 2", "Behind the code."),
    ]
    assert repr(hear(profile)).splitlines() == lines
    assert repr(preview(profile)).splitlines() == lines
    page = Page(hear(profile)._repr_html_())
    assert "img" not in page.tags() and "a" not in page.tags()
    for line in lines:
        assert line.strip() in page.text


def test_lists_quotes_and_line_ends_are_read_in_lines():
    text = "1. a\n   - b\n\n     c\n2. d\\\n   e\n\n> f\n\n---\n\n<p><summary>g</summary>h</p>"
    lines = read_aloud(sanitise(to_html(text)))
    assert lines == ["- a", "- b", "c", "- d", "e", "f", "g", "h"]


def test_codes_for_terminals_are_left_out(profile):
    (profile / "README.md").write_text("a \x1b[31mb \u202ec\n\n    \x07d &#27;e", encoding="utf-8")
    for display in (preview(profile), hear(profile)):
        assert repr(display).splitlines()[1:] == ["a [31mb c", "d &#27;e"]


def test_readme_folder_and_zip_are_taken(profile, tmp_path):
    packed = tmp_path / "mina-example.zip"
    with zipfile.ZipFile(packed, "w") as file:
        for name in ("README.md", "images/figure.png"):
            file.write(profile / name, f"mina-example/{name}")
    html = preview(profile).html
    assert preview(profile / "README.md").html == preview(str(packed)).html == html


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_other_encodings_are_read(profile, encoding):
    (profile / "README.md").write_text("# 안녕\r\n", encoding=encoding)
    assert repr(preview(profile)).splitlines()[1:] == ["Heading 1: 안녕"]


def test_an_empty_readme_is_an_empty_page(profile):
    (profile / "README.md").write_bytes(b"")
    assert repr(preview(profile)) == repr(hear(profile)) == "mina-example / README.md"


def test_a_missing_readme_is_named(profile, tmp_path):
    (profile / "README.md").unlink()
    for show in (preview, hear):
        with pytest.raises(FileNotFoundError, match=r"no README.md in .*mina-example: give"):
            show(profile)
        with pytest.raises(FileNotFoundError, match="none"):
            show(tmp_path / "none")


def test_a_huge_readme_is_refused(profile):
    (profile / "README.md").write_bytes(b"a" * 600_000)
    with pytest.raises(ValueError, match="600,000 bytes"):
        preview(profile)


def test_a_name_that_holds_html_is_shown_as_it_is(profile):
    folder = profile.rename(profile.with_name("<b>mina"))
    page = Page(preview(folder).html)
    assert "b" not in page.tags() and page.text.startswith("<b>mina / README.md")


@SETTINGS
@given(hostile())
def test_no_text_makes_a_dangerous_preview(text):
    html = as_page(sanitise(to_html(text)), {"a.png": picture()})
    assert dangers(html, is_preview=True) == []
    assert dangers(as_browsers_read(html), is_preview=True) == []
    assert "<img" not in html or "base64," in html


@SETTINGS
@given(hostile())
def test_whatever_is_seen_is_heard(text):
    html = sanitise(to_html(text))
    letters = [letter for letter in Page(html).text if letter.isprintable() and letter != " "]
    heard = iter("".join(read_aloud(html)))
    assert all(letter in heard for letter in letters)  # in the same order
