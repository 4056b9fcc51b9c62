"""GitHub's parser and the sanitiser: as on GitHub, and nothing that could run."""

import pytest
from hypothesis import example, given

from seminar_utils.github_profile.reading.markdown import MOST_BYTES, sanitise, to_html, walk
from tests.github_profile.corpus import cases
from tests.github_profile.judge import SETTINGS, Page, as_browsers_read, dangers, hostile, quickly
from tests.github_profile.profiles import PAGES

KEPT = "h1 em strong input table th td del pre code a sup details summary kbd"


def test_html_in_markdown_is_kept_and_scripts_become_text_as_on_github():
    text = "<b onclick=x>a</b> <script>x</script> <IFRAME>\n\n<div>\n**a**\n\n**b**\n</div>"
    html = to_html(text)
    assert Page(html).tags() == ["p", "b", "div", "p", "strong"]
    assert "<b onclick=x>" in html and "&lt;script>x&lt;/script>" in html and "&lt;IFRAME>" in html


def test_sanitised_page_keeps_what_a_readme_needs():
    page = Page(sanitise(to_html((PAGES / "rich.md").read_text(encoding="utf-8"))))
    assert set(KEPT.split()) <= set(page.tags())
    assert page.of("pre") == [{"lang": "python"}] and {"align": "right"} in page.of("th")
    assert "https://a.example" in [attributes.get("href") for attributes in page.of("a")]
    assert ["checked" in box for box in page.of("input")] == [True, False]
    assert "안녕 mina" in page.text and "👩‍👩‍👧" in page.text and "a < b" in page.text
    html = sanitise(
        '<p align="center" dir="rtl"><img src="a.png" alt="&quot;b" width=5 height=6 x=y>'
        '<a href="mailto:a@b.example">c</a><a href="d.md">e</a><ol start=3></ol><details open>'
    )
    rel = {"rel": "noopener noreferrer"}
    assert Page(html).elements == [
        ("p", {"align": "center", "dir": "rtl"}),
        ("img", {"src": "a.png", "alt": '"b', "width": "5", "height": "6"}),
        ("a", {"href": "mailto:a@b.example", **rel}),
        ("a", {"href": "d.md", **rel}),
        *(("ol", {"start": "3"}), ("details", {"open": ""})),
    ]


@pytest.mark.parametrize("attack", [attack for attack, _ in cases("attack")])
def test_known_attacks_are_dangerous_before_and_harmless_after(attack):
    assert dangers(attack + to_html(attack))
    assert dangers(sanitise(to_html(attack))) == []
    assert dangers(sanitise(attack)) == []


def test_the_judge_sees_every_kind_of_danger():
    for html in (
        *("<p onclick=x>", "<p style=x>", "<p id=x>", "<a href='j\navascript:x'>", "<!-- x -->"),
        *("<img src=data:image/png;base64,AA>", "<input type=text disabled>", "<link>"),
        "<input type=checkbox>",
    ):
        assert dangers(html), html
    for attack in ("<script>x", "<svg><style><img src=x onerror=y>", "<a href=javascript:x>a"):
        assert dangers(as_browsers_read(attack))
    assert dangers("<img src=a.png>", is_preview=True)
    assert dangers("<a href=/logout>", is_preview=True)
    assert not dangers("<p>a <img src=a.png><a href=b>", is_preview=False)


@SETTINGS
@given(hostile())
@example("<img/src='x'onerror=alert(1)//<svg><title><textarea>")
def test_no_text_makes_a_dangerous_page(text):
    for html in (sanitise(to_html(text)), sanitise(text)):
        assert dangers(html) == []
        assert dangers(as_browsers_read(html)) == []


@pytest.mark.parametrize("code", ["&#65534;", "&#xFFFF;", "&#0065535;", "&#131070;", "&#0;"])
def test_letters_that_are_none_are_shown_as_one(code):
    assert Page(to_html(f"a {code} b")).text in {"a \ufffd b\n", "a \U0001fffe b\n"}


@pytest.mark.parametrize(
    ("longest", "piece", "words"),
    [
        (MOST_BYTES, "a", r"has 512,001 bytes.*512,000.*shorten"),
        (40_000, "<p>", "makes a page of 40,001 HTML tags, and no more than 40,000"),
        (20_000, "> ", "HTML tags, and no more than 40,000"),
        (19_999, "*a* ", "HTML tags, and no more than 40,000"),
    ],
)
def test_more_than_github_shows_or_a_page_of_too_many_tags_is_refused(longest, piece, words):
    assert to_html(piece * longest)
    with pytest.raises(ValueError, match=words):
        to_html(piece * (longest + 1))


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<a x='", "</", "<![", "&#", "[", "`a"])
def test_broken_html_is_read_quickly(piece):
    html = to_html("<div>\n" + piece * 20_000)
    with quickly():
        assert dangers(sanitise(html)) == []


def test_the_walk_meets_tags_and_texts_in_order():
    steps = walk('<p align="a&amp;b">x &lt; <b>y</b></p><script><i></script>')
    assert [(each.kind, each.tag or each.text) for each in steps] == [
        *[("start", "p"), ("text", "x < "), ("start", "b"), ("text", "y"), ("end", "b")],
        *[("end", "p"), ("start", "script"), ("text", "<i>"), ("end", "script")],
    ]
    assert steps[0].attributes == {"align": "a&b"} and steps[0].text == '<p align="a&amp;b">'
