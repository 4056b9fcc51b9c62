"""One finding of the check: how grave, in which line, what, why, and how to mend it.

``findings.tsv`` has the sentences, a row for each kind.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from seminar_utils.github_profile.reading.texts import one_line, table
from seminar_utils.language import Later

__all__ = ["LEVELS", "Finding", "finding", "in_order", "sentences"]

TABLE = Path(__file__).with_name("findings.tsv")
LEVELS = ("fail", "warn", "advice")
MOST_OF_A_KIND = 10  # a hundred broken pictures are one lesson, not a hundred


@dataclass(frozen=True)
class Finding:
    """What the check found in one place, in English; ``tr`` says it in the reader's language."""

    level: str  # one of LEVELS
    line: int | None  # of README.md, from 1; None where ``what`` names the file or nothing has one
    what: str
    why: str
    mend: str
    costs: str = "nothing"  # or points for "opening" or "privacy", or "all" of them


@cache
def sentences() -> dict[str, list[str]]:
    """Return what the table has on each kind: level, what, why, how to mend it, what it costs."""
    return {key: others for key, *others in table(TABLE)}


def finding(key: str, line: int | None = None, **words: str) -> Finding:
    """Return the finding of a kind; the words go into its sentences.

    What is not the check's own (``Later``) becomes one harmless line.
    """
    level, *texts, costs = sentences()[key]
    plain = {
        name: word if isinstance(word, Later) else one_line(word, 80)
        for name, word in words.items()
    }
    return Finding(level, line, *(Later(text, **plain) for text in texts), costs)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by level and line; of more than ten of a kind, count the others."""
    ordered = sorted(
        dict.fromkeys(findings),
        key=lambda finding: (LEVELS.index(finding.level), finding.line or 0, finding.what),
    )
    number = Counter((finding.level, finding.why) for finding in ordered)
    kept, seen = [], Counter()
    for finding in ordered:
        kind = (finding.level, finding.why)
        seen[kind] += 1
        if seen[kind] <= MOST_OF_A_KIND:
            kept.append(finding)
        elif seen[kind] == MOST_OF_A_KIND + 1:
            what = Later("{n:,} more of the kind above.", n=number[kind] - MOST_OF_A_KIND)
            kept.append(replace(finding, line=None, what=what))
    return tuple(kept)
