"""A profile as GitHub shows it, and as a screen reader reads it.

Nothing in it runs and nothing is fetched: the HTML is sanitised, pictures of the repository are
written into the page, and a picture from the web is a box with its alt text.
"""

import io
import re
from base64 import b64encode
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from PIL import Image

from seminar_utils.github_profile.checks.links import is_on_the_web, path_in_repository
from seminar_utils.github_profile.reading.aloud import read_aloud
from seminar_utils.github_profile.reading.handed_in import HandedIn, read
from seminar_utils.github_profile.reading.markdown import UNSEEN, sanitise, to_html
from seminar_utils.github_profile.reading.texts import decode
from seminar_utils.paper.claims import Display

__all__ = ["as_page", "hear", "preview"]

FORMATS = ("PNG", "JPEG", "GIF")
MOST_BYTES = 5 * 2**20  # of the pictures of a page, which all go into the notebook

PAGE = (
    "border: 1px solid #d0d7de; border-radius: 6px; padding: 0 2em 1em; max-width: 56em; "
    "overflow: auto; background: white; color: #1f2328; font: 16px/1.5 sans-serif"
)
HEAD = "border-bottom: 1px solid #d0d7de; font-size: 12px; font-weight: bold; padding: 1em 0"
BOX = "display: inline-block; border: 1px dashed #59636e; color: #59636e; padding: 0.5em 1em"
LINE = "border-bottom: 1px solid #d0d7de; padding-bottom: 0.3em"
CELL = "border: 1px solid #d0d7de; background: white; color: #1f2328; padding: 0.4em 0.8em"
STYLES = {
    "blockquote": "border-left: 0.25em solid #d0d7de; color: #59636e; margin: 0; padding: 0 1em",
    "code": "background: #f6f8fa; color: #1f2328",
    "h1": LINE,
    "h2": LINE,
    "pre": "background: #f6f8fa; color: #1f2328; overflow: auto; padding: 1em",
    "td": CELL,
    "th": CELL,
}


def preview(path: str | Path) -> Display:
    """Show a profile's README.md as GitHub does.

    Args:
        path: The repository's folder, its README.md, or a zip.

    Raises:
        FileNotFoundError: There is no README.md.
        ValueError: The folder is too large to be a profile, or the text too long.
    """
    handed_in, html = _open(path)
    return _display(handed_in, as_page(html, handed_in.files), read_aloud(html))


def hear(path: str | Path) -> Display:
    """Show what is left of a profile for someone who cannot see: its text and the alt texts.

    Args:
        path: As for ``preview``.

    Raises:
        FileNotFoundError, ValueError: As ``preview``.
    """
    handed_in, html = _open(path)
    lines = read_aloud(html)
    return _display(handed_in, "".join(f"<p>{escape(line)}</p>" for line in lines), lines)


def as_page(html: str, files: dict[str, bytes]) -> str:
    """Return sanitised HTML with GitHub's look and the repository's pictures in it.

    Args:
        html: As ``sanitise`` returns it.
        files: The repository's, by path.
    """
    page = _Page(files)
    page.feed(html)
    page.close()
    return "".join(page.parts)


def _open(path: str | Path) -> tuple[HandedIn, str]:
    """Return the files and the sanitised page."""
    path = Path(path)
    handed_in = read(path.parent if path.is_file() and path.name == "README.md" else path)
    if "README.md" not in handed_in.files:
        raise FileNotFoundError(
            f"There is no README.md in {path}: give the folder that has it in its root."
        )
    text, _ = decode(handed_in.files["README.md"])
    return handed_in, sanitise(to_html(text))


def _display(handed_in: HandedIn, html: str, lines: list[str]) -> Display:
    head = f"{handed_in.name or 'profile'} / README.md"
    framed = f'<div style="{PAGE}"><div style="{HEAD}">{escape(head)}</div>{html}</div>'
    return Display(framed, "\n".join([UNSEEN.sub("", head), *lines]))


class _Page(HTMLParser):
    """Copies sanitised HTML; pictures come from the repository, and only the web is linked."""

    def __init__(self, files: dict[str, bytes]):
        super().__init__(convert_charrefs=False)
        self.files = files
        self.room = MOST_BYTES
        self.parts = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        if tag == "img":
            self.parts.append(self._picture(named))
        elif tag == "a":
            # A relative link would lead into the notebook's server.
            href = named.get("href", "")
            is_link = re.match(r"(?:https?://|mailto:)", href, re.IGNORECASE)
            target = f' href="{escape(href)}" target="_blank" rel="noopener noreferrer"'
            self.parts.append(f"<a{target if is_link else ''}>")
        else:
            style = f' style="{STYLES[tag]}"' if tag in STYLES else ""
            self.parts.append(f"<{tag}{style}{self.get_starttag_text().removeprefix(f'<{tag}')}")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def _picture(self, named: dict[str, str]) -> str:
        alt, source = escape(named.get("alt", "")), named.get("src", "")
        content = self.files.get(path_in_repository(source) or "", b"")
        kind = _format(content)
        if is_on_the_web(source):
            reason = "from the web, not loaded"
        elif not content:
            reason = "not among the files"
        elif not kind:
            reason = "no PNG, JPEG or GIF"
        elif len(content) > self.room:
            reason = "too large to be shown here"
        else:
            self.room -= len(content)
            size = "".join(
                f' {name}="{named[name]}"'
                for name in ("width", "height")
                if re.fullmatch(r"\d{1,4}%?", named.get(name, ""), re.ASCII)
            )
            data = b64encode(content).decode("ascii")
            address = f"data:image/{kind};base64,{data}"
            return f'<img src="{address}" alt="{alt}"{size} style="max-width: 100%">'
        return f'<span style="{BOX}">Picture ({reason}): {alt or "no alt text"}</span>'


def _format(content: bytes) -> str:
    """Return a picture's format in small letters, "" for none that is shown."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            return picture.format.lower()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
