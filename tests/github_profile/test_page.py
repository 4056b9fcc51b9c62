"""Elements of README.md with their lines, and Markdown that is shown as text."""

import re

import pytest

from seminar_utils.github_profile.reading.markdown import MOST_BYTES
from seminar_utils.github_profile.reading.page import MAX_ELEMENTS, SIGNS, read_page
from tests.github_profile.corpus import cases
from tests.github_profile.judge import quickly
from tests.github_profile.profiles import PAGES


def test_every_element_has_its_line():
    page = read_page((PAGES / "lines.md").read_text(encoding="utf-8"))
    found = [(each.tag, each.line) for each in page.all("h1", "img", "a", "script")]
    assert ("h1", 1) in found
    assert [line for tag, line in found if tag == "img"] == [3, 3, 10, 16, 20, 26, 22]
    assert ("a", 4) in found and ("a", 13) in found and ("script", 13) in found
    # Inside a paragraph, the same picture again and again.
    text = "a\n![a](나무.png)\n![b](나무.png)\n<img src='나무.png'>\n`x`\n"
    assert [each.line for each in read_page(text).all("img")] == [2, 3, 4]


def test_a_section_is_named_by_all_the_text_of_its_heading():
    page = read_page("# A [link *b*](c) `d` &amp; <sub>e</sub>\n\n    code\n")
    sections = [(each.tag, each.get("#")) for each in page.elements]
    assert sections == [("h1", "a-link-b-d--e"), ("a", ""), ("code", ""), ("code", "")]


def test_attributes_are_kept_and_decoded():
    page = read_page("<img src='a&amp;b.png' alt ONERROR=x> <svg onload=y></svg> ![&lt;](<나 무>)")
    assert [each.attributes for each in page.elements] == [
        {"src": "a&b.png", "alt": "", "onerror": "x"},
        {"onload": "y"},
        {"src": "%EB%82%98%20%EB%AC%B4", "alt": "<"},
    ]


SAMPLES = [(kind, *case) for kind in ("text_html", "text_blank") for case in cases(kind)]


@pytest.mark.parametrize(("kind", "text", "expected"), SAMPLES)
def test_markdown_that_is_shown_as_text_is_found(kind, text, expected):
    assert " ¦ ".join(f"{line}: {said}" for _, line, said in read_page(text).samples) == expected
    assert all(found == kind for found, _, _ in read_page(text).samples)


@pytest.mark.parametrize(("kind", "sign", "pattern", "example"), SIGNS)
def test_every_sign_finds_its_example(kind, sign, pattern, example):
    assert re.fullmatch(pattern, example) and not re.match(pattern, "plain words"), sign
    (found,) = read_page(f"<div>\n{example}\n" if kind == "text_html" else example).samples
    assert found == (kind, 2 if kind == "text_html" else 1, example)


def test_what_is_too_large_is_said():
    assert read_page("![a](b)" * MAX_ELEMENTS).is_whole
    assert not read_page("![a](b)" * (MAX_ELEMENTS + 1)).is_whole
    assert read_page("가" * (MOST_BYTES // 3)).is_whole
    assert not read_page("가" * (MOST_BYTES // 3 + 1)).is_whole
    assert not read_page("> " * 200_000).is_whole


# Each of them would cost Python's own HTML parser minutes or an error, or fill the memory.
HOSTILE = [
    *("<div\n" + "<a " * 30_000, "<div>\n" + '<a b="' * 30_000, "<div>\n" + "<!--" * 30_000),
    *("<div>" * 10_000, "<iframe>\n" + "<![x" * 30_000, "<script>\n" + "</" * 30_000),
    *("> " * 200_000, "[" * 400_000, "![a](" * 90_000, "<div>\n" + "**a" * 100_000),
    *("<div>\n" + "[" * 300_000, "<div>\n" + "![a](" * 90_000),
    *("[^a]: x\n\n" + "[^a] " * 50_000, "|a" * 100_000 + "\n" + "|-" * 100_000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:10]))
def test_hostile_texts_cost_seconds_at_most(text):
    with quickly():
        read_page(text)
