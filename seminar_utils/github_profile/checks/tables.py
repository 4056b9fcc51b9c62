"""The two tables of the check: what is looked for in texts, and what is said of what was found.

``patterns.tsv`` has, for the tests, examples that are found and examples that are not, between
signs of a broken bar. Source of the shapes of keys: gitleaks (MIT licence, Copyright 2019 Zachary
Rice), config/gitleaks.toml, July 2026.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from seminar_utils.github_profile.reading.addresses import path_in_repository
from seminar_utils.github_profile.reading.texts import one_line, table
from seminar_utils.language import Later

__all__ = [
    *("KINDS", "LEVELS", "Finding", "Pattern"),
    *("finding", "in_order", "is_found", "is_meaningful", "patterns"),
]

LEVELS = ("fail", "warn", "advice")
# Of each kind of finding: level, what, why, how to mend it, what it costs.
KINDS = {key: others for key, *others in table("checks/findings.tsv")}
MOST_OF_A_KIND = 10  # a hundred broken pictures are one lesson, not a hundred


class Pattern(NamedTuple):
    """One row of ``patterns.tsv``, without its examples."""

    kind: str
    what: str  # the find in words
    hint: list[str]  # one of these, in small letters, stands in every text with a find
    pattern: re.Pattern


@cache
def patterns(*kinds: str) -> tuple[Pattern, ...]:
    """Return the rows of some kinds, or all; a word is ASCII, so that Hangul ends a number."""
    return tuple(
        Pattern(kind, what, hint.split(), re.compile(pattern, re.ASCII))
        for kind, what, hint, pattern, *_ in table("checks/patterns.tsv")
        if not kinds or kind in kinds
    )


def is_found(kind: str, text: str) -> bool:
    """Tell whether a pattern of a kind is found in a text."""
    return any(row.pattern.search(text) for row in patterns(kind))


def is_meaningful(alt: str, source: str = "") -> bool:
    """Tell whether an alt text is more than a word for picture or the file's name."""
    said = alt.strip().lower()
    name = (path_in_repository(source) or "").rpartition("/")[2].lower()
    is_name = said in {name, name.rpartition(".")[0]} and not is_found("brand", said)
    return not is_name and not is_found("no words", said)


@dataclass(frozen=True)
class Finding:
    """What the check found in one place, in English; ``tr`` says it in the reader's language."""

    level: str  # one of LEVELS
    line: int | None  # of README.md, from 1; None where ``what`` names the file or nothing has one
    what: str
    why: str
    mend: str
    costs: str = "nothing"  # or points for "opening" or "privacy", or "all" of them


def finding(key: str, line: int | None = None, **words: str) -> Finding:
    """Return the finding of a kind; the words go into its sentences.

    What is not the check's own (``Later``) becomes one harmless line.
    """
    level, *texts, costs = KINDS[key]
    plain = {name: x if isinstance(x, Later) else one_line(x, 80) for name, x in words.items()}
    return Finding(level, line, *(Later(text, **plain) for text in texts), costs)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by level and line; of more than ten of a kind, count the others."""
    ordered = sorted(
        dict.fromkeys(findings),
        key=lambda finding: (LEVELS.index(finding.level), finding.line or 0, finding.what),
    )
    number = Counter((each.level, each.why) for each in ordered)
    kept, seen = [], Counter()
    for each in ordered:
        kind = (each.level, each.why)
        seen[kind] += 1
        if seen[kind] == MOST_OF_A_KIND + 1:
            what = Later("{n:,} more of the kind above.", n=number[kind] - MOST_OF_A_KIND)
            each = replace(each, line=None, what=what)
        if seen[kind] <= MOST_OF_A_KIND + 1:
            kept.append(each)
    return tuple(kept)
