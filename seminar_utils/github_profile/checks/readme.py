"""Is README.md where GitHub looks for it, can it be read, and does it show what was meant?"""

import re

from seminar_utils.github_profile.checks.findings import Finding, shown
from seminar_utils.github_profile.reading.handed_in import HandedIn
from seminar_utils.github_profile.reading.page import RUNNING, Page

__all__ = [
    "README",
    "encoding",
    "placeholders",
    "readme_file",
    "repository_name",
    "scripts",
    "shown_as_text",
    "too_long",
]

README = "README.md"
MOST_PLACEHOLDERS = 100  # a hostile text may hold a million
BRANCH = re.compile(r"-(main|master)$", re.IGNORECASE)  # GitHub's downloads are named NAME-main

SCRIPT_ADDRESSES = ("javascript:", "vbscript:", "data:text/html")
PLACEHOLDER = re.compile(
    r"\byour (?:user ?)?name here\b|\byour[_-]?(?:user[_-]?)?name\b|[<\[{]your [\w -]{1,30}[>\]}]"
    r"|\blorem ipsum\b|(?-i:\bTODO\b|\bFIXME\b)|\bexample\.com\b|\binsert [\w ]{1,30} here\b"
    r"|여기에[^.\n]{0,20}(?:입력|작성|적으|적어|쓰세|써 |넣으|넣어)",
    re.IGNORECASE,
)


def repository_name(handed_in: HandedIn, user: str) -> list[Finding]:
    """The repository bears the user's name, whatever the case of its letters."""
    if handed_in.name is None:
        return [
            Finding(
                "warn",
                None,
                "The zip holds no folder, so the repository's name cannot be seen.",
                "GitHub shows a profile only from the repository that is named like its user.",
                f"Zip the folder {user} itself, not only what is in it.",
            )
        ]
    name = handed_in.name
    if user.lower() in {name.lower(), BRANCH.sub("", name).lower()}:
        return []
    return [
        Finding(
            "fail",
            None,
            f"The repository is named {shown(name)}, the user {user}.",
            "GitHub shows a profile only from the repository that is named like its user.",
            f"Rename the repository to {user}, or see whether the user name is the right one.",
        )
    ]


def readme_file(files: dict[str, bytes]) -> list[Finding]:
    """README.md lies in the root and is not empty."""
    if README in files:
        if files[README].strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
            return []
        return [
            Finding(
                "fail",
                None,
                "README.md is empty.",
                "GitHub then shows no profile at all.",
                "Write it, or build it again as notebook 04 does.",
            )
        ]
    in_root = {name.lower(): name for name in files if "/" not in name}
    deeper = sorted(name for name in files if name.lower().endswith("/readme.md"))
    other = next((name for name in in_root if name.partition(".")[0] == "readme"), None)
    if README.lower() in in_root:
        what = f"The file is named {in_root[README.lower()]}, not README.md."
        why = "GitHub promises the profile for the name README.md, in these letters."
    elif other:
        what = f"There is {shown(in_root[other])}, but no README.md."
        why = "GitHub shows this file in the repository, as plain text, and nothing as a profile."
    elif deeper:
        what = f"README.md is not in the root but here: {shown(deeper[0], 100)}."
        why = "GitHub makes the profile only of the file in the repository's root."
    else:
        what = "README.md is missing."
        why = "GitHub shows README.md as the profile, and nothing without it."
        if any(name.lower().endswith(".zip") for name in files):
            what = "README.md is missing, and a zip inside is not opened."
    mend = "Put the file into the root of the repository under the name README.md."
    return [Finding("fail", None, what, why, mend)]


def encoding(found: str) -> list[Finding]:
    """README.md is UTF-8 without a byte-order mark; `found` as `texts.decode` says."""
    if found == "UTF-8":
        return []
    mend = "Save it as UTF-8, without a byte-order mark (BOM), in your editor."
    if found == "UTF-8 with a byte-order mark":
        why = "The mark is invisible; some programs show it, or miss a heading in the first line."
        return [Finding("warn", 1, "README.md begins with a byte-order mark.", why, mend)]
    what = f"README.md is not stored as UTF-8 but as {found}."
    if found == "unknown":
        what = "README.md is not stored as UTF-8, and in no other encoding known here."
    why = "GitHub reads UTF-8; letters beyond English, such as Korean, may be shown as nonsense."
    return [Finding("warn", None, what, why, mend)]


def scripts(page: Page) -> list[Finding]:
    """Nothing on the page wants to run or to ask: GitHub strips scripts, handlers and frames."""
    findings = []
    for element in page.elements:
        handlers = [name for name in element.attributes if name.startswith("on")]
        addresses = [element.attributes.get(name, "") for name in ("href", "src", "xlink:href")]
        # As browsers read it: without the blanks and line ends in it.
        is_script = any(
            re.sub(r"[\s\x00-\x1f]", "", address).lower().startswith(SCRIPT_ADDRESSES)
            for address in addresses
        )
        if element.tag in RUNNING:
            what = f"A tag <{element.tag}>."
        elif handlers:
            what = f"An event handler, {shown(handlers[0], 20)}, in a tag <{element.tag}>."
        elif is_script:
            what = f"An address in a tag <{element.tag}> that is a script."
        else:
            continue
        why = "GitHub strips whatever could run or ask in a reader's browser."
        findings.append(Finding("fail", element.line, what, why, "Delete it."))
    return findings


def shown_as_text(page: Page) -> list[Finding]:
    """No Markdown is shown as text because raw HTML swallowed it or an address has a blank."""
    in_html = [
        Finding(
            "warn",
            line,
            f"This is shown as text, not as Markdown: {shown(sample)}",
            "Behind an HTML tag such as <div>, GitHub reads HTML until the next empty line.",
            "Leave a line empty behind the opening tag and before the closing one.",
        )
        for line, sample in page.in_html
    ]
    unread = [
        Finding(
            "warn",
            line,
            f"This is shown as text, not as a link or picture: {shown(sample)}",
            "The address of a link or picture ends at a blank.",
            "Rename the file without blanks, or write %20 for each.",
        )
        for line, sample in page.unread
    ]
    return in_html + unread


def too_long(page: Page) -> list[Finding]:
    """The check saw the whole page."""
    if page.is_whole:
        return []
    why = "GitHub cuts a README off at 500 KiB, and nobody reads so much."
    what = "README.md is too long to be looked at in full."
    return [Finding("fail", None, what, why, "Keep to what a reader sees in a minute.")]


def placeholders(text: str) -> list[Finding]:
    """No text of a template was left to be filled in."""
    findings = []
    for number, line in enumerate(text.split("\n"), 1):
        if (found := PLACEHOLDER.search(line)) and len(findings) < MOST_PLACEHOLDERS:
            what = f"A placeholder: {shown(found[0])}."
            why = "It comes from a template and says nothing about you."
            findings.append(Finding("warn", number, what, why, "Fill it in or delete it."))
    return findings
