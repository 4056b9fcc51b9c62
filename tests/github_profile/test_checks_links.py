"""Links to sections, to files of the repository and to the web."""

import unicodedata

import pytest

from seminar_utils.github_profile.checks.links import links
from seminar_utils.github_profile.reading.page import read_page

FILES = dict.fromkeys(["README.md", "run.ipynb", "docs/my notes.md", "그림/곡선.png"], b"")
SECTIONS = """# My figure!
## What I found: 95 % (n = 3)
## 학습 곡선
### `code` & *more*
## Well-known facts
## 🚀 Start
## My figure!
<h2 align="center">In HTML</h2>
<a name="Here"></a> <p id="there">x</p>

"""
ANCHORS = """
my-figure My-Figure my-figure-1 what-i-found-95--n--3 학습-곡선 code--more well-known-facts -start
in-html here there user-content-here top readme
"""


def found(text):
    return [(each.level, each.line) for each in links(read_page(text), FILES)]


@pytest.mark.parametrize("anchor", ["", *ANCHORS.split()])
def test_sections_are_named_as_on_github(anchor):
    assert found(f"{SECTIONS}[a](#{anchor})") == []


@pytest.mark.parametrize("anchor", ["my-figure-2", "my figure", "figure", "my_figure", "학습곡선"])
def test_a_link_to_no_section_fails(anchor):
    assert found(f"{SECTIONS}[a](<#{anchor}>)") == [("fail", 11)]


def test_footnotes_are_sections_and_links_in_code_are_none():
    assert found("a[^1] b[^1]\n\n[^1]: c\n") == []
    assert found("`[a](missing.md)`\n\n```\n[b](#no)\n```\n<!-- [c](d) -->") == []


@pytest.mark.parametrize(
    "address",
    [
        *("run.ipynb", "./run.ipynb", "/run.ipynb", "run.ipynb#cell", "run.ipynb?raw=true"),
        *("docs/my%20notes.md", "docs", "docs/", "docs/../run.ipynb", ".", "/", "그림/곡선.png"),
        *("%EA%B7%B8%EB%A6%BC/%EA%B3%A1%EC%84%A0.png", "../../issues", "../../wiki/Home"),
        *("https://example.org/x", "mailto:mina@example.org", "//example.org", "tel:+82"),
        unicodedata.normalize("NFD", "그림/곡선.png"),  # as macOS writes it
        "https://web.archive.org/web/2026/https://a.org",
    ],
)
def test_links_to_files_and_the_web_are_fine(address):
    assert found(f"# a\n\n[a](<{address}>)") == []


@pytest.mark.parametrize(
    "address",
    [
        *("Run.ipynb", "missing.md", "doc", "docs/notes.md", "../run.ipynb", "../../secret"),
        *("file:///home/x.md", r"C:\Users\x.md", r"docs\my notes.md", "/etc/passwd"),
    ],
)
def test_links_to_no_file_fail(address):
    assert found(f"# a\n\n[a](<{address}>)") == [("fail", 3)]


@pytest.mark.parametrize("address", ["github.com/mina-example", "www.example.org/a", "a.github.io"])
def test_a_lost_beginning_is_named(address):
    (finding,) = links(read_page(f"[a]({address})"), FILES)
    assert f"https://{address}" in finding.mend


def test_a_server_that_is_gone_warns():
    for text in ("[a](https://cdn.rawgit.com/a)", "![a](https://visitor-badge.glitch.me/badge)"):
        assert found(f"a\n\n{text}") == [("warn", 3)]


DOUBLED = """
https://https://github.com/a http://https://github.com/a https://https//a.org HTTPS://HTTP://a.org
https:https://a.org https://www.https://a.org
"""


@pytest.mark.parametrize("address", DOUBLED.split())
def test_doubled_schemes_warn(address):
    assert found(f"a\n[a](<{address}>)") == found(f"a\n![a](<{address}>)") == [("warn", 2)]
