"""What each part of the course loads before it does anything."""

import ast
import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import nbformat
import pytest

from tests import ROOT

LOADED = "import sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
FILES = "import seminar_utils.files, seminar_utils.paper.tables"
ENGLISH = "import seminar_utils.language as language; language.tr('a')"
WORKER = "import torch, seminar_utils.experiments.catalogue, seminar_utils.experiments.job"
FEW = {
    *("IPython", "PIL", "babel", "ipywidgets", "matplotlib", "nbformat", "numpy", "scipy"),
    *("sympy", "torch", "torchvision"),
}
ROOMS = [import_module(f"seminar_utils.{room}") for room in ("experiments", "figures", "widgets")]


def loaded(*code):
    """Return which of the few are there after each ``LOADED`` in a Python of its own."""
    command = [sys.executable, "-c", "\n".join([*code, LOADED])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [FEW.intersection(eval(line)) for line in done.stdout.splitlines()]


def imports_of(lesson):
    """Return the import lines of a notebook's first cell."""
    cells = nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", as_version=4).cells
    first = ast.parse(next(cell.source for cell in cells if cell.cell_type == "code"))
    return [ast.unparse(one) for one in first.body if isinstance(one, ast.Import | ast.ImportFrom)]


def test_a_worker_loads_pytorch_and_nothing_that_draws():
    """Else it would take two to four times as long, and a message without PyTorch seconds."""
    english, worker = loaded(FILES, ENGLISH, LOADED, WORKER)
    assert (english, worker) == (set(), {"torch", "numpy"})


@pytest.mark.parametrize(
    ("lesson", "needed"),
    [
        ("02_googlenet", {"torch", "numpy", "IPython"}),
        ("03_resnet", {"torch", "numpy", "IPython"}),
        ("04_assignment", {"PIL"}),
    ],
)
def test_a_lesson_does_not_begin_with_what_it_needs_later(lesson, needed):
    """IPython is there in every notebook; matplotlib comes with the first figure."""
    lines = imports_of(lesson)
    assert any("figures" in line for line in lines)
    assert loaded(*lines) == [needed]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_offers_each_function_of_its_table_and_says_what_it_lacks(room):
    """And none has the name of a file, which would take its place once the file is loaded."""
    assert {*room.__all__} <= {*dir(room)}
    for file, names in room.FILES.items():
        module = import_module(f"{room.__name__}.{file}")
        assert all(getattr(room, name) is getattr(module, name) for name in names.split())
    assert not {*room.__all__} & {file for _, file, _ in iter_modules(room.__path__)}
    with pytest.raises(AttributeError, match=r"module 'seminar_utils.\w+' has no attribute 'plot'"):
        _ = room.plot
