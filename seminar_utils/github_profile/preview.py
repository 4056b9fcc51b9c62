"""A profile as GitHub shows it, and as a screen reader reads it.

Nothing in it runs and nothing is fetched: the HTML is sanitised, pictures of the repository are
written into the page, and a picture from the web is a box with its alt text. What GitHub draws and
the preview does not, diagrams and formulas, is named below the page.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from pathlib import Path

from seminar_utils.github_profile.reading import markdown
from seminar_utils.github_profile.reading.addresses import FOLLOWED, is_on_the_web, local_file
from seminar_utils.github_profile.reading.handed_in import read
from seminar_utils.github_profile.reading.pictures import image_type, runs
from seminar_utils.github_profile.reading.texts import decode, message, table
from seminar_utils.language import N_, Later, tr
from seminar_utils.tables import Display

__all__ = ["as_page", "hear", "preview", "read_aloud"]

MOST_BYTES = 5 * 2**20  # of the pictures of a page, which all go into the notebook

STYLES = dict(table("styles.tsv"))  # of tags, of the page, its head, and its boxes
SIZE = re.compile(r"\d{1,4}%?", re.ASCII)
ALIGN = re.compile("left|right|center|middle|top|bottom")
ANCHOR = "user-content-"  # as on GitHub, so that no name of a section is one of the page around it

# GitHub's boxes, and its short codes where they differ from the letter's name in Unicode.
ALERT = re.compile(
    r"(<blockquote[^>]*>\s*(?:<p[^>]*>\s*)?)\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*"
)
SHORT_CODE = re.compile(r":([a-z0-9_+-]{2,30}):")
EMOJI = dict(table("short_codes.tsv"))
# Drawn by GitHub and not here: blocks of code by language, and formulas in a text.
DIAGRAMS = {name: Later(drawn) for name, drawn in table("undrawn.tsv")}
FORMULA = re.compile(r"\$\$[^$]+\$\$|(?<![\w$])\$[^\s$](?:[^$\n]{0,200}[^\s$])?\$(?![\w$])")


def preview(path: str | Path) -> Display:
    """Show a profile's README.md as GitHub does.

    Args:
        path: The repository's folder, its README.md, or a zip.

    Raises:
        FileNotFoundError: There is no README.md.
        ValueError: The folder is too large to be a profile, or the text too long.
    """
    name, files, html = _open(path)
    page, lines = as_page(html, files), read_aloud(html)
    if undrawn := ", ".join(map(tr, dict.fromkeys(_undrawn(html)))):
        note = tr("GitHub draws what this preview does not: {undrawn}.", undrawn=undrawn)
        page, lines = f"{page}<p><i>{note}</i></p>", [*lines, f"[{note}]"]
    return _display(name, page, lines)


def hear(path: str | Path) -> Display:
    """Show what is left of a profile for someone who cannot see: its text and the alt texts.

    Args and errors are those of ``preview``.
    """
    name, _, html = _open(path)
    lines = read_aloud(html)
    return _display(name, "".join(f"<p>{escape(line)}</p>" for line in lines), lines)


def as_page(html: str, files: dict[str, bytes]) -> str:
    """Return sanitised HTML with GitHub's look and the repository's pictures in it."""
    parts, room = [], MOST_BYTES
    for kind, tag, attributes, text in _steps(html):
        part = escape(text, quote=False) if kind == "text" else f"</{tag}>"
        if kind == "start" and tag == "img":
            part, size = _picture(attributes, files, room)
            room -= size
        elif kind == "start" and tag == "a":
            part = _link(attributes.get("href", ""))
        elif kind == "start":
            section = attributes.get("#")
            anchor = "" if section is None else f' id="{ANCHOR}{escape(section)}"'
            part = f"<{tag}{anchor}{_style(tag)}{text.removeprefix(f'<{tag}')}"
        parts.append(part)
    return "".join(parts)


def read_aloud(html: str) -> list[str]:
    """Return a sanitised page as a screen reader says it: words for headings, boxes, pictures."""
    lines = [""]
    for kind, tag, attributes, text in _steps(html):
        if kind == "text" and tag == "pre":
            first, *others = text.split("\n")
            lines[-1] += first
            lines += others
            continue
        if tag in markdown.TAGS["block"] and not (kind == "start" and lines[-1] == "- "):
            lines.append("")
        words = re.sub(r"\s+", " ", text)
        if kind != "text":
            words = _said(tag, attributes, lines[-1]) if kind == "start" else ""
        lines[-1] += words if lines[-1] and not lines[-1].endswith(" ") else words.lstrip(" ")
    seen = (markdown.UNSEEN.sub("", line).rstrip() for line in lines)
    return [line for line in seen if line]


def _said(tag: str, attributes: dict[str, str], before: str) -> str:
    """Return the words for a tag that opens, "" for most."""
    if tag in markdown.TAGS["heading"]:
        return tr("Heading {n}: ", n=tag[1])
    if tag == "img":
        name = attributes.get("src", "").rpartition("/")[2]
        without = tr("[Picture without alt text: {name}]", name=name)
        alt = " ".join(attributes.get("alt", "").split())
        return tr("[Picture: {alt}]", alt=alt) if alt else without
    cell, box = " | " if before else "", "[x] " if "checked" in attributes else "[ ] "
    return {"li": "- ", "td": cell, "th": cell, "input": box}.get(tag, "")


def _steps(html: str) -> Iterator[markdown.Step]:
    """Walk over a page, emoji and heads of boxes in place of their codes.

    The tag of a text inside code is "pre" or "code".
    """
    code = []  # what is open of the two
    html = ALERT.sub(lambda box: f"{box[1]}<strong>{box[2].title()}</strong><br>", html)
    for step in markdown.walk(html):
        if step.tag in ("pre", "code"):
            code = [*code, step.tag] if step.kind == "start" else code[:-1]
        elif step.kind == "text":
            words = step.text if code else SHORT_CODE.sub(_emoji, step.text)
            step = step._replace(tag="pre" if "pre" in code else "".join(code[:1]), text=words)
        yield step


def _undrawn(html: str) -> Iterator[str]:
    """Name what is shown as text here, and drawn on GitHub."""
    for kind, tag, attributes, text in _steps(html):
        if diagram := DIAGRAMS.get(attributes.get("lang", "")):
            yield diagram
        if kind == "text" and not tag and FORMULA.search(text):
            yield DIAGRAMS["math"]


def _emoji(code: re.Match) -> str:
    """Return the letter that a short code means; a code that is unknown stays."""
    try:
        letter = EMOJI.get(code[1]) or unicodedata.lookup(code[1].replace("_", " "))
    except KeyError:
        return code[0]
    return letter if unicodedata.category(letter[0]) == "So" else code[0]


def _open(path: str | Path) -> tuple[str, dict[str, bytes], str]:
    """Return the repository's name, its files and the sanitised page."""
    path = Path(path)
    name, files = read(path.parent if path.is_file() and path.name == "README.md" else path)
    if "README.md" not in files:
        raise FileNotFoundError(message("readme_missing", path=path))
    text, _ = decode(files["README.md"])
    return name or "profile", files, markdown.sanitise(markdown.to_html(text))


def _display(name: str, html: str, lines: list[str]) -> Display:
    head = f"{name} / README.md"
    framed = f"<div{_style('page')}><div{_style('head')}>{escape(head)}</div>{html}</div>"
    return Display(framed, "\n".join([markdown.UNSEEN.sub("", head), *lines]))


def _style(name: str) -> str:
    return f' style="{STYLES[name]}"' if name in STYLES else ""


def _link(href: str) -> str:
    """Return the tag of a link, which leads to the web or to a section, or nowhere."""
    if href.startswith("#"):
        return f'<a href="#{ANCHOR}{escape(href[1:].removeprefix(ANCHOR).lower())}">'
    outside = f' href="{escape(href)}" target="_blank" rel="noopener noreferrer"'
    return f"<a{outside if FOLLOWED.match(href) else ''}>"


def _picture(attributes: dict[str, str], files: dict[str, bytes], room: int) -> tuple[str, int]:
    """Return a picture, or a box in its place, and the bytes that it takes."""
    alt, source = escape(attributes.get("alt", "")), attributes.get("src", "")
    content = local_file(source, files) or b""
    kind = image_type(content)
    reasons = (
        (is_on_the_web(source), N_("from the web, not loaded")),
        (not content, N_("not among the files")),
        (kind in ("", "bmp"), N_("no picture that GitHub shows")),
        (kind == "svg" and runs(content), N_("it carries a script")),
        (len(content) > room, N_("too large to be shown here")),
    )
    for is_so, reason in reasons:
        if is_so:
            words = tr("Picture ({reason}): {alt}", reason=reason, alt=alt or N_("no alt text"))
            return f'<span style="{STYLES["box"]}">{words}</span>', 0
    layout = "".join(
        f' {name}="{attributes[name]}"'
        for name, form in (("width", SIZE), ("height", SIZE), ("align", ALIGN))
        if form.fullmatch(attributes.get(name, ""))
    )
    mime = "svg+xml" if kind == "svg" else kind
    data = f"data:image/{mime};base64,{b64encode(content).decode('ascii')}"
    return f'<img src="{data}" alt="{alt}"{layout} style="max-width: 100%">', len(content)
