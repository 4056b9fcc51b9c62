"""What each part of the course loads before it does anything."""

import ast
import subprocess
import sys

import nbformat

from tests import ROOT

LOADED = "import sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
FILES = "import seminar_utils.files, seminar_utils.paper.tables"
ENGLISH = "import seminar_utils.language as language; language.tr('a')"
WORKER = "import torch, seminar_utils.experiments.catalogue, seminar_utils.experiments.job"
FEW = {"babel", "matplotlib", "nbformat", "numpy", "scipy", "sympy", "torch", "torchvision"}


def test_libraries_that_few_need_are_not_loaded_before():
    """Else a worker, and the first cell of a lesson, would take two to four times as long."""
    code = [FILES, ENGLISH, LOADED, WORKER, LOADED]
    for lesson in ("02_googlenet", "03_resnet"):
        cells = nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", as_version=4).cells
        first = next(cell.source for cell in cells if cell.cell_type == "code")
        imports = (ast.Import, ast.ImportFrom)
        code += [ast.unparse(one) for one in ast.parse(first).body if isinstance(one, imports)]
    command = [sys.executable, "-c", "\n".join([*code, LOADED])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    english, worker, lessons = (FEW.intersection(eval(line)) for line in done.stdout.splitlines())
    assert (english, worker) == (set(), {"torch", "numpy"})
    assert lessons == {"torch", "numpy", "matplotlib"}  # the first cell imports all figures
