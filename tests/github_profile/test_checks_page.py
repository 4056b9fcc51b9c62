"""The page: links, pictures and their words, what wants to run, what is shown as text or left over.

Each row of a table is a text and the kinds of its findings, as in `findings.tsv`.
"""

import unicodedata

import pytest

from seminar_utils.github_profile.checks.page import on_page, words
from seminar_utils.github_profile.checks.tables import is_meaningful
from seminar_utils.github_profile.reading.page import read_page
from tests.github_profile.profiles import SVG, jpeg, kinds, png, table

FILES = {
    **{"README.md": b"", "run.ipynb": b"", "docs/my notes.md": b"", "그림/곡선.png": b""},
    **{"a.png": png(), "images/나 무.jpg": jpeg(), "b.svg": SVG, "broken.png": png()[:40]},
}


def found(text, user=""):
    return kinds(on_page(read_page(text), FILES, user))


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


@pytest.mark.parametrize("anchor", ["", *ANCHORS.split()])
def test_sections_are_named_as_on_github(anchor):
    assert found(f"{SECTIONS}[a](#{anchor})") == []


@pytest.mark.parametrize("anchor", ["my-figure-2", "my figure", "figure", "my_figure", "학습곡선"])
def test_a_link_to_no_section_fails(anchor):
    assert found(f"{SECTIONS}[a](<#{anchor}>)") == [("section", 11)]


def test_footnotes_are_sections_and_links_in_code_are_none():
    assert found("a[^1] b[^1]\n\n[^1]: c\n") == []
    assert found("`[a](missing.md)`\n\n```\n[b](#no)\n```\n<!-- [c](d) -->") == []


LINKS = r"""
run.ipynb| ¦ ./run.ipynb| ¦ /run.ipynb| ¦ run.ipynb#cell| ¦ run.ipynb?raw=true|
docs/my%20notes.md| ¦ docs| ¦ docs/| ¦ docs/../run.ipynb| ¦ .| ¦ /| ¦ 그림/곡선.png|
%EA%B7%B8%EB%A6%BC/%EA%B3%A1%EC%84%A0.png| ¦ ../../issues| ¦ ../../wiki/Home|
https://example.org/x| ¦ mailto:mina@example.org| ¦ //example.org| ¦ tel:+82|
https://web.archive.org/web/2026/https://a.org| ¦ https://cdn.rawgit.com/a|dead ¦ Run.ipynb|link
missing.md|link ¦ doc|link ¦ docs/notes.md|link ¦ ../run.ipynb|link ¦ ../../secret|link
file:///home/x.md|link ¦ C:\Users\x.md|link ¦ docs\my notes.md|link ¦ /etc/passwd|link
github.com/mina-example|link_bare ¦ www.example.org/a|link_bare ¦ a.github.io|link_bare
https://https://github.com/a|doubled ¦ https:https://a.org|doubled
"""
NFD = unicodedata.normalize("NFD", "그림/곡선.png")  # as macOS writes it


@pytest.mark.parametrize(("address", "kind"), [*table(LINKS), (NFD, "")])
def test_links_lead_to_files_and_the_web(address, kind):
    assert found(f"# a\n\n[a](<{address}>)") == [(kind, 3)] * bool(kind)


PICTURES = r"""
a.png| ¦ ./a.png| ¦ /a.png| ¦ a.png?raw=true| ¦ a.png#gh-dark-mode-only| ¦ b.svg|
images/나 무.jpg| ¦ images/%EB%82%98%20%EB%AC%B4.jpg| ¦ c.png|picture_missing
A.png|picture_capitals ¦ images\나 무.jpg|picture_backslash ¦ ../a.png|picture_disk
file:///home/mina/a.png|picture_disk ¦ C:\Users\mina\a.png|picture_disk
/home/mina/a.png|picture_disk ¦ broken.png|picture_broken
data:image/png;base64,AAAA|picture_data ¦ images|picture_missing ¦ |picture_nowhere
https://komarev.com/ghpvc/?username=x|picture_card ¦ //example.org/a.png|picture_other
https://img.shields.io/badge/a-b-c|picture_other ¦ https://a.glitch.me/x|dead picture_other
https://https://a.org/b|doubled picture_other
https://raw.githubusercontent.com/Mina/mina/main/a.png|
https://github.com/mina/mina/blob/main/a.png|
https://github.com/mina/mina/raw/main/a.png?raw=true|
https://raw.githubusercontent.com/mina/mina/refs/heads/output/a.svg|
https://raw.githubusercontent.com/mina/notes/main/a.png|picture_other
https://github.com/mila/mila/raw/main/a.png|picture_other
https://evil.example/mina/mina/main/a.png|picture_other
"""


@pytest.mark.parametrize(("source", "expected"), table(PICTURES))
def test_pictures_are_there_and_the_pages_own(source, expected):
    for text in (f"a\n\n![x y](<{source}>)", f"<p>\n\n<img src='{source}' alt='x y'>"):
        assert found(text, "mina") == [(kind, 3) for kind in expected.split()]


def test_sources_of_other_sizes_are_looked_at():
    text = '<picture>\n<source srcset="a.png, c.png 2x">\n<img src="a.png" alt="x y">\n</picture>'
    assert found(text) == [("picture_missing", 2)]
    assert found('<img src="a.png" srcset="b.svg, c.png 2x" alt="x y">') == [("picture_missing", 1)]


def test_pictures_without_words_warn():
    page = read_page("x\n\n![Fig. 2](a.png)\n\n<img src=a.png>\n\n![Error by epoch](a.png)")
    no_words, none = on_page(page, FILES)
    assert kinds([no_words, none]) == [("alt", 3), ("alt", 5)]
    assert "only “Fig. 2”" in no_words.what and "a.png has no words" in none.what


@pytest.mark.parametrize(("alt", "source"), [("a", "a.png"), ("end-points", "end-points.png")])
def test_a_file_name_is_no_alt_text_but_a_brand_is(alt, source):
    assert not is_meaningful(alt, source) and not is_meaningful(source, source)
    assert not is_meaningful(" ") and not is_meaningful("나무", "images/%EB%82%98%EB%AC%B4.jpg")
    assert is_meaningful("GitHub", "icons/github.svg") and is_meaningful(f"{alt} of 3", source)


RUNS = r"""
<script>alert(1)</script>|runs_tag ¦ <SCRIPT src=x></SCRIPT>|runs_tag
<iframe src=x></iframe>|runs_tag ¦ <object data=x></object>|runs_tag ¦ <embed src=x>|runs_tag
<form action=x><input></form>|runs_tag ¦ <meta http-equiv=refresh content=0>|runs_tag
<p OnError='x'>|runs_handler ¦ <svg onload=x></svg>|runs_handler
<p onclick=x>a</p>|runs_handler ¦ <b onmouseover=x>a</b>|runs_handler
<p onbeforeinput=x>a</p>|runs_handler ¦ [a](javascript:x)|runs_address
[a](JavaScript:x)|runs_address ¦ [a](vbscript:x)|runs_address
<a href=' java	script:x'>a</a>|runs_address link ¦ <a href='&#106;avascript:x'>a</a>|runs_address
[a](<data:text/html;base64,AA>)|runs_address
<svg><a xlink:href='javascript:x'>a</a></svg>|runs_address ¦ `<script>alert(1)</script>`|
```⏎<script>⏎```| ¦     <img onerror=x>| ¦ <!-- <script>x</script> -->|
on = 1, javascript is a language| ¦ &lt;script&gt;| ¦ - [x] done|
[a](https://javascript.info) [b](mailto:mina@example.org)|
<details open><summary>a</summary></details>| ¦ <p style='color: red' align=center>b</p>|style
<div>⏎## a⏎</div>|text_html ¦ ![b](c d.png)|text_blank
"""


@pytest.mark.parametrize(("text", "expected"), table(RUNS))
def test_what_could_run_or_has_no_effect_is_found(text, expected):
    for before in ("", "<div>\n\nx\n\n"):
        line = 3 + before.count("\n") + (expected == "text_html")
        page = f"# a\n\n{before}{text}\n".replace("⏎", "\n")
        assert found(page) == [(kind, line) for kind in expected.split()]


def test_a_page_that_was_not_seen_in_full_fails():
    assert found("a" * 600_000) == [("too_long", None)]
    assert found("a" * 10_000) == []  # one long line is none


def test_placeholders_warn_but_not_in_comments():
    assert kinds(words("a\nTODO: write\n")) == [("placeholder", 2)]
    (found,) = words("<!-- TODO: x\n<your name> -->\n<your name>\n<!-- TODO: y")
    assert found.line == 3 and "<your name>" in found.what
    assert len(list(words("TODO\n" * 1_000))) == 100
