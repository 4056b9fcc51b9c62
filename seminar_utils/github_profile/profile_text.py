"""What a profile says: the keys of its dictionary, what is wrong with them, and README.md.

The texts are shown letter for letter: what has a meaning in Markdown is escaped, so that no value
can begin a heading, a picture or HTML of its own.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from numbers import Integral
from pathlib import Path

from seminar_utils.github_profile.reading.addresses import user_name
from seminar_utils.github_profile.reading.markdown import UNSEEN
from seminar_utils.github_profile.reading.texts import table
from seminar_utils.paper.claims import all_claims
from seminar_utils.tables import Table

__all__ = ["FIGURE", "KEYS", "TEMPLATE", "form", "problems", "readme"]

FIGURE = "images/figure.png"  # from the repository's root
MOST_LINES = 3  # of ``about``
MOST_LETTERS = 1_000  # of a text

ROWS = table(Path(__file__).with_name("fields.tsv"))  # field, what it needs, why, model
KEYS = {key: needs for key, needs, _, _ in ROWS}
# The model page of notebook 04; its other fields come from a finding. The check knows its texts.
TEMPLATE = {key: model for key, _, _, model in ROWS if model}
COURSE = "GoogLeNet and ResNet: a seminar that you run"
NO_TEXT = {"figure", "seed"}

CLAIM_ID = re.compile(r"\b[WGRA]\d{1,2}\b")
PLACE = re.compile(r"\b(?:abstract|sec|section|fig|figure|table)\b|절|표|그림|초록", re.IGNORECASE)

ADDRESS = re.compile(r"(https?://[^\s<>\\;]*[\w/])")
# The last two keep GitHub's parser from making a link of what only looks like an address.
SPECIAL = re.compile(r"[\\`*_\[\]<>&~|^]|(?<=:)/|(?<=www)\.", re.IGNORECASE)
LINE_START = re.compile(r"^(\d*)([#+=.)-])")  # heading, list, rule


def problems(profile: Mapping[str, object]) -> list[str]:
    """Return one sentence for everything that is wrong with a profile; the figure is not opened."""
    found = []
    for key in profile:
        if key not in KEYS:
            close = get_close_matches(str(key), KEYS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"the keys are {', '.join(KEYS)}."
            found.append(f"{key!r} is no key of a profile: {hint}")
    for key, meaning in KEYS.items():
        if key not in profile:
            found.append(f"{key} is missing: {meaning}.")
        elif profile[key] is None or not any(map(_is_seen, str(profile[key]))):
            found.append(f"{key} is empty: {meaning}.")
        elif sentence := _problem(key, profile[key]):
            found.append(sentence)
    return found


def form() -> Table:
    """Show the fields of a profile, where each comes from, what it needs, and why."""
    rows = [(key, "you" if key in TEMPLATE else "your run", *words) for key, *words, _ in ROWS]
    return Table(("field", "comes from", "what is needed", "why"), rows)


def readme(profile: Mapping[str, object], course: str = "") -> str:
    """Return README.md for a profile without problems.

    Args:
        profile: Its fields.
        course: Address of the course, "" where it has none.
    """
    link = f"[{COURSE}]({course})" if course else COURSE
    text = {key: _literal(str(value)) for key, value in profile.items() if key not in NO_TEXT}
    about = "\\\n".join(map(_literal, _lines(profile["about"])))
    repeat = "\n".join(_lines(profile["repeat"]))
    ticks = max(map(len, re.findall("`+", repeat)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"""# {text["user"]}

{about}

## A statement, checked

> {text["statement"]}

**Verdict.** {text["verdict"]}

**How I tested it.** {text["how_tested"]}

![{text["alt"]}]({FIGURE})

{text["caption"]}

{_seeds(profile["seed"])}

**The line that repeats it**, in the course {link}:

{fence}
{repeat}
{fence}

**What surprised me.** {text["surprised"]}

**What I do not know yet.** {text["open_question"]}
"""


def _is_seen(letter: str) -> bool:
    return letter.isprintable() and letter not in " []()"  # a list may be written as a text


def _problem(key: str, value: object) -> str:
    """Return what is wrong with one value that is not empty, "" for nothing."""
    if key == "seed":
        return _seed_problem(value)
    if key == "figure":
        return ""
    if not isinstance(value, str):
        return f"{key} is {value!r}, which is no text: put {KEYS[key]}, in quotes."
    if len(value) > MOST_LETTERS:
        return f"{key} has {len(value):,} characters: {MOST_LETTERS:,} are the most."
    if key == "user":
        try:
            user_name(value)
        except ValueError as error:
            return f"user: {error}"
    if key == "about" and len(_lines(value)) > MOST_LINES:
        return f"about has {len(_lines(value))} lines, and {MOST_LINES} are the most: shorten it."
    return _statement_problem(value) if key == "statement" else ""


def _seed_problem(value: object) -> str:
    are_right = all(
        isinstance(number, Integral) and not isinstance(number, bool) and number >= 0
        for number in (value if isinstance(value, list | tuple | range) else [value])
    )
    if are_right or isinstance(value, str):
        return ""
    return f"seed is {value!r}, and must be a whole number from 0: {KEYS['seed']}."


def _statement_problem(value: str) -> str:
    ids = CLAIM_ID.findall(value)
    unknown = [name for name in ids if name not in all_claims()]
    if not ids and not PLACE.search(value):
        return (
            "statement has no id: put that of the seminar's sentence, such as R7, or the place in "
            "the paper, such as Table 2."
        )
    if unknown:
        return (
            f"statement has the id {unknown[0]}, which no sentence has: ids run W1 to W3, G1 to "
            "G46, R1 to R42 and A1."
        )
    if not CLAIM_ID.sub("", value).strip(" :.,()"):
        return f"statement is only the id {ids[0]}: write the sentence as well."
    return ""


def _seeds(value: object) -> str:
    if isinstance(value, list | tuple | range):
        return f"n = {len(value)}, seeds {', '.join(map(str, value))}"
    return f"seed {_literal(value)}" if isinstance(value, str) else f"n = 1, seed {value}"


def _lines(text: str) -> list[str]:
    """Return the lines that are not empty, without control codes."""
    lines = [UNSEEN.sub("", line).rstrip() for line in text.splitlines()]
    return [line for line in lines if line]


def _literal(text: str) -> str:
    """Return a text as one line of Markdown that shows it letter for letter."""
    line = " ".join(" ".join(_lines(text)).split())
    parts = ADDRESS.split(line)  # every second one is an address
    parts[0::2] = [SPECIAL.sub(r"\\\g<0>", part) for part in parts[0::2]]
    parts[1::2] = [f"<{address}>" for address in parts[1::2]]
    return LINE_START.sub(r"\1\\\2", "".join(parts))
