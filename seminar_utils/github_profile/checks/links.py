"""Do links lead somewhere: to a section of the page, to a file of the repository, to the web?"""

from collections.abc import Iterator
from urllib.parse import unquote

from seminar_utils.github_profile.checks.findings import DEAD_WAY, Finding
from seminar_utils.github_profile.checks.patterns import patterns
from seminar_utils.github_profile.reading import addresses
from seminar_utils.github_profile.reading.markdown import HEADINGS, section_names
from seminar_utils.github_profile.reading.page import Page
from seminar_utils.github_profile.reading.texts import one_line

__all__ = ["links"]

ALWAYS_THERE = {"", "top", "readme"}


def links(page: Page, files: dict[str, bytes]) -> Iterator[Finding]:
    """Every link leads to a section, a file or a well-formed address of the web."""
    anchors = _anchors(page)
    for element in page.all("a", "img"):
        address = element.get("href" if element.tag == "a" else "src")
        name = unquote(address)
        if addresses.DOUBLED.match(address):
            what = f"An address with two beginnings: {one_line(address)}."
            why = "It leads nowhere: an address begins once with https://."
            mend = "Delete the first https:// and try the link."
            yield Finding("warn", element.line, what, why, mend)
        if any(row.pattern.search(address) for row in patterns("dead")):
            what = f"An address of a server that answers no more: {one_line(address)}."
            yield Finding("warn", element.line, what, DEAD_WAY, "Delete it.")
        if element.tag == "img" or not address or addresses.is_on_the_web(address):
            continue
        if address.startswith("#"):
            what = f"The link {one_line(name)} leads to no section of the page."
            why = (
                "GitHub names a section after its heading: small letters, hyphens for blanks, "
                "no signs."
            )
            mend = "Write the link anew from the heading's words, as in #my-figure for My figure!"
            if name[1:].lower().removeprefix("user-content-") not in anchors:
                yield Finding("fail", element.line, what, why, mend)
        elif not addresses.leads_to_a_page(address, files):
            what = f"The link {one_line(name)} leads to no file of the repository."
            mend = "Put the file into the repository, or correct the link."
            if addresses.BARE_HOST.match(address):
                once = f"https://{one_line(address)}"
                mend = f"If it is a page of the web, write https:// before it: {once}"
            yield Finding("fail", element.line, what, DEAD_WAY, mend)


def _anchors(page: Page) -> set[str]:
    """Return the names that a link to a section may have, as GitHub makes them of headings."""
    names = (element.get(name).lower() for element in page.elements for name in ("id", "name"))
    headings = section_names(element.text for element in page.all(*HEADINGS))
    return {*ALWAYS_THERE, *names, *headings}
