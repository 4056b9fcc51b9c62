"""Does README.md tell name, school and class of its author, in Korean or English?

A heuristic: it knows the usual sentences, misses others, and can be mistaken.
"""

import re

from seminar_utils.github_profile.checks.findings import Finding

__all__ = ["person"]

FAMILY_NAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나엄"
)
NAME = re.compile(
    rf"(?:이름|성명)[\s:*|]{{1,6}}[{FAMILY_NAMES}][가-힣]{{1,3}}"
    rf"|(?:저는|이름은) [{FAMILY_NAMES}][가-힣]{{2}}(?:입니다|이에요|예요|라고|이라고)"
    r"|(?:[Mm]y name is|I am|I['’]m|[Nn]ame[\s:*|]{1,6}) ?[A-Z][a-z]+ [A-Z][a-z]+"
)
SCHOOL = re.compile(
    r"[가-힣]{2,15}(?:초등학교|중학교|고등학교|대학교|대학원)"
    r"|[A-Z]\w{1,30} (?:University|College|(?:High|Middle) School|Institute of)|University of [A-Z]"
)
CLASS = re.compile(
    r"\d ?학년|\d ?반\b|\d\d ?학번|\b(?:class|grade|section) ?\d"
    r"|\b(?:1st|2nd|3rd|4th|first|second|third|fourth|final)[- ]year\b",
    re.IGNORECASE,
)


def person(text: str) -> list[Finding]:
    """Find a real name together with school and class; each alone is fine."""
    name = NAME.search(text)
    if not (name and SCHOOL.search(text) and CLASS.search(text)):
        return []
    return [
        Finding(
            "warn",
            text.count("\n", 0, name.start()) + 1,
            "Real name, school and class, as it seems.",
            "Together they lead strangers to you. (A guess from the words: it can be mistaken.)",
            "A nickname is enough, and no marks depend on school or class.",
        )
    ]
