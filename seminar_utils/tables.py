"""Tables and other text that a page shows as HTML and a terminal as plain lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Display", "Table"]

NUMBER = re.compile(r"[-+\N{MINUS SIGN}]?[\d.,]+( [%GMKx]| points?)?")


@dataclass(frozen=True)
class Display:
    """The same content for a page and for a terminal."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the text."""
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
        """Refuse a row that does not fit."""
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(
                    f"The row {tuple(row)} has {len(row)} cells under {len(self.header)} headings: "
                    "give one cell for each."
                )

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th{self._style(i)}>{escape(name)}</th>" for i, name in enumerate(self.header)
        )
        body = "".join(
            "<tr>"
            + "".join(f"<td{self._style(i)}>{escape(str(cell))}</td>" for i, cell in enumerate(row))
            + "</tr>"
            for row in self.rows
        )
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f'<table style="font-size: 1.1em"><tr>{head}</tr>{body}</table>{note}'

    def __repr__(self) -> str:
        """Return the table as aligned lines."""
        lines = [[str(cell) for cell in row] for row in (self.header, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(
                cell.rjust(width) if self._is_number(i) else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join([*text, *[self.note] * bool(self.note)])

    def _is_number(self, column: int) -> bool:
        """Whether a column holds numbers alone."""
        cells = [str(row[column]) for row in self.rows]
        return all(NUMBER.fullmatch(cell) or not cell for cell in cells) and any(cells)

    def _style(self, column: int) -> str:
        """Return the alignment of a column's cells; a number is never broken."""
        if self._is_number(column):
            return ' style="text-align: right; white-space: nowrap"'
        return ' style="text-align: left"'
