"""The notebooks in another language: the same code, the text out of a catalogue.

``notebooks/ko/03_resnet.ipynb`` is made from ``notebooks/03_resnet.ipynb`` and
``locale/ko/03_resnet.po``, which has one entry for each text cell: its id is the entry's context.
"""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from seminar_utils.language import ENGLISH, catalogue, languages

__all__ = ["language_of", "translated"]


def language_of(path: Path) -> str:
    """Return the language of a notebook or its folder's, which is named after it."""
    return path.parent.name if path.parent.name in languages() else ENGLISH


def translated(path: Path) -> NotebookNode:
    """Return the English notebook of a path like ``notebooks/ko/03_resnet.ipynb``, translated.

    Raises:
        ValueError: A text cell has no translation, or one of an older text.
    """
    notebook = nbformat.read(path.parents[1] / path.name, as_version=4)
    entries = catalogue(language_of(path), path.stem)
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    if missing := [cell.id for cell in texts if (cell.id, cell.source) not in entries]:
        raise ValueError(
            f"locale/{language_of(path)}/{path.stem}.po lacks a translation of the present text "
            f"of {', '.join(missing)}: run `python -m tests.catalogues`, then translate them."
        )
    for cell in texts:
        cell.source = entries[cell.id, cell.source]
    return notebook
