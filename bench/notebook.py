"""What a notebook's first cell loads, and seconds to first figure and verdict of notebook 03.

Loading is counted in the processor's time beyond that of a Python with IPython, as multiples of
what PyTorch takes. Then all cells of 03 follow each other at once, as in "Run all": in class the
four nets train while people read, here the notebook waits for them.
"""

import ast
import os
import re
import subprocess
import sys
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from bench.rounds import spread, take_turns
from seminar_utils.jupyter.recording import run

ROUNDS, STARTS = 3, 3  # of all cells, and starts of Python within each
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOK = NOTEBOOKS / "03_resnet.ipynb"
IMPORTS = {
    "Python": "",  # and IPython, as a kernel has loaded it before the first cell
    "torch": "import torch",
    "worker": "import torch, seminar_utils.experiments.catalogue, seminar_utils.experiments.job",
}
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


def first_cells() -> dict[str, str]:
    """Return the import lines of each notebook's first cell, and the whole of those that run."""
    found = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        whole = ast.parse(next(cell.source for cell in cells if cell.cell_type == "code"))
        lines = [one for one in whole.body if isinstance(one, ast.Import | ast.ImportFrom)]
        found[f"imports of {path.stem}"] = ast.unparse(ast.Module(lines, []))
        if len(lines) < len(whole.body):
            found[f"first cell of {path.stem}"] = ast.unparse(whole)
    return found


def of_children() -> float:
    """Return the processor's time of all processes that have ended; on Windows the clock."""
    return sum(os.times()[2:4]) if os.name == "posix" else time.perf_counter()


def report_imports(rounds: int) -> None:
    """Print what each loads, as multiples of PyTorch's time."""
    programs = {**IMPORTS, **first_cells()}
    start = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL)
    ways = {
        name: partial(start, [sys.executable, "-c", f"import IPython\n{code}"])
        for name, code in programs.items()
    }
    taken = take_turns(ways, rounds, of_children)
    python = taken.pop("Python")
    beyond = {name: [a - b for a, b in zip(of, python, strict=True)] for name, of in taken.items()}
    print(f"import torch: {median(beyond['torch']):.2f} s; times that:")
    for name in list(beyond)[1:]:
        print(f"  {name:<30} {spread(beyond[name], beyond['torch'])}")


def report(rounds: int) -> None:
    """Print what loading takes, the medians of all cells, and which cell took longest."""
    report_imports(rounds * STARTS)
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
