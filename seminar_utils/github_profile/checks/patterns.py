"""The table of what is looked for in texts, ``patterns.tsv``: one pattern in each row.

Each row has examples that are found and examples that are not, between signs of a broken bar; a
test runs over all. Source of the shapes of keys: gitleaks (MIT licence, Copyright 2019 Zachary
Rice), config/gitleaks.toml, July 2026.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from seminar_utils.github_profile.reading.addresses import path_in_repository
from seminar_utils.github_profile.reading.texts import table

__all__ = ["Pattern", "is_found", "is_meaningful", "patterns"]

TABLE = Path(__file__).with_name("patterns.tsv")
# A name with a digit, a hyphen or a dot is a file's; that of a brand is what its logo shows.
BRAND = re.compile(r"[A-Za-z]{2,}")


class Pattern(NamedTuple):
    """One row of the table."""

    kind: str
    what: str  # the find in words
    hint: list[str]  # one of these, in small letters, stands in every text with a find
    pattern: re.Pattern
    found: list[str]  # examples
    not_found: list[str]


@cache
def patterns(*kinds: str) -> tuple[Pattern, ...]:
    """Return the rows of some kinds, or all; a word is ASCII, so that Hangul ends a number."""
    return tuple(
        Pattern(
            *(kind, what, hint.split(), re.compile(pattern, re.ASCII)),
            *(examples.split(" ¦ ") for examples in (found, not_found)),
        )
        for kind, what, hint, pattern, found, not_found in table(TABLE)
        if not kinds or kind in kinds
    )


def is_found(kind: str, text: str) -> bool:
    """Tell whether a pattern of a kind is found in a text."""
    return any(row.pattern.search(text) for row in patterns(kind))


def is_meaningful(alt: str, source: str = "") -> bool:
    """Tell whether an alt text is more than a word for picture or the file's name."""
    said = alt.strip().lower()
    name = (path_in_repository(source) or "").rpartition("/")[2].lower()
    is_name = said in {name, name.rpartition(".")[0]} and not BRAND.fullmatch(said)
    return not is_name and not is_found("no words", said)
