"""Seconds from the start of the kernel to the first figure and to the verdict of notebook 03.

All cells follow each other at once, as in "Run all": in class the four nets train while people
read, here the notebook waits for them.
"""

import re
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from seminar_utils.jupyter.recording import run

ROUNDS = 3
NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "03_resnet.ipynb"
VERDICT = re.compile(r"\.verdict\b")
CLOCK = "import time; print(time.time())"


def first_figure(cells: list[NotebookNode]) -> NotebookNode:
    """Return the first cell whose stored output is a picture."""
    return next(cell for cell in cells if "<img" in str(cell.get("outputs")))


def first_verdict(cells: list[NotebookNode]) -> NotebookNode:
    """Return the first code cell that asks for a verdict."""
    return next(cell for cell in cells if cell.cell_type == "code" and VERDICT.search(cell.source))


def ends(cells: list[NotebookNode], folder: Path) -> dict[str, float]:
    """Run cells in a new kernel; return by id when each code cell was done, in seconds.

    Raises:
        RuntimeError: A cell stopped.
    """
    clocks = {cell.id: new_code_cell(CLOCK) for cell in cells if cell.cell_type == "code"}
    with_clocks = [each for cell in cells for each in (cell, clocks.get(cell.id)) if each]
    notebook = nbformat.v4.new_notebook(cells=with_clocks)
    start = time.time()
    run(notebook, folder)
    return {name: float(clock.outputs[0].text) - start for name, clock in clocks.items()}


def report(rounds: int) -> None:
    """Print the medians, and which cell took longest."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    figure, verdict = first_figure(cells), first_verdict(cells)
    cells = cells[: cells.index(verdict) + 1]
    try:
        found = [ends(cells, NOTEBOOK.parent) for _ in range(rounds)]
    except RuntimeError as error:
        print(f"{NOTEBOOK.name} does not run: {error}")
        return
    at = {name: median(of_round[name] for of_round in found) for name in found[0]}
    print(f"first figure after {at[figure.id]:.1f} s, verdict after {at[verdict.id]:.1f} s")
    taken = dict(zip(at, [b - a for a, b in pairwise([0.0, *at.values()])], strict=True))
    longest = max(taken, key=taken.get)
    count = list(at).index(longest) + 1
    print(f"of these {taken[longest]:.1f} s for code cell {count}, the longest")
