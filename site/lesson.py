"""A notebook's class path as pages, decks and hand-outs need it: sections made of blocks.

A translated notebook has the cells of the English one, so what counts and what a block is for is
read from the English one.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import nbformat
from babel.messages.pofile import read_po
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from seminar_utils.language import ENGLISH, N_, current
from tests import minutes
from tests.output_rules import tags_of

__all__ = ["HOME", "Block", "Lesson", "Part", "Term", "glossary", "names", "notes", "read", "words"]

HERE = Path(__file__).parent
HOME = re.compile(r"(?:Deep dive |D)(\d+)[.:]")
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
QUESTION = re.compile(
    r"<strong>(?:[^<]*\?|\W*(?:Guess|Decide|Predict|Try|Write|Vote)\b|[^<]*:</strong>[^?]*\?)"
    r"|\bRaise your hand\b"
)
ALWAYS_ASKS = re.compile(r"<p><strong>(?:Exit question|[^<]*check yourself)", re.IGNORECASE)
ASKED = re.compile(r"<p><b>[^<]*:</b>(.*?)</p>", re.DOTALL)
STATEMENT = re.compile(r"<p><b>(\w+)</b> <span[^>]*>“(.*?)”</span> (?:<br><i>(.*?)</i>)?</p>")
AROUND_TABLES = re.compile(r"(?=<table)|(?<=</table>)")  # where a long report falls apart
GAP = re.compile(r"<td[^>]*>\? ?(?:/ \?)?</td>|____")
SEEN = N_("What we saw")  # the name of the folds that a class opens
SHORT_CALL = 4  # lines of a cell that only shows a figure: on a slide they would say nothing
SECTION_OF = {"01": "week 4 review", "02": "GoogLeNet", "03": "ResNet", "04": "assignment"}


@dataclass(frozen=True)
class Block:
    """What stands or falls together on a slide."""

    kind: str  # text, ask, seen (after a run), answer (a fold's), code, figure, card, result
    html: str


@dataclass(frozen=True)
class Part:
    """A section of the class path."""

    book: str  # number of its notebook, such as "03"
    counted: minutes.Section
    blocks: list[Block]

    @property
    def title(self) -> str:
        """Its heading, with its number."""
        return self.counted.title

    @property
    def number(self) -> int | None:
        """The number of its heading; the opening has none."""
        return self.counted.number

    @property
    def tag(self) -> int | None:
        """The minutes that a class has for it."""
        return self.counted.tag

    @property
    def routes(self) -> list[str]:
        """The routes that contain it; the opening belongs to all."""
        return [
            str(route)
            for route, books in minutes.ROUTES.items()
            if self.number is None or self.number in (books.get(self.book) or ())
        ]

    @property
    def questions(self) -> list[str]:
        """What the class is asked, without markup."""
        asked = []
        for block in self.blocks:
            if block.kind == "ask":
                asked.append(block.html)
            elif block.kind == "card" and (question := ASKED.search(block.html)):
                found = STATEMENT.findall(block.html)
                said = "; ".join(f"{name}: {meaning or words}" for name, words, meaning in found)
                asked.append(f"[{said}] {question[1]}")
        return [" ".join(re.sub(r"<[^>]*>", "", text).split()) for text in asked]

    @property
    def gaps(self) -> list[str]:
        """What the class fills in: tables with question marks, lines with blanks."""
        return [block.html for block in self.blocks if GAP.search(block.html)]

    @property
    def note(self) -> dict[str, str]:
        """What to leave out when late, to ask where the notebook does not, and to expect."""
        return notes()[self.book, "" if self.number is None else str(self.number)]


@dataclass(frozen=True)
class Lesson:
    """A notebook's class path."""

    name: str
    notebook: NotebookNode
    language: str = ENGLISH

    @property
    def title(self) -> str:
        """The notebook's title."""
        return minutes.TITLE.findall(self.notebook.cells[0].source)[0]

    @property
    def routes(self) -> list[str]:
        """The routes that take at least one of its sections."""
        in_class = [part for part in self.sections if part.number is not None]
        return [
            str(route) for route in minutes.ROUTES if any(str(route) in p.routes for p in in_class)
        ]

    @cached_property
    def sections(self) -> list[Part]:
        """The opening, then every section, with what a class meets in it."""
        ours = {cell.id: cell for cell in self.notebook.cells}
        parts = []
        for section in minutes.sections(read(self.name, ENGLISH).notebook):
            cells = [ours[cell.id] for cell in section.cells]
            heading = minutes.SECTION.search(cells[0].source)
            title = minutes.TITLE.findall(cells[0].source[heading.start() :])[0] if heading else ""
            blocks: list[Block] = []
            for english, cell in zip(section.cells, cells, strict=True):
                if cell.cell_type == "markdown" or heading:  # the opening's imports are no slide
                    kinds = [block.kind for block in blocks_of(english, ENGLISH)]
                    made = blocks_of(cell, self.language)
                    blocks += [Block(k, b.html) for k, b in zip(kinds, made, strict=True)]
            section = replace(section, title=title or section.title, cells=cells)
            parts.append(Part(self.name[:2], section, blocks))
        return parts


@dataclass(frozen=True)
class Term:
    """A word of the field."""

    term: str
    korean: str
    definition: str
    words: str  # what finds it in an English text
    korean_words: str  # in a Korean one, where it is not the term as it stands

    @property
    def anchor(self) -> str:
        """The name of its place on the glossary's page."""
        return re.sub(r"\W+", "-", f"term {self.term}".lower())

    @property
    def pattern(self) -> re.Pattern:
        """What finds it in a text of the current language; Korean hangs particles on a word."""
        if current() == "ko":
            return re.compile(
                rf"(?<![가-힣A-Za-z])(?:{self.korean_words or re.escape(self.korean)})"
            )
        return re.compile(rf"(?<![\w-])(?:{self.words})(?![\w-])", re.IGNORECASE)


def _table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def glossary() -> list[Term]:
    """Return the terms, longest first, so that the longer of two is linked."""
    return sorted((Term(**row) for row in _table("glossary.csv")), key=lambda t: -len(t.term))


@cache
def notes() -> dict[tuple[str, str], dict[str, str]]:
    """Return the speaker's notes by the numbers of notebook and section."""
    return {(row.pop("notebook"), row.pop("section")): row for row in _table("notes.csv")}


@cache
def words(language: str) -> Callable[[str], str]:
    """Return what translates a word of pages and decks."""
    if language == ENGLISH:
        return str
    with (HERE / f"locale/{language}/LC_MESSAGES/sphinx.po").open("rb") as file:
        found = {message.id: message.string for message in read_po(file)}
    return lambda text: found[text]


def names(language: str = ENGLISH) -> list[str]:
    """Return the names of the notebooks in a language, without their ending."""
    return sorted(path.stem for path in _folder(language).glob("*.ipynb"))


@cache
def read(name: str, language: str = ENGLISH) -> Lesson:
    """Read a notebook by its name."""
    path = _folder(language) / f"{name}.ipynb"
    return Lesson(name, nbformat.read(path, as_version=4), language)


def _folder(language: str) -> Path:
    return minutes.NOTEBOOKS / ("" if language == ENGLISH else language)


def _formula(text: str, options: dict) -> str:
    return convert(text, display="block" if options["display_mode"] else "inline")


MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
MARKDOWN.use(dollarmath_plugin, renderer=_formula)


def blocks_of(cell: NotebookNode, language: str) -> list[Block]:
    """Cut a cell into what stands on slides."""
    return text_blocks(cell, language) if cell.cell_type == "markdown" else code_blocks(cell)


def text_blocks(cell: NotebookNode, language: str) -> list[Block]:
    """Cut a text cell into paragraphs, lists and tables; what is folded becomes an answer."""
    found, at = [], 0
    for fold in FOLD.finditer(cell.source):
        found += _paragraphs(cell, cell.source[at : fold.start()])
        if fold[1] == words(language)(SEEN):
            found += _paragraphs(cell, fold[2], seen=True)
        else:
            found.append(Block("answer", MARKDOWN.render(fold[2].strip())))
        at = fold.end()
    return found + _paragraphs(cell, cell.source[at:])


def _paragraphs(cell: NotebookNode, text: str, seen: bool = False) -> list[Block]:
    blocks = []
    for node in SyntaxTreeNode(MARKDOWN.parse(text)).children:
        html = MARKDOWN.renderer.render(node.to_tokens(), MARKDOWN.options, {})
        seen = seen or html.startswith(("<p><strong>What we saw", "<p><strong>What was seen"))
        if node.type == "heading":
            continue
        asks = ALWAYS_ASKS.match(html)
        seen = seen and not asks
        asks = asks or ("ask" in tags_of(cell) and QUESTION.search(html))
        blocks.append(Block("seen" if seen else "ask" if asks else "text", html))
    return blocks


def code_blocks(cell: NotebookNode) -> list[Block]:
    """Show a cell's code unless it only calls for a figure, and what it shows; no evidence."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
    if {"evidence", "hide-cell"} & set(tags_of(cell)):
        return []
    shown = [block for output in cell.outputs for block in _output(output) if block.html.strip()]
    lines = cell.source.count("\n") + 1
    call = lines <= SHORT_CALL and any(block.kind in ("figure", "card") for block in shown)
    if hidden or call:
        return shown
    code = highlight(cell.source, PythonLexer(), HtmlFormatter(cssclass="code"))
    cards = [block for block in shown if block.kind == "card"]  # the question comes first
    return [*cards, Block("code", code), *(block for block in shown if block.kind != "card")]


def _output(output: NotebookNode) -> list[Block]:
    data = output.get("data", {})
    if page := data.get("text/html", ""):
        if minutes.CARD.search(page):
            return [Block("card", page)]
        if minutes.IMAGE.search(page):
            return [Block("figure", page)]
        return [Block("result", piece) for piece in AROUND_TABLES.split(page)]
    text = data.get("text/plain") or output.get("text") or ""
    escaped = text.strip().replace("&", "&amp;").replace("<", "&lt;")
    return [Block("result", f"<pre>{escaped}</pre>" if escaped else "")]
