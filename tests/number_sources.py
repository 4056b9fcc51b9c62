"""Where a number of the prose comes from: the kinds of source that `numbers.py` names."""

import ast
import csv
import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, cached_property
from math import log
from pathlib import Path
from statistics import mean

import nbformat
from nbformat import NotebookNode

from tests.notebook_rules import CLASS_ENDS
from tests.number_words import agree, masked, matches, number_values
from tests.output_rules import tags_of

__all__ = ["COUNTS", "Book", "holds", "nearest", "propose"]

ROOT = Path(__file__).resolve().parents[1]
PAPER = ROOT / "data" / "paper"
CURVES = "resnet_training_curves.csv"

# Plain counts, by kind. A kind holds what the course really uses, not any small number.
COUNTS = {
    "week": "4",
    "notebook": "1 2 3 4 02 03",
    "year": "2012 2014 2015 2016 2017 2019 2022",
    "minutes": "3 4 5 6 7 8 10 15 40 60",
    "seed": "0",
    "net": "AlexNet GoogLeNet VGG-16 VGG-19 ResNet-8 ResNet-18 ResNet-20 ResNet-32 ResNet-34"
    " ResNet-50 ResNet-56 ResNet-152 plain-8 plain-20 plain-32 plain-34 plain-56 Inception-v3",
    "name": "CIFAR-10 CC0 uint8 top-1 top-5 Top-5 C1 C2 k² 2x2",
    "module": "3a 3b 4a 4b 4c 4d 4e 5a 5b",
    "kernel": "1x1 3x3 5x5 7x7 11x11 1x7 7x1 1 3 5",
    "stride": "1 2 4",
    "layers": "8 18 20 22 24 32 34 36 44 50 56 110 152 1,202",
    "layers of a small net": "6 2",
    "filters": "8 16 32 48 64 96 128 192 256",
    "pixels": "4 14 28 150 160 224 256 480 14x14 28x28 224x224 480x14x14 2x3x224x224",
    "epochs": "15 24 40",
    "images": "500 1,000 2,000 6,000 10,000 50,000 60,000",
    "steps": "50 200 300",
    "crops": "10 144",
    "classes": "10",
    "points": "1 2 3 4",
    "seconds": "20",
    "rate": "0.1 0.001",
    "weight": "0.3 1 1.0",
    "unit": "0 1 255 1/255 1,000 1,024",
    "interval": "95%",
    "digit": "6 9",
    "figure of GoogLeNet": "2a 2b 3",
    "table of GoogLeNet": "1 2 3",
    "section of GoogLeNet": "1 2 3 4 5 6",
    "figure of ResNet": "1 2 4 5 6 7",
    "table of ResNet": "1 2 3 4 5 7 8",
    "section of ResNet": "3.1 3.4 4.1 4.2",
    "section of AlexNet": "3.4",
    "section of VGG": "4.1",
    "section of Inception-v3": "4",
    "factor": "2 100",
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
OPERATORS: dict[type, Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
FUNCTIONS = {"log": log}


class Book:
    """A notebook, and what its cells show."""

    def __init__(self, notebook: NotebookNode, name: str = ""):
        self.cells = notebook.cells
        self.name = name
        self.position = {cell.id: place for place, cell in enumerate(notebook.cells)}
        self._shown: dict[str, list[str]] = {}

    def shown(self, cell: str) -> list[str]:
        """Return the numbers in the outputs of a cell; a live cell's change with each run."""
        if cell not in self._shown:
            shows = self.cells[self.position[cell]]
            outputs = [] if "nbval-ignore-output" in tags_of(shows) else shows.get("outputs", [])
            texts = (text for output in outputs for text in _texts(output))
            numbers = (number for text in texts for number in number_values(text))
            self._shown[cell] = list(dict.fromkeys(numbers))
        return self._shown[cell]

    def above(self, cell: str, section: bool = False) -> list[str]:
        """Return the cells above one, nearest first, or those of its own section."""
        place = self.position[cell]
        first = 0
        if section:
            heads = (n for n in range(place, -1, -1) if SECTION.search(_prose(self.cells[n])))
            first = next(heads, 0)
        return [other.id for other in reversed(self.cells[first:place])]

    def headings(self, pattern: re.Pattern) -> list[str]:
        """Return the numbers of the headings of a kind, in order."""
        titles = (title for cell in self.cells for title in HEADING.findall(masked(_prose(cell))))
        return [match[1] for title in titles if (match := pattern.match(title))]

    @cached_property
    def minutes(self) -> dict[str, int]:
        """The minutes of each tag `min-N` on the class path, by cell."""
        found = {}
        for cell in self.cells:
            if CLASS_ENDS.search(_prose(cell)):
                break
            for tag in tags_of(cell):
                if re.fullmatch(r"min-\d+", tag):
                    found[cell.id] = int(tag.removeprefix("min-"))
        return found


def holds(book: Book, cell: str, number: str, source: str) -> bool:
    """Tell whether a source gives this number of this cell."""
    kind, _, rest = source.partition(" ")
    if kind not in KINDS:
        return False
    try:
        return KINDS[kind](book, cell, number, rest.strip())
    except (ValueError, KeyError, OSError, SyntaxError, ArithmeticError):
        return False


def nearest(book: Book, cell: str, numbers: list[str]) -> list[str]:
    """Return what stands in outputs above and is written much like these numbers."""
    shown = dict.fromkeys(n for other in book.above(cell)[:12] for n in book.shown(other))
    close = [near for number in numbers for near in get_close_matches(number, shown, 3, 0.5)]
    return list(dict.fromkeys(close))


def propose(book: Book, cell: str, number: str, place: int) -> str:
    """Return the most specific source that holds for the number at this place, or `?`."""
    return next(
        (source for source in _proposals(book, cell, number, place)
         if holds(book, cell, number, source)),
        "?",
    )  # fmt: skip


# ---- the kinds of source -------------------------------------------------------------------------


def _output(book: Book, cell: str, number: str, rest: str) -> bool:
    if rest and rest not in book.above(cell):
        return False
    cells = [rest] if rest else book.above(cell, section=True)
    return any(agree(number, value) for other in cells for value in book.shown(other))


def _tag(book: Book, cell: str, number: str, rest: str) -> bool:
    own, total = book.minutes.get(cell), sum(book.minutes.values())
    if number.startswith("min-"):
        return own is not None and number == f"min-{own}" and not rest
    return number in {str(total), str(own)} and not rest


def _claim(book: Book, cell: str, number: str, rest: str) -> bool:
    return any(agree(number, value) for value in number_values(" | ".join(_claims()[rest])))


def _paper(book: Book, cell: str, number: str, rest: str) -> bool:
    file, _, row = rest.partition(" ")
    if file == CURVES and row.startswith("ends "):
        return agree(number, _ends()[tuple(row.split()[1:])])
    return any(agree(number, value) for value in _row(file, row))


def _runs(book: Book, cell: str, number: str, rest: str) -> bool:
    return any(agree(number, value) for value in _recorded(rest))


def _arithmetic(book: Book, cell: str, number: str, rest: str) -> bool:
    tree = ast.parse(rest, mode="eval").body
    literals = [ast.get_source_segment(rest, n) for n in ast.walk(tree) if _literal(n)]
    known = literals and all(_known(book, cell, literal) for literal in literals)
    return bool(known) and agree(number, Decimal(repr(_value(tree))))


def _count(book: Book, cell: str, number: str, rest: str) -> bool:
    if rest in CHECKED:
        return CHECKED[rest](book, cell, number)
    if rest.startswith(("section of 0", "deep dive of 0")):
        kind, _, other = rest.rpartition(" of ")
        return CHECKED[kind](_book(other), cell, number)
    return number.replace(" ", "") in COUNTS.get(rest, ())


def _source(book: Book, cell: str, number: str, rest: str) -> bool:
    return bool(LOCATED.search(rest))


KINDS: dict[str, Callable[[Book, str, str, str], bool]] = {
    "output": _output,
    "tag": _tag,
    "claim": _claim,
    "paper": _paper,
    "runs": _runs,
    "=": _arithmetic,
    "count": _count,
    "source:": _source,
}


# ---- counts that are looked up -------------------------------------------------------------------


def _statement(book: Book, cell: str, number: str) -> bool:
    return number in _claims() or any(number == name[1:] for name in _claims())


def _section(book: Book, cell: str, number: str) -> bool:
    return number in book.headings(NUMBERED)


def _deep_dive(book: Book, cell: str, number: str) -> bool:
    return number.removeprefix("D") in book.headings(DEEP_DIVE)


def _heading(book: Book, cell: str, number: str) -> bool:
    """Sections, and deep dives, are numbered one by one; this is the number of this cell's."""
    number = number.removeprefix("D")
    titles = HEADING.findall(masked(_prose(book.cells[book.position[cell]])))
    for pattern in (NUMBERED, DEEP_DIVE):
        numbers = [int(n) for n in book.headings(pattern)]
        row = list(range(numbers[0], numbers[0] + len(numbers))) if numbers else []
        own = [match[1] for title in titles if (match := pattern.match(title))]
        if number in own:
            return numbers == row
    return False


def _item(book: Book, cell: str, number: str) -> bool:
    """The mark of an item: the one before it stands in the cell, or above in the notebook."""
    marks: set[str] = set()
    for other in book.cells[: book.position[cell] + 1]:
        marks |= {a or b for a, b in ITEM.findall(_prose(other))}
    own = {a or b for a, b in ITEM.findall(_prose(book.cells[book.position[cell]]))}
    return number in own and (number == "1" or str(int(number) - 1) in marks)


def _exercise(book: Book, cell: str, number: str) -> bool:
    code = (c.source for c in book.cells if c.cell_type == "code")
    return bool(re.fullmatch(r"[A-Z]-\d", number)) and any(f'"{number}"' in c for c in code)


def _code_lines(book: Book, cell: str, number: str) -> bool:
    code = (c.source for c in book.cells if c.cell_type == "code")
    return any(len(source.splitlines()) == int(number) for source in code)


def _statements(book: Book, cell: str, number: str) -> bool:
    """How many statements the notebook accounts for: those with the letter of its cards."""
    text = "".join(c.source for c in book.cells if c.cell_type == "code")
    letters = {name[0] for name in re.findall(r'"([WGRA]\d+)"', text)}
    return any(sum(name[0] == letter for name in _claims()) == int(number) for letter in letters)


CHECKED: dict[str, Callable[[Book, str, str], bool]] = {
    "statement": _statement,
    "section": _section,
    "deep dive": _deep_dive,
    "heading": _heading,
    "item": _item,
    "exercise": _exercise,
    "lines of code": _code_lines,
    "statements": _statements,
}


# ---- proposals -----------------------------------------------------------------------------------

# What stands before and after a number tells the kind of a count; in English, where `--write` is
# used. Another language takes the same lines.
_LIST = r"(?:[\d.]+(?:, | and | or | to ))*\**$"
CONTEXT = [
    (rf"[Nn]otebooks? {_LIST}", "", ("notebook",)),
    (rf"\bweek {_LIST}", "", ("week",)),
    (rf"[Ff]ootnote {_LIST}", "", ("footnote of ResNet",)),
    (rf"[Dd]eep dives? {_LIST}", "", ("heading", "deep dive")),
    (rf"\bsections? {_LIST}", "", ("section",)),
    (rf"\bstatement {_LIST}", "", ("statement",)),
    (rf"\bSec(?:\.|tions?) {_LIST}", "", ("section of",)),
    (rf"\bTables? {_LIST}", "", ("table of",)),
    (rf"\bFigures? {_LIST}", "", ("figure of",)),
    (rf"\bseed {_LIST}", "", ("seed",)),
    (rf"\bstride {_LIST}", "", ("stride",)),
    (rf"[Rr]ate {_LIST}", "", ("rate",)),
    (r"", r"[-\s](?:plain )?layers?\b|\s(?:and|to|or) \d+ layers", ("layers",)),
    (r"layers(?:[^.]* (?:one|those|or|as|with|at|have))+ $", "", ("layers",)),
    (r"", r"\smin(?:utes)?\b", ("minutes",)),
    (r"", r"(?:(?:, | and )\d+)*\s(?:channels|filters)\b", ("filters",)),
    (r"", r"\spixels\b", ("pixels",)),
    (r"", r"\ssteps\b", ("steps",)),
    (r"", r"(?:\stest)?\spictures\b", ("images",)),
    (r"", r"\scrops\b", ("crops",)),
    (r"", r" (?:review|GoogLeNet|ResNet|assignment)\b", ("notebook",)),
    (r"\($", r"\)", ("item",)),
    (r"(?:^|\n|\| |\*\*)$", r"\. ", ("item",)),
]
ALWAYS = ("statement", "exercise", "net", "name", "module", "kernel")


def _proposals(book: Book, cell: str, number: str, place: int) -> Iterator[str]:
    tags = [tag for tag in tags_of(book.cells[book.position[cell]]) if re.search(r"\d", tag)]
    yield "tag"
    if number in tags:
        return
    text = _prose(book.cells[book.position[cell]])
    start = matches(text)[place - len(tags)][1]
    before, after = text[:start], text[start + len(number) :]
    if re.search(r"^#{1,6} (?:Deep dive )?$", before, re.MULTILINE) and after[0] in ".:":
        yield "count heading"
    if number.startswith("D"):
        yield from ("count heading", "count deep dive")
    if number[0].isalpha() or "x" in number:
        yield from (f"count {kind}" for kind in (*ALWAYS, "pixels"))
    paper = "GoogLeNet" if book.name.startswith("02") else "ResNet"
    for left, right, kinds in CONTEXT:
        if re.search(left.replace(" ", r"\s"), before) and re.match(right, after):
            yield from (f"count {kind} {paper}" if kind[-2:] == "of" else f"count {kind}"
                        for kind in kinds)  # fmt: skip
    if re.fullmatch(r"20\d\d", number):
        yield "count year"
    if number in COUNTS["module"]:
        yield "count module"
    yield "output"
    if re.search(r"[.,%GMK]|\d{3}", number):
        yield from (f"output {other}" for other in book.above(cell))
        yield from (f"claim {name}" for name in re.findall(r"\b[WGRA]\d+\b", text))
    if re.search(r"[.%]", number):
        for file in sorted(path.name for path in PAPER.glob("*tab*.csv")):
            for line in _lines(file):
                yield f"paper {file} {','.join(line.split(',')[:3])}"


# ---- data ----------------------------------------------------------------------------------------


@cache
def _claims() -> dict[str, list[str]]:
    with (ROOT / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1:] for row in csv.reader(file)}


@cache
def _lines(file: str) -> list[str]:
    if file not in {path.name for path in PAPER.iterdir()}:
        raise ValueError(f"there is no {file} in data/paper")
    return (PAPER / file).read_text(encoding="utf-8").splitlines()


def _row(file: str, row: str) -> list[str]:
    """Return the numbers of the lines that begin with a row, behind the cells that it names."""
    named = row.split(",") if row else []
    if not file.endswith(".csv"):
        return [n for line in _lines(file) if line.startswith(row) for n in number_values(line)]
    rows = (line.split(",") for line in _lines(file))
    return [
        number
        for cells in rows
        if cells[: len(named)] == named
        for cell in cells[len(named) :]
        for number in number_values(cell)
    ]


@cache
def _ends() -> dict[tuple[str, ...], Decimal]:
    """Where the curves end, the mean of the last five points: (figure, network, depth, split)."""
    with (PAPER / CURVES).open(encoding="utf-8", newline="") as file:
        points: dict[tuple[str, ...], list[float]] = {}
        for row in csv.DictReader(file):
            key = (row["figure"], row["network"], row["depth"], row["split"])
            points.setdefault(key, []).append(float(row["error_percent"]))
    return {key: Decimal(repr(mean(errors[-5:]))) for key, errors in points.items()}


@cache
def _recorded(what: str) -> list[Decimal]:
    """Return what recorded seeds show: "twins plain-32 - plain-8 training"."""
    from seminar_utils import experiments
    from seminar_utils.experiments.verdicts import SPLITS, compare, errors

    name, _, rest = what.partition(" ")
    split = next((split for split in SPLITS if rest.endswith(f" {split}")), "")
    nets = rest.removesuffix(f" {split}").split(" - ")
    records = experiments.recorded(name)
    if len(nets) == 2:
        found = compare(records, *nets, split)
        values = [found.mean, found.spread, found.smallest_visible]
    else:
        values = [mean(errors(records, *nets, split).values())]
    return [Decimal(repr(float(value))) for value in values]


@cache
def _book(number: str) -> Book:
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    return Book(nbformat.read(path, as_version=4), path.stem)


def _known(book: Book, cell: str, literal: str) -> bool:
    """Tell whether a literal stands in an output above, in data/paper, or is a plain count."""
    plain = literal.replace("_", "")
    shown = (value for other in book.above(cell) for value in book.shown(other))
    counts = (number for numbers in COUNTS.values() for number in numbers)
    papers = (
        value
        for path in PAPER.iterdir()
        if path.name != CURVES
        for line in _lines(path.name)
        for value in number_values(line)
    )
    return any(
        plain == value.split(" ")[0].replace(",", "").lstrip("+-")
        for values in (shown, counts, papers)
        for value in values
    )


def _literal(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def _value(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.operand))
    if isinstance(node, ast.Call) and not node.keywords:
        return FUNCTIONS[ast.unparse(node.func)](*map(_value, node.args))
    raise ValueError("only numbers, log and + - * / ** are arithmetic here")


def _prose(cell: NotebookNode) -> str:
    return cell.source if cell.cell_type == "markdown" else ""


def _texts(output: NotebookNode) -> Iterator[str]:
    yield output.get("text", "")
    yield output.get("evalue", "")
    data = output.get("data", {})
    yield data.get("text/plain") or HTML.sub(" ", data.get("text/html", ""))
