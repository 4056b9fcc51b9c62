"""Folders and zips are read alike, and what is unsafe is refused in one sentence."""

import os
import posixpath
import stat
import struct
import time
import unicodedata
import zipfile
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar_utils.github_profile.reading import handed_in
from seminar_utils.github_profile.reading.handed_in import read
from tests.github_profile.judge import SETTINGS
from tests.github_profile.profiles import write, zipped

FILES = {"README.md": b"# hi", "images/\N{HANGUL SYLLABLE GEU}\N{HANGUL SYLLABLE RIM}.png": b"x"}


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
    return zipped({"mina-example/README.md": "hi", entry: target})


def files_in(path):
    return read(path)[1]


def refused(path, words):
    with pytest.raises(ValueError, match=words) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and sentence.isprintable()


def test_folder_and_zip_give_the_same(tmp_path, monkeypatch):
    write(tmp_path / "mina-example", FILES)
    write(tmp_path / "mina-example", {".git/config": b"x", "images/.DS_Store": b"x"})
    found = read(tmp_path / "mina-example")
    assert found == ("mina-example", FILES)
    monkeypatch.chdir(tmp_path / "mina-example")
    assert read(".") == found
    raw = zipped({**in_folder(FILES), "__MACOSX/._README.md": b"x", "mina-example/.git/x": b"x"})
    assert read(put(tmp_path, raw)) == found


def test_only_a_single_folder_of_a_zip_is_the_repository(tmp_path):
    flat = read(put(tmp_path, FILES))
    assert flat == (None, FILES)
    name, files = read(put(tmp_path, in_folder(FILES) | {"other/a": b"x"}))
    assert name is None and "mina-example/README.md" in files
    assert read(put(tmp_path, {})) == (None, {})


PLATFORM = {
    "mina-example-main/mina-example-main/README.md": "mina-example-main",
    "김미나_123_file/mina-example/README.md": "mina-example",
    "a/b/mina-example/README.md": "mina-example",
}


@pytest.mark.parametrize("path", PLATFORM)
def test_what_learning_platforms_hand_out_is_unwrapped(tmp_path, path):
    raw = zipped({path: b"# hi", path.replace("README.md", "images/a.png"): b"x"})
    expected = (PLATFORM[path], {"README.md": b"# hi", "images/a.png": b"x"})
    assert read(put(tmp_path, raw)) == expected
    write(tmp_path / "student", {"handed in.zip": raw})
    assert read(tmp_path / "student") == expected
    write(tmp_path / "unpacked", {path: b"# hi"})
    assert read(tmp_path / "unpacked") == (PLATFORM[path], {"README.md": b"# hi"})


def test_a_folder_that_only_looks_wrapped_keeps_its_name(tmp_path):
    write(tmp_path / "mina", {"images/a.png": b"x"})
    assert read(tmp_path / "mina") == ("mina", {"images/a.png": b"x"})
    inner = {"b.zip": zipped(in_folder(FILES))}
    assert read(put(tmp_path, {"a.zip": zipped(inner)})) == (None, inner)


def test_a_readme_in_small_letters_is_one_as_on_github(tmp_path):
    write(tmp_path / "mina", {"readme.md": b"# hi"})
    assert read(tmp_path / "mina") == ("mina", {"README.md": b"# hi"})
    files = {"readme.md": b"# hi", "README.md": b"# other"}
    assert files_in(put(tmp_path, files))["README.md"] == b"# other"


def test_of_gits_own_files_the_list_of_commits_is_read(tmp_path):
    git = {".git/logs/HEAD": b"0 1 Mina <mina@school.kr>", ".git/config": b"x"}
    write(tmp_path / "mina", FILES | git)
    expected = ("mina", FILES | {".git/logs/HEAD": git[".git/logs/HEAD"]})
    assert read(tmp_path / "mina") == expected
    assert read(put(tmp_path, in_folder(FILES | git, "mina"))) == expected


def test_a_list_of_commits_elsewhere_is_not_read(tmp_path):
    write(tmp_path, {"secret/HEAD": b"x", "mina/README.md": b"# hi", "mina/.git/x": b""})
    symlink(tmp_path / "mina/.git/logs", tmp_path / "secret")
    assert list(files_in(tmp_path / "mina")) == ["README.md"]


def test_a_deep_folder_costs_no_minute(tmp_path, monkeypatch):
    (tmp_path / "mina" / "/".join("a" * 400)).mkdir(parents=True)
    resolve, asked = Path.resolve, []
    monkeypatch.setattr(Path, "resolve", lambda path: asked.append(path) or resolve(path))
    files_in(tmp_path / "mina")
    assert len(asked) < 5  # each looks at every folder above


def test_names_are_composed_as_in_links(tmp_path):
    apart = unicodedata.normalize("NFD", list(FILES)[1])  # as macOS stores them
    assert apart not in FILES
    assert files_in(put(tmp_path, {apart: b"x", "README.md": b"# hi"})) == FILES
    write(tmp_path / "mina", {apart: b"x", "README.md": b"# hi"})
    assert files_in(tmp_path / "mina") == FILES


NAMES = {"그림.png".encode(): "그림.png", "그림.png".encode("cp949"): "그림.png"}
NAMES |= {b"\xff.png": "\xa0.png"}  # of neither kind: as Python reads it


@pytest.mark.parametrize("name", NAMES)
def test_names_without_a_flag_are_utf8_or_korean_windows(tmp_path, name):
    raw = zipped({"x" * len(name): b"x"}).replace(b"x" * len(name), name)
    assert list(files_in(put(tmp_path, raw))) == [NAMES[name]]


def test_names_with_dots_and_backslashes_are_plain(tmp_path):
    files = {"./README.md": b"hi", ".//images/./a.png": b"x", "./images/": b"", ".": b"x"}
    found = read(put(tmp_path, files))
    assert found == (None, {"README.md": b"hi", "images/a.png": b"x"})
    raw = zipped({"mina/README.md": b"hi"}).replace(b"mina/README.md", b"mina\\README.md")
    assert read(put(tmp_path, raw)) == ("mina", {"README.md": b"hi"})


INSIDE_OUT = "../a a/../../b /etc/passwd C:/a c:a a/.."
OUTSIDE = [r"..\a", r"\\host\a", "a\nb", *INSIDE_OUT.split()]


@pytest.mark.parametrize("name", OUTSIDE)
def test_paths_out_of_the_folder_are_refused(tmp_path, name):
    placeholder = "x" * len(name)
    raw = zipped({placeholder: b"hi"}).replace(placeholder.encode(), name.encode())
    refused(put(tmp_path, raw), "is a path out of the folder")


@pytest.mark.parametrize("target", ["../../secret", "/etc/passwd", "a/../../../b"])
def test_links_out_of_a_zip_are_refused(tmp_path, target):
    refused(put(tmp_path, link(target)), "link out of the folder")


def test_links_inside_are_left_out(tmp_path):
    assert list(files_in(put(tmp_path, link("README.md")))) == ["README.md"]
    write(tmp_path / "mina", FILES)
    symlink(tmp_path / "mina/copy.md", "README.md")
    symlink(tmp_path / "mina/pictures", "images")
    assert files_in(tmp_path / "mina") == FILES


def symlink(path, target):
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("this system lets nobody make links")


@pytest.mark.parametrize("target", ["../secret.txt", "../folder", "/"])
def test_links_out_of_a_folder_are_refused(tmp_path, target):
    write(tmp_path, {"secret.txt": b"x", "folder/a": b"x", "mina/README.md": b"hi"})
    symlink(tmp_path / "mina/link", target)
    refused(tmp_path / "mina", "link is a link out of the folder")


def test_a_link_to_itself_costs_nothing(tmp_path):
    write(tmp_path / "mina", FILES)
    symlink(tmp_path / "mina/loop", "loop")
    try:
        assert files_in(tmp_path / "mina") == FILES
    except ValueError as error:  # Python 3.11 and 3.12 notice the loop
        assert "cannot be read" in str(error)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only on Linux and macOS")
def test_what_is_no_file_is_not_waited_for(tmp_path):
    write(tmp_path / "mina", FILES)
    os.mkfifo(tmp_path / "mina/pipe")
    os.mkfifo(tmp_path / "pipe.zip")
    assert files_in(tmp_path / "mina") == FILES
    refused(tmp_path / "pipe.zip", "no whole zip")


@pytest.mark.parametrize("raw", [b"", b"PK", b"not a zip", zipped(FILES)[:-5], zipped(FILES)[9:]])
def test_what_is_no_whole_zip_is_named(tmp_path, raw):
    refused(put(tmp_path, raw), "no whole zip")


def test_passwords_and_other_ways_of_packing_are_refused(tmp_path):
    raw = bytearray(zipped({"README.md": b"hi"}))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    refused(put(tmp_path, bytes(raw)), "README.md is locked with a password")
    # bzip2 would be unpacked in pieces without a limit: 40 bytes into 900,000.
    raw = zipped({"README.md": b"hi"}, compress_type=zipfile.ZIP_BZIP2)
    refused(put(tmp_path, raw), "unusual way")


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
    write(tmp_path / "mina", TOO_MUCH[words])
    refused(tmp_path / "mina", words)
    (tmp_path / "deep/1/2/3/4/5/6").mkdir(parents=True)
    refused(tmp_path / "deep", "more than 5")  # folders count as well
    refused(put(tmp_path, {"a": os.urandom(3_000)}), "the zip is too large")


def test_as_much_as_allowed_is_read(tmp_path, small_limits):
    files = {"a": bytes(1_000), "b": bytes(1_000), "c": bytes(500)}
    write(tmp_path / "mina", files)
    assert files_in(tmp_path / "mina") == files_in(put(tmp_path, files)) == files


LIES = [(100_000, 10, "no whole zip"), (700, 1_001, "a.txt is too large")]


@pytest.mark.parametrize(("true", "stated", "words"), LIES)
def test_a_zip_that_lies_about_its_size_is_refused(tmp_path, small_limits, true, stated, words):
    raw = zipped({"a.txt": bytes(true)})
    true, stated = (struct.pack("<I", size) for size in (true, stated))
    assert raw.count(true) == 2
    refused(put(tmp_path, raw.replace(true, stated)), words)


def test_a_million_entries_cost_no_second(tmp_path):
    raw = zipped({"a": b""})
    at, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    many = raw[:at] + raw[at:end] * 200_000 + raw[end:]
    path = put(tmp_path, many)
    start = time.process_time()
    refused(path, "more than 5,000")
    assert time.process_time() - start < 20  # quadratic time would be minutes


PARTS = ["..", ".", "", "a", "b", "README.md", "C:", "그림", "~", "...", ".. ", "\\", "/", "\u202e"]
SEVERAL = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5)
NAME = st.builds(lambda parts, sign: sign.join(parts), SEVERAL, st.sampled_from("/\\"))


@SETTINGS
@given(st.dictionaries(NAME, st.binary(max_size=20), max_size=3))
def test_random_names_never_escape(tmp_path_factory, files):
    path = put(tmp_path_factory.getbasetemp(), {name or "x": raw for name, raw in files.items()})
    try:
        found = files_in(path)
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
