"""Markdown as GitHub shows it: GitHub's parser, an allowlist of harmless HTML, one walk over it.

    steps = walk(sanitise(to_html(text)))

``to_html`` keeps the HTML that a README contains, so its result is not safe to show; ``sanitise``
makes it so. ``walk`` wants well-formed HTML as ``sanitise`` returns it: Python's own parser needs
minutes for some broken HTML of a few kilobytes, and for some it raises an error.

Source: GitHub Flavored Markdown Spec, 0.29-gfm; the parser is cmark-gfm, the sanitiser ammonia.
"""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import NamedTuple

import nh3
from cmarkgfm.cmark import Options, markdown_to_html_with_extensions

from seminar_utils.github_profile.reading.texts import refuse_if, table

__all__ = ["MOST_BYTES", "TAGS", "UNSEEN", "Step", "sanitise", "to_html", "walk"]

MOST_BYTES = 500 * 1024  # GitHub cuts a longer README off
MOST_TAGS = 40_000  # deeper nesting than this takes the sanitiser minutes

# Control codes, halves of letters, and what turns the direction of writing.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

# Unsafe: raw HTML is kept. Lang: a block of code has its language where GitHub puts it.
OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES | Options.CMARK_OPT_GITHUB_PRE_LANG
EXTENSIONS = ["table", "autolink", "strikethrough", "tasklist"]
# The parser writes these two letters, which are none, in bytes that nothing can read.
NO_LETTER = re.compile("&#(?:0*6553[45]|x0*fff[ef]);", re.IGNORECASE)

# By what they are: kept by GitHub, heading, block (each begins a line), inline, void (they have no
# end), literal (Markdown is not meant in these), running.
TAGS = {kind: set(tags.split()) for kind, tags in table("reading/tags.tsv")}
CLEANER = nh3.Cleaner(
    tags=TAGS["kept"],
    attributes={tag: set(names.split()) for tag, names in table("reading/attributes.tsv")},
    # The only input is a box of a task list, which nobody can tick.
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    url_schemes={"http", "https", "mailto"},
)


def to_html(text: str, with_lines: bool = False) -> str:
    """Turn Markdown into HTML with GitHub's extensions; the HTML in it stays, so it is not safe.

    As on GitHub, tags such as ``<script>`` and ``<iframe>`` become text: ``&lt;script>``. With
    lines, every tag stays a tag, and each block notes where it comes from (``data-sourcepos``).

    Raises:
        ValueError: The text is longer, or the page larger, than anybody's README.
    """
    size = len(text.encode("utf-8"))
    refuse_if(size > MOST_BYTES, "readme_long", n=size, most=MOST_BYTES)
    options = OPTIONS | (Options.CMARK_OPT_SOURCEPOS if with_lines else 0)
    extensions = EXTENSIONS if with_lines else [*EXTENSIONS, "tagfilter"]
    html = markdown_to_html_with_extensions(NO_LETTER.sub("\ufffd", text), options, extensions)
    number = html.count("<")
    refuse_if(number > MOST_TAGS, "readme_tags", n=number, most=MOST_TAGS)
    return html


def sanitise(html: str) -> str:
    """Keep the harmless part of HTML, well-formed: no scripts, styles, forms, handlers, ids.

    Links and pictures keep addresses that are relative or begin with http, https or mailto.
    """
    return CLEANER.clean(html)


class Step(NamedTuple):
    """A tag that opens or closes, or the text between two tags."""

    kind: str  # "start", "end" or "text"
    tag: str  # "" for a text
    attributes: dict[str, str]  # "#" of a heading: the name of its section
    text: str  # without entities; of a tag that opens, all of it as it is written


def walk(html: str) -> list[Step]:
    """Return what stands in well-formed HTML, in its order; sections are named as on GitHub."""
    walker = _Walker()
    walker.feed(html)
    walker.close()
    seen, heading, text = Counter(), {}, ""
    for step in walker.steps:
        if step.kind == "text":
            text += step.text
        elif step.tag in TAGS["heading"] and step.kind == "start":
            heading, text = step.attributes, ""
        elif step.tag in TAGS["heading"]:
            name = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
            heading["#"] = f"{name}-{seen[name]}" if seen[name] else name
            seen[name] += 1
    return walker.steps


class _Walker(HTMLParser):
    CDATA_CONTENT_ELEMENTS = ("script", "style", "iframe")  # nothing in these is a tag

    def __init__(self):
        super().__init__()
        self.steps: list[Step] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self.steps.append(Step("start", tag, dict(attrs), self.get_starttag_text()))

    def handle_endtag(self, tag: str) -> None:
        self.steps.append(Step("end", tag, {}, ""))

    def handle_data(self, data: str) -> None:
        self.steps.append(Step("text", "", {}, data))
