"""What a worker and a lesson's first cell load before they do anything."""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
LOADED = "import sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
WORKER = "import torch, seminar_utils.experiments.catalogue, seminar_utils.experiments.job"


def test_libraries_that_few_cells_need_are_not_loaded_before():
    """Else a worker, and the first cell of a lesson, would take two to four times as long."""
    code = [WORKER, LOADED]
    for lesson in ("02_googlenet", "03_resnet"):
        cells = nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", as_version=4).cells
        first = next(cell.source for cell in cells if cell.cell_type == "code")
        imports = (ast.Import, ast.ImportFrom)
        code += [ast.unparse(one) for one in ast.parse(first).body if isinstance(one, imports)]
    command = [sys.executable, "-c", "\n".join([*code, LOADED])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    few = {"matplotlib", "nbformat", "scipy", "sympy", "torchvision"}
    worker, lessons = (few.intersection(eval(line)) for line in done.stdout.splitlines())
    assert (worker, lessons) == (set(), {"matplotlib"})  # the first cell imports all figures
