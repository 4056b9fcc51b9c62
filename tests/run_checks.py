"""Everything that ``make test`` checks, part by part: python -m tests.run_checks [--slow].

All parts run, also after one has failed. At the end stands what each took, and in a git checkout
the checks fail if they changed a file or left one behind.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from seminar_utils.jupyter.recording import KERNEL_ENVIRONMENT
from seminar_utils.tables import Table
from tests import ROOT

# The tests of a file share what they have computed, so they stay together. The files keep their
# order, in which the longest ones come early; notebooks are the longest.
TWO_AT_A_TIME = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# Their English editions run the same code.
SLOW_NOTEBOOKS = ["--ignore-glob=notebooks/ko/0[23]*"]


def commands(slow: bool) -> dict[str, list[list[str]]]:
    """Return the commands of each part, run with this Python."""
    chosen = [] if slow else ["-m", "not slow", *SLOW_NOTEBOOKS]
    return {
        "style": [["ruff", "check", "."], ["ruff", "format", "--check", "."]],
        "tests": [["pytest", *TWO_AT_A_TIME, *chosen, "--nbval", "notebooks", "tests"]],
    }


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
    for name, part in commands(options.slow).items():
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
    return 0 if all(passed for _, _, passed in rows) and not changed else 1


if __name__ == "__main__":
    sys.exit(main())
