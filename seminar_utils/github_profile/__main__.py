"""Check a profile, or a class of them: ``python -m seminar_utils.github_profile check PATH``."""

import argparse
import dataclasses
import io
import json
import os
import sys
from importlib.metadata import version
from pathlib import Path

from seminar_utils.files import write_atomically
from seminar_utils.github_profile.check import check
from seminar_utils.github_profile.preview import preview
from seminar_utils.github_profile.report import report
from seminar_utils.language import tr

__all__ = ["main"]

HELP = """\
exit code of check: 0 without fails, 1 with fails, 2 where nothing could be checked

example:
  python -m seminar_utils.github_profile check workbook/mina-example --user mina-example
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal of Windows knows few letters
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(
        prog="python -m seminar_utils.github_profile",
        description=tr("Nothing in a profile is run, and nothing is loaded from the web or sent."),
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=version("seminar-utils"))
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("check", help="one profile: its folder or a zip of it")
    one.add_argument("path", type=Path)
    one.add_argument("--user", help="name on GitHub, or a link to it")
    one.add_argument("--json", action="store_true", help="the report for another program")
    shown = commands.add_parser("preview", help="what a page says, as a screen reader reads it")
    shown.add_argument("path", type=Path)
    shown.add_argument("--out", type=Path, help="write the page as GitHub shows it, as HTML")
    several = commands.add_parser("report", help="a CSV for all folders and zips in a folder")
    several.add_argument("folder", type=Path)
    several.add_argument("--out", type=Path, help="report.csv in that folder without it")
    options = parser.parse_args(arguments)
    code = 0
    try:
        if options.command == "check":
            said = check(options.path, options.user)
            code = int(bool(said.of("fail")))
            if options.json:
                said = json.dumps(dataclasses.asdict(said), ensure_ascii=False, indent=1)
        elif options.command == "report":
            said = tr("Written: {path}", path=report(options.folder, options.out))
        else:
            said = preview(options.path)
            if options.out:
                page = f'<!doctype html><meta charset="utf-8">{said.html}'
                write_atomically(options.out, page)
                said = tr("Written: {path}", path=options.out)
        print(said, flush=True)
    except BrokenPipeError:  # whoever reads, such as head, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())
