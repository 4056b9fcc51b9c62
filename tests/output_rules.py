"""The rules for what the code cells of a notebook show; see ``notebook_rules.py``."""

import ast
import base64
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from tests import ROOT

# A JPEG is a photograph, an SVG is written by hand.
FIGURE_BYTES = {"png": 60_000, "jpeg": 150_000, "svg+xml": 8_000}
THIS_MACHINE = {str(ROOT), str(Path.home()), tempfile.gettempdir()} - {"/"}
# A home or temporary folder (but not a part of a web address), a folder on a Windows drive.
MACHINE_PATH = re.compile(
    r"(?<![\w.~])/(?:home|Users|root|tmp|private|var/folders)/\w|\b[A-Za-z]:\\\w{2,}|\b[A-Za-z]:/Users"
    rf"|(?<![\w.])(?:{'|'.join(map(re.escape, THIS_MACHINE))})\b"
)
IMAGE = re.compile(r"<img\b[^>]*>")
BASE64 = re.compile(r'src="data:image/(png|jpeg|svg\+xml);base64,([^"]*)"')
ALT = re.compile(r'\balt="(?!&lt;)[^"]*\w[^"]*"')  # not empty, and not <Figure size 640x480 ...>


def tags_of(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def live_cells(notebook: NotebookNode) -> list[str]:
    """After a cell whose output is not compared comes one that is, with an assertion."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    loose = {"nbval-ignore-output", "raises-exception"}
    checks = [not loose & {*tags_of(cell)} and _asserts(cell.source) for cell in code[1:]]
    return [
        f"code cell {number} is live, but no strict cell with an assert follows"
        for number, (cell, is_check) in enumerate(zip(code, [*checks, False], strict=True))
        if "nbval-ignore-output" in tags_of(cell) and not is_check
    ]


def outputs(notebook: NotebookNode) -> list[str]:
    """Every cell was run once, in order; errors only where announced, warnings nowhere."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    problems = []
    if [cell.execution_count for cell in code] != [*range(1, len(code) + 1)]:
        problems.append("the code cells are not numbered 1, 2, 3 ...; record the notebook again")
    for n, cell in enumerate(code):
        if any(output.get("name") == "stderr" for output in cell.outputs):
            problems.append(f"code cell {n} wrote to stderr, which nobody can compare")
        failed = any(output.output_type == "error" for output in cell.outputs)
        if failed != ("raises-exception" in tags_of(cell)):
            problems.append(f"code cell {n}: an error and the tag raises-exception go together")
    return problems


def figures(notebook: NotebookNode) -> list[str]:
    """Every picture is small and says in words what it shows, where a screen reader meets it."""
    problems = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for n, output in ((n, out) for n, cell in enumerate(code) for out in cell.outputs):
        data = output.get("data", {})
        if any(mime.startswith("image/") for mime in data):
            problems.append(f"code cell {n}: a figure without alt text; show it as a Picture")
        for tag in IMAGE.findall(data.get("text/html", "")):
            for kind, content in BASE64.findall(tag):
                size, limit = len(base64.b64decode(content)), FIGURE_BYTES[kind]
                if size > limit:
                    problems.append(f"code cell {n}: a figure of {size:,} bytes, over {limit:,}")
            if not ALT.search(tag):
                problems.append(f"code cell {n}: a figure needs an alt text")
    return problems


def machine_paths(notebook: NotebookNode) -> list[str]:
    """No source and no output names a folder of the machine that recorded it."""
    return [
        f"cell {number} names a folder of one machine"
        for number, cell in enumerate(notebook.cells)
        if any(map(MACHINE_PATH.search, _texts(cell)))
    ]


def _texts(cell: NotebookNode) -> Iterator[str]:
    yield cell.source
    for output in cell.get("outputs", []):
        yield from (output.get("text", ""), output.get("evalue", ""))
        data = output.get("data", {})
        yield from (BASE64.sub("", str(value)) for value in data.values())
        yield str(output.get("metadata", ""))


def _asserts(source: str) -> bool:
    """Tell whether a cell, when it runs, asserts something itself or through a check."""
    lines = (line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
    pending: list[ast.AST] = list(ast.parse("\n".join(lines)).body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            continue  # defined, not run
        if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
            return True
        called = getattr(node, "func", None)
        if getattr(called, "attr", getattr(called, "id", "")) in ("shown", "check"):
            return True
        pending.extend(ast.iter_child_nodes(node))
    return False
