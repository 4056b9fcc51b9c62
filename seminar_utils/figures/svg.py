"""Drawings without data, made by hand: the SVG files of the folder ``drawings``.

The ``<title>`` of a file is its line of data, its ``<desc>`` the alt text. All its words are
translated when it is shown.
"""

import html
import re
from dataclasses import dataclass, field
from pathlib import Path

from seminar_utils.figures.shown import Shown, image_of
from seminar_utils.language import tr, tr_words

__all__ = ["FOLDER", "drawing", "texts"]

FOLDER = Path(__file__).with_name("drawings")
TEXT = re.compile(r"(?<=>)(?P<text>[^<]*[^<\s])(?=\s*</(?:title|desc|text)>)")


@dataclass(frozen=True)
class _Drawing(Shown):
    """A drawing by hand, its line of data and its description."""

    data: str
    description: str
    svg: str = field(repr=False)  # as the file has it, in English

    def html(self) -> str:
        """Return the drawing in the current language, as an image for a web page."""

        def translated(found: re.Match) -> str:
            return html.escape(tr_words(_read(found["text"])), quote=False)

        return image_of(self.alt, TEXT.sub(translated, self.svg).encode(), "svg+xml")


def drawing(name: str) -> Shown:
    """Return the drawing of this name, such as "fable".

    Raises:
        ValueError: There is no such drawing.
    """
    files = {path.stem: path for path in sorted(FOLDER.glob("*.svg"))}
    if name not in files:
        said = {"name": name, "known": ", ".join(files)}
        raise ValueError(tr("There is no drawing {name!r}; take one of: {known}.", **said))
    svg = files[name].read_text(encoding="utf-8")
    data, description, *_ = texts(svg)
    return _Drawing(data, description, svg)


def texts(svg: str) -> list[str]:
    """Return the title, the description and every other text of a drawing."""
    return [_read(found["text"]) for found in TEXT.finditer(svg)]


def _read(text: str) -> str:
    """Return a text of a file as it is read: in one line, without escapes."""
    return " ".join(html.unescape(text).split())
