"""What a notebook of the course must be: each rule is a function that returns its problems.

An empty list means that the rule holds. The rules for outputs stand in ``output_rules.py``.
``test_hygiene.py`` applies all to the notebooks and proves each on a small one that breaks it.
"""

import re

import nbformat
from nbformat import NotebookNode

from seminar_utils.jupyter.notebooks import dumps, normalise
from tests.output_rules import figures, live_cells, machine_paths, outputs, tags_of

# Class path: the minutes that the lesson plan gives each notebook, and the cells a class bears.
MINUTES = {"01": 20, "02": 55, "03": 60, "04": 15}
CLASS_CODE_CELLS = 20
CODE_LINES = 25
NOTEBOOK_BYTES = 1_000_000

TAG = re.compile(
    r"class|deep-dive|min-[1-9]\d*|ask|evidence|hide-cell|nbval-ignore-output|raises-exception"
)
CHECK = re.compile(r"\bclaims\.(shown|cited)\(|^\s*assert\b", re.MULTILINE)
MARKER = re.compile(r"#\s*(NBVAL_|PYTEST_VALIDATE_)")
CLASS_ENDS = re.compile(r"^#{1,6} .*\bThe class ends here\b", re.MULTILINE)
SECTION = re.compile(r"^## ", re.MULTILINE)


def all_problems(text: str, name: str) -> list[str]:
    """Apply every rule to a notebook's text; ``name`` is its file name."""
    notebook = nbformat.reads(text, as_version=4)
    rules = (head, tags, evidence, live_cells, outputs, figures, machine_paths)
    return [
        *stored_form(text),
        *class_path(notebook, MINUTES.get(name[:2])),
        *(problem for rule in rules for problem in rule(notebook)),
    ]


def stored_form(text: str) -> list[str]:
    """The file is byte for byte what ``make notebooks`` writes, and not too large."""
    problems = []
    if dumps(normalise(nbformat.reads(text, as_version=4))) != text:
        problems.append("the file is not as `make notebooks` stores it; run it again")
    size = len(text.encode("utf-8"))
    if size > NOTEBOOK_BYTES:
        problems.append(f"the file has {size:,} bytes, at most {NOTEBOOK_BYTES:,} are allowed")
    return problems


def head(notebook: NotebookNode) -> list[str]:
    """The first cell has a title, the goal and the minutes."""
    first = notebook.cells[0] if notebook.cells else nbformat.v4.new_raw_cell()
    wanted = {"a title": r"\A# \S", "the goal": r"(?i)\bgoal\b", "the minutes": r"\d+ min"}
    return [
        f"the first cell lacks {what}"
        for what, pattern in wanted.items()
        if first.cell_type != "markdown" or not re.search(pattern, first.source)
    ]


def tags(notebook: NotebookNode) -> list[str]:
    """Only the known tags steer the checks, and no marker in a comment; code cells are short."""
    problems = []
    for number, cell in enumerate(notebook.cells):
        unknown = [tag for tag in tags_of(cell) if not TAG.fullmatch(tag)]
        if unknown:
            problems.append(f"cell {number} has unknown tags: {', '.join(unknown)}")
        source = cell.source if cell.cell_type == "code" else ""
        if MARKER.search(source):
            problems.append(f"cell {number} has a marker for nbval in a comment; use a tag")
        if (lines := len(source.splitlines())) > CODE_LINES:
            problems.append(f"cell {number} has {lines} lines, at most {CODE_LINES} are allowed")
    return problems


def evidence(notebook: NotebookNode) -> list[str]:
    """Checks of the class path stand in one folded cell a section, which shows nothing."""
    problems, section, found = [], "", {}
    for number, cell in enumerate(notebook.cells):
        if SECTION.search(_markdown(cell)):
            section = cell.source.splitlines()[0]
        checks = cell.cell_type == "code" and CHECK.search(cell.source)
        if "evidence" not in tags_of(cell):
            if checks and "class" in tags_of(cell):
                problems.append(f"cell {number} has a check that belongs into an evidence cell")
            continue
        if not checks:
            problems.append(f"cell {number} is evidence, but checks nothing")
        if cell.get("outputs"):
            problems.append(f"cell {number} is evidence and shows something")
        if section in found and "class" in tags_of(cell):
            problems.append(f"cells {found[section]} and {number} are evidence of one section")
        found[section] = number
    return problems


def class_path(notebook: NotebookNode, minutes: int | None) -> list[str]:
    """The class path has an end, every section of it has its minutes, and it fits the lesson."""
    cells = [cell for cell in notebook.cells if cell.cell_type in ("code", "markdown")]
    ends = [n for n, cell in enumerate(cells) if CLASS_ENDS.search(_markdown(cell))]
    path, home = (cells[: ends[0]], cells[ends[0] :]) if ends else (cells, [])
    problems = []
    if not ends and not all("class" in tags_of(cell) for cell in path):
        problems.append("a cell lacks the tag class, and no heading says `The class ends here`")
    if any("deep-dive" in tags_of(cell) for cell in path):
        problems.append("a deep dive stands on the class path")
    if any("class" in tags_of(cell) for cell in home):
        problems.append("a cell after `The class ends here` has the tag class")

    sections = [cell for cell in path if SECTION.search(_markdown(cell))]
    timed = [cell for cell in path if len(minutes_of(cell)) == 1]
    if [cell.id for cell in sections] != [cell.id for cell in timed]:
        problems.append(
            "on the class path every `## ` section, and nothing else, needs one tag min-N"
        )
    total = sum(minute for cell in path for minute in minutes_of(cell))
    if minutes is not None and total > minutes:
        problems.append(f"the class path takes {total} minutes, at most {minutes} are allowed")
    count = sum(cell.cell_type == "code" and "evidence" not in tags_of(cell) for cell in path)
    if count > CLASS_CODE_CELLS:
        problems.append(f"{count} code cells on the class path, at most {CLASS_CODE_CELLS}")
    return problems


def minutes_of(cell: NotebookNode) -> list[int]:
    """Return the minutes of a cell's tags min-N."""
    matches = [re.fullmatch(r"min-(\d+)", tag) for tag in tags_of(cell)]
    return [int(match[1]) for match in matches if match]


def _markdown(cell: NotebookNode) -> str:
    return cell.source if cell.cell_type == "markdown" else ""
