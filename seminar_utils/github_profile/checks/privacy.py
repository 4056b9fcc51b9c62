"""What nobody should publish: keys, numbers of persons, names together with school and class.

A pattern misses what has another form and can be mistaken: a clean check is no proof.
"""

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from seminar_utils.github_profile.checks.findings import Finding
from seminar_utils.github_profile.checks.patterns import patterns
from seminar_utils.github_profile.reading.handed_in import COMMITS
from seminar_utils.github_profile.reading.texts import one_line, pieces

__all__ = ["archives", "person", "privacy"]

MOST_OF_A_KIND = 100  # a hostile file may hold a million
MOST_CHARACTERS = 10_000_000  # of all texts, some ten seconds; a profile has a hundredth


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
NUMBER = Kind("warn", "It identifies you wherever you go.", "Delete it; nobody needs it here.")
CONTACT = Kind(
    "warn",
    "Advertisers and swindlers collect addresses and numbers from pages.",
    "Delete it; on GitHub people can write to you without it.",
)
KINDS = {
    "secret": SECRET,
    "named": SECRET,
    "card": Kind("fail", "Whoever has it can pay with it.", SECRET.mend),
    "registration": Kind(
        "fail",
        "It tells birth date and sex, opens accounts, and lasts for life.",
        "Delete it, and build the repository anew: older commits still hold it.",
    ),
    "phone": CONTACT,
    "email": CONTACT,
    "kakao": CONTACT,
    "number": NUMBER,
    "birth": NUMBER,
    "home": Kind(
        "warn",
        "The folder is named after the account on your computer, often your real name.",
        "Use a path relative to the repository, run the cell again, or clear its output.",
    ),
    "editor": Kind(
        "warn",
        "Colab writes the name of your account into a notebook, where no page shows it.",
        "Clear all outputs in Colab (Edit menu), save and download the notebook again.",
    ),
    "author": Kind(
        "warn",
        "What is pushed stays readable for everybody, the address of each commit as well.",
        "Set git's user.email to your no-reply address, delete .git and build the page again.",
    ),
}
PROSE = (".md", ".txt", ".html", ".ipynb")  # code of others names its authors

# What documentation writes where a key belongs; the second only in what has a name beside it.
SAMPLE = re.compile(
    r"example|x{4}|123456789|abcdefghij|placeholder|(?:4242[ -]?){4}|4111[ -]?(?:1111[ -]?){3}"
    r"|5555[ -]?5555|([A-Za-z\d])\1{7}|\byour[_-]",
    re.IGNORECASE,
)
NO_VALUE = re.compile(
    r"your|sample|\btest\b|change.?me|goes.?here|redacted|dummy|fake|password|passwd|secret|^x{3}|[*]{3}"
    r"|([.#_-])\1\1|[<{$]|^%|^https?:|environ|getenv|\benv\b|config|^(?:user|pass|pwd|required|optional|hidden|invalid|string)\b"
    r"|^[\^~>=v ]*\d+(?:\.[\dx*]+)+",  # the version of a package
    re.IGNORECASE,
)
NOBODY = {
    *("name", "user", "username", "shared", "public", "default", "jovyan", "runner", "you"),
    *("ubuntu", "root", "pi", "admin", "node", "docker", "vscode", "codespace", "gitpod", "kali"),
    *(
        "ec2-user",
        "azureuser",
        "vagrant",
        "student",
        "debian",
        "centos",
        "app",
        "colab",
        "linuxbrew",
    ),
}
NO_READER = re.compile(
    r"(?:git|no-?reply|bot|actions?|github-actions|support|noreply[\w.]*)@|@users\.noreply\."
    r"|@(?:[\w-]+\.)*(?:example|localhost)\b|\.(?:png|jpe?g|gif|svg|webp|js|ts|css|py)$",
    re.IGNORECASE,
)
IN_ADDRESS = re.compile(r"://\S*$")
LABEL = re.compile(r"번호\D{0,8}$")
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)  # of the last digit, which checks the others

ARCHIVE = re.compile(r"\.(?:zip|7z|rar|tar|t?gz|bz2|xz|alz|egg)$", re.IGNORECASE)

# Dashes of every width, and what has no width, stand between digits that were copied.
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys(
    map(ord, "\u200b\u200c\u2060\ufeff")
)


def privacy(files: dict[str, bytes], readme: str, user: str = "") -> list[Finding]:
    """Look through every text for what should not be published.

    Args:
        files: By name.
        readme: Name of the file whose findings bear a line.
        user: Name on GitHub, which may be that of a home folder too.
    """
    found, seen, room = {}, Counter(), MOST_CHARACTERS
    for name in sorted(files, key=lambda name: name != readme):  # README.md first
        for place, text in pieces(name, files[name]):
            text = unicodedata.normalize("NFKC", text).translate(DASHES)
            if len(text) > room:
                what = f"{one_line(place, 100)}, and what follows, were not looked through."
                why = f"There are more than {MOST_CHARACTERS:,} characters of text."
                mend = "Leave out what your page does not need."
                return [*found.values(), Finding("warn", None, what, why, mend)]
            room -= len(text)
            for at, what, kind in _private(text, name, user.lower()):
                seen[kind] += 1
                line = text.count("\n", 0, at) + 1
                key = (place, line, kind if kind == SECRET else what)  # one key, two patterns
                if seen[kind] > MOST_OF_A_KIND or key in found:
                    continue
                where = "" if name == readme else f" in {one_line(place, 100)}, line {line}"
                words = f"{what[0].upper()}{what[1:]}{where}."
                number = line if name == readme else None
                finding = Finding(kind.level, number, words, kind.why, kind.mend)
                found[key] = finding
    return list(found.values())


def archives(files: dict[str, bytes]) -> Iterator[Finding]:
    """Name the archives, which are not opened here."""
    why = "What is in it was not looked at, and readers of your page cannot see it either."
    for name in filter(ARCHIVE.search, files):
        what = f"{one_line(name)} is an archive."
        yield Finding("warn", None, what, why, "Unpack it, or leave it out.")


def person(text: str) -> list[Finding]:
    """Find a real name together with school and class; each alone is fine."""
    found = [
        next(filter(None, (row.pattern.search(text) for row in patterns(kind))), None)
        for kind in ("name", "school", "class")
    ]
    if not all(found):
        return []
    line = text.count("\n", 0, found[0].start()) + 1
    what = "Real name, school and class, as it seems."
    why = "Together they lead strangers to you. (A guess from the words: it can be mistaken.)"
    mend = "A nickname is enough, and no marks depend on school or class."
    return [Finding("warn", line, what, why, mend)]


def _private(text: str, name: str, user: str) -> Iterator[tuple[int, str, Kind]]:
    """Yield place, words and kind of each find; the words never repeat it."""
    lowered = text.lower()
    kinds = {"author"} if name == COMMITS else KINDS.keys() - {"author"}
    if not name.lower().endswith(PROSE):
        kinds -= {"email"}
    if not name.lower().endswith(".ipynb"):
        kinds -= {"editor"}
    for row in patterns(*kinds):
        if not row.hint or any(word in lowered for word in row.hint):
            for found in row.pattern.finditer(text):
                if _is_meant(row.kind, found, user):
                    yield found.start(), row.what, KINDS[row.kind]


def _is_meant(kind: str, found: re.Match, user: str) -> bool:
    """Tell a find from a sample, a version, a public account and the like."""
    digits = re.sub(r"\D", "", found[0])
    words = {key: value for key, value in found.groupdict().items() if value}
    value = next(iter(words.values()), "")
    if kind == "named":
        is_word = "bare" in words and not re.search(r"\d|=$", value)
        return not (is_word or SAMPLE.search(value) or NO_VALUE.search(value))
    if kind == "home":
        return value.lower() not in {*NOBODY, user}
    if kind in ("email", "author"):
        before = found.string[max(0, found.start() - 80) : found.start()]
        return not (NO_READER.search(value or found[0]) or IN_ADDRESS.search(before))
    if kind == "registration":
        before = found.string[max(0, found.start() - 12) : found.start()]
        is_sure = (found[2] or "").strip() or LABEL.search(before)
        return _is_registration_number(digits, bool(is_sure))
    if kind == "phone":
        return 9 <= len(digits) <= 15
    if kind == "card":
        return not SAMPLE.search(found[0]) and _is_card(digits)
    return kind != "secret" or not SAMPLE.search(found[0])


def _is_registration_number(digits: str, is_sure: bool) -> bool:
    """Tell whether 13 digits begin with a date; without hyphen or label the last must fit too.

    Numbers given since October 2020 have no digit that fits, but thirteen digits alone are more
    often a time in milliseconds.
    """
    century = 1900 if digits[6] in "1256" else 2000
    try:
        datetime.date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    weighed = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False))
    return is_sure or (11 - weighed % 11) % 10 == int(digits[12])


def _is_card(digits: str) -> bool:
    """Tell whether the last digit checks the others (Luhn, ISO/IEC 7812)."""
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0
