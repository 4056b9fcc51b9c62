"""Is README.md where GitHub looks for it, can it be read, and does it show what was meant?"""

import re
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter

from seminar_utils.github_profile.checks.findings import Finding
from seminar_utils.github_profile.checks.patterns import patterns
from seminar_utils.github_profile.profile_text import TEMPLATE
from seminar_utils.github_profile.reading.addresses import is_script
from seminar_utils.github_profile.reading.page import RUNNING, Page
from seminar_utils.github_profile.reading.texts import one_line

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
    why = "GitHub shows a profile only from the repository that is named like its user."
    if name is None:
        what = "The zip holds no folder, so the repository's name cannot be seen."
        mend = f"Zip the folder {user} itself, not only what is in it."
        return [Finding("warn", None, what, why, mend)]
    if user.lower() in {name.lower(), COPY.sub("", name).lower()}:
        return []
    what = f"The repository is named {one_line(name)}, the user {user}."
    mend = f"Rename the repository to {user}, or see whether the user name is the right one."
    return [Finding("fail", None, what, why, mend)]


def readme_file(files: dict[str, bytes]) -> list[Finding]:
    """README.md lies in the root and is not empty."""
    mend = "Put the file into the root of the repository under the name README.md."
    in_root = {name.lower(): name for name in files if "/" not in name}
    deeper = sorted(name for name in files if name.lower().endswith("/readme.md"))
    other = next((name for name in in_root if name.partition(".")[0] == "readme"), None)
    if "README.md" in files:
        if files["README.md"].strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
            return []
        what, why = "README.md is empty.", "GitHub then shows no profile at all."
        mend = "Write it, or build it again as notebook 04 does."
    elif other:
        what = f"There is {one_line(in_root[other])}, but no README.md."
        why = "GitHub shows this file in the repository, as plain text, and nothing as a profile."
    elif deeper:
        what = f"README.md is not in the root but here: {one_line(deeper[0], 100)}."
        why = "GitHub makes the profile only of the file in the repository's root."
    else:
        what = "README.md is missing."
        why = "GitHub shows README.md as the profile, and nothing without it."
        if any(name.lower().endswith(".zip") for name in files):
            what = "README.md is missing, and a zip inside is not opened."
    return [Finding("fail", None, what, why, mend)]


def encoding(found: str) -> list[Finding]:
    """README.md is UTF-8 without a byte-order mark; ``found`` as ``texts.decode`` says."""
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


def scripts(page: Page) -> Iterator[Finding]:
    """Nothing on the page wants to run or to ask: GitHub strips scripts, handlers and frames."""
    for element in page.elements:
        handlers = [name for name in element.attributes if name.startswith("on")]
        if element.tag in RUNNING:
            what = f"A tag <{element.tag}>."
        elif handlers:
            what = f"An event handler, {one_line(handlers[0], 20)}, in a tag <{element.tag}>."
        elif any(is_script(element.get(name)) for name in ("href", "src", "xlink:href")):
            what = f"An address in a tag <{element.tag}> that is a script."
        else:
            continue
        why = "GitHub strips whatever could run or ask in a reader's browser."
        yield Finding("fail", element.line, what, why, "Delete it.")


def shown_as_text(page: Page) -> Iterator[Finding]:
    """No Markdown is shown as text because raw HTML swallowed it or an address has a blank."""
    for line, sample in page.in_html:
        what = f"This is shown as text, not as Markdown: {one_line(sample)}"
        why = "Behind an HTML tag such as <div>, GitHub reads HTML until the next empty line."
        mend = "Leave a line empty behind the opening tag and before the closing one."
        yield Finding("warn", line, what, why, mend)
    for line, sample in page.unread:
        what = f"This is shown as text, not as a link or picture: {one_line(sample)}"
        why = "The address of a link or picture ends at a blank."
        mend = "Rename the file without blanks, or write %20 for each."
        yield Finding("warn", line, what, why, mend)


def styles(page: Page) -> Iterator[Finding]:
    """No style is given where GitHub takes it away."""
    for element in page.elements:
        if element.get("style"):
            what = f"A style in a tag <{element.tag}>, which has no effect."
            why = "GitHub takes away every style= and class=; the preview does the same."
            mend = "Use align= and width=, or Markdown alone."
            yield Finding("advice", element.line, what, why, mend)


def too_long(page: Page) -> list[Finding]:
    """The check saw the whole page."""
    if page.is_whole:
        return []
    why = "GitHub cuts a README off at 500 KiB, and nobody reads so much."
    what = "README.md is too long to be looked at in full."
    return [Finding("fail", None, what, why, "Keep to what a reader sees in a minute.")]


def template(text: str) -> list[Finding]:
    """The page says more than the model page that notebook 04 builds."""
    lines = re.split(r"\n|\*\* ", text.replace("\\", ""))
    own = ("about", "surprised", "open_question")
    left = [key for key in own if set(TEMPLATE[key].split("\n")).intersection(lines)]
    what = f"This is still the model page of notebook 04: {', '.join(left)}."
    why = "A page earns points for what you tested and what you think."
    mend = "Fill in all twelve fields of the form in notebook 04, and build the page again."
    return [Finding("warn", None, what, why, mend)] if left else []


def placeholders(text: str) -> Iterator[Finding]:
    """No text of a template was left to be filled in."""
    shown = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    (row,) = patterns("placeholder")
    searched = enumerate(map(row.pattern.search, shown.split("\n")), 1)
    for line, found in islice(filter(itemgetter(1), searched), MOST_PLACEHOLDERS):
        what = f"A placeholder: {one_line(found[0])}."
        why = "It comes from a template and says nothing about you."
        yield Finding("warn", line, what, why, "Fill it in or delete it.")
