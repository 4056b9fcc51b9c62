"""Pictures: there, described, the student's own, and silent about who made them."""

import pytest

from seminar_utils.github_profile.checks import pictures
from seminar_utils.github_profile.reading.page import read_page
from tests.github_profile.profiles import jpeg, png

SVG = b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'></svg>"
FILES = {"a.png": png(), "images/나 무.jpg": jpeg(), "b.svg": SVG, "broken.png": png()[:40]}


def levels(findings):
    return [(each.level, each.line) for each in findings]


def local(text):
    return list(pictures.local_pictures(read_page(text), FILES))


def test_pictures_without_words_warn():
    page = read_page("x\n\n![Fig. 2](a.png)\n\n<img src=a.png>\n\n![Error by epoch](a.png)")
    no_words, none = pictures.alt_texts(page)
    assert levels([no_words, none]) == [("warn", 3), ("warn", 5)]
    assert "only “Fig. 2”" in no_words.what and "a.png has no words" in none.what


@pytest.mark.parametrize(
    "source",
    [
        *("a.png", "./a.png", "/a.png", "a.png?raw=true", "a.png#gh-dark-mode-only", "b.svg"),
        *("images/나 무.jpg", "images/%EB%82%98%20%EB%AC%B4.jpg", "https://example.org/a.png"),
    ],
)
def test_pictures_that_are_there_are_fine(source):
    assert local(f"![x](<{source}>)") == []


BROKEN = {
    "c.png": "correct its name",
    "A.png": "capitals",
    r"images\나 무.jpg": "Write /",
    "../a.png": "beside README.md",
    "file:///home/mina/a.png": "beside README.md",
    r"C:\Users\mina\a.png": "beside README.md",
    "/home/mina/a.png": "beside README.md",
    "broken.png": "Save the figure again",
    "data:image/png;base64,AAAA": "as a file",
    "images": "correct its name",
    "": "Write the file's name",
}


@pytest.mark.parametrize("source", BROKEN)
def test_broken_pictures_fail_and_say_how_to_mend(source):
    for text in (f"a\n\n![x](<{source}>)", f"<p>\n\n<img src='{source}'>"):
        (found,) = local(text)
        assert (found.level, found.line) == ("fail", 3)
        assert BROKEN[source] in found.mend


def test_sources_of_other_sizes_are_looked_at():
    text = '<picture>\n<source srcset="a.png, c.png 2x">\n<img src="a.png" alt="x y">\n</picture>'
    assert levels(local(text)) == [("fail", 2)]
    assert levels(local('<img src="a.png" srcset="b.svg, c.png 2x" alt="x y">')) == [("fail", 1)]


def test_counters_and_cards_get_advice():
    (found,) = pictures.cards(read_page("a\n![x](https://komarev.com/ghpvc/?username=x)"))
    assert (found.level, found.line) == ("advice", 2)
    assert "counter or card" in found.what and "alt text" in found.why


OWN = """
https://raw.githubusercontent.com/Mina/mina/main/a.png https://github.com/mina/mina/blob/main/a.png
https://github.com/mina/mina/raw/main/a.png?raw=true
https://raw.githubusercontent.com/mina/mina/refs/heads/output/a.svg
"""
OTHERS = """
https://raw.githubusercontent.com/mina/notes/main/a.png https://github.com/mila/mila/raw/main/a.png
https://evil.example/mina/mina/main/a.png
"""


@pytest.mark.parametrize("source", [*OWN.split(), *OTHERS.split()])
def test_pictures_of_the_own_repository_are_no_others(source):
    found = list(pictures.cards(read_page(f"![x]({source})"), "mina"))
    assert bool(found) == (source in OTHERS.split())


def test_pictures_from_elsewhere_get_advice():
    text = "![x](https://img.shields.io/badge/a-b-c) <img src='//example.org/a.png'>\n![y](a.png)"
    found = list(pictures.cards(read_page(text)))
    assert levels(found) == [("advice", 1)] * 2
    assert all("from another place" in each.what for each in found)


def test_drawings_with_scripts_fail():
    bad = {
        "a.svg": SVG.replace(b"></", b"><script>x</script></"),
        "b.SVG": SVG.replace(b"<svg", b"<svg onload = 'x'"),
        "c.svg": SVG.replace(b"></", b"><a href='javascript:x'/></"),
    }
    found = list(pictures.svg_scripts({**bad, "d.svg": SVG, "e.txt": b"<script>"}))
    assert [each.what.split()[0] for each in found] == list(bad)
    assert {each.level for each in found} == {"fail"}


def test_metadata_warn_and_are_named_without_what_they_say():
    photo = jpeg(gps=True, tags={"Model": "Camera 1", "Artist": "Mina"})
    (found,) = pictures.metadata({"b.JPG": photo, "a.png": png(), "c.txt": photo})
    assert (found.level, found.line) == ("warn", None)
    told = "where it was taken (GPS), the camera or phone, somebody's name"
    assert found.what == f"b.JPG carries metadata: {told}."
