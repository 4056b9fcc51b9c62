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
    write(tmp_path, {"grey-owl.zip": packed, "grey-owl/README.md": b"# hi"})
    profiles.hostile(tmp_path)
    out = report(tmp_path)
    assert out == tmp_path / "report.csv"
    found = rows(out)
    assert list(found) == ["grey-owl", "grey-owl.zip", "somebody-else", "파란 왜가리"]
    owl = found["grey-owl.zip"]
    assert [owl[name] for name in ("fails", "warnings", "advice")] == ["0", "0", "0"]
    assert (owl["points given"], owl["points to decide"]) == ("4", "6")
    assert owl["first fails in words"] == ""
    assert re.fullmatch(r"\d+\.\d\d", owl["seconds"])
    bad = found["somebody-else"]
    assert int(bad["fails"]) > 10 and "carries a script" in bad["first fails in words"]
    captured = capsys.readouterr()
    assert captured.out == "" and "4/4" in captured.err


BROKEN = {
    "no-zip.zip": (b"hello", "no whole zip"),
    "wrong.rar": (b"Rar!", "no whole zip"),
    "bomb.zip": (zipped({"README.md": bytes(30 * 2**20)}), "too large"),
    "many.zip": (zipped(dict.fromkeys(map(str, range(5_001)), b"")), "more than 5,000"),
    "nested.zip": (zipped({"a.zip": zipped({"b.zip": b""})}), "a zip inside is not opened"),
}


def test_a_broken_entry_never_stops_the_rest(tmp_path, monkeypatch):
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
    write(tmp_path, {name: raw for name, (raw, _) in BROKEN.items()})
    write(tmp_path, {"blue/closed/a": b"", "deep/README.md": b"# hi"})
    write(tmp_path / "zz-good", GOOD)
    (tmp_path / "empty").mkdir()
    with contextlib.suppress(OSError):  # this system lets nobody make links
        (tmp_path / "link").symlink_to(tmp_path / "zz-good")
    found = rows(report(tmp_path))
    said = {name: row["first fails in words"] for name, row in found.items()}
    for name, (_, words) in BROKEN.items():
        assert words in said[name] and str(tmp_path) not in said[name]  # the teacher's own folders
        assert (found[name]["fails"] == "not checked") == (name != "nested.zip")
    assert "README.md is missing" in said["empty"]
    assert "cannot be read (Permission denied)" in said["blue"]
    assert "RecursionError: too deep" in said["deep"]
    assert "link" not in found or "is a link" in said["link"]
    assert found["zz-good"]["fails"] == "0"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "=HYPERLINK(a)"])
def test_no_cell_is_a_formula(tmp_path, name):
    write(tmp_path / name, {"README.md": b"![x y](=1.png)"})
    (row,) = rows(report(tmp_path)).values()
    assert row["nickname"] == f"'{name}"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_an_existing_table_is_kept_as_a_copy(tmp_path):
    write(tmp_path, {"mina/README.md": b"", "mina.kim/README.md": b"", "class.csv": b"my marks"})
    out = tmp_path / "class.csv"
    assert report(tmp_path, out) == out
    first = out.read_bytes()
    assert (tmp_path / "class.1.csv").read_bytes() == b"my marks"
    report(tmp_path, out)
    assert (tmp_path / "class.1.csv").read_bytes() == b"my marks"
    assert (tmp_path / "class.2.csv").read_bytes() == first
    assert list(rows(out)) == ["mina", "mina.kim"]  # tables are no entries, folders have no ending


def test_what_is_no_folder_or_empty_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere is no folder"):
        report(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        report(tmp_path)
    with pytest.raises(FileNotFoundError, match="tables is no folder: make it first"):
        report(tmp_path, tmp_path / "tables/week.csv")
    assert list(tmp_path.iterdir()) == []
