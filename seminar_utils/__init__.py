"""The helper package of a seminar on GoogLeNet and ResNet.

The map: one line a room. A room imports rooms of the paragraphs below its own, never one of its own
paragraph; ``import-linter`` holds that against the code in ``make test`` (``pyproject.toml`` has
the same layers).

    widgets         sliders and lists above a figure that follows them
    exercises       what students solve, with checks; guesses, kept in jupyter's workbook and drawn
    github_profile  a profile on a statement of paper: build, preview, check; the teacher's table
    full_scale      the experiments twins and heads at the papers' scale, found by their names

    figures         every plot of the course: a picture, a line of its data, its alt text
    jupyter         JupyterLab for the course, the student's copies, how notebooks are recorded

    experiments     nets trained live or recorded with seeds, and what that shows

    measures        a net's layers and their price, its activations and gradients; why depth is hard
    training        images, batches, transforms; a loop for any net; checkpoints; crops at test time

    models          GoogLeNet, plain and residual nets, other stems; how their weights start
    paper           the papers' numbers and curves, and the seminar's statements about them

    files           the data folder: verified reading, atomic writing
    seeds           random streams with names
    machine         threads, name of the processor, whether a notebook is recorded or compared
    tables          tables for a page and for a terminal

    language        the language in which the package speaks, and its catalogues
"""

from collections.abc import Callable, Mapping
from importlib import import_module


def on_demand(room: str, files: Mapping[str, str]) -> tuple[Callable, Callable, list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a room that loads its files late.

    No function has the name of a file: Python would give the file in its place, once it is loaded.

    Args:
        room: The room's ``__name__``.
        files: File -> the functions that the room offers of it, with blanks between.
    """
    file_of = {name: file for file, names in files.items() for name in names.split()}

    def load(name: str) -> object:
        if name not in file_of:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(f"{room}.{file_of[name]}"), name)

    return load, lambda: sorted(file_of), sorted(file_of)
