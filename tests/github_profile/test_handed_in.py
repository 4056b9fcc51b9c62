"""Folders and zips are read alike, and what is unsafe is refused in one sentence."""

import os
import posixpath
import stat
import struct
import unicodedata
import zipfile
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar_utils.github_profile.reading import handed_in
from seminar_utils.github_profile.reading.handed_in import read
from tests.github_profile.judge import SETTINGS, quickly
from tests.github_profile.profiles import write, zipped

FILES = {"README.md": b"# hi", "images/\N{HANGUL SYLLABLE GEU}\N{HANGUL SYLLABLE RIM}.png": b"x"}
HI = {"README.md": b"# hi"}
ENTRY, END = b"PK\x01\x02", b"PK\x05\x06"  # begin an entry in a zip's table, and its end


def put(tmp_path, raw):
    """Write a zip, from its bytes or its files."""
    path = tmp_path / "entry.zip"
    path.write_bytes(zipped(raw) if isinstance(raw, dict) else raw)
    return path


def in_folder(files, folder="mina-example"):
    return {f"{folder}/{name}": content for name, content in files.items()}


def link(target):
    """Return a zip with a symbolic link in it."""
    entry = zipfile.ZipInfo("mina-example/link")
    entry.create_system = 3  # Unix
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped({**in_folder(HI), entry: target})


def symlink(path, target):
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("this system lets nobody make links")


def refused(path, words):
    with pytest.raises(ValueError, match=words) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and sentence.isprintable()


def test_folder_and_zip_give_the_same(tmp_path, monkeypatch):
    mine = {".git/config": b"x", "images/.DS_Store": b"x"}
    found = read(write(tmp_path / "mina-example", FILES | mine))
    assert found == ("mina-example", FILES)
    monkeypatch.chdir(tmp_path / "mina-example")
    assert read(".") == found
    raw = zipped({**in_folder(FILES | mine), "__MACOSX/._README.md": b"x"})
    assert read(put(tmp_path, raw)) == found


PLATFORM = {
    "mina-example-main/mina-example-main/README.md": "mina-example-main",
    "김미나_123_file/mina-example/README.md": "mina-example",
    "a/b/mina-example/README.md": "mina-example",
}


@pytest.mark.parametrize("path", PLATFORM)
def test_what_learning_platforms_hand_out_is_unwrapped(tmp_path, path):
    files = {path: b"# hi", path.replace("README.md", "images/a.png"): b"x"}
    expected = (PLATFORM[path], HI | {"images/a.png": b"x"})
    assert read(put(tmp_path, files)) == expected
    assert read(write(tmp_path / "student", {"handed in.zip": zipped(files)})) == expected
    assert read(write(tmp_path / "unpacked", files)) == expected


APART = {unicodedata.normalize("NFD", name): raw for name, raw in FILES.items()}  # by macOS
INNER = {"b.zip": zipped(in_folder(FILES))}
DOTS = {"./README.md": b"# hi", ".//a/./b": b"x", "a/.": b"", "a/": b"", ".": b"x"}
# Two folders; on GitHub readme.md is a README.md, unless there is one as well.
ALIKE = [FILES, {}, in_folder(FILES) | {"other/a": b"x"}, {"readme.md": b"# other"} | FILES]
ALIKE += [{"a.zip": zipped(HI)} | FILES, {".git/logs/HEAD": b"x"}]
ZIPS = [
    *zip(ALIKE, ALIKE, strict=True),
    *((APART, FILES), ({"readme.md": b"# hi"}, HI), ({"a.zip": zipped(INNER)}, INNER)),
    (DOTS, HI | {"a/b": b"x"}),
]
FOLDERS = [(APART, FILES), ({"readme.md": b"# hi"}, HI), ({"a/b.png": b"x"}, {"a/b.png": b"x"})]


def test_names_and_shapes_are_read_as_github_would(tmp_path):
    assert APART != FILES
    for files, expected in ZIPS:
        assert read(put(tmp_path, files)) == (None, expected)
    for number, (files, expected) in enumerate(FOLDERS):
        assert read(write(tmp_path / str(number), files)) == (str(number), expected)


def test_of_gits_own_files_the_list_of_commits_is_read(tmp_path):
    commits = {".git/logs/HEAD": b"0 1 Mina <mina@school.kr>"}
    git = commits | {".git/config": b"x"}
    expected = ("mina", FILES | commits)
    assert read(write(tmp_path / "mina", FILES | git)) == expected
    assert read(put(tmp_path, in_folder(FILES | git, "mina"))) == expected


def test_a_list_of_commits_elsewhere_is_not_read(tmp_path):
    write(tmp_path, {"secret/HEAD": b"x", **in_folder(HI | {".git/x": b""}, "mina")})
    symlink(tmp_path / "mina/.git/logs", tmp_path / "secret")
    assert read(tmp_path / "mina") == ("mina", HI)


def test_a_deep_folder_costs_no_minute(tmp_path, monkeypatch):
    (tmp_path / "mina" / "/".join("a" * 400)).mkdir(parents=True)
    resolve, asked = Path.resolve, []
    monkeypatch.setattr(Path, "resolve", lambda path: asked.append(path) or resolve(path))
    read(tmp_path / "mina")
    assert len(asked) < 5  # each looks at every folder above


def renamed(name):
    """Return a zip whose file is named by bytes, without a flag that says how to read them."""
    return zipped({"x" * len(name): b"x"}).replace(b"x" * len(name), name)


NAMES = {"그림.png".encode(): "그림.png", "그림.png".encode("cp949"): "그림.png"}
NAMES |= {b"\xff.png": "\xa0.png"}  # of neither kind: as Python reads it
NAMES |= {b"mina\\a\\b": "a/b"}  # by Windows


@pytest.mark.parametrize("name", NAMES)
def test_names_without_a_flag_are_utf8_or_korean_windows(tmp_path, name):
    assert read(put(tmp_path, renamed(name)))[1] == {NAMES[name]: b"x"}


def locked():
    raw = bytearray(zipped(HI))
    raw[raw.index(ENTRY) + 8] |= 1
    return bytes(raw)


OUTSIDE = r"../a a/../../b /etc/passwd C:/a c:a a/.. ..\a \\host\a"
UNSAFE = [
    *((renamed(name.encode()), "a path out of the folder") for name in [*OUTSIDE.split(), "a\nb"]),
    *((link(to), "link out of the folder") for to in ("../../secret", "/etc", "a/../../../b")),
    *((raw, "entry.zip is no whole zip") for raw in (b"", b"PK", b"not a zip")),
    *((raw, "no whole zip") for raw in (zipped(FILES)[:-5], zipped(FILES)[9:])),
    (locked(), "README.md is locked with a password"),
    # bzip2 would be unpacked in pieces without a limit: 40 bytes into 900,000.
    (zipped(HI, compress_type=zipfile.ZIP_BZIP2), "unusual way"),
]


@pytest.mark.parametrize(("raw", "words"), UNSAFE, ids=map(str, range(len(UNSAFE))))
def test_what_is_no_whole_zip_or_leads_out_of_it_is_refused(tmp_path, raw, words):
    refused(put(tmp_path, raw), words)


def test_links_inside_are_left_out(tmp_path):
    assert read(put(tmp_path, link("README.md"))) == ("mina-example", HI)
    write(tmp_path / "mina", FILES)
    symlink(tmp_path / "mina/copy.md", "README.md")
    symlink(tmp_path / "mina/pictures", "images")
    assert read(tmp_path / "mina") == ("mina", FILES)


@pytest.mark.parametrize("target", ["../secret.txt", "../folder", "/"])
def test_links_out_of_a_folder_are_refused(tmp_path, target):
    write(tmp_path, {"secret.txt": b"x", "folder/a": b"x", "mina/README.md": b"hi"})
    symlink(tmp_path / "mina/link", target)
    refused(tmp_path / "mina", "link is a link out of the folder")


def test_a_link_to_itself_costs_nothing(tmp_path):
    symlink(write(tmp_path / "mina", FILES) / "loop", "loop")
    try:
        assert read(tmp_path / "mina") == ("mina", FILES)
    except ValueError as error:  # Python 3.11 and 3.12 notice the loop
        assert "cannot be read" in str(error)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only on Linux and macOS")
def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(write(tmp_path / "mina", FILES) / "pipe")
    os.mkfifo(tmp_path / "pipe.zip")
    assert read(tmp_path / "mina") == ("mina", FILES)
    refused(tmp_path / "pipe.zip", "no whole zip")


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr(handed_in, "MAX_FILE_BYTES", 1_000)
    monkeypatch.setattr(handed_in, "MAX_BYTES", 2_500)
    monkeypatch.setattr(handed_in, "MAX_FILES", 5)


TOO_MUCH = {
    "bomb.txt is too large": {"bomb.txt": bytes(1_001)},
    r"\d is too large": {str(number): bytes(900) for number in range(3)},
    "more than 5 files and folders": {str(number): b"" for number in range(6)},
}


@pytest.mark.parametrize("words", TOO_MUCH)
def test_too_much_is_refused(tmp_path, small_limits, words):
    refused(put(tmp_path, TOO_MUCH[words]), words)
    refused(write(tmp_path / "mina", TOO_MUCH[words]), words)
    (tmp_path / "deep/1/2/3/4/5/6").mkdir(parents=True)
    refused(tmp_path / "deep", "more than 5")  # folders count as well
    refused(put(tmp_path, {"a": os.urandom(3_000)}), "the zip is too large")


def test_as_much_as_allowed_is_read(tmp_path, small_limits):
    files = {"a": bytes(1_000), "b": bytes(1_000), "c": bytes(500), "d": b"", "e": b""}
    assert read(write(tmp_path / "mina", files)) == ("mina", files)
    assert read(put(tmp_path, files)) == (None, files)


LIES = [(100_000, 10, "no whole zip"), (700, 1_001, "a.txt is too large")]


@pytest.mark.parametrize(("true", "stated", "words"), LIES)
def test_a_zip_that_lies_about_its_size_is_refused(tmp_path, small_limits, true, stated, words):
    raw = zipped({"a.txt": bytes(true)})
    true, stated = (struct.pack("<I", size) for size in (true, stated))
    assert raw.count(true) == 2
    refused(put(tmp_path, raw.replace(true, stated)), words)


def test_a_million_entries_cost_no_second(tmp_path):
    head, entry, tail = zipped({"a": b""}).partition(ENTRY)
    one, end, tail = (entry + tail).partition(END)
    path = put(tmp_path, head + one * 200_000 + end + tail)
    with quickly():
        refused(path, "more than 5,000")


PARTS = ["..", ".", "", "a", "b", "README.md", "C:", "그림", "~", "...", ".. ", "\\", "/", "\u202e"]
SEVERAL = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5)
NAME = st.builds(str.join, st.sampled_from("/\\"), SEVERAL)


@SETTINGS
@given(st.dictionaries(NAME, st.binary(max_size=20), max_size=3))
def test_random_names_never_escape(tmp_path_factory, files):
    path = put(tmp_path_factory.getbasetemp(), {name or "x": raw for name, raw in files.items()})
    try:
        _, found = read(path)
    except ValueError:
        return
    for name in found:
        assert ".." not in name.split("/") and not name.startswith("/")
        assert name[1:2] != ":" and "\\" not in name and posixpath.normpath(name) == name


def test_altered_zips_are_read_or_refused(tmp_path):
    """Each byte in turn, for every kind of error that Python raises for a damaged zip."""
    raw = zipped({**in_folder(FILES), "a": b"# hi there " * 9})
    for at, value in product(range(len(raw)), (0, 1, 20, 63, 99, 128, 255)):
        try:
            read(put(tmp_path, raw[:at] + bytes([value]) + raw[at + 1 :]))
        except ValueError as error:
            assert str(error).isprintable() and "cannot be read" not in str(error)
