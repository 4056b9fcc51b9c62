"""Numbers in the prose have a source: python -m tests.numbers [--write].

Each number of a text cell, and each tag with a number, has a line in ``tests/numbers/``, in the
file of its notebook: the cell, the number as written, and a source that is looked up again. So a
changed digit is caught in the prose, in the tag, and in what it came from. Sources:

output               an output of the same section, above the cell
output <cell>        an output of that cell, which stands above
tag                  the tag min-N of the cell, or the sum of all of them
claim R7             the row of that statement in data/claims.csv
paper <file> <row>   a row of data/paper/<file> that begins with <row>
runs <experiment> <net> - <net> <split>    recorded seeds: mean, spread, or visible from
= 28.54 - 25.03      plain arithmetic; its literals are in outputs above, in data/paper or a count
count <kind>         a plain count of a kind that the list COUNTS or a function of CHECKED knows
source: <where>      what cannot be derived, with section, table, figure or footnote

``--write`` keeps lines that hold, proposes others, and writes ``?``, which fails, for the rest.
"""

import argparse
import csv
import difflib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tests import NOTEBOOKS
from tests.number_sources import Book, holds, nearest, propose
from tests.number_words import numbers_of

LOCKS = Path(__file__).with_name("numbers")
COLUMNS = ("cell", "number", "source")


@dataclass(frozen=True)
class Line:
    """One number of one cell."""

    cell: str
    number: str
    source: str


def read(path: Path) -> list[Line]:
    """Read a lock file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        assert rows.fieldnames == [*COLUMNS], f"{path.name} needs the columns {', '.join(COLUMNS)}"
        return [Line(**row) for row in rows]


def problems(book: Book, lines: Sequence[Line]) -> list[str]:
    """Return where the prose and its lock file differ, and which sources do not hold."""
    return [*differences(book, lines), *unsourced(book, lines)]


def differences(book: Book, lines: Sequence[Line]) -> list[str]:
    """Compare the numbers of every cell with its lines."""
    found = {name: numbers_of(cell) for name, cell in book.cells.items()}
    cells = list(dict.fromkeys(line.cell for line in lines))
    wrong = [f"cell {cell}: no such cell" for cell in cells if cell not in found]
    for cell, numbers in found.items():
        wanted = [line.number for line in lines if line.cell == cell]
        matcher = difflib.SequenceMatcher(None, wanted, numbers, autojunk=False)
        for kind, i, j, k, m in matcher.get_opcodes():
            if kind != "equal":
                close = nearest(book, cell, numbers[k:m])
                wrong.append(
                    f"cell {cell}: the text has {_list(numbers[k:m])}, the lock file "
                    f"{_list(wanted[i:j])}; nearest above: {_list(close)}"
                )
    if not wrong and cells != [cell for cell in book.cells if cell in cells]:
        wrong.append("the cells of the lock file are not in the order of the notebook")
    return wrong


def unsourced(book: Book, lines: Iterable[Line]) -> list[str]:
    """Look up every source."""
    return [
        f"cell {line.cell}: {line.number} is not found by `{line.source}`; "
        f"nearest above: {_list(nearest(book, line.cell, [line.number]))}"
        for line in lines
        if line.cell in book.cells and not holds(book, line.cell, line.number, line.source)
    ]


def proposed(book: Book, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield a line for each number: the old one where it still holds."""
    for name, cell in book.cells.items():
        old = [line for line in lines if line.cell == name]
        for place, number in enumerate(numbers_of(cell)):
            fitting = (line for line in old if line.number == number)
            kept = next((x for x in fitting if holds(book, x.cell, number, x.source)), None)
            if kept:
                old.remove(kept)
            yield kept or Line(name, number, propose(book, name, number, place))


def main() -> int:
    """Check all notebooks, or write their lock files."""
    parser = argparse.ArgumentParser(prog="python -m tests.numbers")
    parser.add_argument("--write", action="store_true", help="propose a source for each number")
    options = parser.parse_args()
    failed = False
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        book = Book(nbformat.read(path, as_version=4), path.stem)
        lock = LOCKS / f"{path.stem}.csv"
        lines = read(lock) if lock.exists() else []
        if options.write:
            lines = list(proposed(book, lines))
            with lock.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerows([COLUMNS, *((n.cell, n.number, n.source) for n in lines)])
        found = problems(book, lines)
        failed = failed or bool(found)
        print(f"{path.name}: {len(lines)} numbers, {len(found)} problems")
        print(*(f"  {problem}" for problem in found), sep="\n", end="\n" if found else "")
    return int(failed)


def _list(numbers: Iterable[str]) -> str:
    return ", ".join(numbers) or "none"


if __name__ == "__main__":
    sys.exit(main())
