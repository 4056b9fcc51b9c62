"""How many minutes a class really needs, counted from what it sees: python -m tests.minutes.

What counts, section by section of the class path:

words      of text cells and of what a claim card shows, at 110 a minute; folds are left out, but
           for what a class opens after its decision, "What we saw"
lines      of code that are seen, 3 s each; evidence is folded away, blank lines take no time
figures    20 s each
questions  cells with the tag ``ask``, votes, guesses and questions to the class, 45 s each

A section may not take longer than its tag ``min-N`` says, and the class path not more than 85 % of
its slot: a class asks back.
"""

import math
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from seminar_utils.tables import Table
from tests import NOTEBOOKS
from tests.notebook_rules import CLASS_ENDS, MINUTES, SECTION, minutes_of
from tests.output_rules import IMAGE, tags_of

WORDS_A_MINUTE = 110
SECONDS = {"lines": 3, "figures": 20, "questions": 45}  # of one of each
SHARE_OF_SLOT = 0.85

# Which sections a class of 90 or 180 minutes takes, by the notebooks' numbers. None: five minutes
# of it; a notebook that is not named stays at home. Decks and site show the same routes.
ALL = range(100)
ROUTES = {
    90: {"02": (0, 1, 2, 3, 6), "03": (0, 1, 3, 4, 5, 6, 8), "04": None},
    180: {"01": ALL, "02": ALL, "03": ALL, "04": ALL},
}
REST_MINUTES = 5

# A class opens what it saw, but no other fold.
FOLD = re.compile(r"<details\b(?!><summary>What we saw).*?</details>", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
HTML_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
LINK = re.compile(r"\]\([^)]*\)")
WORD = re.compile(r"\S*\w\S*")
CARD = re.compile(r"<b>[WGRA]\d+</b>.*<details\b", re.DOTALL)
TITLE = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)
WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass
class Section:
    """What a class meets between two headings."""

    title: str
    tag: int | None = None  # the minutes of its tag min-N
    counts: Counter[str] = field(default_factory=Counter)
    cells: list[NotebookNode] = field(default_factory=list, repr=False)

    @property
    def minutes(self) -> float:
        """Minutes counted."""
        seconds = sum(each * self.counts[what] for what, each in SECONDS.items())
        return self.counts["words"] / WORDS_A_MINUTE + seconds / 60

    @property
    def number(self) -> int | None:
        """The number in front of the title."""
        match = re.match(r"(\d+)\.", self.title)
        return int(match[1]) if match else None


def sections(notebook: NotebookNode) -> list[Section]:
    """Count the class path: what comes before its first section, then each ``## `` section."""
    found = [Section("(opening)")]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and CLASS_ENDS.search(cell.source):
            break
        if cell.cell_type == "markdown" and SECTION.search(cell.source):
            titles = TITLE.findall(cell.source[SECTION.search(cell.source).start() :])
            found.append(Section(titles[0], tag=next(iter(minutes_of(cell)), None)))
        _count(cell, found[-1])
    return found if found[0].cells else found[1:]


def too_long(notebook: NotebookNode, slot: int | None) -> list[str]:
    """Return which sections exceed their tag, and whether the class path exceeds its slot."""
    found = sections(notebook)
    problems = [
        f"section `{section.title}` takes {section.minutes:.1f} minutes, its tag says {section.tag}"
        for section in filter(_is_over, found)
    ]
    total = sum(section.minutes for section in found)
    if slot is not None and total > SHARE_OF_SLOT * slot:
        problems.append(
            f"the class path takes {total:.1f} minutes, at most {SHARE_OF_SLOT:.0%} of {slot}, "
            f"which is {SHARE_OF_SLOT * slot:.1f}, are allowed"
        )
    return problems


def _is_over(section: Section) -> bool:
    return section.tag is not None and section.minutes > section.tag


def words_of(text: str) -> int:
    """Count the words of a text in Markdown or HTML that are seen before a fold is opened."""
    for pattern, instead in ((COMMENT, " "), (FOLD, " "), (HTML_TAG, " "), (LINK, "] ")):
        text = pattern.sub(instead, text)
    return len(WORD.findall(text))


def _count(cell: NotebookNode, section: Section) -> None:
    section.cells.append(cell)
    counts = section.counts
    counts["questions"] += "ask" in tags_of(cell)
    if cell.cell_type == "markdown":
        counts["words"] += words_of(cell.source)
    elif cell.cell_type == "code":
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        if not hidden and "evidence" not in tags_of(cell):
            counts["lines"] += sum(bool(line.strip()) for line in cell.source.splitlines())
        for output in cell.outputs:
            counts["figures"] += _figures(output)
            page = output.get("data", {}).get("text/html", "")
            if CARD.search(page):
                counts["words"] += words_of(page)


def _figures(output: NotebookNode) -> int:
    data = output.get("data", {})
    images = len(IMAGE.findall(data.get("text/html", "")))
    return images or int(any(mime == WIDGET or mime.startswith("image/") for mime in data))


def table(name: str, found: Sequence[Section], slot: int | None) -> str:
    """Lay out a notebook's sections, their sum and its share of the slot."""
    counts = sum((section.counts for section in found), Counter())
    total = Section("sum", sum(section.tag or 0 for section in found), counts)
    rows = [
        (
            section.title[:46],
            f"{section.minutes:.1f}",
            "" if section.tag is None else section.tag,
            *(section.counts[what] for what in ("words", *SECONDS)),
            "too long" if section in found and _is_over(section) else "",
        )
        for section in (*found, total)
    ]
    share, allowed = total.minutes / (slot or math.inf), f"({SHARE_OF_SLOT:.0%} allowed)"
    over = "  too long" if share > SHARE_OF_SLOT else ""
    note = f"{share:.0%} of the slot of {slot} minutes {allowed}{over}" if slot else ""
    return repr(Table((name, "minutes", "tag", "words", *SECONDS, ""), rows, note))


def route(slot: int, books: dict[str, Sequence[Section]]) -> str:
    """Lay out a class of so many minutes; ``books`` has the sections by the notebooks' numbers."""
    lines, total = [f"A class of {slot} minutes"], 0.0
    for book, numbers in ROUTES[slot].items():
        if numbers is None:
            minutes, what = float(REST_MINUTES), f"{REST_MINUTES} minutes of it"
        else:
            taken = (s for s in books.get(book, ()) if numbers is ALL or s.number in numbers)
            minutes = sum(section.minutes for section in taken)
            what = "all sections" if numbers is ALL else f"sections {', '.join(map(str, numbers))}"
        total += minutes
        lines.append(f"  {book} {what:<30} {minutes:>6.1f}")
    over = "  too long" if total > slot else ""
    return "\n".join([*lines, f"  {'sum':<33} {total:>6.1f}{over}"])


def main() -> int:
    """Print the tables, and fail when a notebook is too long."""
    books, problems = {}, []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        slot = MINUTES.get(path.name[:2])
        books[path.name[:2]] = sections(notebook)
        print(table(path.name, books[path.name[:2]], slot), end="\n\n")
        problems += [f"{path.name}: {problem}" for problem in too_long(notebook, slot)]
    print(*(route(slot, books) for slot in ROUTES), sep="\n")
    print(*problems, sep="\n", file=sys.stderr, end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
