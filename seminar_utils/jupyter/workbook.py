"""The student's copies of the notebooks: made once, and never overwritten after a change.

The copies carry no outputs, so that a question comes before its answer.

``.editions.json`` in the workbook remembers, for each notebook, the files that were copied from it
and the SHA-256 of what each of them held. A file that still has that hash was never changed by the
student and may be replaced; any other file is the student's own. Running a cell is a change as
well: a run takes minutes, and a live one never comes out the same again. So a notebook that was
only run stays as it is when a newer edition comes, until its outputs are cleared.

The first copies of the course held the recorded outputs, and their hashes are of these. They are
unchanged under the same rule, and the copy without outputs takes their place.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from seminar_utils.files import free_path, write_atomically
from seminar_utils.jupyter import EDITIONS
from seminar_utils.jupyter.notebooks import dumps, find_notebooks, normalise, without_outputs
from seminar_utils.language import tr

__all__ = ["copy_notebooks"]

NO_NOTEBOOK = (ValueError, nbformat.ValidationError)  # what reading another file raises


def copy_notebooks(source: Path, workbook: Path) -> list[str]:
    """Give the workbook every notebook's newest edition without touching a student's work.

    A missing notebook is copied, so a student starts over by deleting a file. An unchanged copy of
    an older edition is replaced; beside a changed one the new edition gets a name of its own, once.

    Returns:
        One sentence for each notebook of which a newer edition has come.

    Raises:
        FileNotFoundError: there is no notebook in ``source``.
        ValueError: a file there is none.
    """
    paths = find_notebooks(source)
    if not paths:
        raise FileNotFoundError(
            tr(
                "There is no notebook in {folder}; restore them with `git checkout -- notebooks`.",
                folder=source,
            )
        )
    try:
        editions = json.loads((workbook / EDITIONS).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        editions = {}  # nothing is known, so every file that differs counts as the student's own
    news = [_bring(path, editions.setdefault(path.name, {}), workbook) for path in paths]
    text = json.dumps(editions, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(workbook / EDITIONS, text + "\n")
    return [sentence for sentence in news if sentence]


def _bring(path: Path, copies: dict[str, str], workbook: Path) -> str:
    """Bring one notebook's newest edition; ``copies`` maps file name to hash and is updated."""
    try:
        content = dumps(without_outputs(nbformat.read(path, as_version=4))).encode()
    except NO_NOTEBOOK:
        raise ValueError(
            tr(
                "{file} is no notebook any more; restore it with `git checkout -- notebooks`.",
                file=path,
            )
        ) from None
    name, edition = path.name, hashlib.sha256(content).hexdigest()

    def write(copy: str) -> None:
        write_atomically(workbook / copy, content)
        copies[copy] = edition

    def is_unchanged(copy: str) -> bool:
        file = workbook / copy
        return copy in copies and file.exists() and _hash(file) == copies[copy]

    if not (workbook / name).exists():
        write(name)
        return ""
    if not is_unchanged(name) and _hash(workbook / name, without_outputs) == edition:
        copies[name] = edition  # the newest edition, which the student has run
        return ""
    if edition in copies.values():  # offered before; the student may even have deleted it since
        return ""
    for copy in sorted(copies, key=len):  # the notebook itself before the editions beside it
        if is_unchanged(copy):
            write(copy)
            return tr("{file} is now the newer edition; you had not changed it.", file=copy)
    later = f"{path.stem}.new-edition"
    beside = free_path(lambda n: workbook / f"{later}{f'-{n}' if n > 1 else ''}.ipynb").name
    write(beside)
    return tr(
        "{file} has a newer edition: your file stays as it is, the new one is {beside}.",
        **{"file": name, "beside": beside},
    )


def _hash(path: Path, form: Callable[[NotebookNode], NotebookNode] = normalise) -> str:
    """Hash what belongs to the course: JupyterLab saves more after merely opening a notebook."""
    try:
        content = dumps(form(nbformat.read(path, as_version=4))).encode()
    except NO_NOTEBOOK:
        content = path.read_bytes()  # not a notebook any more, so certainly changed
    return hashlib.sha256(content).hexdigest()
