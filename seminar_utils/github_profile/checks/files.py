"""The repository: is README.md where GitHub looks for it, and what do the other files tell?"""

import re
from collections.abc import Iterator

from seminar_utils.github_profile.checks.tables import Finding, finding, is_found
from seminar_utils.github_profile.reading.pictures import runs, told
from seminar_utils.language import N_, Later

__all__ = ["beside", "encoding", "readme_file", "repository_name"]

# GitHub's downloads are named NAME-main, and systems add to the name of a copy.
COPY = re.compile(
    r"(?:[-_](?:main|master))?(?:[ _]*\(\d+\)| - (?:복사본|copy)| copy)*$", re.IGNORECASE
)
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|tiff?)$", re.IGNORECASE)


def repository_name(name: str | None, user: str) -> list[Finding]:
    """The repository bears the user's name, whatever the case of its letters; None: a bare zip."""
    if name is None:
        return [finding("name_hidden", user=user)]
    is_right = user.lower() in {name.lower(), COPY.sub("", name).lower()}
    return [] if is_right else [finding("name_other", name=name, user=user)]


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
    return [
        finding("readme_missing", hint=N_(", and a zip inside is not opened") if has_zip else "")
    ]


def encoding(found: str) -> list[Finding]:
    """README.md is UTF-8 without a byte-order mark; ``found`` as ``texts.decode`` says."""
    if found.startswith("UTF-8"):
        return [] if found == "UTF-8" else [finding("byte_order", 1)]
    unknown = N_(", and in no other encoding known here")
    other = Later(" but as {encoding}", encoding=found)
    return [finding("encoding", found=unknown if found == "unknown" else other)]


def beside(files: dict[str, bytes]) -> Iterator[Finding]:
    """No drawing carries a script, no picture tells more than it shows, nothing hides in a file."""
    for name, raw in files.items():
        if name.lower().endswith(".svg") and runs(raw):
            yield finding("runs_drawing", name=name)
        if is_found("archive", name):
            yield finding("archive", name=name)
        if PICTURE.search(name) and (words := told(raw)):
            fields = {f"word{n}": word for n, word in enumerate(words)}
            sentence = ", ".join(f"{{{field}}}" for field in fields)
            yield finding("metadata", name=name, told=Later(sentence, **fields))
