"""The command: exit codes, and UTF-8 whatever the terminal is."""

import json
import os
import subprocess
import sys
from importlib.metadata import version

import pytest

from seminar_utils.github_profile.__main__ import main
from tests.github_profile.profiles import USER, write

COMMAND = [sys.executable, "-m", "seminar_utils.github_profile"]


def test_output_is_utf8_where_the_terminal_is_not(tmp_path):
    folder = write(tmp_path / "mina", {"README.md": "![x y](그림.png) 🙂".encode()})
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [*COMMAND, "check", str(folder), "--user", "mina"]
    done = subprocess.run(command, env=environment, capture_output=True)
    assert (done.returncode, done.stderr) == (1, b"")
    assert "그림.png is not among the files" in done.stdout.decode("utf-8")


def test_exit_codes_and_a_report_for_programs(tmp_path, capsys):
    call = ["check", str(write(tmp_path / USER, {"README.md": b"# hi\n\n010-1234-5678\n"}))]
    assert main(call) == 0  # a warning is no fail
    assert main([*call, "--user", f"@{USER}"]) == 0
    assert main([*call, "--user", "other"]) == 1
    out = capsys.readouterr().out
    assert "A telephone number." in out and "the user other." in out
    assert main([*call, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["name"] == USER and found["findings"][0]["line"] == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere"], "nowhere is not there"),
        (["check", ".", "--user", "mina example!"], "mina example!"),
        (["report", "nowhere"], "nowhere is no folder"),
        (["report", "."], "neither a folder nor a zip"),
    ],
)
def test_a_call_that_cannot_work_ends_with_2(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err and captured.out == ""
    assert len(captured.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        *((wrong.split(), 2, "usage:") for wrong in ("", "check", "report", "mend .", "check a b")),
        (["--help"], 0, "exit code of check: 0"),
        (["--version"], 0, version("seminar-utils")),
    ],
)
def test_a_wrong_call_ends_with_2_and_help_and_version_with_0(capsys, arguments, code, words):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == code and words in "".join(capsys.readouterr())


def test_report_and_preview_write_where_they_are_told(tmp_path, capsys):
    blue = write(tmp_path / "class/blue", {"README.md": b"# hi"})
    for command, path, out in (("report", blue.parent, "week.csv"), ("preview", blue, "a.html")):
        assert main([command, str(path), "--out", str(tmp_path / out)]) == 0
        assert (tmp_path / out).exists() and out in capsys.readouterr().out
    assert "<h1" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert list(blue.parent.iterdir()) == [blue]
    assert main(["preview", str(blue)]) == 0
    assert capsys.readouterr().out == "blue / README.md\nHeading 1: hi\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_whoever_reads_no_more_breaks_nothing(tmp_path):
    folder = write(tmp_path / "mina", {"README.md": b"# hi\n"})
    read, wrote = os.pipe()
    os.close(read)
    done = subprocess.run([*COMMAND, "check", folder], stdout=wrote, stderr=subprocess.PIPE)
    os.close(wrote)
    assert (done.returncode, done.stderr) == (1, b"")
