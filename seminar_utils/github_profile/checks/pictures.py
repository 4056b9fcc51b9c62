"""Pictures: are they there, described, free of scripts and metadata, and the student's own?"""

import re
from collections.abc import Iterator

from seminar_utils.github_profile.checks.findings import DEAD_WAY, Finding
from seminar_utils.github_profile.checks.patterns import patterns
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

__all__ = ["alt_texts", "cards", "local_pictures", "metadata", "svg_scripts"]

PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|tiff?)$", re.IGNORECASE)


def alt_texts(page: Page) -> Iterator[Finding]:
    """Every picture has words for those who cannot see it."""
    for element in page.all("img"):
        alt, source = element.get("alt"), element.get("src")
        if not is_meaningful(alt, source):
            said = f"only “{one_line(alt)}”" if alt else "no words"
            what = f"The picture {_named(source)} has {said} as alt text."
            why = "Whoever cannot see the picture hears the alt text, and nothing of what it shows."
            mend = (
                "Say in one sentence what the figure shows: the axes, the curves and the finding."
            )
            yield Finding("warn", element.line, what, why, mend)


def local_pictures(page: Page, files: dict[str, bytes]) -> Iterator[Finding]:
    """Every picture that is not on the web is a file of the repository that opens."""
    for line, source in _sources(page):
        if source.lower().startswith("data:"):
            what = "A picture that is written into the text (data:)."
            why = "GitHub does not show such pictures."
            mend = "Save it as a file of the repository, and write its name instead."
            yield Finding("fail", line, what, why, mend)
        elif not is_on_the_web(source) and (problem := _problem(source, files)):
            what, mend = problem
            yield Finding("fail", line, what, DEAD_WAY, mend)


def cards(page: Page, user: str = "") -> Iterator[Finding]:
    """Pictures of the page's own, not drawn by other people's servers."""
    for line, source in _sources(page):
        is_own = own_path(source, user) or source.lower().startswith("data:")
        if is_own or not is_on_the_web(source):
            continue
        if any(row.pattern.search(source) for row in patterns("counter")):
            what = f"A counter or card that another server draws: {one_line(source)}."
            why = (
                "GitHub fetches it anew for visitors, it may be gone tomorrow, no alt text can "
                "follow it, and it says nothing about what you know."
            )
            mend = "Leave it out; the checked statement says more."
        else:
            what = f"A picture from another place: {one_line(source)}."
            why = "It changes or goes when its owner wishes, and may not be yours to show."
            mend = "Put a picture of your own into the repository."
        yield Finding("advice", line, what, why, mend)


def svg_scripts(files: dict[str, bytes]) -> Iterator[Finding]:
    """No drawing in SVG carries a script."""
    why = "A drawing needs none, and it runs in the browser of whoever opens the file alone."
    for name, raw in files.items():
        if name.lower().endswith(".svg") and runs(raw):
            what = f"{one_line(name)} carries a script."
            yield Finding("fail", None, what, why, "Save the figure as PNG.")


def metadata(files: dict[str, bytes]) -> Iterator[Finding]:
    """No picture tells more than it shows."""
    for name, raw in files.items():
        if PICTURE.search(name) and (words := told(raw)):
            what = f"{one_line(name)} carries metadata: {', '.join(words)}."
            why = "Everybody who downloads the picture can read it."
            mend = "Save the picture anew without metadata; notebook 04 builds profiles so."
            yield Finding("warn", None, what, why, mend)


def _sources(page: Page) -> list[tuple[int, str]]:
    """Return the line and address of every picture, in all its sizes and colour schemes."""
    pictures = page.all("img", "source")
    return [(element.line, source) for element in pictures for source in element.sources]


def _problem(source: str, files: dict[str, bytes]) -> tuple[str, str] | None:
    """Return what is wrong with a local picture and how to mend it."""
    if not source:
        return "A picture without an address.", "Write the file's name, or delete the picture."
    content = local_file(source, files)
    if content is not None:
        mend = "Save the figure again as PNG, and look at it before you commit it."
        what = f"The file {_named(source)} is no picture that browsers show."
        return None if image_type(content) else (what, mend)
    named = f"The picture {_named(source)} is not among the files"
    if is_of_a_disk(source):
        return f"{named}: the address is one of your own disk.", "Copy it beside README.md."
    if "\\" in source or "%5c" in source.lower():
        return f"{named}.", r"Write / for \ in the address: GitHub knows no other sign."
    path = path_in_repository(source).lower()
    other = next((name for name in files if name.lower() == path), None)
    if other:
        mend = "Write the same capitals: GitHub tells them apart."
        return f"{named}, but {one_line(other)} is.", mend
    return f"{named}.", "Put the file into the repository, or correct its name."


def _named(source: str) -> str:
    address = source if is_on_the_web(source) else path_in_repository(source) or source
    return one_line(address) or "without an address"
