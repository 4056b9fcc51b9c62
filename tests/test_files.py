"""Bundled files: every byte as listed, one clear sentence where it is not."""

import hashlib
import shutil
import subprocess
import sys

import pytest

from seminar_utils import files

TABLE = "paper/resnet_tables.csv"
PACKED = "fashion_mnist/t10k-labels-idx1-ubyte.gz"
UNPACKED = "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A small copy of `data/` that may be broken."""
    for name in (files.SUMS, TABLE, PACKED):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(files.DATA / name, tmp_path / name)
    monkeypatch.setattr(files, "DATA", tmp_path)
    return tmp_path


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_every_data_file_is_listed_with_its_hash():
    listed = (files.DATA / files.SUMS).read_bytes().decode("utf-8")
    assert listed == files.sums()
    lines = [line.split("  ") for line in listed.splitlines()]
    assert len(lines) >= 21
    assert [name for _, name in lines] == sorted(name for _, name in lines)
    for expected, name in lines:
        assert sha256((files.DATA / name).read_bytes()) == expected
        assert sha256(files.read_verified(name)) == expected


def test_sums_leave_out_texts_and_recordings(copy):
    for name in ("README.md", "runs/a.json", "checkpoints/a.pt", "paper/.hidden", "photos/LICENSE"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("x")
    (copy / "new.csv").write_text("x")
    names = [line.split("  ")[1] for line in files.sums().splitlines()]
    assert names == [PACKED, "new.csv", TABLE]


def test_no_listed_file_has_windows_line_ends():
    for line in files.sums().splitlines():
        name = line.split("  ")[1]
        if name.endswith(".csv"):
            content = files.read_verified(name)
            assert b"\r" not in content and content.endswith(b"\n")
            assert not content.startswith(b"\xef\xbb\xbf")
            content.decode("utf-8")


@pytest.mark.parametrize("name", [TABLE, PACKED])
@pytest.mark.parametrize("damage", ["truncated", "altered", "empty"])
def test_damaged_file_is_named_with_both_hashes(copy, name, damage):
    path = copy / name
    whole = path.read_bytes()
    broken = {"truncated": whole[:-9], "altered": whole[:-9] + b"x" + whole[-8:], "empty": b""}
    path.write_bytes(broken[damage])
    with pytest.raises(ValueError) as caught:
        files.read_verified(name)
    sentence = str(caught.value)
    assert f"data/{name} is truncated or altered" in sentence
    assert sha256(whole) in sentence and sha256(broken[damage]) in sentence
    assert f"git checkout -- data/{name}" in sentence and "download" in sentence
    assert "\n" not in sentence


def test_missing_file_is_named(copy):
    (copy / TABLE).unlink()
    with pytest.raises(FileNotFoundError, match=f"data/{TABLE} is missing.*git checkout"):
        files.read_rows(TABLE)
    (copy / PACKED).unlink()
    with pytest.raises(FileNotFoundError, match=f"data/{PACKED} is missing.*{UNPACKED}"):
        files.unpack(PACKED, UNPACKED)
    (copy / files.SUMS).unlink()
    with pytest.raises(FileNotFoundError, match="data/SHA256SUMS is missing"):
        files.read_verified(TABLE)


def test_unlisted_file_is_refused(copy):
    (copy / "paper" / "new.csv").write_text("a\n1\n")
    with pytest.raises(ValueError, match=r"data/paper/new.csv is not listed in data/SHA256SUMS"):
        files.read_verified("paper/new.csv")


def test_unpack_checks_what_is_inside(copy):
    assert sha256(files.unpack(PACKED, UNPACKED)) == UNPACKED
    with pytest.raises(ValueError, match=f"expected SHA-256 {'0' * 64}, found {UNPACKED}"):
        files.unpack(PACKED, "0" * 64)


@pytest.mark.parametrize("keep", [0, 9, 2000, -1])
def test_unpack_names_a_cut_archive(copy, keep):
    whole = (copy / PACKED).read_bytes()
    (copy / PACKED).write_bytes(whole[:keep])
    with pytest.raises(ValueError, match=f"data/{PACKED} is truncated or altered.*{UNPACKED}"):
        files.unpack(PACKED, UNPACKED)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(0, id="not-gzip"),
        pytest.param(10, id="first-block"),
        pytest.param(2000, id="inside"),
        pytest.param(-8, id="checksum"),
    ],
)
def test_unpack_names_an_altered_archive(copy, place):
    packed = bytearray((copy / PACKED).read_bytes())
    packed[place] ^= 0xFF
    (copy / PACKED).write_bytes(packed)
    with pytest.raises(ValueError, match=f"data/{PACKED} is truncated or altered.*{UNPACKED}"):
        files.unpack(PACKED, UNPACKED)


def test_write_atomically_writes_utf8_with_lf(tmp_path):
    path = tmp_path / "record.json"
    files.write_atomically(path, "잔차\n")
    assert path.read_bytes() == "잔차\n".encode()
    files.write_atomically(path, b"\x00\r\n")
    assert path.read_bytes() == b"\x00\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "record.json"
    files.write_atomically(path, "old")

    def fail(source, target):
        assert source.read_text() == "new" and source.parent == target.parent
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        files.write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_files_and_paper_import_without_torch_or_numpy():
    code = "import sys, seminar_utils.files, seminar_utils.paper.tables; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"torch", "numpy"} & set(loaded.stdout.split())
