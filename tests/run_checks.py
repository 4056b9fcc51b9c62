"""Everything that ``make test`` checks, part by part: python -m tests.run_checks [--slow].

All parts run, also after one has failed. At the end stands what each took, and in a git checkout
the checks fail if they changed a file or left one behind.

A notebook is not run again in the week in which it passed with all others, while neither it nor
anything around it has changed; which ones these are is printed. Korean editions run the code of the
English ones, so those that compute are left out. ``--slow``, and a variable CI as GitHub has it,
run them all.
"""

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from importlib import metadata
from pathlib import Path

from seminar_utils.jupyter.recording import KERNEL_ENVIRONMENT
from seminar_utils.tables import Table
from tests import ROOT

# The tests of a file share what they have computed, so they stay together. The files keep their
# order, in which the longest ones come early; notebooks are the longest.
TWO_AT_A_TIME = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# Their English editions run the same code.
SLOW_NOTEBOOKS = [f"notebooks/ko/{n}.ipynb" for n in ("02_googlenet", "03_resnet", "04_assignment")]
PASSED = ROOT / ".pytest_cache" / "notebooks-that-passed.json"  # `make clean` removes it
# No notebook uses anything of these folders, but of this file; other notebooks are none of its own.
ELSEWHERE = ("bench/", "notebooks/", "site/", "tests/")
FLEETING = {"_", "OLDPWD", "SHLVL"}  # variables that differ from one command to the next


def commands(slow: bool, notebooks: Sequence[str]) -> dict[str, list[list[str]]]:
    """Return the commands of each part, run with this Python."""
    chosen = [] if slow else ["-m", "not slow"]
    return {
        "style": [["ruff", "check", "."], ["ruff", "format", "--check", "."]],
        "tests": [["pytest", *TWO_AT_A_TIME, *chosen, "--nbval", *notebooks, "tests"]],
    }


def notebook_keys(slow: bool, files: dict[str, str] | None) -> dict[str, str | None]:
    """Return the notebooks to check, each with a hash of all that its outputs depend on.

    That is itself, the files of the course, machine, environment, Python, its packages; and the
    week, because a live run has the seed of its day, and some seed of some day may surprise.
    Without fingerprints of the files nothing is known, and there is None in place of the hash.
    """
    names = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/**/*.ipynb"))
    names = [name for name in names if "/." not in name and (slow or name not in SLOW_NOTEBOOKS)]
    if files is None:
        return dict.fromkeys(names)
    around = {
        name: content
        for name, content in files.items()
        if name == "tests/run_checks.py" or not name.startswith(ELSEWHERE)
    }
    variables = {name: value for name, value in os.environ.items() if name not in FLEETING}
    packages = sorted(f"{each.name} {each.version}" for each in metadata.distributions())
    week = str(date.today().isocalendar()[:2])
    machine = [week, *platform.uname(), str(os.cpu_count()), sys.version]
    known = json.dumps([sorted(around.items()), sorted(variables.items()), packages, machine])
    return {
        name: hashlib.sha256((files[name] + known).encode()).hexdigest() if name in files else None
        for name in names
    }


def still_pass(keys: dict[str, str | None]) -> list[str]:
    """Return the notebooks that passed as they are now."""
    if not PASSED.exists():
        return []
    passed = json.loads(PASSED.read_text(encoding="utf-8"))
    return [name for name, key in keys.items() if key is not None and passed.get(name) == key]


def note(keys: dict[str, str | None], names: Sequence[str]) -> None:
    """Note that these notebooks, and no others, passed as they are now."""
    PASSED.parent.mkdir(exist_ok=True)
    PASSED.write_text(json.dumps({name: keys[name] for name in names}), encoding="utf-8")


def passes(part: list[list[str]]) -> bool:
    """Run commands in the environment in which the notebooks were recorded."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        environment = {**os.environ, **KERNEL_ENVIRONMENT, "IPYTHONDIR": profile}
        runs = [
            subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment, check=False)
            for command in part
        ]
    return all(run.returncode == 0 for run in runs)


def fingerprints(root: Path) -> dict[str, str] | None:
    """Hash every file that git tracks or would offer to add; None outside a git checkout."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listing, cwd=root, capture_output=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
    paths = [root / os.fsdecode(name) for name in names.split(b"\0") if name]
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file()
    }


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Name the files that were changed, left behind or removed."""
    return sorted(name for name in before | after if before.get(name) != after.get(name))


def table(rows: list[tuple[str, float, bool]]) -> str:
    """Lay out (part, seconds, passed) as text with a line for the sum."""
    every = [*rows, ("all", sum(took for _, took, _ in rows), True)]
    lines = [(name, f"{took:.0f}", "" if passed else "FAILED") for name, took, passed in every]
    return repr(Table(("part", "seconds", ""), lines))


def main() -> int:
    """Run the parts, print the table, and return 0 when everything passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.run_checks")
    parser.add_argument("--slow", action="store_true", help="also the tests marked slow")
    parser.add_argument(
        "--started", type=float, help="when the installation began, in Unix seconds"
    )
    options = parser.parse_args()

    now = time.time()
    rows = [("installation", now - (options.started or now), True)]
    before = fingerprints(ROOT)
    every = options.slow or "CI" in os.environ
    keys = notebook_keys(every, before)
    spared = [] if every else still_pass(keys)
    if spared:
        print(f"Nothing has changed since these passed this week: {', '.join(spared)}.")
        print("They are not run again; `make test-all` runs everything.")
    note(keys, spared)  # until all the others have passed, too
    for name, part in commands(options.slow, [name for name in keys if name not in spared]).items():
        print(f"\n== {name}", flush=True)
        start = time.perf_counter()
        passed = passes(part)
        rows.append((name, time.perf_counter() - start, passed))
    changed = changes(before, fingerprints(ROOT)) if before is not None else []

    print(f"\n{table(rows)}")
    if before is None:
        print("This is no git checkout: whether the checks changed a file was not looked at.")
    if changed:
        print(f"FAILED: the checks changed these files or left them behind: {', '.join(changed)}")
    if not all(passed for _, _, passed in rows) or changed:
        return 1
    note(keys, list(keys))
    return 0


if __name__ == "__main__":
    sys.exit(main())
