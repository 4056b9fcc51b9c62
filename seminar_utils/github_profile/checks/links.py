"""Do links lead somewhere: to a section of the page, to a file of the repository, to the web?"""

import posixpath
import re
import unicodedata
from urllib.parse import unquote

from seminar_utils.github_profile.checks.findings import Finding, shown
from seminar_utils.github_profile.reading.page import HEADINGS, Page

__all__ = ["DEAD_WAY", "is_on_the_web", "links", "path_in_repository"]

SCHEME = re.compile(r"[a-z][a-z\d+.-]+:|//", re.IGNORECASE)  # two letters: C: is a drive
DOUBLED = re.compile(r"https?(?::|:?/{1,2})(?:www\.)?https?(?::|/)", re.IGNORECASE)
BARE_HOST = re.compile(r"(?:[\w-]+\.)+(?:com|org|net|io|dev|edu|kr|me)(?:/|$)", re.IGNORECASE)
# Pages of GitHub beside the files, written as seen from README.md.
GITHUB_PAGE = re.compile(r"(?:\.\./){2}(?:issues|pulls|wiki|discussions|actions|releases)\b")
ALWAYS_THERE = {"", "top", "readme"}

DEAD_WAY = "A visitor of your page sees a broken picture or an error, whatever works on your disk."


def links(page: Page, files: dict[str, bytes]) -> list[Finding]:
    """Every link leads to a section, a file or a well-formed address of the web."""
    findings = []
    anchors = _anchors(page)
    for element in page.all("a"):
        address = element.attributes.get("href", "").strip()
        findings += _doubled(address, element.line)
        if address.startswith("#"):
            section = unquote(address[1:]).lower().removeprefix("user-content-")
            if section not in anchors:
                findings.append(_no_section(address, element.line))
        elif address and not is_on_the_web(address):
            findings += _missing_file(address, element.line, files)
    for element in page.all("img"):
        findings += _doubled(element.attributes.get("src", ""), element.line)
    return findings


def is_on_the_web(address: str) -> bool:
    """Tell whether an address has a scheme, so that it is no file of the repository."""
    return bool(SCHEME.match(address)) and not address.lower().startswith("file:")


def path_in_repository(address: str) -> str | None:
    """Return the path that an address means on GitHub, "" for the root, None for one outside it."""
    name = re.split(r"[?#]", address, maxsplit=1)[0]
    path = posixpath.normpath(unquote(name).lstrip("/") or ".")
    if path.startswith("../") or path == "..":
        return None
    return "" if path == "." else unicodedata.normalize("NFC", path)


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


def _no_section(address: str, line: int) -> Finding:
    return Finding(
        "fail",
        line,
        f"The link {shown(unquote(address))} leads to no section of the page.",
        "GitHub names a section after its heading: small letters, hyphens for blanks, no signs.",
        "Write the link anew from the heading's words, as in #my-figure for My figure!",
    )


def _missing_file(address: str, line: int, files: dict[str, bytes]) -> list[Finding]:
    path = path_in_repository(address)
    if path == "" or path in files or GITHUB_PAGE.match(address):
        return []
    if path is not None and any(name.startswith(f"{path}/") for name in files):
        return []
    mend = "Put the file into the repository, or correct the link."
    if BARE_HOST.match(address):
        mend = f"If it is a page of the web, write https:// before it: https://{shown(address)}"
    what = f"The link {shown(unquote(address))} leads to no file of the repository."
    return [Finding("fail", line, what, DEAD_WAY, mend)]


def _doubled(address: str, line: int) -> list[Finding]:
    if not DOUBLED.match(address):
        return []
    what = f"An address with two beginnings: {shown(address)}."
    why = "It leads nowhere: an address begins once with https://."
    return [Finding("warn", line, what, why, "Delete the first https:// and try the link.")]
