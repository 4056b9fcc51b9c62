"""What nobody should publish: keys, numbers of persons, names together with school and class.

A pattern misses what has another form and can be mistaken: a clean check is no proof.
"""

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from seminar_utils.github_profile.checks.tables import Finding, Pattern, finding, is_found, patterns
from seminar_utils.github_profile.reading.handed_in import COMMITS
from seminar_utils.github_profile.reading.texts import one_line, pieces
from seminar_utils.language import Later

__all__ = ["SENTENCES", "person", "privacy"]

README = "README.md"  # looked through first
MOST_OF_A_KIND = 100  # a hostile file may hold a million
MOST_CHARACTERS = 10_000_000  # of all texts, some ten seconds; a profile has a hundredth

# The kinds of rows in ``patterns.tsv`` that are looked for, and the sentences for each.
ALIKE = ("secret", "card", "registration", "number", "home", "editor", "author")
SENTENCES = dict(zip(ALIKE, ALIKE, strict=True)) | {"named": "secret", "birth": "number"}
SENTENCES |= dict.fromkeys(("phone", "email", "kakao"), "contact")
PROSE = (".md", ".txt", ".html", ".ipynb")  # code of others names its authors
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)  # of the last digit, which checks the others

# Dashes of every width, and what has no width, stand between digits that were copied.
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("\u200b\u200c\u2060\ufeff"))


def privacy(files: dict[str, bytes], user: str = "") -> list[Finding]:
    """Look through every text for what should not be published; of README.md the line is told."""
    found, seen, room = {}, Counter(), MOST_CHARACTERS
    for name in sorted(files, key=lambda name: name != README):
        for place, text in pieces(name, files[name]):
            text = unicodedata.normalize("NFKC", text).translate(DASHES)
            room -= len(text)
            if room < 0:
                most = f"{MOST_CHARACTERS:,}"
                return [*found.values(), finding("not_read", place=place, most=most)]
            for at, row in _private(text, name, user.lower()):
                kind, line = SENTENCES[row.kind], text.count("\n", 0, at) + 1
                seen[kind] += 1
                # One key, two patterns.
                once = (place, line, kind if kind == "secret" else row.what)
                if seen[kind] > MOST_OF_A_KIND or once in found:
                    continue
                sentence = "{what}." if name == README else "{what} in {place}, line {line}."
                words = {"what": Later(row.what), "place": one_line(place, 100), "line": line}
                said = Later(sentence, **words)
                found[once] = finding(kind, line if name == README else None, what=said)
    return list(found.values())


def person(text: str) -> list[Finding]:
    """Find a real name together with school and class; each alone is fine."""
    name, *others = (
        next(filter(None, (row.pattern.search(text) for row in patterns(kind))), None)
        for kind in ("name", "school", "class")
    )
    is_told = name and all(others)
    return [finding("person", text.count("\n", 0, name.start()) + 1)] if is_told else []


def _private(text: str, name: str, user: str) -> Iterator[tuple[int, Pattern]]:
    """Yield the place of each find and the row that found it."""
    lowered = text.lower()
    kinds = {"author"} if name == COMMITS else SENTENCES.keys() - {"author"}
    kinds -= set() if name.lower().endswith(PROSE) else {"email"}
    kinds -= set() if name.lower().endswith(".ipynb") else {"editor"}
    for row in patterns(*kinds):
        if not row.hint or any(word in lowered for word in row.hint):
            for found in row.pattern.finditer(text):
                if _is_meant(row.kind, found, user):
                    yield found.start(), row


def _is_meant(kind: str, found: re.Match, user: str) -> bool:
    """Tell a find from a sample, a version, a public account and the like."""
    words = {key: value for key, value in found.groupdict().items() if value}
    value = next(iter(words.values()), found[0])
    digits = re.sub(r"\D", "", found[0])
    before = found.string[max(0, found.start() - 80) : found.start()]
    if kind == "named":
        is_word = "bare" in words and not re.search(r"\d|=$", value)
        return not (is_word or is_found("sample", value) or is_found("no value", value))
    if kind == "home":  # which often bears the name on GitHub
        return value.lower() != user and not is_found("nobody", value)
    if kind in ("email", "author"):
        return not (is_found("no reader", value) or is_found("in address", before))
    if kind == "registration":
        is_sure = (found[2] or "").strip() or is_found("label", before)
        return _is_registration_number(digits, bool(is_sure))
    if kind == "phone":
        return 9 <= len(digits) <= 15
    is_sample = kind in ("card", "secret") and is_found("sample", found[0])
    return not is_sample and (kind != "card" or _is_card(digits))


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
