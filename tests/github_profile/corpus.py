"""Cases in a table, with made-up secrets that are drawn anew, so that no scanner finds a leak."""

import random
import re
import string
from pathlib import Path

from seminar_utils.github_profile.reading.texts import table

__all__ = ["cases", "drawn"]

CASES = table(Path(__file__).with_name("cases.tsv"))
ALPHABETS = {
    "d": string.digits,
    "h": "0123456789abcdef",
    "A": string.ascii_uppercase + "234567",
    "w": string.ascii_letters + string.digits,
    "u": string.ascii_letters + string.digits + "-_",
    "b": string.ascii_letters + string.digits + "+/",
}
PLACE = re.compile(r"\{([dhAwub])(\d+)\}|\{luhn\}|\{([^{}\s]*| )\}")


def cases(*subjects: str) -> list[tuple[str, str]]:
    """Return text and what is expected of it, of every case of some subjects."""
    return [(text, expected) for of, text, expected in CASES if of in subjects]


def drawn(text: str, seed: int = 0) -> str:
    """Fill in a text: {w36} is 36 letters or digits by chance, {x} is x, {luhn} checks a card."""
    chance = random.Random(f"{seed} {text}")

    def fill(place: re.Match) -> str:
        if place[1]:
            letters = "".join(chance.choices(ALPHABETS[place[1]], k=int(place[2])))
            # A key without any digit is rare, and a number that begins with 0 is shorter.
            return letters[:-1] + chance.choice("23456789") if place[1] in "whb" else letters
        return place[0] if place[0] == "{luhn}" else place[3]

    head, luhn, tail = PLACE.sub(fill, text).partition("{luhn}")
    digits = re.findall(r"\d", re.split(r"[^\d -]", head)[-1])
    doubled = "".join(str(int(digit) * (2 - at % 2)) for at, digit in enumerate(reversed(digits)))
    return f"{head}{-sum(map(int, doubled)) % 10}{tail}" if luhn else head
