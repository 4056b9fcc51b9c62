"""Pictures: are they there, described, free of scripts and metadata, and the student's own?"""

import re
from collections.abc import Iterator

from seminar_utils.github_profile.checks.findings import Finding, finding
from seminar_utils.github_profile.checks.patterns import is_found
from seminar_utils.github_profile.reading.addresses import (
    is_of_a_disk,
    is_on_the_web,
    local_file,
    own_path,
    path_in_repository,
)
from seminar_utils.github_profile.reading.page import Page
from seminar_utils.github_profile.reading.pictures import image_type, is_meaningful, runs, told
from seminar_utils.github_profile.reading.texts import one_line
from seminar_utils.language import N_, Later

__all__ = ["alt_texts", "cards", "local_pictures", "metadata", "svg_scripts"]

PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|tiff?)$", re.IGNORECASE)


def alt_texts(page: Page) -> Iterator[Finding]:
    """Every picture has words for those who cannot see it."""
    for element in page.all("img"):
        alt, source = element.get("alt"), element.get("src")
        if not is_meaningful(alt, source):
            said = Later("only “{alt}”", alt=one_line(alt)) if alt else N_("no words")
            yield finding("alt", element.line, picture=_named(source), said=said)


def local_pictures(page: Page, files: dict[str, bytes]) -> Iterator[Finding]:
    """Every picture that is not on the web is a file of the repository that opens."""
    for line, source in _sources(page):
        if kind := _problem(source, files):
            path = (path_in_repository(source) or "").lower()
            other = next((name for name in files if name.lower() == path), "")
            yield finding(kind, line, picture=_named(source), other=other)


def cards(page: Page, user: str = "") -> Iterator[Finding]:
    """Pictures of the page's own, not drawn by other people's servers."""
    for line, source in _sources(page):
        is_own = own_path(source, user) or source.lower().startswith("data:")
        if is_on_the_web(source) and not is_own:
            is_card = is_found("counter", source)
            yield finding("picture_card" if is_card else "picture_other", line, source=source)


def svg_scripts(files: dict[str, bytes]) -> Iterator[Finding]:
    """No drawing in SVG carries a script."""
    for name, raw in files.items():
        if name.lower().endswith(".svg") and runs(raw):
            yield finding("runs_drawing", name=name)


def metadata(files: dict[str, bytes]) -> Iterator[Finding]:
    """No picture tells more than it shows."""
    for name, raw in files.items():
        if PICTURE.search(name) and (words := told(raw)):
            fields = {f"word{n}": word for n, word in enumerate(words)}
            sentence = ", ".join(f"{{{field}}}" for field in fields)
            yield finding("metadata", name=name, told=Later(sentence, **fields))


def _sources(page: Page) -> list[tuple[int, str]]:
    """Return the line and address of every picture, in all its sizes and colour schemes."""
    pictures = page.all("img", "source")
    return [(element.line, source) for element in pictures for source in element.sources]


def _problem(source: str, files: dict[str, bytes]) -> str:
    """Return what is wrong with a picture's address, "" for nothing or one of the web."""
    if not source or source.lower().startswith("data:"):
        return "picture_data" if source else "picture_nowhere"
    content = local_file(source, files)
    if content is not None or is_on_the_web(source):
        return "" if content is None or image_type(content) else "picture_broken"
    if is_of_a_disk(source):
        return "picture_disk"
    if "\\" in source or "%5c" in source.lower():
        return "picture_backslash"
    is_other = path_in_repository(source).lower() in map(str.lower, files)
    return "picture_capitals" if is_other else "picture_missing"


def _named(source: str) -> str:
    address = source if is_on_the_web(source) else path_in_repository(source) or source
    return address or N_("without an address")
