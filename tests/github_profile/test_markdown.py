"""GitHub's parser and the sanitiser: as on GitHub, and nothing that could run."""

import time

import pytest
from hypothesis import example, given

from seminar_utils.github_profile.reading.markdown import MOST_BYTES, sanitise, to_html, walk
from tests.github_profile.judge import SETTINGS, Page, as_browsers_read, dangers, hostile
from tests.github_profile.profiles import PAGES

RICH = (PAGES / "rich.md").read_text(encoding="utf-8")
KEPT = "h1 em strong input table th td del pre code a sup details summary kbd"
ATTACKS = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>"),
    "<a href=' &#106;ava\tscript:alert(1)'>x</a>",
    "[x](javascript:alert(1)) ![x](data:text/html;base64,AA) <vbscript:x>",
    "<iframe src=//a.example></iframe><form action=/x><input type=image src=x><button>x</button>",
    "<style>*{display:none}</style><div style='position:fixed' id=x class=y onclick=x>a</div>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<picture><source srcset=https://a.example/x><img srcset=x src=y></picture>",
    "<object data=x></object><embed src=x><base href=//a.example><meta http-equiv=refresh>",
    "<a href=https://a.example ping=https://b.example target=_top xlink:href=javascript:x>a</a>",
    "<!-- <img src=x> --><!doctype html><?php x ?><![CDATA[<script>]]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]


def test_html_in_markdown_is_kept_and_scripts_become_text_as_on_github():
    text = "<b onclick=x>a</b> <script>x</script> <IFRAME>\n\n<div>\n**a**\n\n**b**\n</div>"
    html = to_html(text)
    assert Page(html).tags() == ["p", "b", "div", "p", "strong"]
    assert "<b onclick=x>" in html and "&lt;script>x&lt;/script>" in html and "&lt;IFRAME>" in html


def test_sanitised_page_keeps_what_a_readme_needs():
    page = Page(sanitise(to_html(RICH)))
    assert set(KEPT.split()) <= set(page.tags())
    assert ("pre", {"lang": "python"}) in page.elements
    assert ("th", {"align": "right"}) in page.elements
    assert "https://a.example" in [attributes.get("href") for _, attributes in page.elements]
    boxes = [attributes for tag, attributes in page.elements if tag == "input"]
    assert ["checked" in box for box in boxes] == [True, False]
    assert "안녕 mina" in page.text and "👩‍👩‍👧" in page.text and "a < b" in page.text
    html = sanitise(
        '<p align="center" dir="rtl"><img src="a.png" alt="&quot;b" width=5 height=6 x=y>'
        '<a href="mailto:a@b.example">c</a><a href="d.md">e</a><ol start=3></ol><details open>'
    )
    kept = [attributes for _, attributes in Page(html).elements]
    rel = {"rel": "noopener noreferrer"}
    assert kept == [
        {"align": "center", "dir": "rtl"},
        {"src": "a.png", "alt": '"b', "width": "5", "height": "6"},
        {"href": "mailto:a@b.example", **rel},
        {"href": "d.md", **rel},
        *({"start": "3"}, {"open": ""}),
    ]


@pytest.mark.parametrize("attack", ATTACKS)
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


def test_a_text_longer_than_github_shows_is_refused():
    assert to_html("가" * (MOST_BYTES // 3))
    with pytest.raises(ValueError, match=r"has 512,001 bytes.*512,000.*shorten"):
        to_html("a" * (MOST_BYTES + 1))


@pytest.mark.parametrize("code", ["&#65534;", "&#xFFFF;", "&#0065535;", "&#131070;", "&#0;"])
def test_letters_that_are_none_are_shown_as_one(code):
    assert Page(to_html(f"a {code} b")).text in {"a \ufffd b\n", "a \U0001fffe b\n"}


@pytest.mark.parametrize("text", ["> " * 20_001 + "x", "<p>" * 40_001, "*a* " * 20_001])
def test_a_page_of_too_many_tags_is_refused(text):
    with pytest.raises(ValueError, match=r"HTML tags, and no more than 40,000"):
        to_html(text)


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<a x='", "</", "<![", "&#", "[", "`a"])
def test_broken_html_is_read_quickly(piece):
    html = to_html("<div>\n" + piece * 20_000)
    start = time.perf_counter()
    assert dangers(sanitise(html)) == []
    assert time.perf_counter() - start < 20  # Python's parser alone needs minutes


def test_the_walk_meets_tags_and_texts_in_order():
    steps = walk('<p align="a&amp;b">x &lt; <b>y</b></p><script><i></script>')
    assert [(each.kind, each.tag or each.text) for each in steps] == [
        *[("start", "p"), ("text", "x < "), ("start", "b"), ("text", "y"), ("end", "b")],
        *[("end", "p"), ("start", "script"), ("text", "<i>"), ("end", "script")],
    ]
    assert steps[0].attributes == {"align": "a&b"} and steps[0].text == '<p align="a&amp;b">'
