"""Bring the catalogues of ``locale/`` up to date: python -m tests.catalogues

There is one catalogue for each notebook, whose contexts are cell ids; ``package.po`` holds what
the package says, ``statements.po`` what the cards of the seminar's statements say, ``tables.po``
the words of drawings and of the tables that notebooks show, with fields for numbers. A text that
is new has no translation yet. One that changed keeps its translation, marked fuzzy, with the
English text that was translated beside it; whoever has looked at it removes the mark. Texts that
are gone go.

``test_catalogues.py`` fails while a catalogue has anything of the kind.
"""

import ast
import difflib
import html
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from seminar_utils.figures.svg import FOLDER, texts
from seminar_utils.files import read_rows, write_atomically
from seminar_utils.github_profile.reading.texts import table
from seminar_utils.jupyter.notebooks import find_notebooks
from seminar_utils.language import ENGLISH, LOCALE, languages, without_numbers
from seminar_utils.training.data import CLASS_NAMES
from tests import NOTEBOOKS, ROOT

PACKAGE = ROOT / "seminar_utils"
MARKS = {"tr", "N_", "Later"}
# In these files every sentence goes through ``tr`` where it is shown, so none is marked.
SENTENCES = (
    *("exercises/[gwr][1-9]_*.py", "exercises/by_*.py", "exercises/exercise.py"),
    *("github_profile/*.py", "github_profile/*/*.py", "experiments/live.py", "experiments/pool.py"),
)
# Columns of texts in the tables of the check, from the first one on.
TABLES = {"fields.tsv": slice(1, 4), "findings.tsv": slice(2, 5), "patterns.tsv": slice(1, 2)}
TABLES |= {"metadata.tsv": slice(1), "messages.tsv": slice(1, 2), "rubric.tsv": slice(3, 4)}
TABLES |= {"undrawn.tsv": slice(1, 2), "unknown.tsv": slice(1)}
ALT = re.compile(r'alt="([^"]*)"')
HINT = "seminar-hint"  # of a picture with controls, whose data line is HTML, too
ASKED = re.compile(r"^Decide first: (.*)$", re.MULTILINE)
SHOWN = re.compile(r"<(?:t[hd]|p)\b[^>]*>(.*?)</(?:t[hd]|p)>")
WORD = re.compile(r"\b[a-z]{2,}")
FIELD = re.compile(r"\{.*?\}")
# Nets, classes of Fashion-MNIST, names of layers and of options are the same in every language.
NAME = re.compile(
    r"(?:plain|ResNet|VGG|pre-activation)(?:-\d+)?(?: [ABC])?|[\w.]+\.[\w.]+|\w+_\w+"
    rf"|(?:{'|'.join(CLASS_NAMES)})(?: \{{0\}}%)?"
    r"|[▲▼] .*|.*(?:(?:<|&lt;)/?\w|\]\().*|\"\w+\"|mina-\w+"
)
SENTENCE = re.compile(r".* .*[.?!]\)?", re.DOTALL)
ALIKE = 0.7  # from here on a text is an older one, changed

Source = tuple[str, str, str]  # context, English text, where it comes from


def sources() -> dict[str, list[Source]]:
    """Return what each catalogue has to translate."""
    notebooks = {path.stem: path for path in find_notebooks(NOTEBOOKS)}
    cells = {stem: list(_cells(path)) for stem, path in notebooks.items()}
    statements = [*_statements(), *(ask for path in notebooks.values() for ask in _asks(path))]
    package = _unique(_package())
    shown = [*_drawn(), *(entry for path in notebooks.values() for entry in _shown(path))]
    is_said = _begins_with(package)
    tables = [entry for entry in shown if not is_said(entry[1])]
    return {
        "package": package,
        "statements": _unique(statements),
        "tables": _unique(tables),
        **cells,
    }


def updated(old: Catalog, wanted: Iterable[Source]) -> Catalog:
    """Return a catalogue of what is wanted now, with every translation that may still serve."""
    new = Catalog(locale=old.locale, header_comment=old.header_comment, fuzzy=False)
    kept = {(message.context or "", message.id): message for message in old if message.id}
    gone = {key: kept[key] for key in kept.keys() - {source[:2] for source in wanted}}
    for context, text, place in wanted:
        found, flags, previous = kept.get((context, text)), set(), ()
        if found is not None:
            flags, previous = set(found.flags) & {"fuzzy"}, found.previous_id
        elif found := _older(gone, context, text):
            flags, previous = {"fuzzy"}, [found.id]
        message = Message(text, found.string if found else "", previous_id=previous)
        message.flags, message.context = flags, context or None
        message.auto_comments = [place] if place else []
        new[text] = message
    return new


def problems(catalogue: Catalog, wanted: Iterable[Source]) -> list[str]:
    """Name what keeps a catalogue from being a translation of what is wanted."""
    keys = {source[:2] for source in wanted}
    found = {(message.context or "", message.id): message for message in catalogue if message.id}
    return [
        *(f"missing: {_short(key)}" for key in sorted(keys - found.keys())),
        *(f"surplus: {_short(key)}" for key in sorted(found.keys() - keys)),
        *(f"fuzzy: {_short(key)}" for key, message in found.items() if message.fuzzy),
        *(f"untranslated: {_short(key)}" for key, message in found.items() if not message.string),
    ]


def read(path: Path) -> Catalog:
    """Read a catalogue; one that does not exist is empty."""
    if not path.exists():
        return Catalog(locale=path.parent.name, header_comment="", fuzzy=False)
    return read_po(io.BytesIO(path.read_bytes()), locale=path.parent.name, abort_invalid=True)


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as the bytes of a file, the same for the same texts."""
    for message in catalogue:
        message.flags &= {"fuzzy"}  # Babel takes a per cent sign for a field
    file = io.BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, include_previous=True)
    header = f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n'
    header += '"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return (header + file.getvalue().decode("utf-8").strip("\n") + "\n").encode("utf-8")


def main() -> int:
    """Rewrite the catalogues, say what is left to do, and return 0 when nothing is."""
    left = []
    for language in languages():
        for name, wanted in sources().items() if language != ENGLISH else ():
            path = LOCALE / language / f"{name}.po"
            new = updated(read(path), wanted)
            write_atomically(path, written(new))
            left += [f"{language}/{name}.po: {problem}" for problem in problems(new, wanted)]
    print("\n".join(left) or "Every text is translated.")
    return 1 if left else 0


def _package() -> Iterator[Source]:
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        yield from (("", text, place) for text in _marked(path.read_text(encoding="utf-8")))
        if any(path.relative_to(PACKAGE).match(pattern) for pattern in SENTENCES):
            yield from (("", text, place) for text in _sentences(path.read_text(encoding="utf-8")))
    for path in sorted(PACKAGE.rglob("*.tsv")):
        for text in (text for row in table(path) for text in row[TABLES.get(path.name, slice(0))]):
            is_shown = path.name != "patterns.tsv" or text[0].isupper()  # a find, not a part of one
            if " " in text and is_shown:
                yield "", text, path.name


def _marked(code: str) -> Iterator[str]:
    """Yield the texts that are marked; Babel would miss those in another one's arguments."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and node.args)
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if ast.unparse(call.func) in MARKS and isinstance(call.args[0], ast.Constant):
            yield call.args[0].value


def _sentences(code: str) -> Iterator[str]:
    """Yield the strings of a module that are sentences, but no docstring and no part of an f"."""
    tree = ast.parse(code)
    apart = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr | ast.JoinedStr)
        for child in ast.iter_child_nodes(node)
    }
    for node in ast.walk(tree):
        text = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in apart and SENTENCE.fullmatch(text):
            yield text


def _statements() -> Iterator[Source]:
    for row in read_rows("claims.csv"):
        for column in ("paper_says", "tested_by"):
            if row[column]:
                yield "", row[column], f"{row['id']} {column}: {row['claim_en']}"


def _asks(path: Path) -> Iterator[Source]:
    """Yield what the cards of a notebook ask: its code is the same in every language."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            for asked in ASKED.findall(output.get("data", {}).get("text/plain", "")):
                yield "", asked, f"{path.stem} {cell.id}"


def _shown(path: Path) -> Iterator[Source]:
    """Yield the words of a notebook's tables, pictures and lines, with fields for numbers."""
    for cell in nbformat.read(path, as_version=4).cells:
        found, after_picture = [], False
        for output in cell.get("outputs", []):
            page = output.get("data", {}).get("text/html", "")
            is_table = page.startswith("<table") and ">statement</th>" not in page  # the ledger
            found += SHOWN.findall(page) if is_table or HINT in page else []
            found += ALT.findall(page)
            lines = output.get("text", "").splitlines()
            found += lines if "say(" in cell.source else lines[:after_picture]  # a data line
            after_picture = page.startswith("<img")
        yield from _with_fields(map(html.unescape, found), f"{path.stem} {cell.id}")


def _drawn() -> Iterator[Source]:
    """Yield the words of the drawings that are SVG files."""
    for path in sorted(FOLDER.glob("*.svg")):
        yield from _with_fields(texts(path.read_text(encoding="utf-8")), path.name)


def _with_fields(found: Iterable[str], place: str) -> Iterator[Source]:
    for words in found:
        text, _ = without_numbers(words)
        if WORD.search(text) and not NAME.fullmatch(text):
            yield "", text, place


def _begins_with(package: Iterable[Source]) -> Callable[[str], bool]:
    """Return what tells whether the package says a text, or how it begins."""
    messages = {message for _, message, _ in package}
    forms = {without_numbers(message)[0] for message in messages}
    long = (re.escape(form) for form in forms if len(FIELD.sub("", form)) > 8)
    pattern = re.compile("|".join(re.sub(r"\\{.*?\\}", ".+", form) for form in long))
    return lambda text: text in messages or bool(pattern.match(text))


def _cells(path: Path) -> Iterator[Source]:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            yield cell.id, cell.source, " ".join(cell.metadata.get("tags", []))


def _older(gone: dict[tuple[str, str], Message], context: str, text: str) -> Message | None:
    """Find what a new text was before: in its cell, or else the one that is most like it."""
    for (other, _), message in gone.items():
        if context and other == context:
            return message
    texts = {text: message for (other, text), message in gone.items() if not other and not context}
    alike = difflib.get_close_matches(text, texts, 1, ALIKE)
    return texts[alike[0]] if alike else None


def _unique(entries: Iterable[Source]) -> list[Source]:
    return list({entry[:2]: entry for entry in reversed(list(entries))}.values())[::-1]


def _short(key: tuple[str, str]) -> str:
    context, text = key
    return f"{context} {' '.join(text.split())[:70]}".strip()


if __name__ == "__main__":
    sys.exit(main())
