"""Do links lead somewhere: to a section of the page, to a file of the repository, to the web?"""

from collections.abc import Iterator
from urllib.parse import unquote

from seminar_utils.github_profile.checks.findings import Finding, finding
from seminar_utils.github_profile.checks.patterns import is_found
from seminar_utils.github_profile.reading import addresses
from seminar_utils.github_profile.reading.markdown import HEADINGS, section_names
from seminar_utils.github_profile.reading.page import Page

__all__ = ["links"]

ALWAYS_THERE = {"", "top", "readme"}


def links(page: Page, files: dict[str, bytes]) -> Iterator[Finding]:
    """Every link leads to a section, a file or a well-formed address of the web."""
    anchors = _anchors(page)
    for element in page.all("a", "img"):
        address, line = element.get("href" if element.tag == "a" else "src"), element.line
        name = unquote(address)
        if addresses.DOUBLED.match(address):
            yield finding("doubled", line, address=address)
        if is_found("dead", address):
            yield finding("dead", line, address=address)
        if element.tag == "img" or not address or addresses.is_on_the_web(address):
            continue
        if address.startswith("#"):
            if name[1:].lower().removeprefix("user-content-") not in anchors:
                yield finding("section", line, name=name)
        elif not addresses.leads_to_a_page(address, files):
            bare = addresses.BARE_HOST.match(address)
            yield finding("link_bare" if bare else "link", line, name=name)


def _anchors(page: Page) -> set[str]:
    """Return the names that a link to a section may have, as GitHub makes them of headings."""
    names = (element.get(name).lower() for element in page.elements for name in ("id", "name"))
    headings = section_names(element.text for element in page.all(*HEADINGS))
    return {*ALWAYS_THERE, *names, *headings}
