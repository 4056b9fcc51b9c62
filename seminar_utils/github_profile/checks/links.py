"""Do links lead somewhere: to a section of the page, to a file of the repository, to the web?"""

import re
from urllib.parse import unquote

from seminar_utils.github_profile.checks.findings import DEAD_WAY, Finding
from seminar_utils.github_profile.reading import addresses
from seminar_utils.github_profile.reading.markdown import HEADINGS
from seminar_utils.github_profile.reading.page import Page
from seminar_utils.github_profile.reading.texts import one_line

__all__ = ["links"]

ALWAYS_THERE = {"", "top", "readme"}


def links(page: Page, files: dict[str, bytes]) -> list[Finding]:
    """Every link leads to a section, a file or a well-formed address of the web."""
    findings = []
    anchors = _anchors(page)
    for element in [*page.all("a"), *page.all("img")]:
        address = element.get("href" if element.tag == "a" else "src")
        if addresses.is_doubled(address):
            what = f"An address with two beginnings: {one_line(address)}."
            why = "It leads nowhere: an address begins once with https://."
            mend = "Delete the first https:// and try the link."
            findings.append(Finding("warn", element.line, what, why, mend))
        if element.tag == "a" and (problem := _problem(address, anchors, files)):
            findings.append(Finding("fail", element.line, *problem))
    return findings


def _problem(
    address: str, anchors: set[str], files: dict[str, bytes]
) -> tuple[str, str, str] | None:
    """Return what is wrong with a link's address, why, and how to mend it."""
    link = f"The link {one_line(unquote(address))} leads to no"
    if address.startswith("#"):
        if unquote(address[1:]).lower().removeprefix("user-content-") in anchors:
            return None
        why = (
            "GitHub names a section after its heading: small letters, hyphens for blanks, no signs."
        )
        mend = "Write the link anew from the heading's words, as in #my-figure for My figure!"
        return f"{link} section of the page.", why, mend
    is_fine = addresses.is_on_the_web(address) or addresses.leads_to_a_page(address, files)
    if not address or is_fine:
        return None
    mend = "Put the file into the repository, or correct the link."
    if addresses.lacks_scheme(address):
        mend = f"If it is a page of the web, write https:// before it: https://{one_line(address)}"
    return f"{link} file of the repository.", DEAD_WAY, mend


def _anchors(page: Page) -> set[str]:
    """Return the names that a link to a section may have, as GitHub makes them of headings."""
    anchors, seen = set(ALWAYS_THERE), {}
    for element in page.elements:
        attributes = element.attributes
        anchors |= {attributes[name].lower() for name in ("id", "name") if name in attributes}
        if element.tag in HEADINGS:
            letters = re.sub(r"[^\w\- ]", "", element.text.strip().lower())
            slug = letters.replace(" ", "-")
            number = seen[slug] = seen.get(slug, -1) + 1
            anchors.add(f"{slug}-{number}" if number else slug)
    return anchors
