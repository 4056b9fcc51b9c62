"""A preview shows the page as GitHub does, runs nothing and loads nothing."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from PIL import Image

from seminar_utils.github_profile import hear, preview
from seminar_utils.github_profile.preview import as_page, read_aloud
from seminar_utils.github_profile.reading.markdown import sanitise, to_html
from tests.github_profile.judge import SETTINGS, Page, as_browsers_read, dangers, hostile
from tests.github_profile.profiles import PAGES, SVG, png, saved, zipped

GREEN = Image.new("RGB", (3, 2), "green")
README = (PAGES / "readme.md").read_text(encoding="utf-8")


@pytest.fixture
def profile(tmp_path):
    folder = tmp_path / "mina-example"
    (folder / "images").mkdir(parents=True)
    (folder / "README.md").write_text(README, encoding="utf-8")
    (folder / "images" / "figure.png").write_bytes(png())
    return folder


def page_of(folder, text):
    (folder / "README.md").write_text(text, encoding="utf-8")
    return Page(preview(folder)._repr_html_())


def sources(page):
    return page.attributes("src", "img")


def test_the_page_is_shown_with_the_pictures_of_the_repository(profile):
    page = Page(preview(profile)._repr_html_())
    assert "mina-example / README.md" in page.text
    for tag in ("h1", "img", "table", "th", "pre", "code", "input"):
        assert tag in page.tags(), tag
    first, second = (attributes for tag, attributes in page.elements if tag == "img")
    assert first["alt"] == "The curve of plain-32 ends above."
    assert b64decode(first["src"].removeprefix("data:image/png;base64,")) == png()
    assert second["width"] == "50%" and second["alt"] == ""
    assert "👩‍👩‍👧" in page.text and "a = 1\n  b < 2\n" in page.text


def test_pictures_of_the_web_are_boxes_with_their_alt_texts(profile):
    html = preview(profile)._repr_html_()
    assert "counter.example" not in html
    assert "Picture (from the web, not loaded): visits <b>" in Page(html).text
    assert "Picture (from the web, not loaded): no alt text" in Page(html).text


def test_only_links_to_the_web_lead_anywhere(profile):
    page = page_of(
        profile,
        "[a](https://a.example/?x=1&y=2) [b](/logout) [c](../../lab) [d](#e) [f](//g.example) "
        "[h](mailto:i@j.example) [k](javascript:l) [m](HTTP://n.example)",
    )
    web = ["https://a.example/?x=1&y=2", "mailto:i@j.example", "HTTP://n.example"]
    outside = {"target": "_blank", "rel": "noopener noreferrer"}
    assert [attributes for tag, attributes in page.elements if tag == "a"] == [
        *({"href": web[0], **outside}, {}, {}, {"href": "#user-content-e"}, {}),
        *({"href": web[1], **outside}, {}, {"href": web[2], **outside}),
    ]


def test_links_lead_to_the_sections_of_the_page(profile):
    page = page_of(profile, "# My *curve*!\n\n# My curve!\n\n[a](#My-curve-1) [b](#user-content-x)")
    assert page.attributes("id", "h1") == ["user-content-my-curve", "user-content-my-curve-1"]
    assert page.attributes("href", "a") == ["#user-content-my-curve-1", "#user-content-x"]


UNDRAWN = {
    "```mermaid\ngraph TD\n```\n\n$$x^2$$": "a diagram (mermaid), a formula.",
    "so $y = x + F(x)$ is": "a formula.",
    "from $5 to $6, `$a$`, US$a$\n\n```python\nx = '$a$'\n```": None,
}


@pytest.mark.parametrize("text", UNDRAWN)
def test_what_the_preview_cannot_draw_is_named(profile, text):
    page = page_of(profile, text)
    note = f"GitHub draws what this preview does not: {UNDRAWN[text]}"
    assert (note in page.text) == bool(UNDRAWN[text]) == (f"[{note}]" in repr(preview(profile)))


KINDS = {"a.png": "PNG", "나 무.JPG": "JPEG", "b.gif": "GIF", "c.png": "GIF", "d.webp": "WEBP"}
KINDS |= {"e.svg": "SVG+XML"}


@pytest.mark.parametrize("name", KINDS)
def test_pictures_are_known_by_their_bytes(profile, name):
    kind = KINDS[name]
    raw = SVG if kind == "SVG+XML" else saved(GREEN, kind)
    (profile / name).write_bytes(raw)
    page = page_of(profile, f"![](<{name}>) ![](</{name}>) ![](<./images/../{name}?raw=true>)")
    data = f"data:image/{kind.lower()};base64,{b64encode(raw).decode()}"
    assert sources(page) == [data] * 3


MISSING = """
gone.png images/Figure.png images\\\\figure.png ../secret.png /etc/passwd file:///etc/passwd %00
empty.png data:image/png;base64,AA==
"""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        *((source, "not among the files") for source in ["", *MISSING.split()]),
        *((source, "no picture that GitHub shows") for source in ("README.md", "bitmap.png")),
        ("drawing.svg", "it carries a script"),
    ],
)
def test_what_github_would_not_show_is_a_box(profile, source, reason):
    (profile.parent / "secret.png").write_bytes(png())
    (profile / "empty.png").write_bytes(b"")
    (profile / "bitmap.png").write_bytes(saved(GREEN, "BMP"))
    (profile / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>")
    page = page_of(profile, f"![words]({source})")
    assert sources(page) == []
    assert f"Picture ({reason}): words" in page.text


def test_pictures_that_would_fill_the_notebook_are_boxes(profile):
    noise = Image.effect_noise((1_300, 1_300), 90)
    noise.save(profile / "noise.png")
    assert 1.2 * 2**20 < (profile / "noise.png").stat().st_size < 2.5 * 2**20
    page = page_of(profile, "![a](noise.png)\n" * 5 + "![b](images/figure.png)")
    assert 2 <= len(sources(page)) - 1 <= 4  # the last is small and fits
    assert "Picture (too large to be shown here): a" in page.text


def test_only_numbers_and_sides_are_kept_of_a_pictures_layout(profile):
    page = page_of(
        profile,
        """<img src=images/figure.png width='5" onload="x' height=9 align=right>
        <img src=images/figure.png align=x>""",
    )
    first, second = (attributes for tag, attributes in page.elements if tag == "img")
    assert set(first) == {"src", "alt", "height", "align", "style"}
    assert (first["height"], first["align"]) == ("9", "right") and "align" not in second


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


HEARD = {
    "1. a\n   - b\n\n     c\n2. d\\\n   e\n\n> f\n\n---\n\n<p><summary>g</summary>h</p>": (
        *("- a", "- b", "c", "- d", "e", "f", "g", "h"),
    ),
    "a \x1b[31mb \u202ec\n\n    \x07d &#27;e": ("a [31mb c", "d &#27;e"),  # codes for terminals
    "> [!NOTE]\n> Read :rocket: :tada: :no_such: `:wave:`\n\n> [!note]\n\n[!TIP]\n": (
        *("Note", "Read 🚀 🎉 :no_such: :wave:", "[!note]", "[!TIP]"),
    ),
    "- a\n- b\n  1. c": ("- a", "- b", "- c"),
    ":keycap_digit_one: :a:": (":keycap_digit_one: :a:",),  # whose names stand for several letters
    "": (),
}


@pytest.mark.parametrize("text", HEARD)
def test_lists_boxes_and_codes_are_read_in_lines(profile, text):
    (profile / "README.md").write_text(text, encoding="utf-8")
    for display in (preview(profile), hear(profile)):
        assert repr(display).splitlines() == ["mina-example / README.md", *HEARD[text]]


def test_readme_folder_and_zip_are_taken(profile, tmp_path):
    packed = tmp_path / "mina-example.zip"
    files = {name: (profile / name).read_bytes() for name in ("README.md", "images/figure.png")}
    packed.write_bytes(zipped({f"mina-example/{name}": raw for name, raw in files.items()}))
    html = preview(profile).html
    assert preview(profile / "README.md").html == preview(str(packed)).html == html


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_other_encodings_are_read(profile, encoding):
    (profile / "README.md").write_text("# 안녕\r\n", encoding=encoding)
    assert repr(preview(profile)).splitlines()[1:] == ["Heading 1: 안녕"]


def test_a_missing_readme_is_named(profile, tmp_path):
    (profile / "README.md").unlink()
    for show in (preview, hear):
        with pytest.raises(FileNotFoundError, match=r"no README.md in .*mina-example: give"):
            show(profile)
        with pytest.raises(FileNotFoundError, match="none"):
            show(tmp_path / "none")


def test_a_name_that_holds_html_is_shown_as_it_is(profile):
    folder = profile.rename(profile.with_name("<b>mina"))
    page = Page(preview(folder).html)
    assert "b" not in page.tags() and page.text.startswith("<b>mina / README.md")


@SETTINGS
@given(hostile())
def test_no_text_makes_a_dangerous_preview(text):
    html = as_page(sanitise(to_html(text)), {"a.png": png()})
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
