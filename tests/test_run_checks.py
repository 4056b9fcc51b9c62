import datetime
import os
import platform
import re
import subprocess
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest

from tests import run_checks
from tests.run_checks import ROOT


def test_notebooks_are_compared_strictly_and_slow_tests_wait_for_test_all():
    (quick,) = run_checks.commands(False, ["notebooks/a.ipynb"])["tests"]
    (everything,) = run_checks.commands(True, ["notebooks/a.ipynb"])["tests"]
    assert "not slow" in quick and "not slow" not in everything
    assert quick[-3:] == ["--nbval", "notebooks/a.ipynb", "tests"] and "--nbval-lax" not in quick
    paths = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/**/*.ipynb")]
    listed = {path for path in paths if "/." not in path}
    assert set(run_checks.notebook_keys(True, None)) == listed
    later = listed - set(run_checks.notebook_keys(False, None))
    lessons = ("02_googlenet", "03_resnet", "04_assignment")
    assert later == {f"notebooks/ko/{lesson}.ipynb" for lesson in lessons}


FIRST, SECOND = "notebooks/01_week4_review.ipynb", "notebooks/02_googlenet.ipynb"
FILES = {FIRST: "a", SECOND: "b", "seminar_utils/tables.py": "c", "tests/test_tables.py": "d"}


def changed_by(monkeypatch, change):
    """Return whose keys differ once ``change`` was made to files or machine."""
    on(2027, 1, 4)(monkeypatch)  # a Monday
    before = run_checks.notebook_keys(False, FILES)
    after = run_checks.notebook_keys(False, change(monkeypatch) or FILES)
    return [name for name in (FIRST, SECOND) if before[name] != after[name]]


def on(*day):
    """Return what changes the day."""
    today = SimpleNamespace(today=lambda: datetime.date(*day))
    return lambda monkeypatch: monkeypatch.setattr(run_checks, "date", today)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda _: FILES | {FIRST: "x"}, [FIRST]),
        (lambda _: FILES | {"notebooks/ko/01_week4_review.ipynb": "x"}, []),
        (lambda _: FILES | {"tests/test_tables.py": "x"}, []),
        (lambda _: FILES | {"bench/new.py": "x", "site/new.md": "x"}, []),
        (lambda _: FILES | {"tests/run_checks.py": "x"}, [FIRST, SECOND]),
        (lambda _: FILES | {"seminar_utils/tables.py": "x"}, [FIRST, SECOND]),
        (lambda _: FILES | {"data/new.csv": "x"}, [FIRST, SECOND]),
        (lambda _: FILES | {"locale/ko/package.po": "x"}, [FIRST, SECOND]),
        (lambda _: FILES | {"conftest.py": "x"}, [FIRST, SECOND]),
        (lambda m: m.setenv("ATEN_CPU_CAPABILITY", "default"), [FIRST, SECOND]),
        (lambda m: m.setenv("SHLVL", "99"), []),
        (on(2027, 1, 11), [FIRST, SECOND]),
        (on(2027, 1, 10), []),  # the Sunday before
        (lambda m: m.setattr(sys, "version", "3.99"), [FIRST, SECOND]),
        (lambda m: m.setattr(platform, "uname", lambda: ("Linux", "other")), [FIRST, SECOND]),
        (lambda m: m.setattr(metadata, "distributions", list), [FIRST, SECOND]),
    ],
)
def test_a_notebook_is_run_again_after_any_change_that_may_concern_it(monkeypatch, change, names):
    assert changed_by(monkeypatch, change) == names


def test_no_notebook_and_no_room_uses_what_its_key_leaves_out():
    uses = re.compile(r"^\W*(from|import) (tests|bench)\b", re.MULTILINE)
    for path in [*ROOT.glob("notebooks/**/*.ipynb"), *ROOT.glob("seminar_utils/**/*.py")]:
        assert not uses.search(path.read_text("utf-8")), path


@pytest.fixture
def checks(monkeypatch, tmp_path):
    """Run ``main`` with some arguments while notebooks pass or fail; return which ones ran."""
    monkeypatch.setattr(run_checks, "PASSED", tmp_path / "cache" / "passed.json")
    monkeypatch.delenv("CI", raising=False)
    keys = {FIRST: "key 1", SECOND: "key 2", "notebooks/ignored.ipynb": None}
    late = {"notebooks/late.ipynb": None}
    monkeypatch.setattr(run_checks, "notebook_keys", lambda slow, _: keys | (late if slow else {}))

    def run(*arguments, passes=True, leaves=(), **changed):
        keys.update({FIRST: changed.get("first", keys[FIRST])})
        ran, files = [], iter([{"a": "1"}, {"a": "1", **dict.fromkeys(leaves, "2")}])
        monkeypatch.setattr(run_checks, "fingerprints", lambda root: next(files))

        def part(commands):
            ran.extend(word for command in commands for word in command if ".ipynb" in word)
            return passes

        monkeypatch.setattr(run_checks, "passes", part)
        monkeypatch.setattr(sys, "argv", ["run_checks", *arguments])
        assert run_checks.main() == (0 if passes and not leaves else 1)
        return ran

    run.every = [FIRST, SECOND, "notebooks/ignored.ipynb"]
    return run


def test_notebooks_that_passed_are_spared_by_name_until_they_change(checks, capsys):
    assert checks() == checks.every
    capsys.readouterr()
    assert checks() == ["notebooks/ignored.ipynb"]
    assert f"passed this week: {FIRST}, {SECOND}." in capsys.readouterr().out
    assert checks(first="other") == [FIRST, "notebooks/ignored.ipynb"]
    assert checks(first="key 1") == [FIRST, "notebooks/ignored.ipynb"]


def test_a_failure_and_a_file_left_behind_spare_nothing_new(checks):
    assert checks(passes=False) == checks.every
    assert checks(leaves=["new"]) == checks.every
    assert checks() == checks.every
    assert checks(first="other", passes=False) == [FIRST, "notebooks/ignored.ipynb"]
    assert checks() == [FIRST, "notebooks/ignored.ipynb"]


def test_ci_and_test_all_run_everything_and_a_failure_there_counts(checks, monkeypatch):
    """Also what runs the code of other notebooks."""
    everything = [*checks.every, "notebooks/late.ipynb"]
    checks()
    assert checks("--slow") == everything
    assert checks("--slow", passes=False) == everything
    assert checks() == checks.every
    monkeypatch.setenv("CI", "true")
    assert checks() == everything


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
    assert run_checks.table([("installation", 61.4, True), ("style", 0.6, False)]).splitlines() == [
        "part          seconds",
        "installation       61",
        "style               1  FAILED",
        "all                62",
    ]
