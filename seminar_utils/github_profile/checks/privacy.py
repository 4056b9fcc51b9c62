"""What nobody should publish: keys, numbers of persons, names together with school and class.

Passwords and home folders are looked for, too. A pattern finds what has the known form, misses the
rest and can be mistaken: a clean check is no proof.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from seminar_utils.github_profile.checks.findings import Finding
from seminar_utils.github_profile.reading.texts import one_line, pieces

__all__ = ["archives", "person", "privacy"]

MOST_OF_A_KIND = 100  # a hostile file may hold a million
MOST_CHARACTERS = 10_000_000  # of all texts, some five seconds; a profile has a hundredth


class Kind(NamedTuple):
    """Why something is private and what to do."""

    level: str
    why: str
    mend: str


SECRET = Kind(
    "fail",
    "Whoever has it can act in your name, and programs search GitHub for such words all day.",
    "Make it invalid where you got it, then delete it; older commits still hold it.",
)
REGISTRATION_NUMBER = Kind(
    "fail",
    "It tells birth date and sex, opens accounts, and lasts for life.",
    "Delete it, and build the repository anew: older commits still hold it.",
)
TELEPHONE = Kind(
    "warn",
    "Advertisers and swindlers collect numbers from pages.",
    "Delete it; on GitHub people can write to you without it.",
)
NUMBER = Kind("warn", "It identifies you wherever you go.", "Delete it; nobody needs it here.")
HOME = Kind(
    "warn",
    "The folder is named after the account on your computer, often your real name.",
    "Use a path relative to the repository, run the cell again, or clear its output.",
)
# Forms that GitHub, Amazon, Google, Slack, OpenAI, Anthropic, Hugging Face and Jupyter use.
SECRETS = {
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{20,255})",
    "an Amazon access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a Google API key": r"\bAIza[\w-]{35}",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,255}",
    "a Slack address that takes messages": r"hooks\.slack\.com/services/\w{5,20}/",
    "an OpenAI or Anthropic key": r"\bsk-(?:proj-|svcacct-|ant-\w{3,10}-)?[A-Za-z0-9_]{20,255}",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{30,255}",
    "the token of a Jupyter server": r"(?<=[?&]token=)[0-9a-f]{32,255}",
    "an address with a password": r"(?<=://)[^\s/:@]{1,60}:[^\s/:@]{4,200}@",
    "a private key": r"-----BEGIN (?:[A-Z]{1,12} ){0,2}PRIVATE KEY",
}
# A password or a key in quotes; or a password with a digit in it that is no call in a program.
PASSWORD = re.compile(
    r"(?:password|passwd|passphrase|비밀번호|api[_-]?key|secret(?:[_-]?key)?|access[_-]?token)"
    r"[\"']?[ \t]{0,5}[:=][ \t]{0,5}[\"'`](?P<quoted>[^\s\"'`]{6,100})[\"'`]"
    r"|(?:password|passwd|비밀번호)[ \t]{0,5}[:=][ \t]{0,5}"
    r"(?P<bare>[^\s\"'`()\[\]{}<>,.]{6,100})(?![^\s,.])",
    re.IGNORECASE,
)
NO_VALUE = re.compile(r"your|example|change.?me|placeholder|([*x.#_-])\1\1|[<{]", re.IGNORECASE)

REGISTRATION = re.compile(r"(?<![\d.\w-])(\d{6})(\s?[-–]\s?)?([1-8]\d{6})(?![\d\w-])")
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)  # of the last digit, which checks the others
PHONE = re.compile(
    r"(?<![\w.+-])(?:"
    r"(?:\+82[ .-]?(?:\(0\))?|0)1[016789][ .-]?\d{3,4}[ .-]?\d{4}"  # a Korean mobile telephone
    r"|\+[1-9]\d{0,2}(?:[ -]\(?\d{2,4}\)?){2,5}|\+[1-9]\d{9,13}"  # with a country's code
    r")(?![\w-])"
)
LABELLED = re.compile(
    r"(?:학번|student (?:no\.?|number|id)|여권(?: ?번호)?|passport(?: no\.?| number)?)"
    r"[\s:*|#]{1,6}[A-Z]{0,2}\d{6,10}\b",
    re.IGNORECASE,
)
FOLDER = re.compile(
    r"(?:(?<![\w.-])|(?<=/mnt/[a-z])|(?<=\W/[a-z]))/(?:home|Users)/(?P<unix>[^\W_][\w.-]{0,50})"
    r"|\b[A-Za-z]:\\{1,2}Users\\{1,2}(?P<windows>[^\W_][\w. -]{0,50})"
)
NOBODY = {"name", "user", "username", "shared", "public", "default", "jovyan", "runner", "you"}

ARCHIVE = re.compile(r"\.(?:zip|7z|rar|tar|t?gz|bz2|xz|alz|egg)$", re.IGNORECASE)

# Name, school and class: the usual sentences in Korean and English.
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


def privacy(files: dict[str, bytes], readme: str) -> list[Finding]:
    """Look through every text for what should not be published.

    Args:
        files: By name.
        readme: Name of the file whose findings bear a line.
    """
    findings, seen, room = [], Counter(), MOST_CHARACTERS
    for name in sorted(files, key=lambda name: name != readme):  # README.md first
        for place, text in pieces(name, files[name]):
            if len(text) > room:
                what = f"{one_line(place, 100)}, and what follows, were not looked through."
                why = f"There are more than {MOST_CHARACTERS:,} characters of text."
                mend = "Leave out what your page does not need."
                return [*findings, Finding("warn", None, what, why, mend)]
            room -= len(text)
            for at, what, kind in _private(text):
                seen[kind] += 1
                if seen[kind] > MOST_OF_A_KIND:
                    continue
                line = text.count("\n", 0, at) + 1
                where = "" if name == readme else f" in {one_line(place, 100)}, line {line}"
                words = f"{what[0].upper()}{what[1:]}{where}."
                number = line if name == readme else None
                findings.append(Finding(kind.level, number, words, kind.why, kind.mend))
    return findings


def archives(files: dict[str, bytes]) -> Iterator[Finding]:
    """Name the archives, which are not opened here."""
    why = "What is in it was not looked at, and readers of your page cannot see it either."
    for name in filter(ARCHIVE.search, files):
        what = f"{one_line(name)} is an archive."
        yield Finding("warn", None, what, why, "Unpack it, or leave it out.")


def person(text: str) -> list[Finding]:
    """Find a real name together with school and class; each alone is fine."""
    name = NAME.search(text)
    if not (name and SCHOOL.search(text) and CLASS.search(text)):
        return []
    line = text.count("\n", 0, name.start()) + 1
    what = "Real name, school and class, as it seems."
    why = "Together they lead strangers to you. (A guess from the words: it can be mistaken.)"
    mend = "A nickname is enough, and no marks depend on school or class."
    return [Finding("warn", line, what, why, mend)]


def _private(text: str) -> Iterator[tuple[int, str, Kind]]:
    """Yield place, words and kind of each find; the words never repeat it."""
    for what, pattern in SECRETS.items():
        for found in re.finditer(pattern, text):
            begins = (
                "" if what == "a private key" else f" that begins with {one_line(found[0][:4])}"
            )
            yield found.start(), f"{what}{begins}", SECRET
    for found in PASSWORD.finditer(text):
        value = found["quoted"] or found["bare"]
        is_word = not found["quoted"] and not re.search(r"\d", value)
        if not is_word and not NO_VALUE.search(value):
            yield found.start(), f"a password or key that begins with {one_line(value[:4])}", SECRET
    for found in REGISTRATION.finditer(text):
        if _is_registration_number(found[1] + found[3], bool(found[2])):
            yield found.start(), "a Korean resident registration number", REGISTRATION_NUMBER
    for found in PHONE.finditer(text):
        if 9 <= sum(letter.isdigit() for letter in found[0]) <= 15:
            yield found.start(), "a telephone number", TELEPHONE
    for found in LABELLED.finditer(text):
        yield found.start(), "a student or passport number", NUMBER
    for found in FOLDER.finditer(text):
        if (found["unix"] or found["windows"]).lower() not in NOBODY:
            yield found.start(), "a path that holds the name of a home folder", HOME


def _is_registration_number(digits: str, has_hyphen: bool) -> bool:
    """Tell whether 13 digits begin with a date; without a hyphen the last digit must fit too.

    Numbers given since October 2020 have no digit that fits, but thirteen digits alone are more
    often a time in milliseconds.
    """
    century = 1900 if digits[6] in "1256" else 2000
    try:
        datetime.date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    weighed = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False))
    return has_hyphen or (11 - weighed % 11) % 10 == int(digits[12])
