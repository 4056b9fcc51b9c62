import os
import subprocess
import sys

import pytest

from tests import run_checks
from tests.run_checks import ROOT


def test_notebooks_are_compared_strictly_and_slow_tests_wait_for_test_all():
    (quick,) = run_checks.commands(slow=False)["tests"]
    (everything,) = run_checks.commands(slow=True)["tests"]
    assert "not slow" in quick and "not slow" not in everything
    assert quick[-3:] == ["--nbval", "notebooks", "tests"] and "--nbval-lax" not in quick


def test_a_part_fails_with_any_of_its_commands():
    assert run_checks.passes([["ruff", "--version"]])
    assert not run_checks.passes([["ruff", "no-such-command"], ["ruff", "--version"]])


@pytest.mark.slow
def test_a_notebook_passes_as_on_another_processor():
    """Without AVX, and started with two threads; the whole table is in the README."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "notebooks/03_resnet.ipynb"],
        cwd=ROOT,
        env={**os.environ, "ATEN_CPU_CAPABILITY": "default", "OMP_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_changed_new_and_removed_files_of_a_checkout_are_named(tmp_path):
    assert run_checks.fingerprints(tmp_path) is None
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    (tmp_path / "ignored").mkdir()
    picture = tmp_path / "그림.txt"
    for change, named in (
        (picture.touch, ["그림.txt"]),
        (lambda: None, []),
        ((tmp_path / "new.txt").touch, ["new.txt"]),
        (lambda: picture.write_text("after", encoding="utf-8"), ["그림.txt"]),
        ((tmp_path / "ignored" / "cache.txt").touch, []),
        (picture.unlink, ["그림.txt"]),
    ):
        before = run_checks.fingerprints(tmp_path)
        change()
        assert run_checks.changes(before, run_checks.fingerprints(tmp_path)) == named


def test_table_has_a_line_for_each_part_and_the_sum():
    text = run_checks.table([("installation", 61.4, True), ("style", 0.6, False)])
    assert text.splitlines() == [
        "part          seconds",
        "installation       61",
        "style               1  FAILED",
        "all                62",
    ]
