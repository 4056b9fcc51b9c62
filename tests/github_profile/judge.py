"""What a page must never hold, judged by a parser, and the hostile texts that try it."""

import re
import time
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import nh3
from hypothesis import settings
from hypothesis import strategies as st

from seminar_utils.github_profile.reading.markdown import TAGS
from seminar_utils.github_profile.reading.texts import table

# The same texts in every run, and nothing stored between runs.
SETTINGS = settings(derandomize=True, database=None, deadline=None, max_examples=200)

HOSTILE = {kind: words.split() for kind, words in table(Path(__file__).with_name("hostile.tsv"))}
RUNNING = set(HOSTILE["running"])
ADDRESSES = {"href", "src", "action", "formaction", "background", "cite", "longdesc", "poster"}
SECTION = "user-content-"  # so begin names that no page around a preview has
HIDING = {"srcset", "srcdoc", "id", "class", "name"}
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+")


def hostile() -> st.SearchStrategy[str]:
    """Return texts of tags, attributes, Markdown and arbitrary letters, in any order."""

    def joined(*parts: list[str] | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        drawn = (st.sampled_from(part) if isinstance(part, list) else part for part in parts)
        return st.tuples(*drawn).map("".join)

    quoted = [f"={quote}{value}{quote}" for value in HOSTILE["value"] for quote in ("", "'", '"')]
    attribute = joined([" ", "/", "\n", "\t"], HOSTILE["attribute"], quoted)
    attributes = st.lists(attribute, max_size=2).map("".join)
    tag = joined(["<"], HOSTILE["tag"], attributes, [">", ">", "/>", ""])
    piece = st.one_of(tag, st.sampled_from(HOSTILE["word"]), st.text(max_size=3))
    return st.lists(joined(piece, ["", "", " ", "\n", "\n\n", "    "]), max_size=8).map("".join)


@contextmanager
def quickly():
    """Fail where a text costs so much that quadratic time would be minutes."""
    start = time.process_time()
    yield
    assert time.process_time() - start < 20


class Page(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.elements, self.other, self.text = [], [], ""
        self.feed(html)
        self.close()

    def tags(self):
        return [tag for tag, _ in self.elements]

    def of(self, *tags):
        """Return the attributes of every element with one of the tags."""
        return [attributes for tag, attributes in self.elements if tag in tags]

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, {name: value or "" for name, value in attributes}))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def dangers(html: str, is_preview: bool = False) -> list[object]:
    """List what could run, ask, load or hide something.

    A preview has styles of its own, pictures only as they are written into it, no relative links.
    """
    page = Page(html)
    found = page.other
    for tag, attributes in page.elements:
        is_dead_box = attributes.get("type") == "checkbox" and "disabled" in attributes
        if tag in RUNNING or (tag == "input" and not is_dead_box):
            found.append(tag)
        for name, value in attributes.items():
            if is_preview and f"{name}={value}".startswith((f"id={SECTION}", f"href=#{SECTION}")):
                continue
            is_handler = name.startswith("on") or ":" in name or name in HIDING
            if is_handler or (name == "style" and not is_preview):
                found.append((tag, name))
            elif name in ADDRESSES and not is_harmless(tag, value, is_preview):
                found.append((tag, name, value))
    return found


def as_browsers_read(html: str) -> str:
    """Parse a page anew as a browser does, and write down all of it."""
    return nh3.clean(
        html,
        tags=TAGS["kept"] | RUNNING,
        clean_content_tags=set(),
        attributes={"*": ADDRESSES | HIDING | {"style", "type", "disabled", "checked"}},
        generic_attribute_prefixes={"on"},
        url_schemes={"http", "https", "mailto", "javascript", "vbscript", "data"},
        strip_comments=False,
        link_rel=None,
    )


def is_harmless(tag, address, is_preview):
    if is_preview and tag == "img":
        return PICTURE.fullmatch(address)
    # As browsers read it: without the blanks and codes in it.
    scheme = re.match(r"([a-z][a-z\d+.-]*):", re.sub(r"[\x00-\x20]", "", address).lower())
    known = scheme and scheme[1] in {"http", "https", "mailto"}
    return known or (scheme is None and not is_preview)
