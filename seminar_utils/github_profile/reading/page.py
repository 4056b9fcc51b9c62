"""README.md as GitHub's parser sees it: pictures, links, headings and tags, each with its line.

The parser notes for each block it makes which lines it comes from (``data-sourcepos``). What stands
in raw HTML carries no such note: it is looked up in the text behind the last block.
"""

import re
import string
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import unquote

import nh3

from seminar_utils.github_profile.reading import markdown
from seminar_utils.github_profile.reading.markdown import MOST_BYTES, TAGS
from seminar_utils.github_profile.reading.texts import table

__all__ = ["MAX_ELEMENTS", "Element", "Page", "read_page"]

MAX_ELEMENTS = 2_000

WANTED = {"a", "code", "img", "source"} | TAGS["running"]  # others only with attributes

# Signs that Markdown was meant, which is shown as text.
SIGNS = table("reading/signs.tsv")
MEANT = {
    kind: re.compile("|".join(row[2] for row in SIGNS if row[0] == kind), re.MULTILINE)
    for kind in ("text_html", "text_blank")
}
POSITION = re.compile(r"(\d{1,7}):\d+-(\d{1,7}):\d+")

# With every attribute and address, for what GitHub strips is to be found.
CLEANER = nh3.Cleaner(
    tags=set.union(*TAGS.values(), {"picture", "svg"}),
    clean_content_tags=set(),
    attributes={},
    generic_attribute_prefixes=set(string.ascii_lowercase),
    # A letter is a drive, as in C:\Users.
    url_schemes={*string.ascii_lowercase, "http", "https", "mailto", "tel", "data", "file"}
    | {"javascript", "vbscript"},
    link_rel=None,
)


@dataclass
class Element:
    """A tag with its attributes."""

    tag: str
    attributes: dict[str, str]
    line: int

    def get(self, name: str) -> str:
        """Return an attribute, "" for one that is not there."""
        return self.attributes.get(name, "").strip()

    @property
    def address(self) -> str:
        """Return where a link leads or a picture is, "" for other tags."""
        return self.get({"a": "href", "img": "src"}.get(self.tag, ""))

    @property
    def sources(self) -> list[str]:
        """Return a picture's address, and those for other sizes and colour schemes."""
        if self.tag not in ("img", "source"):
            return []
        several = [part.split()[0] for part in self.get("srcset").split(",") if part.strip()]
        return [self.get("src"), *several] if self.get("src") or self.tag == "img" else several


@dataclass
class Page:
    """What stands on the page."""

    elements: list[Element] = field(default_factory=list)
    # Markdown that is shown as text, as (kind of finding, line, sample): "text_html" inside raw
    # HTML, "text_blank" because it is not well-formed.
    samples: list[tuple[str, int, str]] = field(default_factory=list)
    is_whole: bool = True  # False where there is more than was looked at

    def all(self, *tags: str) -> list[Element]:
        """Return the elements with one of the tags, in the page's order."""
        return [element for element in self.elements if element.tag in tags]


def read_page(text: str) -> Page:
    """Parse the text of a README.md whose lines end in LF."""
    raw = text.encode("utf-8")
    cut = raw[:MOST_BYTES].decode("utf-8", "ignore")
    try:
        html = markdown.to_html(cut, with_lines=True)
    except ValueError:
        return Page(is_whole=False)
    reader = _Reader(cut)
    take = {"start": reader.opened, "end": reader.closed, "text": reader.said}
    for step in markdown.walk(CLEANER.clean(html)):
        take[step.kind](step)
    reader.page.is_whole &= len(raw) <= MOST_BYTES
    return reader.page


class _Open(NamedTuple):
    """A tag that is not closed yet."""

    tag: str
    block_end: int | None  # the last line of what the parser made into this tag
    is_raw: bool  # the text in it comes from raw HTML
    is_literal: bool


class _Reader:
    """Collects the elements of well-formed HTML and finds their lines in the Markdown."""

    def __init__(self, text: str):
        self.page = Page()
        self.text = text
        self.starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self.window = (0, len(text))  # where the next element stands
        self.open = [_Open("", None, True, False)]  # the page itself is never closed

    def opened(self, step: markdown.Step) -> None:
        tag, attributes, parent = step.tag, step.attributes, self.open[-1]
        position = POSITION.fullmatch(attributes.pop("data-sourcepos", ""))
        first, last = map(int, position.groups()) if position else (0, None)
        is_raw = not position and (parent.is_raw or tag not in TAGS["inline"] | TAGS["void"])
        if position:
            self.window = (self._start(first), self._start(last + 1))
        elif is_raw:
            self.window = (self.window[0], len(self.text))
        element, is_wanted = Element(tag, attributes, first), bool(attributes) or tag in WANTED
        if len(self.page.elements) == MAX_ELEMENTS:
            self.page.is_whole &= not is_wanted
        elif is_wanted:
            address = next(filter(None, map(attributes.get, ("src", "href", "srcset"))), "")
            needles = [address, unquote(address)] if address else []
            if address or not first:
                element.line = self._line(*needles, f"<{tag}")
            self.page.elements.append(element)
        if tag not in TAGS["void"]:
            is_literal = parent.is_literal or tag in TAGS["literal"]
            self.open.append(_Open(tag, last, is_raw, is_literal))

    def closed(self, step: markdown.Step) -> None:
        if self.open[-1].tag == step.tag and (end := self.open.pop().block_end) is not None:
            self.window = (self._start(end + 1), len(self.text))

    def said(self, step: markdown.Step) -> None:
        parent = self.open[-1]
        kind = "text_html" if parent.is_raw else "text_blank"
        for found in () if parent.is_literal else MEANT[kind].finditer(step.text):
            if len(self.page.samples) < MAX_ELEMENTS:
                sample = found[0].strip()
                self.page.samples.append((kind, self._line(sample), sample))

    def _line(self, *needles: str) -> int:
        """Return the line of the first needle that stands in the window, else behind its start."""
        start, end = self.window
        inside = [(needle, end) for needle in needles]
        # Addresses may stand further down, as in [name]: address.
        below = [(needle, len(self.text)) for needle in needles if not needle.startswith("<")]
        for needle, stop in inside + below:
            found = self.text.find(needle, start, stop)
            if found >= 0:
                self.window = (found + len(needle), end)
                return bisect_right(self.starts, found)
        return bisect_right(self.starts, min(start, len(self.text)))

    def _start(self, line: int) -> int:
        """Return where a line begins, the end for a line behind the last."""
        return self.starts[min(line, len(self.starts)) - 1]
