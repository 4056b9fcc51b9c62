"""The student's copies of the notebooks: made once, and never overwritten after a change.

`.editions.json` in the workbook remembers, for each notebook, the files that were copied from it
and the SHA-256 of the edition that each was copied from. A file that still has that hash was never
changed by the student and may be replaced; any other file is the student's own.
"""

import hashlib
import json
from itertools import count
from pathlib import Path

import nbformat

from seminar_utils.files import write_atomically
from seminar_utils.notebooks import dumps, find_notebooks, normalise

__all__ = ["EDITIONS", "copy_notebooks"]

EDITIONS = ".editions.json"


def copy_notebooks(source: Path, workbook: Path) -> list[str]:
    """Give the workbook every notebook's newest edition without touching a student's work.

    A missing notebook is copied, so a student starts over by deleting a file. An unchanged copy of
    an older edition is replaced. Beside a changed one the new edition gets a name of its own, once.

    Returns:
        One sentence for each notebook of which a newer edition has come.

    Raises:
        FileNotFoundError: there is no notebook in `source`.
    """
    paths = find_notebooks(source)
    if not paths:
        raise FileNotFoundError(
            f"There is no notebook in {source}; restore them with `git checkout -- notebooks`."
        )
    editions = _read_editions(workbook / EDITIONS)
    news = []
    for path in paths:
        name = path.relative_to(source).as_posix()
        news.append(_bring(path, name, editions.setdefault(name, {}), workbook))
    text = json.dumps(editions, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(workbook / EDITIONS, text + "\n")
    return [sentence for sentence in news if sentence]


def _bring(path: Path, name: str, copies: dict[str, str], workbook: Path) -> str:
    """Bring one notebook's newest edition; `copies` maps file name to edition and is updated."""
    edition = _edition(path)

    def write(copy: str) -> None:
        (workbook / copy).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(workbook / copy, path.read_bytes())
        copies[copy] = edition

    if not (workbook / name).exists():
        write(name)
        return ""
    if _edition(workbook / name) == edition:
        copies[name] = edition
        return ""
    if edition in copies.values():  # offered before; the student may even have deleted it since
        return ""
    for copy in sorted(copies, key=len):  # the notebook itself before the editions beside it
        if (workbook / copy).exists() and _edition(workbook / copy) == copies[copy]:
            write(copy)
            return f"{copy} is now the newer edition; you had not changed it."
    beside = _free_name(name, workbook)
    write(beside)
    return f"{name} has a newer edition: your file stays as it is, the new one is {beside}."


def _edition(path: Path) -> str:
    """Hash what belongs to the course: JupyterLab saves more after merely opening a notebook."""
    try:
        content = dumps(normalise(nbformat.read(path, as_version=4))).encode()
    except (ValueError, nbformat.ValidationError):
        content = path.read_bytes()  # not a notebook any more, so certainly changed
    return hashlib.sha256(content).hexdigest()


def _free_name(name: str, workbook: Path) -> str:
    stem = name.removesuffix(".ipynb")
    names = (f"{stem}.new-edition{f'-{n}' if n > 1 else ''}.ipynb" for n in count(1))
    return next(name for name in names if not (workbook / name).exists())


def _read_editions(path: Path) -> dict[str, dict[str, str]]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}  # nothing is known, so every file that differs counts as the student's own
