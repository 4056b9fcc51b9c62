"""A preview shows the page as GitHub does, runs nothing and loads nothing."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from PIL import Image

from seminar_utils.github_profile import hear, preview
from seminar_utils.github_profile.preview import as_page, read_aloud
from seminar_utils.github_profile.reading.markdown import sanitise, to_html
from tests.github_profile.corpus import cases
from tests.github_profile.judge import SETTINGS, Page, as_browsers_read, dangers, hostile
from tests.github_profile.profiles import PAGES, SVG, png, saved, write, zipped

GREEN = Image.new("RGB", (3, 2), "green")
FILES = {"README.md": (PAGES / "readme.md").read_bytes(), "images/figure.png": png()}


@pytest.fixture
def profile(tmp_path):
    return write(tmp_path / "mina-example", FILES)


def page_of(folder, text):
    return Page(preview(write(folder, {"README.md": text.encode()}))._repr_html_())


def sources(page):
    return [attributes["src"] for attributes in page.of("img")]


def test_the_page_is_shown_with_the_pictures_of_the_repository(profile):
    page = Page(preview(profile)._repr_html_())
    assert "mina-example / README.md" in page.text
    assert {"h1", "img", "table", "th", "pre", "code", "input"} <= set(page.tags())
    first, second = page.of("img")
    assert first["alt"] == "The curve of plain-32 ends above."
    assert b64decode(first["src"].removeprefix("data:image/png;base64,")) == png()
    assert second["width"] == "50%" and second["alt"] == ""
    assert "👩‍👩‍👧" in page.text and "a = 1\n  b < 2\n" in page.text
    # Pictures of the web are boxes.
    assert "counter.example" not in preview(profile).html
    assert "Picture (from the web, not loaded): visits <b>" in page.text
    assert "Picture (from the web, not loaded): no alt text" in page.text


def test_only_links_to_the_web_lead_anywhere(profile):
    page = page_of(
        profile,
        "[a](https://a.example/?x=1&y=2) [b](/logout) [c](../../lab) [d](#e) [f](//g.example) "
        "[h](mailto:i@j.example) [k](javascript:l) [m](HTTP://n.example)",
    )
    outside = {"target": "_blank", "rel": "noopener noreferrer"}
    assert page.of("a") == [
        *({"href": "https://a.example/?x=1&y=2", **outside}, {}, {}),
        *({"href": "#user-content-e"}, {}, {"href": "mailto:i@j.example", **outside}),
        *({}, {"href": "HTTP://n.example", **outside}),
    ]


def test_links_lead_to_the_sections_of_the_page(profile):
    page = page_of(profile, "# My *curve*!\n\n# My curve!\n\n[a](#My-curve-1) [b](#user-content-x)")
    ids = [attributes["id"] for attributes in page.of("h1")]
    assert ids == ["user-content-my-curve", "user-content-my-curve-1"]
    assert page.of("a") == [{"href": "#user-content-my-curve-1"}, {"href": "#user-content-x"}]


@pytest.mark.parametrize(("text", "undrawn"), cases("undrawn"))
def test_what_the_preview_cannot_draw_is_named(profile, text, undrawn):
    page = page_of(profile, text)
    note = f"GitHub draws what this preview does not: {undrawn}"
    assert (note in page.text) == bool(undrawn) == (f"[{note}]" in repr(preview(profile)))


KINDS = {"a.png": "PNG", "나 무.JPG": "JPEG", "b.gif": "GIF", "c.png": "GIF", "d.webp": "WEBP"}
KINDS |= {"e.svg": "SVG+XML"}


@pytest.mark.parametrize("name", KINDS)
def test_pictures_are_known_by_their_bytes(profile, name):
    kind = KINDS[name]
    raw = SVG if kind == "SVG+XML" else saved(GREEN, kind)
    write(profile, {name: raw})
    page = page_of(profile, f"![](<{name}>) ![](</{name}>) ![](<./images/../{name}?raw=true>)")
    data = f"data:image/{kind.lower()};base64,{b64encode(raw).decode()}"
    assert sources(page) == [data] * 3


@pytest.mark.parametrize(("source", "reason"), cases("picture in a box"))
def test_what_github_would_not_show_is_a_box(profile, source, reason):
    write(profile.parent, {"secret.png": png()})
    drawing = SVG.replace(b"></", b" onload='x'></")
    write(profile, {"empty.png": b"", "bitmap.png": saved(GREEN, "BMP"), "drawing.svg": drawing})
    page = page_of(profile, f"![words]({source})")
    assert sources(page) == []
    assert f"Picture ({reason}): words" in page.text


def test_pictures_that_would_fill_the_notebook_are_boxes(profile):
    noise = saved(Image.effect_noise((1_300, 1_300), 90))
    assert 1.2 * 2**20 < len(noise) < 2.5 * 2**20
    write(profile, {"noise.png": noise})
    page = page_of(profile, "![a](noise.png)\n" * 5 + "![b](images/figure.png)")
    assert 2 <= len(sources(page)) - 1 <= 4  # the last is small and fits
    assert "Picture (too large to be shown here): a" in page.text


def test_only_numbers_and_sides_are_kept_of_a_pictures_layout(profile):
    page = page_of(
        profile,
        """<img src=images/figure.png width='5" onload="x' height=9 align=right>
        <img src=images/figure.png align=x>""",
    )
    first, second = page.of("img")
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
    assert page.of("img", "a") == []
    assert all(line.strip() in page.text for line in lines)


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
    write(profile, {"README.md": text.encode()})
    for display in (preview(profile), hear(profile)):
        assert repr(display).splitlines() == ["mina-example / README.md", *HEARD[text]]


def test_readme_folder_and_zip_are_taken(profile, tmp_path):
    packed = zipped({f"mina-example/{name}": raw for name, raw in FILES.items()})
    write(tmp_path, {"mina-example.zip": packed})
    html = preview(profile).html
    assert preview(profile / "README.md").html == html
    assert preview(str(tmp_path / "mina-example.zip")).html == html


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_other_encodings_are_read(profile, encoding):
    write(profile, {"README.md": "# 안녕\r\n".encode(encoding)})
    assert repr(preview(profile)).splitlines()[1:] == ["Heading 1: 안녕"]


def test_a_missing_readme_is_named(profile, tmp_path):
    (profile / "README.md").unlink()
    for show in (preview, hear):
        with pytest.raises(FileNotFoundError, match=r"no README.md in .*mina-example: give"):
            show(profile)
        with pytest.raises(FileNotFoundError, match="none is not there"):
            show(tmp_path / "none")


def test_a_name_that_holds_html_is_shown_as_it_is(profile):
    page = Page(preview(profile.rename(profile.with_name("<b>mina"))).html)
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
