"""A notebook's class path as pages, decks and hand-outs need it: sections made of blocks."""

import csv
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import nbformat
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from seminar_utils.paper.claims import VERDICTS, Claim, all_claims
from tests import minutes
from tests.output_rules import tags_of

__all__ = ["HOME", "Block", "Lesson", "Part", "Term", "glossary", "names", "read"]

HERE = Path(__file__).parent
HOME = re.compile(r"(?:Deep dive |D)(\d+)[.:]")
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
QUESTION = re.compile(
    r"<strong>(?:[^<]*\?|\W*(?:Guess|Decide|Predict|Try|Write|Vote)\b)|\bRaise your hand\b"
)
ASKED = re.compile(r"<b>Decide first:</b>(.*?)</p>", re.DOTALL)
STATEMENT = re.compile(r"<p><b>(\w+)</b>.*?<i>(.*?)</i></p>", re.DOTALL)
SHORT_CALL = 4  # lines of a cell that only shows a figure: on a slide they would say nothing
SECTION_OF = {"01": "week 4 review", "02": "GoogLeNet", "03": "ResNet", "04": "assignment"}


@dataclass(frozen=True)
class Block:
    """What stands or falls together on a slide."""

    kind: str  # text, ask, seen (after a run), answer (a fold's), code, figure, card, result
    html: str


@dataclass
class Part:
    """A section of the class path."""

    book: str  # number of its notebook, such as "03"
    counted: minutes.Section
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its heading, with its number."""
        return self.counted.title

    @property
    def number(self) -> int | None:
        """The number of its heading."""
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
                said = "; ".join(f"{name}: {text}" for name, text in STATEMENT.findall(block.html))
                asked.append(f"[{said}] {question[1]}")
        return [" ".join(re.sub(r"<[^>]*>", "", text).split()) for text in asked]

    @property
    def late(self) -> str:
        """What to leave out when there is no time."""
        if self.number is None:
            return "let them read this at home, and begin with the first question."
        if "90" not in self.routes:
            return "leave this section out, as the class of 90 minutes does."
        return "leave out the code; the questions and the figures carry this section."

    @property
    def misunderstandings(self) -> list[tuple[Claim, str]]:
        """Statements of this section that need more than the paper gives them, with verdict."""
        return [
            (claim, VERDICTS[claim.verdict])
            for claim in all_claims().values()
            if claim.section == SECTION_OF[self.book]
            and claim.tested_in.split(",")[0] == str(self.number)
            and claim.verdict in ("imprecise", "half", "differs")
        ]


@dataclass(frozen=True)
class Lesson:
    """A notebook's class path."""

    name: str
    notebook: NotebookNode

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
        parts = [Part(self.name[:2], each) for each in minutes.sections(self.notebook)]
        for part in parts:
            for cell in part.counted.cells:
                if cell.cell_type == "markdown":
                    part.blocks += text_blocks(cell)
                elif part.number is not None:  # the opening's imports are no slide
                    part.blocks += code_blocks(cell)
        return parts


@dataclass(frozen=True)
class Term:
    """A word of the field."""

    term: str
    korean: str
    definition: str
    words: str

    @property
    def anchor(self) -> str:
        """The name of its place on the glossary's page."""
        return re.sub(r"\W+", "-", f"term {self.term}".lower())

    @property
    def pattern(self) -> re.Pattern:
        """What finds it in a text."""
        return re.compile(rf"(?<![\w-])(?:{self.words})(?![\w-])", re.IGNORECASE)


@cache
def glossary() -> list[Term]:
    """Return the terms, longest first, so that the longer of two is linked."""
    with (HERE / "glossary.csv").open(encoding="utf-8", newline="") as file:
        terms = [Term(**row) for row in csv.DictReader(file)]
    return sorted(terms, key=lambda term: -len(term.term))


@cache
def names() -> list[str]:
    """Return the notebooks' names, without their ending."""
    return sorted(path.stem for path in minutes.NOTEBOOKS.glob("*.ipynb"))


@cache
def read(name: str) -> Lesson:
    """Read a notebook by its name."""
    path = minutes.NOTEBOOKS / f"{name}.ipynb"
    return Lesson(name, nbformat.read(path, as_version=4))


def _formula(text: str, options: dict) -> str:
    return convert(text, display="block" if options["display_mode"] else "inline")


MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
MARKDOWN.use(dollarmath_plugin, renderer=_formula)


def text_blocks(cell: NotebookNode) -> list[Block]:
    """Cut a text cell into paragraphs, lists and tables; what is folded becomes an answer."""
    found, at = [], 0
    for fold in FOLD.finditer(cell.source):
        found += _paragraphs(cell, cell.source[at : fold.start()])
        if fold[1] == "What we saw":
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
        asks = "ask" in tags_of(cell) and QUESTION.search(html)
        blocks.append(Block("seen" if seen else "ask" if asks else "text", html))
    return blocks


def code_blocks(cell: NotebookNode) -> list[Block]:
    """Show a cell's code unless it only calls for a figure, and what it shows; no evidence."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
    if {"evidence", "hide-cell"} & set(tags_of(cell)):
        return []
    shown = [_output(output) for output in cell.outputs]
    shown = [block for block in shown if block.html.strip()]
    lines = cell.source.count("\n") + 1
    call = lines <= SHORT_CALL and any(block.kind in ("figure", "card") for block in shown)
    if hidden or call:
        return shown
    code = highlight(cell.source, PythonLexer(), HtmlFormatter(cssclass="code"))
    cards = [block for block in shown if block.kind == "card"]  # the question comes first
    return [*cards, Block("code", code), *(block for block in shown if block.kind != "card")]


def _output(output: NotebookNode) -> Block:
    data = output.get("data", {})
    if page := data.get("text/html", ""):
        if minutes.CARD.search(page):
            return Block("card", page)
        return Block("figure" if minutes.IMAGE.search(page) else "result", page)
    text = data.get("text/plain") or output.get("text") or ""
    escaped = text.strip().replace("&", "&amp;").replace("<", "&lt;")
    return Block("result", f"<pre>{escaped}</pre>" if escaped else "")
