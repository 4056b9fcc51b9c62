"""Is README.md where GitHub looks for it, can it be read, and does it show what was meant?"""

import re
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter

from seminar_utils.github_profile.checks.findings import Finding, finding
from seminar_utils.github_profile.checks.patterns import patterns
from seminar_utils.github_profile.profile_text import models
from seminar_utils.github_profile.reading.addresses import is_script
from seminar_utils.github_profile.reading.page import RUNNING, Page
from seminar_utils.language import N_, Later

__all__ = [
    *("encoding", "placeholders", "readme_file", "repository_name", "scripts", "shown_as_text"),
    *("styles", "template", "too_long"),
]

MOST_PLACEHOLDERS = 100  # a hostile text may hold a million
# GitHub's downloads are named NAME-main, and systems add to the name of a copy.
COPY = re.compile(
    r"(?:[-_](?:main|master))?(?:[ _]*\(\d+\)| - (?:복사본|copy)| copy)*$", re.IGNORECASE
)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def repository_name(name: str | None, user: str) -> list[Finding]:
    """The repository bears the user's name, whatever the case of its letters; None: a bare zip."""
    if name is None:
        return [finding("name_hidden", user=user)]
    is_right = user.lower() in {name.lower(), COPY.sub("", name).lower()}
    return [] if is_right else [finding("name_other", name=name, user=user)]


def readme_file(files: dict[str, bytes]) -> list[Finding]:
    """README.md lies in the root and is not empty."""
    in_root = {name.lower(): name for name in files if "/" not in name}
    deeper = sorted(name for name in files if name.lower().endswith("/readme.md"))
    other = next((name for name in in_root if name.partition(".")[0] == "readme"), None)
    if "README.md" in files:
        is_empty = not files["README.md"].strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
        return [finding("readme_empty")] if is_empty else []
    if other:
        return [finding("readme_other", name=in_root[other])]
    if deeper:
        return [finding("readme_deeper", name=deeper[0])]
    has_zip = any(name.lower().endswith(".zip") for name in files)
    return [
        finding("readme_missing", hint=N_(", and a zip inside is not opened") if has_zip else "")
    ]


def encoding(found: str) -> list[Finding]:
    """README.md is UTF-8 without a byte-order mark; ``found`` as ``texts.decode`` says."""
    if found == "UTF-8":
        return []
    if found == "UTF-8 with a byte-order mark":
        return [finding("byte_order", 1)]
    if found == "unknown":
        return [finding("encoding", found=N_(", and in no other encoding known here"))]
    return [finding("encoding", found=Later(" but as {encoding}", encoding=found))]


def scripts(page: Page) -> Iterator[Finding]:
    """Nothing on the page wants to run or to ask: GitHub strips scripts, handlers and frames."""
    for element in page.elements:
        handler = next((name for name in element.attributes if name.startswith("on")), "")
        kind = "runs_tag" if element.tag in RUNNING else "runs_handler" if handler else ""
        if any(is_script(element.get(name)) for name in ("href", "src", "xlink:href")):
            kind = kind or "runs_address"
        if kind:
            yield finding(kind, element.line, tag=element.tag, handler=handler)


def shown_as_text(page: Page) -> Iterator[Finding]:
    """No Markdown is shown as text because raw HTML swallowed it or an address has a blank."""
    for kind, samples in (("text_html", page.in_html), ("text_blank", page.unread)):
        for line, sample in samples:
            yield finding(kind, line, sample=sample)


def styles(page: Page) -> Iterator[Finding]:
    """No style is given where GitHub takes it away."""
    for element in page.elements:
        if element.get("style"):
            yield finding("style", element.line, tag=element.tag)


def too_long(page: Page) -> list[Finding]:
    """The check saw the whole page."""
    return [] if page.is_whole else [finding("too_long")]


def template(text: str) -> list[Finding]:
    """The page says more than the model page that notebook 04 builds."""
    lines = re.split(r"\n|\*\* ", text.replace("\\", ""))
    own = ("about", "surprised", "open_question")
    left = [key for key in own if not {*models(key).split("\n")}.isdisjoint(lines)]
    return [finding("template", fields=", ".join(left))] if left else []


def placeholders(text: str) -> Iterator[Finding]:
    """No text of a template was left to be filled in."""
    shown = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    (row,) = patterns("placeholder")
    searched = enumerate(map(row.pattern.search, shown.split("\n")), 1)
    for line, found in islice(filter(itemgetter(1), searched), MOST_PLACEHOLDERS):
        yield finding("placeholder", line, found=found[0])
