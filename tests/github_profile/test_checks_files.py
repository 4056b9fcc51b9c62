"""The repository: its name, README.md as GitHub reads it, what the other files tell; findings."""

import ast
import dataclasses
from pathlib import Path

import pytest

from seminar_utils.github_profile.checks.page import (
    beside,
    encoding,
    readme_file,
    repository_name,
)
from seminar_utils.github_profile.checks.tables import KINDS, LEVELS, Finding, in_order
from seminar_utils.github_profile.reading import texts
from seminar_utils.github_profile.reading.texts import decode, one_line
from tests.github_profile.profiles import SVG, jpeg, kinds, png, table

NAMES = """
mina-example| ¦ Mina-Example| ¦ MINA-example-main| ¦ mina-example-main (1)|
mina-example - 복사본| ¦ mina-example (2)| ¦ mina-example - Copy| ¦ mina-example - 복사본 (2)|
mina-example_master| ¦ mina|name_other ¦ mina-example2|name_other
mina-example-develop|name_other ¦ mina-example (a)|name_other
"""


@pytest.mark.parametrize(("name", "kind"), table(NAMES))
def test_the_repository_is_named_like_the_user(name, kind):
    assert kinds(repository_name(name, "mina-Example")) == [(kind, None)] * bool(kind)


def test_a_name_may_end_like_a_copy_and_that_of_a_zip_is_hidden():
    assert repository_name("mina-main", "mina-main") == []
    assert kinds(repository_name(None, "mina")) == [("name_hidden", None)]


MISSING = {
    "README.md is missing.": ["a.txt", "doc.md"],
    "README.md is missing, and a zip": ["a.ZIP"],
    "There is README.txt, but no": ["README.txt"],
    "There is Readme, but no": ["Readme", "x/README.md"],
    "not in the root but here: mina/README.md": ["mina/zoo/README.md", "mina/README.md"],
}


@pytest.mark.parametrize("words", MISSING)
def test_a_missing_readme_fails_and_says_what_there_is(words):
    (found,) = readme_file(dict.fromkeys(MISSING[words], b"hi"))
    assert found.level == "fail" and words in found.what


@pytest.mark.parametrize("raw", [b"", b" \n\r\n\t", b"\xef\xbb\xbf", b"\xff\xfe\n\0"])
def test_an_empty_readme_fails(raw):
    assert kinds(readme_file({"README.md": raw})) == [("readme_empty", None)]
    assert readme_file({"README.md": raw + b"a"}) == []


ENCODED = {
    "UTF-8": "안녕 🙂".encode(),
    "UTF-8 with a byte-order mark": "안녕 🙂".encode("utf-8-sig"),
    "UTF-16": "안녕 🙂".encode("utf-16"),
    "CP949": "안녕".encode("cp949"),
    "unknown": b"\xff\xff\x81",
}


@pytest.mark.parametrize("name", ENCODED)
def test_encodings_are_told_apart(name):
    text, found = decode(ENCODED[name])
    assert found == name
    assert text.startswith("안녕") or name == "unknown"
    expected = {"UTF-8": [], "UTF-8 with a byte-order mark": [("byte_order", 1)]}
    assert kinds(encoding(found)) == expected.get(name, [("encoding", None)])


def test_line_ends_become_one_kind():
    assert decode(b"a\r\nb\rc\n")[0] == "a\nb\nc\n"


def test_drawings_with_scripts_fail_and_archives_are_named():
    bad = {
        "a.svg": SVG.replace(b"></", b"><script>x</script></"),
        "b.SVG": SVG.replace(b"<svg", b"<svg onload = 'x'"),
        "c.svg": SVG.replace(b"></", b"><a href='javascript:x'/></"),
    }
    archives = ["a.zip", "b.TAR", "c/d.7z", "e.tar.gz"]
    fine = {"d.svg": SVG, "e.txt": b"<script>", "g.md": b""}
    found = list(beside({**bad, **dict.fromkeys(archives, b""), **fine}))
    assert [each.what.split()[0] for each in found] == [*bad, *archives]
    expected = ["runs_drawing"] * len(bad) + ["archive"] * len(archives)
    assert [kind for kind, _ in kinds(found)] == expected


def test_metadata_warn_and_are_named_without_what_they_say():
    photo = jpeg(gps=True, tags={"Model": "Camera 1", "Artist": "Mina"})
    (found,) = beside({"b.JPG": photo, "a.png": png(), "c.txt": photo})
    assert kinds([found]) == [("metadata", None)]
    told = "where it was taken (GPS), the camera or phone, somebody's name"
    assert found.what == f"b.JPG carries metadata: {told}."


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
    one = Finding("fail", 9, "a", "b", "c")
    given = [
        dataclasses.replace(one, level=level, line=line)
        for level, line in (("advice", 1), ("warn", 2), ("fail", 9), ("fail", None))
    ]
    assert in_order(given + given) == tuple(reversed(given))
    many = [dataclasses.replace(one, line=line) for line in range(1, 31)]
    *ten, more = in_order(many)
    assert list(ten) == many[:10]
    assert more.line is None and more.what == "20 more of the kind above."
    assert len(in_order([*many, dataclasses.replace(one, why="other")])) == 12


def test_texts_are_shown_in_one_harmless_line():
    assert one_line("한국어 a\n b\x1b[2J\u202e") == "한국어 a b\ufffd[2J\ufffd"
    assert one_line("x" * 100, 5) == "xxxxx..." and one_line("x" * 5, 5) == "xxxxx"
    assert one_line("\n" * 100) == "..."
