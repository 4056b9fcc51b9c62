"""Bundled files: every byte as listed, one clear sentence where it is not."""

import hashlib
import shutil

import pytest

from seminar_utils import files

TABLE = "paper/resnet_tables.csv"
PACKED = "fashion_mnist/t10k-labels-idx1-ubyte.gz"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A small copy of ``data/`` that may be broken."""
    for name in (files.SUMS, TABLE, PACKED):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(files.DATA / name, tmp_path / name)
    monkeypatch.setattr(files, "DATA", tmp_path)
    return tmp_path


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_every_data_file_is_listed_with_its_hash_and_has_unix_line_ends():
    listed = (files.DATA / files.SUMS).read_bytes().decode("utf-8")
    assert listed == files.sums()
    lines = [line.split("  ") for line in listed.splitlines()]
    assert len(lines) >= 21
    assert [name for _, name in lines] == sorted(name for _, name in lines)
    for expected, name in lines:
        content = files.read_verified(name)
        assert sha256(content) == expected and content == (files.DATA / name).read_bytes()
        if name.endswith(".csv"):
            assert b"\r" not in content and content.endswith(b"\n")
            assert not content.startswith(b"\xef\xbb\xbf")
            content.decode("utf-8")


def test_sums_leave_out_texts_and_recordings(copy):
    for name in ("README.md", "runs/a.json", "checkpoints/a.pt", "paper/.hidden", "photos/LICENSE"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("x")
    (copy / "new.csv").write_text("x")
    assert [line.split("  ")[1] for line in files.sums().splitlines()] == [PACKED, "new.csv", TABLE]


@pytest.mark.parametrize("name", [TABLE, PACKED])
def test_damaged_file_is_named_with_both_hashes(copy, name):
    path = copy / name
    whole = path.read_bytes()
    for broken in (whole[:-9], whole[:-9] + b"x" + whole[-8:], b""):
        path.write_bytes(broken)
        with pytest.raises(ValueError) as caught:
            files.read_verified(name)
        sentence = str(caught.value)
        assert f"data/{name} is truncated or altered" in sentence
        assert sha256(whole) in sentence and sha256(broken) in sentence
        assert f"git checkout -- data/{name}" in sentence and "download" in sentence
        assert "\n" not in sentence


def test_missing_and_unlisted_files_are_named(copy):
    (copy / "paper" / "new.csv").write_text("a\n1\n")
    with pytest.raises(ValueError, match=r"data/paper/new.csv is not listed in data/SHA256SUMS"):
        files.read_verified("paper/new.csv")
    for missing in (TABLE, files.SUMS):
        (copy / missing).unlink()
        with pytest.raises(FileNotFoundError, match=f"data/{missing} is missing.*git checkout"):
            files.read_rows(TABLE)


def test_a_write_is_utf8_with_lf_and_a_failed_one_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "record.json"
    for content in ("잔차\n", b"\x00\r\n", "old"):
        files.write_atomically(path, content)
        assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())

    def fail(source, target):
        assert source.read_text() == "new" and source.parent == target.parent
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        files.write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
