"""One finding of the check: how grave, in which line, what, why, and how to mend it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["LEVELS", "Finding", "in_order", "shown"]

LEVELS = ("fail", "warn", "advice")
MOST_OF_A_KIND = 10  # a hundred broken pictures are one lesson, not a hundred


@dataclass(frozen=True)
class Finding:
    """What the check found in one place."""

    level: str  # one of LEVELS
    line: int | None  # of README.md, from 1; None where `what` names the file or nothing has a line
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
    kept, seen = [], Counter()
    for finding in ordered:
        kind = (finding.level, finding.why)
        seen[kind] += 1
        if seen[kind] <= MOST_OF_A_KIND:
            kept.append(finding)
        elif seen[kind] == MOST_OF_A_KIND + 1:
            more = sum((other.level, other.why) == kind for other in ordered) - MOST_OF_A_KIND
            what = f"{more:,} more of the kind above."
            kept.append(Finding(finding.level, None, what, finding.why, finding.mend))
    return tuple(kept)


def shown(text: str, longest: int = 60) -> str:
    """Return a student's text as it may stand in a finding: one short line without control codes.

    A name may hold codes that move a terminal's cursor or turn the direction of writing.

    Args:
        text: Any text.
        longest: Number of characters to keep.
    """
    line = " ".join(text[: longest + 1].split())
    plain = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line
    )
    return plain if len(text) <= longest else plain[:longest] + "..."
