"""Lines, tables and other text that a page shows as HTML and a terminal as plain lines.

What a table holds stays English, so that code can read it; what it shows is translated.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from seminar_utils.language import tr_words

__all__ = ["Display", "Table", "columns_of", "say"]

NUMBER = re.compile(r"[-+\N{MINUS SIGN}]?[\d.,]+( [%GMKx]| points?)?")


@dataclass(frozen=True)
class Display:
    """The same content for a page and for a terminal."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Table:
    """Rows under a header, numbers to the right, and a sentence below.

    Raises:
        ValueError: A row has more or fewer cells than the header.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""

    def __post_init__(self):
        for row in self.rows:
            if len(row) != (count := len(self.header)):
                raise ValueError(
                    f"The row {tuple(row)} has {len(row)} cells under {count} headings: "
                    "give one cell for each."
                )

    def _repr_html_(self) -> str:
        # A number is never broken.
        right, left = "text-align: right; white-space: nowrap", "text-align: left"
        styles = [right if is_number else left for is_number in self._numbers()]

        def row(tag: str, texts: Sequence[object]) -> str:
            cells = zip(styles, map(_words, texts), strict=True)
            return "".join(f'<{tag} style="{style}">{escape(x)}</{tag}>' for style, x in cells)

        body = "".join(f"<tr>{row('td', cells)}</tr>" for cells in self.rows)
        note = f"<p>{escape(tr_words(self.note))}</p>" if self.note else ""
        head = f'<table style="font-size: 1.1em"><tr>{row("th", self.header)}</tr>'
        return f"{head}{body}</table>{note}"

    def __repr__(self) -> str:
        lines = [list(map(_words, row)) for row in (self.header, *self.rows)]
        widths = [max(map(columns_of, column)) for column in zip(*lines, strict=True)]
        sides = [">" if is_number else "<" for is_number in self._numbers()]
        text = [
            "  ".join(
                f"{x:{side}{width - columns_of(x) + len(x)}}"
                for x, side, width in zip(line, sides, widths, strict=True)
            )
            for line in lines
        ]
        return "\n".join([*map(str.rstrip, text), *[tr_words(self.note)] * bool(self.note)])

    def _numbers(self) -> list[bool]:
        """Tell of each column whether it holds numbers alone."""
        columns = [[str(row[i]) for row in self.rows] for i in range(len(self.header))]
        return [any(x) and all(NUMBER.fullmatch(one) or not one for one in x) for x in columns]


def say(line: str) -> None:
    """Print a line in the language of the reader."""
    print(tr_words(line))


def _words(cell: object) -> str:
    return tr_words(cell) if isinstance(cell, str) else str(cell)


def columns_of(text: str) -> int:
    """Return how wide a terminal shows a text: a Korean letter is as wide as two Latin ones."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
