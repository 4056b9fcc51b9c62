import subprocess

import pytest

from tests import run_checks


def test_slow_tests_wait_for_test_all():
    (quick,) = run_checks.commands(slow=False)["package tests"]
    (everything,) = run_checks.commands(slow=True)["package tests"]
    assert "not slow" in quick
    assert "not slow" not in everything


def test_notebooks_are_compared_strictly():
    (command,) = run_checks.commands(slow=False)["notebooks"]
    assert {"--nbval", "--nbval-current-env"} <= set(command)
    assert "--nbval-lax" not in command


def test_a_part_fails_with_any_of_its_commands():
    assert run_checks.passes([["ruff", "--version"]])
    assert not run_checks.passes([["ruff", "no-such-command"], ["ruff", "--version"]])


@pytest.fixture
def checkout(tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    (tmp_path / "그림.txt").write_text("before", encoding="utf-8")
    return tmp_path


def changes(checkout, change):
    before = run_checks.fingerprints(checkout)
    change()
    return run_checks.changes(before, run_checks.fingerprints(checkout))


def test_changed_new_and_removed_files_are_named(checkout):
    assert changes(checkout, lambda: None) == []
    assert changes(checkout, (checkout / "new.txt").touch) == ["new.txt"]
    edit = (checkout / "그림.txt").write_text
    assert changes(checkout, lambda: edit("after", encoding="utf-8")) == ["그림.txt"]
    assert changes(checkout, (checkout / "그림.txt").unlink) == ["그림.txt"]


def test_ignored_files_do_not_count(checkout):
    (checkout / "ignored").mkdir()
    assert changes(checkout, (checkout / "ignored" / "cache.txt").touch) == []


def test_outside_a_checkout_nothing_is_compared(tmp_path):
    assert run_checks.fingerprints(tmp_path) is None


def test_table_has_a_line_for_each_part_and_the_sum():
    text = run_checks.table([("installation", 61.4, True), ("style", 0.6, False)])
    assert text.splitlines() == [
        "part           seconds",
        "installation        61",
        "style                1  FAILED",
        "all                 62",
    ]
