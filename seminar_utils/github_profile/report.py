"""One table for the teacher: a row for each profile of a folder, whatever is broken in it."""

import csv
import io
import os
import time
from pathlib import Path

from tqdm import tqdm

from seminar_utils.files import keep_copy, write_atomically
from seminar_utils.github_profile.check import check
from seminar_utils.github_profile.checks.tables import LEVELS
from seminar_utils.github_profile.reading.texts import message, one_line, refuse_if
from seminar_utils.language import N_, tr

__all__ = ["report"]

COLUMNS = (
    *(N_("nickname"), N_("fails"), N_("warnings"), N_("advice"), N_("points given")),
    *(N_("points to decide"), N_("first fails in words"), N_("seconds")),
)
FIRST_FAILS = 3
FORMULA = ("=", "+", "-", "@")  # a spreadsheet computes a cell that begins so


def report(folder: str | Path, out: str | Path | None = None) -> Path:
    """Check every folder and zip in a folder, and write one CSV with a row for each.

    The file is UTF-8 with a byte-order mark, so that Excel shows Korean. A file of that name is
    kept as a copy with a number. The rows show the names of folders and zips: nicknames, not the
    class list.

    Args:
        folder: Holds what was handed in, one folder or zip for each student.
        out: Where to write; ``report.csv`` in that folder without it.

    Returns:
        Where the table is.

    Raises:
        FileNotFoundError: There is no such folder, or none for the table.
        ValueError: Nothing in it was handed in.
        OSError: The table cannot be written.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(message("report_folder", folder=folder))
    out = folder / "report.csv" if out is None else Path(out)
    if not out.parent.is_dir():
        raise FileNotFoundError(message("report_out", folder=out.parent))
    seen = (path for path in folder.iterdir() if not path.name.startswith((".", "__")))
    # An earlier table is nobody's.
    entries = sorted(x for x in seen if x.is_dir() or x.suffix.lower() != out.suffix.lower())
    refuse_if(not entries, "report_empty", folder=folder)
    rows = [_row(path) for path in tqdm(entries, desc=tr("profiles"), unit="")]  # on stderr
    table = io.StringIO(newline="")
    csv.writer(table).writerows([map(tr, COLUMNS), *rows])
    if out.exists():
        keep_copy(out, out.parent)
    write_atomically(out, table.getvalue().encode("utf-8-sig"))
    return out


def _row(path: Path) -> list[str]:
    start = time.perf_counter()
    try:
        refuse_if(path.is_symlink(), "report_link")
        found = check(path)
        words = " ".join(tr(finding.what) for finding in found.of("fail")[:FIRST_FAILS])
        numbers = [len(found.of(level)) for level in LEVELS]
        cells = [*numbers, found.known, found.open, words]
    except Exception as error:  # one broken entry must not cost the others their rows
        kind = "" if isinstance(error, OSError | ValueError) else type(error).__name__
        stopped = tr("The check itself stopped: {kind}: ", kind=kind) if kind else ""
        # The table goes to others: it names the file, and not where the teacher keeps it.
        words = f"{stopped}{error}".replace(f"{path.parent.resolve()}{os.sep}", "")
        words = words.replace(f"{path.parent}{os.sep}", "")
        cells = [tr("not checked"), "", "", "", "", one_line(words, 300)]
    seconds = f"{time.perf_counter() - start:.2f}"
    row = map(str, (one_line(path.name, 100), *cells, seconds))
    return [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row]
