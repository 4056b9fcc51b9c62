"""One finding of the check: how grave, in which line, what, why, and how to mend it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["DEAD_WAY", "LEVELS", "Finding", "in_order"]

LEVELS = ("fail", "warn", "advice")
MOST_OF_A_KIND = 10  # a hundred broken pictures are one lesson, not a hundred

DEAD_WAY = "A visitor of your page sees a broken picture or an error, whatever works on your disk."


@dataclass(frozen=True)
class Finding:
    """What the check found in one place."""

    level: str  # one of LEVELS
    line: int | None  # of README.md, from 1; None where ``what`` names the file or nothing has one
    what: str
    why: str
    mend: str

    def __post_init__(self) -> None:
        """Refuse a level that nothing sorts or counts."""
        if self.level not in LEVELS:
            raise ValueError(f"level is {self.level!r}: take one of {', '.join(LEVELS)}.")


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
            what = f"{number[kind] - MOST_OF_A_KIND:,} more of the kind above."
            kept.append(Finding(finding.level, None, what, finding.why, finding.mend))
    return tuple(kept)
