"""The page: links, pictures and their words, what wants to run, what is shown as text or left over.

Its repository's name, README.md as GitHub reads it, what the other files tell; findings.
"""

import ast
import dataclasses
import unicodedata
from pathlib import Path

import pytest

from seminar_utils.github_profile.checks.page import (
    beside,
    encoding,
    on_page,
    readme_file,
    repository_name,
    words,
)
from seminar_utils.github_profile.checks.tables import (
    KINDS,
    LEVELS,
    Finding,
    in_order,
    is_meaningful,
)
from seminar_utils.github_profile.reading import texts
from seminar_utils.github_profile.reading.page import read_page
from seminar_utils.github_profile.reading.texts import decode, one_line
from tests.github_profile.corpus import cases
from tests.github_profile.profiles import SVG, jpeg, kinds, png

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


@pytest.mark.parametrize(("anchor", "kind"), cases("anchor"))
def test_sections_are_named_as_on_github(anchor, kind):
    assert found(f"{SECTIONS}[a](<#{anchor}>)") == [(kind, 11)] * bool(kind)


def test_footnotes_are_sections_and_links_in_code_are_none():
    assert found("a[^1] b[^1]\n\n[^1]: c\n") == []
    assert found("`[a](missing.md)`\n\n```\n[b](#no)\n```\n<!-- [c](d) -->") == []


NFD = unicodedata.normalize("NFD", "그림/곡선.png")  # as macOS writes it


@pytest.mark.parametrize(("address", "kind"), [*cases("link"), (NFD, "")])
def test_links_lead_to_files_and_the_web(address, kind):
    assert found(f"# a\n\n[a](<{address}>)") == [(kind, 3)] * bool(kind)


@pytest.mark.parametrize(("source", "expected"), cases("picture"))
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


@pytest.mark.parametrize(("text", "expected"), cases("page"))
def test_what_could_run_or_has_no_effect_is_found(text, expected):
    for before in ("", "<div>\n\nx\n\n"):
        line = 3 + before.count("\n") + (expected == "text_html")
        page = f"# a\n\n{before}{text}\n"
        assert found(page) == [(kind, line) for kind in expected.split()]


def test_a_page_that_was_not_seen_in_full_fails():
    assert found("a" * 600_000) == [("too_long", None)]
    assert found("a" * 10_000) == []  # one long line is none


def test_placeholders_warn_but_not_in_comments():
    assert kinds(words("a\nTODO: write\n")) == [("placeholder", 2)]
    (found,) = words("<!-- TODO: x\n<your name> -->\n<your name>\n<!-- TODO: y")
    assert found.line == 3 and "<your name>" in found.what
    assert len(list(words("TODO\n" * 1_000))) == 100


NAMES = [(name, "mina-Example", kind) for name, kind in cases("name")]
NAMES += [("mina-main", "mina-main", ""), (None, "mina", "name_hidden")]


@pytest.mark.parametrize(("name", "user", "kind"), NAMES)
def test_the_repository_is_named_like_the_user(name, user, kind):
    assert kinds(repository_name(name, user)) == [(kind, None)] * bool(kind)


@pytest.mark.parametrize(("names", "words"), cases("no README.md"))
def test_a_missing_readme_fails_and_says_what_there_is(names, words):
    (found,) = readme_file(dict.fromkeys(names.split(), b"hi"))
    assert found.level == "fail" and words in found.what


@pytest.mark.parametrize("raw", [b"", b" \n\r\n\t", b"\xef\xbb\xbf", b"\xff\xfe\n\0"])
def test_an_empty_readme_fails(raw):
    assert kinds(readme_file({"README.md": raw})) == [("readme_empty", None)]
    assert readme_file({"README.md": raw + b"a"}) == []


KOREAN, LINES = "안녕\n", "b\r\nc\rd\n"
ENCODED = [
    (f"{KOREAN}🙂{LINES}".encode(), f"{KOREAN}🙂b\nc\nd\n", "UTF-8", ""),
    ("café".encode(), "café", "UTF-8", ""),  # which may be read as CP949 as well
    (KOREAN.encode("utf-8-sig"), KOREAN, "UTF-8 with a byte-order mark", "byte_order"),
    (KOREAN.encode("utf-16"), KOREAN, "UTF-16", "encoding"),
    (KOREAN.encode("cp949"), KOREAN, "CP949", "encoding"),
    (b"\xff\xff\x81", "\ufffd" * 3, "unknown", "encoding"),
]


@pytest.mark.parametrize(("raw", "text", "name", "kind"), ENCODED)
def test_encodings_are_told_apart_and_line_ends_become_one_kind(raw, text, name, kind):
    assert decode(raw) == (text, name)
    found = list(encoding(name))
    assert kinds(found) == [(kind, 1 if kind == "byte_order" else None)] * bool(kind)
    assert any("in no other encoding" in each.what for each in found) == (name == "unknown")


def test_drawings_with_scripts_fail_archives_are_named_and_metadata_warn_without_what_they_say():
    photo = jpeg(gps=True, Model="Camera 1", Artist="Mina")
    bad = {
        "a.svg": SVG.replace(b"></", b"><script>x</script></"),
        "b.SVG": SVG.replace(b"<svg", b"<svg onload = 'x'"),
        "c.svg": SVG.replace(b"></", b"><a href='javascript:x'/></"),
        **dict.fromkeys(["a.zip", "b.TAR", "c/d.7z", "e.tar.gz"], b""),
        "b.JPG": photo,
    }
    fine = {"d.svg": SVG, "e.txt": b"<script>", "g.md": b"", "a.png": png(), "c.txt": photo}
    found = list(beside({**bad, **fine}))
    assert [each.what.split()[0] for each in found] == list(bad)
    expected = ["runs_drawing"] * 3 + ["archive"] * 4 + ["metadata"]
    assert kinds(found) == [(kind, None) for kind in expected]
    told = "where it was taken (GPS), the camera or phone, somebody's name"
    assert found[-1].what == f"b.JPG carries metadata: {told}."


def test_every_message_is_said_and_every_one_said_is_known():
    said = set()
    for path in Path(texts.__file__).parents[1].rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "")
            if name in ("message", "refuse_if"):
                key = call.args[name == "refuse_if"]
                said |= {each.value for each in ast.walk(key) if isinstance(each, ast.Constant)}
    assert said == texts.MESSAGES.keys()


def test_every_kind_has_its_sentences():
    for key, (level, *said, costs) in KINDS.items():
        assert level in LEVELS and len(said) == 3 and all(said), key
        assert said[0].endswith((".", "}")) and "\n" not in "".join(said), key
        assert costs in {"opening", "privacy", "all", "nothing"}, key


def test_findings_come_by_level_and_line_and_more_than_ten_of_a_kind_are_counted():
    def findings(*places):
        return [Finding(level, line, "a", "b", "c") for level, line in places]

    given = findings(("advice", 1), ("warn", 2), ("fail", 9), ("fail", None))
    assert in_order(given + given) == tuple(reversed(given))
    many = findings(*(("fail", line) for line in range(1, 31)))
    *ten, more = in_order(many)
    assert list(ten) == many[:10]
    assert more.line is None and more.what == "20 more of the kind above."
    assert len(in_order([*many, dataclasses.replace(many[0], why="other")])) == 12


def test_texts_are_shown_in_one_harmless_line():
    assert one_line("한국어 a\n b\x1b[2J\u202e") == "한국어 a b\ufffd[2J\ufffd"
    assert one_line("x" * 100, 5) == "xxxxx..." and one_line("x" * 5, 5) == "xxxxx"
    assert one_line("\n" * 100) == "..."
