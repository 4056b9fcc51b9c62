"""What a screen reader says of a page: its text, and of each picture only the alt text."""

import re
from html.parser import HTMLParser

from seminar_utils.github_profile.reading.markdown import UNSEEN

__all__ = ["read_aloud"]

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
NAMES = """
blockquote br caption dd details div dl dt figcaption figure hr li ol p pre summary table tr ul
"""
BLOCKS = HEADINGS | set(NAMES.split())  # each begins a line


def read_aloud(html: str) -> list[str]:
    """Return the lines of a sanitised page as they are said."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (UNSEEN.sub("", line).rstrip() for line in reader.lines)
    return [line for line in lines if line]


class _Reader(HTMLParser):
    """Collects the text, with a word for what is heading, list, box or picture."""

    def __init__(self):
        super().__init__()
        self.lines = [""]
        self.in_code = 0  # open <pre>

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        if tag in BLOCKS and self.lines[-1] != "- ":
            self.lines.append("")
        if tag in HEADINGS:
            self._say(f"Heading {tag[1]}: ")
        elif tag == "li":
            self._say("- ")
        elif tag in ("td", "th") and self.lines[-1]:
            self._say(" | ")
        elif tag == "input":
            self._say("[x] " if "checked" in named else "[ ] ")
        elif tag == "img":
            alt = " ".join(named.get("alt", "").split())
            name = named.get("src", "").rpartition("/")[2]
            self._say(f"[Picture: {alt}]" if alt else f"[Picture without alt text: {name}]")
        elif tag == "pre":
            self.in_code += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.in_code -= 1
        if tag in BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self.in_code:
            first, *others = data.split("\n")
            self.lines[-1] += first
            self.lines += others
        else:
            self._say(re.sub(r"\s+", " ", data))

    def _say(self, words: str) -> None:
        line = self.lines[-1]
        self.lines[-1] += words if line and not line.endswith(" ") else words.lstrip(" ")
