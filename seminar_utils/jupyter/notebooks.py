"""The one form in which a notebook is stored: two recordings differ only where results do."""

import re
from itertools import groupby
from pathlib import Path

import nbformat
from nbformat import NotebookNode

__all__ = ["dumps", "find_notebooks", "normalise", "without_outputs"]

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
EVIDENCE = {"jupyter": {"source_hidden": True}, "slideshow": {"slide_type": "skip"}}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
OVERWRITTEN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)


def find_notebooks(folder: Path) -> list[Path]:
    """List the notebooks of a folder in order; another language has a folder of its own."""
    return sorted(folder.glob("[!.]*.ipynb"))


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return a copy that holds what belongs to the course and nothing of who ran it, or when.

    Kept are sources, tags, slide types, cell ids, counts and outputs. Dropped are timings, editors'
    keys, the state of widgets and their random numbers (a slider's picture stays), and the frames
    of a traceback, which name files of one machine. A code cell with the tag evidence or
    hide-cell is folded in JupyterLab, skipped in slides and hidden on a page.
    """
    cells = [_normalise_cell(cell) for cell in notebook.cells]
    form = {"metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict({"cells": cells, **form})


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Return the normalised notebook as it was before anybody ran it."""
    bare = normalise(notebook)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return bare


def dumps(notebook: NotebookNode) -> str:
    """Return a notebook as text: keys sorted, indented by one, with a final newline."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _normalise_cell(cell: NotebookNode) -> dict:
    kept = {key: cell[key] for key in ("attachments", "cell_type", "id", "source") if key in cell}
    metadata = {key: cell.metadata[key] for key in ("slideshow", "tags") if cell.metadata.get(key)}
    tags = metadata.get("tags", [])
    if {"evidence", "hide-cell"} & {*tags}:
        metadata = {**EVIDENCE, "tags": list(dict.fromkeys([*tags, "hide-cell"]))}
    kept["metadata"] = metadata
    if cell.cell_type == "code":
        kept["execution_count"] = cell.execution_count
        kept["outputs"] = _join_streams([_normalise_output(output) for output in cell.outputs])
    return kept


def _normalise_output(output: NotebookNode) -> dict:
    kept = dict(output)
    if output.output_type == "error":
        kept["traceback"] = [f"{output.ename}: {output.evalue}"]
    elif "data" in output and len(output.data) > 1:
        kept["data"] = {mime: data for mime, data in output.data.items() if mime != WIDGET_VIEW}
    return kept


def _join_streams(outputs: list[dict]) -> list[dict]:
    """Join the chunks in which a text arrived, and leave what a progress line last showed."""
    joined: list[dict] = []
    for name, chunks in groupby(outputs, lambda output: output.get("name")):
        if name is None:  # what has no name is no stream
            joined += chunks
        else:
            # What nbval does to both sides: a carriage return wipes the line written so far.
            text = OVERWRITTEN.sub("", "".join(chunk["text"] for chunk in chunks))
            joined.append({"output_type": "stream", "name": name, "text": text})
    return joined
