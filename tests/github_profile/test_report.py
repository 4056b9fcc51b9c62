"""One row for each entry of a folder, whatever is broken in it."""

import contextlib
import csv
import os
import re
from pathlib import Path

import pytest

from seminar_utils.github_profile.report import report
from tests.github_profile import profiles
from tests.github_profile.profiles import USER, png, write, zipped

GOOD = {"README.md": b"# Mina\n\n![Error against epochs](a.png)\n", "a.png": png()}


def rows(path):
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    return {row["nickname"]: row for row in table}


def test_every_entry_has_its_row(tmp_path, capsys):
    write(tmp_path / "파란 왜가리", GOOD)
    write(tmp_path, {".git/config": b"", "__MACOSX/a": b"", ".x": b""})  # left out
    packed = zipped({f"{USER}-main/{name}": raw for name, raw in GOOD.items()})
    (tmp_path / "grey-owl.zip").write_bytes(packed)
    profiles.hostile(tmp_path)
    out = report(tmp_path)
    assert out == tmp_path / "report.csv"
    found = rows(out)
    assert list(found) == ["grey-owl.zip", "somebody-else", "파란 왜가리"]
    owl = found["grey-owl.zip"]
    assert [owl[name] for name in ("fails", "warnings", "advice")] == ["0", "0", "0"]
    assert (owl["points given"], owl["points to decide"]) == ("4", "6")
    assert owl["first fails in words"] == ""
    assert re.fullmatch(r"\d+\.\d\d", owl["seconds"])
    bad = found["somebody-else"]
    assert int(bad["fails"]) > 10 and "carries a script" in bad["first fails in words"]
    captured = capsys.readouterr()
    assert captured.out == "" and "3/3" in captured.err


BROKEN = {
    "no-zip.zip": (b"hello", "no whole zip"),
    "wrong.rar": (b"Rar!", "no whole zip"),
    "bomb.zip": (zipped({"README.md": bytes(30 * 2**20)}), "too large"),
    "many.zip": (zipped(dict.fromkeys(map(str, range(5_001)), b"")), "more than 5,000"),
}


def test_a_broken_entry_never_stops_the_rest(tmp_path):
    for name, (raw, _) in BROKEN.items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "nested.zip").write_bytes(zipped({"a.zip": zipped({"b.zip": zipped(GOOD)})}))
    (tmp_path / "empty").mkdir()
    write(tmp_path / "zz-good", GOOD)
    found = rows(report(tmp_path))
    for name, (_, words) in BROKEN.items():
        row = found[name]
        assert row["fails"] == "not checked" and words in row["first fails in words"]
        assert str(tmp_path) not in row["first fails in words"]  # the teacher's own folders
    assert "a zip inside is not opened" in found["nested.zip"]["first fails in words"]
    assert "README.md is missing" in found["empty"]["first fails in words"]
    assert found["zz-good"]["fails"] == "0"


def test_what_cannot_be_read_or_stops_the_check_has_its_row(tmp_path, monkeypatch):
    def scandir(path):
        if Path(path).name == "closed":  # a text in Python 3.13
            raise PermissionError(13, "Permission denied")
        return original_scandir(path)

    def check(path):
        if path.name == "deep":
            raise RecursionError("too deep")
        return original_check(path)

    original_scandir, original_check = os.scandir, report.__globals__["check"]
    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setitem(report.__globals__, "check", check)
    write(tmp_path, {"blue/closed/a": b"", "green/README.md": b"# hi", "deep/README.md": b"# hi"})
    with contextlib.suppress(OSError):  # this system lets nobody make links
        (tmp_path / "link").symlink_to(tmp_path / "green")
    found = rows(report(tmp_path))
    assert "cannot be read (Permission denied)" in found["blue"]["first fails in words"]
    assert "RecursionError: too deep" in found["deep"]["first fails in words"]
    assert found["green"]["fails"] == "0"
    assert "link" not in found or "is a link" in found["link"]["first fails in words"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "=HYPERLINK(a)"])
def test_no_cell_is_a_formula(tmp_path, name):
    write(tmp_path / name, {"README.md": b"![x y](=1.png)"})
    (row,) = rows(report(tmp_path)).values()
    assert row["nickname"] == f"'{name}"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_names_that_differ_in_their_ends_have_their_own_rows(tmp_path):
    for name in ("mina", "mina.kim"):
        write(tmp_path / name, GOOD)
    (tmp_path / "mina.zip").write_bytes(zipped(GOOD))
    assert list(rows(report(tmp_path))) == ["mina", "mina.kim", "mina.zip"]


def test_an_existing_table_is_kept_as_a_copy(tmp_path):
    write(tmp_path / "blue", GOOD)
    out = tmp_path / "class.csv"
    out.write_bytes(b"my marks")
    assert report(tmp_path, out) == out
    first = out.read_bytes()
    assert (tmp_path / "class.1.csv").read_bytes() == b"my marks"
    report(tmp_path, out)
    assert (tmp_path / "class.1.csv").read_bytes() == b"my marks"
    assert (tmp_path / "class.2.csv").read_bytes() == first
    assert list(rows(out)) == ["blue"]  # tables are no entries


def test_what_is_no_folder_or_empty_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere is no folder"):
        report(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        report(tmp_path)
    with pytest.raises(FileNotFoundError, match="tables is no folder: make it first"):
        report(tmp_path, tmp_path / "tables/week.csv")
    assert list(tmp_path.iterdir()) == []
