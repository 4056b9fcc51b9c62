"""Check a profile, or a class of them: ``python -m seminar_utils.github_profile check PATH``.

Exit code of ``check``: 0 without fails, 1 with fails, 2 where nothing could be checked.
"""

import argparse
import io
import sys
from pathlib import Path

from seminar_utils.github_profile.check import check
from seminar_utils.github_profile.report import report

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal of Windows knows few letters
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(
        prog="python -m seminar_utils.github_profile",
        description="Nothing in a profile is run, and nothing is loaded from the web or sent.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("check", help="one profile: its folder or a zip of it")
    one.add_argument("path", type=Path)
    one.add_argument("--user", help="name on GitHub, or a link to it")
    several = commands.add_parser("report", help="a CSV for all folders and zips in a folder")
    several.add_argument("folder", type=Path)
    several.add_argument("--out", type=Path, help="report.csv in that folder without it")
    options = parser.parse_args(arguments)
    try:
        if options.command == "report":
            print(f"Written: {report(options.folder, options.out)}")
            return 0
        found = check(options.path, options.user)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(found)
    return 1 if found.of("fail") else 0


if __name__ == "__main__":
    sys.exit(main())
