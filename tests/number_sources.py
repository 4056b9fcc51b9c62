"""Where a number of the prose comes from: the kinds of source that ``numbers.py`` names."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import chain, takewhile
from math import log

from nbformat import NotebookNode

from seminar_utils import experiments
from seminar_utils.experiments.verdicts import SPLITS, compare
from seminar_utils.paper.claims import all_claims
from tests import ROOT
from tests.notebook_rules import CLASS_ENDS, minutes_of
from tests.number_words import agree, masked, matches, number_values
from tests.output_rules import tags_of

PAPER = ROOT / "data" / "paper"
CURVES = "resnet_training_curves.csv"

# Plain counts, by kind. A kind holds what the course really uses, not any small number.
COUNTS = {
    "week": "4",
    "notebook": "1 2 3 4 02 03",
    "year": "2012 2014 2015 2016 2017 2019 2022",
    "minutes": "3 4 5 6 7 8 10 15 20 40 60",
    "seed": "0",
    "net": "AlexNet GoogLeNet VGG-16 VGG-19 ResNet-8 ResNet-18 ResNet-20 ResNet-32 ResNet-34"
    " ResNet-50 ResNet-56 ResNet-152 plain-8 plain-20 plain-32 plain-34 plain-56 Inception-v3",
    "name": "CIFAR-10 CC0 uint8 top-1 top-5 Top-5 C1 C2 k² 2x2 4^9",
    "module": "3a 3b 4a 4b 4c 4d 4e 5a 5b",
    "kernel": "1x1 3x3 5x5 7x7 11x11 1x7 7x1 1 3 5",
    "stride": "1 2 4",
    "layers": "8 18 20 22 24 32 34 36 44 50 56 110 152 1,202",
    "layers of a small net": "6 2",
    "filters": "8 16 32 48 64 96 128 192 256",
    "pixels": "4 14 28 56 56x56 150 160 224 256 480 14x14 28x28 224x224 480x14x14 2x3x224x224",
    "epochs": "15 24 40",
    "images": "500 1,000 2,000 6,000 10,000 50,000 60,000",
    "steps": "50 200 300",
    "crops": "10 144",
    "classes": "10",
    "points": "1 2 3 4",
    "seconds": "20",
    "rate": "0.1 0.001",
    "unit": "-1 0 1 255 1/255 1,000 1,024",
    "threshold": "20",
    "digit": "6 9",
    "figure of GoogLeNet": "2a 2b 3",
    "table of GoogLeNet": "1 2 3",
    "section of GoogLeNet": "1 2 3 4 5 6",
    "figure of ResNet": "1 2 4 5 6 7",
    "table of ResNet": "1 2 3 4 5 7 8",
    "section of ResNet": "3.1 3.4 4.1 4.2",
    "section of AlexNet": "3.4",
    "section of VGG": "4.1",
    "factor": "2 5 20 100",
}
COUNTS = {kind: numbers.split() for kind, numbers in COUNTS.items()}

SECTION = re.compile(r"^#{1,2} ", re.MULTILINE)
HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
NUMBERED = re.compile(r"(\d+)\. ")
DEEP_DIVE = re.compile(r"(?:D|[^\d:]+ )(\d+)[.:]")
ITEM = re.compile(r"\((\d{1,2})\)|(?:^|\| |\*\*)(\d{1,2})\. ", re.MULTILINE)
LOCATED = re.compile(
    r"\b(?:Sec\.|Sections?|Tables?|Figures?|footnote|abstract|issue|pull|README|tests/|definition)"
)
HTML = re.compile(r"<[^>]*>")
# What plain arithmetic consists of.
ARITHMETIC = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Constant)


class Book:
    """A notebook, and what its cells show."""

    def __init__(self, notebook: NotebookNode, name: str = ""):
        self.cells = {cell.id: cell for cell in notebook.cells}
        self.name = name
        self.code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]

    @cached_property
    def shown(self) -> dict[str, list[str]]:
        """The numbers in the outputs of each cell; a live cell's change with each run."""
        found = {}
        for name, cell in self.cells.items():
            outputs = [] if "nbval-ignore-output" in tags_of(cell) else cell.get("outputs", [])
            texts = (text for output in outputs for text in _texts(output))
            found[name] = list(dict.fromkeys(n for text in texts for n in number_values(text)))
        return found

    def above(self, cell: str, section: bool = False) -> list[str]:
        """Return the cells above one, nearest first, or those of its own section."""
        names = list(self.cells)
        place = names.index(cell)
        heads = (n for n in range(place, -1, -1) if SECTION.search(self.prose(names[n])))
        return names[next(heads, 0) if section else 0 : place][::-1]

    def prose(self, cell: str) -> str:
        """Return the text of a text cell."""
        found = self.cells[cell]
        return found.source if found.cell_type == "markdown" else ""

    def headings(self, pattern: re.Pattern, cells: Iterable[str] | None = None) -> list[str]:
        """Return the numbers of the headings of a kind, in order, of some cells or of all."""
        proses = map(self.prose, self.cells if cells is None else cells)
        titles = (title for prose in proses for title in HEADING.findall(masked(prose)))
        return [match[1] for title in titles if (match := pattern.match(title))]

    @cached_property
    def minutes(self) -> dict[str, int]:
        """The minutes of each tag ``min-N`` on the class path, by cell."""
        path = takewhile(lambda cell: not CLASS_ENDS.search(self.prose(cell)), self.cells)
        return {cell: number for cell in path for number in minutes_of(self.cells[cell])}


def holds(book: Book, cell: str, number: str, source: str) -> bool:
    """Tell whether a source gives this number of this cell."""
    kind, _, rest = source.partition(" ")
    if kind not in KINDS:
        return False
    try:
        return KINDS[kind](book, cell, number, rest.strip())
    except (ValueError, TypeError, KeyError, OSError, SyntaxError, ArithmeticError):
        return False


def nearest(book: Book, cell: str, numbers: list[str]) -> list[str]:
    """Return what stands in outputs above and is written much like these numbers."""
    shown = dict.fromkeys(n for other in book.above(cell)[:12] for n in book.shown[other])
    close = [near for number in numbers for near in get_close_matches(number, shown, 3, 0.5)]
    return list(dict.fromkeys(close))


def propose(book: Book, cell: str, number: str, place: int) -> str:
    """Return the most specific source that holds for the number at this place, or ``?``."""
    return next(
        (source for source in _proposals(book, cell, number, place)
         if holds(book, cell, number, source)),
        "?",
    )  # fmt: skip


# ---- the kinds of source -------------------------------------------------------------------------


def _any(number: str, values: Iterable[str | Decimal]) -> bool:
    return any(agree(number, value) for value in values)


def _output(book: Book, cell: str, number: str, rest: str) -> bool:
    if rest and rest not in book.above(cell):
        return False
    cells = [rest] if rest else book.above(cell, section=True)
    return _any(number, (value for other in cells for value in book.shown[other]))


def _tag(book: Book, cell: str, number: str, rest: str) -> bool:
    own, total = book.minutes.get(cell), sum(book.minutes.values())
    if number.startswith("min-"):
        return own is not None and number == f"min-{own}" and not rest
    return number in {str(total), str(own)} and not rest


def _arithmetic(book: Book, cell: str, number: str, rest: str) -> bool:
    """Plain arithmetic, and log, of literals that stand somewhere else."""
    plain = re.sub(r"\blog\b", "", rest)
    nodes = list(ast.walk(ast.parse(plain, mode="eval")))
    if not all(isinstance(node, ARITHMETIC) for node in nodes):
        return False
    literals = [ast.get_source_segment(plain, n) for n in nodes if isinstance(n, ast.Constant)]
    known = all(_known(book, cell, literal) for literal in literals)
    return known and agree(number, Decimal(repr(eval(rest, {"__builtins__": {}, "log": log}))))


def _count(book: Book, cell: str, number: str, rest: str) -> bool:
    if rest in CHECKED:
        return CHECKED[rest](book, cell, number)
    return number.replace(" ", "") in COUNTS.get(rest, ())


KINDS: dict[str, Callable[[Book, str, str, str], bool]] = {
    "output": _output,
    "tag": _tag,
    "claim": lambda book, cell, number, rest: _any(number, number_values(_claim(rest))),
    "paper": lambda book, cell, number, rest: _any(number, _row(*rest.partition(" ")[::2])),
    "runs": lambda book, cell, number, rest: _any(number, _recorded(rest)),
    "=": _arithmetic,
    "count": _count,
    "source:": lambda book, cell, number, rest: bool(LOCATED.search(rest)),
}


# ---- counts that are looked up -------------------------------------------------------------------


def _heading(book: Book, cell: str, number: str) -> bool:
    """Sections, and deep dives, are numbered one by one; this is the number of this cell's."""
    number = number.removeprefix("D")
    for pattern in (NUMBERED, DEEP_DIVE):
        if number in book.headings(pattern, [cell]):
            numbers = [int(n) for n in book.headings(pattern)]
            return numbers == [*range(numbers[0], numbers[0] + len(numbers))]
    return False


def _item(book: Book, cell: str, number: str) -> bool:
    """The mark of an item: the one before it stands in the cell, or above in the notebook."""

    def marks(*cells: str) -> set[str]:
        return {a or b for each in cells for a, b in ITEM.findall(book.prose(each))}

    before = str(int(number) - 1)
    return number in marks(cell) and before in {"0", *marks(cell, *book.above(cell))}


def _statements(book: Book, cell: str, number: str) -> bool:
    """How many statements the notebook accounts for: those with the letter of its cards."""
    letters = {name[0] for name in re.findall(r'"([WGRA]\d+)"', "".join(book.code))}
    return any(sum(n[0] == letter for n in all_claims()) == int(number) for letter in letters)


CHECKED: dict[str, Callable[[Book, str, str], bool]] = {
    "statement": lambda book, cell, number: any(number in (c, c[1:]) for c in all_claims()),
    "section": lambda book, cell, number: number in book.headings(NUMBERED),
    "deep dive": lambda book, cell, number: number.removeprefix("D") in book.headings(DEEP_DIVE),
    "heading": _heading,
    "item": _item,
    "exercise": lambda book, cell, number: (
        bool(re.fullmatch(r"[A-Z]-\d", number)) and any(f'"{number}"' in c for c in book.code)
    ),
    "lines of code": lambda book, cell, number: (
        number in {str(len(source.splitlines())) for source in book.code}
    ),
    "statements": _statements,
}


# ---- proposals -----------------------------------------------------------------------------------


def _proposals(book: Book, cell: str, number: str, place: int) -> Iterator[str]:
    """Yield sources from the most specific one on: what the words around a number speak of."""
    tags = [tag for tag in tags_of(book.cells[cell]) if re.search(r"\d", tag)]
    yield "tag"
    if number in tags:
        return
    text = book.prose(cell)
    start = matches(text)[place - len(tags)][1]
    around = text[max(0, start - 25) : start + len(number) + 25].lower()
    yield "count heading"
    others = "ResNet" if book.name.startswith("02") else "GoogLeNet"
    for kind in (*CHECKED, *COUNTS):
        if re.search(rf"\b{kind[:3]}", around) and not kind.endswith(others):
            yield f"count {kind}"
    if not number.isdecimal():
        kinds = ("deep dive", "statement", "exercise", "net", "name", "kernel", "pixels")
        yield from (f"count {kind}" for kind in kinds)
    yield from ("count year", "count module", "output", "count item")
    if re.search(r"[.,%GMK]|\d{3}", number):
        yield from (f"output {other}" for other in book.above(cell))
        yield from (f"claim {name}" for name in re.findall(r"\b[WGRA]\d+\b", text))
    if re.search(r"[.%]", number):
        for file in sorted(path.name for path in PAPER.glob("*tab*.csv")):
            for line in _lines(file):
                yield f"paper {file} {','.join(line.split(',')[:3])}"


# ---- data ----------------------------------------------------------------------------------------


def _claim(name: str) -> str:
    """Return all that a row of data/claims.csv says."""
    return " | ".join(text for column, text in vars(all_claims()[name]).items() if column != "id")


@cache
def _lines(file: str) -> list[str]:
    if file not in {path.name for path in PAPER.iterdir()}:
        raise ValueError(f"there is no {file} in data/paper")
    return (PAPER / file).read_text(encoding="utf-8").splitlines()


def _row(file: str, row: str) -> list[str]:
    """Return the numbers of the lines that begin with a row, behind the cells that it names."""
    named = row.split(",") if row else []
    rows = (line.split(",") for line in _lines(file))
    cells = (c for row in rows if row[: len(named)] == named for c in row[len(named) :])
    return [number for cell in cells for number in number_values(cell)]


@cache
def _recorded(what: str) -> list[Decimal]:
    """Return what recorded seeds show of two nets: "twins plain-32 - plain-8 training"."""
    name, _, rest = what.partition(" ")
    split = next((split for split in SPLITS if rest.endswith(f" {split}")), "")
    nets = rest.removesuffix(f" {split}").split(" - ")
    found = compare(experiments.recorded(name), *nets, split)
    values = found.mean, found.spread, found.smallest_visible
    return [Decimal(repr(float(value))) for value in values]


def _known(book: Book, cell: str, literal: str) -> bool:
    """Tell whether a literal stands in an output above, in data/paper, or is a plain count."""
    plain = literal.replace("_", "")
    shown = (value for other in book.above(cell) for value in book.shown[other])
    counts = (number for numbers in COUNTS.values() for number in numbers)
    files = (path.name for path in PAPER.iterdir() if path.name != CURVES)
    papers = (value for file in files for line in _lines(file) for value in number_values(line))
    values = chain(shown, counts, papers)
    return any(plain == value.split(" ")[0].replace(",", "").lstrip("+-") for value in values)


def _texts(output: NotebookNode) -> Iterator[str]:
    yield output.get("text", "")
    yield output.get("evalue", "")
    data = output.get("data", {})
    yield data.get("text/plain") or HTML.sub(" ", data.get("text/html", ""))
