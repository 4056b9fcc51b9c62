"""The page: is it where GitHub looks for it; does what is on it run, lead nowhere, or stay unseen?

The files beside it: what do they tell?
"""

import re
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from urllib.parse import unquote

from seminar_utils.github_profile.checks import tables
from seminar_utils.github_profile.checks.tables import Finding, finding, is_found
from seminar_utils.github_profile.profile_text import models
from seminar_utils.github_profile.reading import addresses
from seminar_utils.github_profile.reading.markdown import TAGS
from seminar_utils.github_profile.reading.page import Element, Page
from seminar_utils.github_profile.reading.pictures import image_type, runs, told
from seminar_utils.github_profile.reading.texts import one_line
from seminar_utils.language import N_, Later

__all__ = ["beside", "encoding", "on_page", "readme_file", "repository_name", "words"]

MOST_PLACEHOLDERS = 100  # a hostile text may hold a million
# GitHub's downloads are named NAME-main, and systems add to the name of a copy.
COPY = re.compile(
    r"(?:[-_](?:main|master))?(?:[ _]*\(\d+\)| - (?:복사본|copy)| copy)*$", re.IGNORECASE
)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def repository_name(name: str | None, user: str) -> Iterator[Finding]:
    """The repository bears the user's name, whatever the case of its letters; None: a bare zip."""
    if name is None:
        yield finding("name_hidden", user=user)
    elif user.lower() not in {name.lower(), COPY.sub("", name).lower()}:
        yield finding("name_other", name=name, user=user)


def readme_file(files: dict[str, bytes]) -> list[Finding]:
    """README.md lies in the root and is not empty."""
    if "README.md" in files:
        is_empty = not files["README.md"].strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
        return [finding("readme_empty")] if is_empty else []
    for name in files:
        if "/" not in name and name.lower().partition(".")[0] == "readme":
            return [finding("readme_other", name=name)]
    if deeper := [name for name in files if name.lower().endswith("/readme.md")]:
        return [finding("readme_deeper", name=min(deeper))]
    has_zip = any(name.lower().endswith(".zip") for name in files)
    inside = N_(", and a zip inside is not opened") if has_zip else ""
    return [finding("readme_missing", hint=inside)]


def encoding(found: str) -> Iterator[Finding]:
    """README.md is UTF-8 without a byte-order mark; ``found`` as ``texts.decode`` says."""
    if found == "unknown":
        yield finding("encoding", found=N_(", and in no other encoding known here"))
    elif found.startswith("UTF-8 "):
        yield finding("byte_order", 1)
    elif found != "UTF-8":
        yield finding("encoding", found=Later(" but as {encoding}", encoding=found))


def beside(files: dict[str, bytes]) -> Iterator[Finding]:
    """No drawing carries a script, no picture tells more than it shows, nothing hides in a file."""
    for name, raw in files.items():
        if name.lower().endswith(".svg") and runs(raw):
            yield finding("runs_drawing", name=name)
        if is_found("archive", name):
            yield finding("archive", name=name)
        if is_found("picture", name) and (words := told(raw)):
            fields = {f"word{n}": word for n, word in enumerate(words)}
            sentence = ", ".join(f"{{{field}}}" for field in fields)
            yield finding("metadata", name=name, told=Later(sentence, **fields))


def on_page(page: Page, files: dict[str, bytes], user: str = "") -> Iterator[Finding]:
    """Look at each element once, and at what was meant as one; the user's pictures are its own."""
    if not page.is_whole:
        yield finding("too_long")
    for kind, line, sample in page.samples:
        yield finding(kind, line, sample=sample)
    sections = {"top", "readme"}
    for element in page.elements:
        sections |= {element.get(name).lower() for name in ("id", "name", "#")}
    for element in page.elements:
        tag, line, address = element.tag, element.line, element.address
        handler = next((name for name in element.attributes if name.startswith("on")), "")
        kinds = [_running(element, handler), _link(address, files, sections) if tag == "a" else ""]
        kinds += [kind for kind in ("doubled", "dead") if is_found(kind, address)]
        kinds += ["style"] * bool(element.get("style"))
        said = {"tag": tag, "handler": handler, "address": address, "name": unquote(address)}
        yield from (finding(kind, line, **said) for kind in kinds if kind)
        for source in element.sources:
            if kind := _picture(source, files, user):
                path = (addresses.path_in_repository(source) or "").lower()
                other = next((name for name in files if name.lower() == path), "")
                yield finding(kind, line, picture=_named(source), other=other, source=source)
        alt = element.get("alt")
        if tag == "img" and not tables.is_meaningful(alt, address):
            said = Later("only “{alt}”", alt=one_line(alt)) if alt else N_("no words")
            yield finding("alt", line, picture=_named(address), said=said)


def words(text: str) -> Iterator[Finding]:
    """Find what is left of a template: of notebook 04's model page, or a place to fill in."""
    lines = re.split(r"\n|\*\* ", text.replace("\\", ""))
    own = ("about", "surprised", "open_question")
    if left := [key for key in own if not {*models(key).split("\n")}.isdisjoint(lines)]:
        yield finding("template", fields=", ".join(left))
    shown = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    (row,) = tables.patterns("placeholder")
    searched = enumerate(map(row.pattern.search, shown.split("\n")), 1)
    for line, found in islice(filter(itemgetter(1), searched), MOST_PLACEHOLDERS):
        yield finding("placeholder", line, found=found[0])


def _running(element: Element, handler: str) -> str:
    """Return what wants to run or to ask in a tag, "" for nothing: GitHub strips it."""
    if element.tag in TAGS["running"]:
        return "runs_tag"
    # A browser ignores blanks and line ends in an address.
    plain = (re.sub(r"[\s\x00-\x1f]", "", element.get(x)) for x in ("href", "src", "xlink:href"))
    is_script = any(is_found("script", address) for address in plain)
    return "runs_handler" if handler else "runs_address" if is_script else ""


def _link(address: str, files: dict[str, bytes], sections: set[str]) -> str:
    """Return what is wrong with a link, "" for nothing or one of the web."""
    if addresses.is_on_the_web(address):
        return ""
    if not address or address.startswith("#"):
        name = unquote(address)[1:].lower().removeprefix("user-content-")
        return "" if name in sections else "section"
    path = addresses.path_in_repository(address)
    is_page = path == "" if path is not None else is_found("github", address)
    if is_page or (path and any(f"{name}/".startswith(f"{path}/") for name in files)):
        return ""
    return "link_bare" if is_found("bare", address) else "link"


def _picture(source: str, files: dict[str, bytes], user: str) -> str:
    """Return what is wrong with a picture's address, "" for nothing."""
    if not source or source.lower().startswith("data:"):
        return "picture_data" if source else "picture_nowhere"
    if addresses.is_on_the_web(source):
        other = "picture_card" if is_found("counter", source) else "picture_other"
        return "" if addresses.is_own(source, user) else other
    path = addresses.path_in_repository(source)
    if path in files:
        return "" if image_type(files[path]) else "picture_broken"
    if path is None or is_found("disk", source):
        return "picture_disk"
    if "\\" in path:
        return "picture_backslash"
    return "picture_capitals" if path.lower() in map(str.lower, files) else "picture_missing"


def _named(source: str) -> str:
    is_file = not addresses.is_on_the_web(source)
    path = addresses.path_in_repository(source) if is_file else ""
    return path or source or N_("without an address")
