"""Texts with made-up secrets, drawn anew at each run, so that no scanner takes them for a leak."""

import random
import re
import string

__all__ = ["drawn"]

ALPHABETS = {
    "d": string.digits,
    "h": "0123456789abcdef",
    "A": string.ascii_uppercase + "234567",
    "w": string.ascii_letters + string.digits,
    "u": string.ascii_letters + string.digits + "-_",
    "b": string.ascii_letters + string.digits + "+/",
}
PLACE = re.compile(r"\{([dhAwub])(\d+)\}|\{luhn\}|\{([^{}\s]*| )\}")


def drawn(text: str, seed: int = 0) -> str:
    """Fill in a text: {w36} is 36 letters or digits by chance, {x} is x, {luhn} checks a card."""
    chance = random.Random(f"{seed} {text}")

    def fill(place: re.Match) -> str:
        if place[1]:
            letters = "".join(chance.choices(ALPHABETS[place[1]], k=int(place[2])))
            # A key without any digit is rare, and a number that begins with 0 is shorter.
            return letters[:-1] + chance.choice("23456789") if place[1] in "whb" else letters
        return place[0] if place[0] == "{luhn}" else place[3]

    filled = PLACE.sub(fill, text)
    while "{luhn}" in filled:
        head, _, tail = filled.partition("{luhn}")
        digits = re.findall(r"\d", re.split(r"[^\d -]", head)[-1])
        doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(digits))]
        total = sum(number - 9 * (number > 9) for number in doubled)
        filled = f"{head}{-total % 10}{tail}"
    return filled
