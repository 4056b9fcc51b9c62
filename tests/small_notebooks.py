"""Builders of small notebooks for tests."""

import base64
import html
from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

LIVE = ["nbval-ignore-output"]


def markdown(source: str, *tags: str) -> NotebookNode:
    """Build a text cell."""
    return new_markdown_cell(source, metadata={"tags": list(tags)})


def code(source: str, *tags: str, outputs: Sequence[NotebookNode] = ()) -> NotebookNode:
    """Build a code cell that was not run."""
    return new_code_cell(source, metadata={"tags": list(tags)}, outputs=list(outputs))


def notebook(*cells: NotebookNode) -> NotebookNode:
    """Build a recorded notebook: the code cells are numbered."""
    book = new_notebook(cells=list(cells))
    runs = [cell for cell in book.cells if cell.cell_type == "code"]
    for count, cell in enumerate(runs, start=1):
        cell.execution_count = count
    return book


def figure(size: int = 100, alt: str = "a curve that falls", kind: str = "png") -> NotebookNode:
    """Build the output of a plot whose picture has ``size`` bytes."""
    packed = base64.b64encode(bytes(size)).decode()
    page = f'<img alt="{html.escape(alt)}" src="data:image/{kind};base64,{packed}">'
    return new_output("display_data", data={"text/html": page, "text/plain": alt})
