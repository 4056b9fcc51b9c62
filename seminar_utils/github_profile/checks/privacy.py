"""What nobody should publish: keys, numbers of persons, names together with school and class.

A pattern misses what has another form and can be mistaken: a clean check is no proof.
"""

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from seminar_utils.github_profile.checks.findings import Finding, finding
from seminar_utils.github_profile.checks.patterns import patterns
from seminar_utils.github_profile.reading.handed_in import COMMITS
from seminar_utils.github_profile.reading.texts import one_line, pieces

__all__ = ["archives", "person", "privacy"]

MOST_OF_A_KIND = 100  # a hostile file may hold a million
MOST_CHARACTERS = 10_000_000  # of all texts, some ten seconds; a profile has a hundredth


# The rows of ``patterns.tsv`` that are looked for here, and the sentences for each.
SENTENCES = {"named": "secret", "phone": "contact", "email": "contact", "kakao": "contact"}
SENTENCES |= {"birth": "number"}
KINDS = {
    *("secret", "named", "card", "registration", "phone", "email", "kakao", "number", "birth"),
    *("home", "editor", "author"),
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
NAMES = """
name user username shared public default jovyan runner you ubuntu root pi admin node docker vscode
codespace gitpod kali ec2-user azureuser vagrant student debian centos app colab linuxbrew location
"""
NOBODY = set(NAMES.split())
NO_READER = re.compile(
    r"(?:git|no-?reply|bot|actions?|github-actions|support|noreply[\w.]*)@|@users\.noreply\."
    r"|@(?:[\w-]+\.)*(?:example|localhost|email-address)\b|calendar\.google\.com$|\.(?:png|jpe?g|gif|svg|webp|js|ts|css|py)$",
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
                most = f"{MOST_CHARACTERS:,}"
                return [*found.values(), finding("not_read", place=place, most=most)]
            room -= len(text)
            for at, what, kind in _private(text, name, user.lower()):
                seen[kind] += 1
                line = text.count("\n", 0, at) + 1
                key = (place, line, kind if kind == "secret" else what)  # one key, two patterns
                if seen[kind] > MOST_OF_A_KIND or key in found:
                    continue
                where = "" if name == readme else f" in {one_line(place, 100)}, line {line}"
                words = f"{what[0].upper()}{what[1:]}{where}."
                found[key] = finding(kind, line if name == readme else None, what=words)
    return list(found.values())


def archives(files: dict[str, bytes]) -> list[Finding]:
    """Name the archives, which are not opened here."""
    return [finding("archive", name=name) for name in filter(ARCHIVE.search, files)]


def person(text: str) -> list[Finding]:
    """Find a real name together with school and class; each alone is fine."""
    found = [
        next(filter(None, (row.pattern.search(text) for row in patterns(kind))), None)
        for kind in ("name", "school", "class")
    ]
    if not all(found):
        return []
    return [finding("person", text.count("\n", 0, found[0].start()) + 1)]


def _private(text: str, name: str, user: str) -> Iterator[tuple[int, str, str]]:
    """Yield place, words and key of the sentences of each find; the words never repeat it."""
    lowered = text.lower()
    kinds = {"author"} if name == COMMITS else KINDS - {"author"}
    if not name.lower().endswith(PROSE):
        kinds -= {"email"}
    if not name.lower().endswith(".ipynb"):
        kinds -= {"editor"}
    for row in patterns(*kinds):
        if not row.hint or any(word in lowered for word in row.hint):
            for found in row.pattern.finditer(text):
                if _is_meant(row.kind, found, user):
                    yield found.start(), row.what, SENTENCES.get(row.kind, row.kind)


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
