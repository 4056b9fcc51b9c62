"""What a profile says: the keys of its dictionary, what is wrong with them, and README.md.

The texts are shown letter for letter: what has a meaning in Markdown is escaped, so that no value
can begin a heading, a picture or HTML of its own.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from numbers import Integral

from seminar_utils.github_profile.reading.addresses import user_name
from seminar_utils.github_profile.reading.markdown import UNSEEN
from seminar_utils.github_profile.reading.texts import message, refuse_if, table
from seminar_utils.language import ENGLISH, N_, catalogue, languages, tr
from seminar_utils.paper.claims import all_claims
from seminar_utils.tables import Table

__all__ = ["COURSE", "FIGURE", "KEYS", "TEMPLATE", "form", "models", "problems", "readme"]

FIGURE = "images/figure.png"  # from the repository's root
MOST_LINES = 3  # of ``about``
MOST_LETTERS = 1_000  # of a text

ROWS = table("fields.tsv")  # field, what it needs, why, model
KEYS = {key: needs for key, needs, _, _ in ROWS}
KNOWN = ", ".join(KEYS)
# The model page of notebook 04; its other fields come from a finding.
TEMPLATE = {key: tr(model) for key, _, _, model in ROWS if model}
COURSE = N_("GoogLeNet and ResNet: a seminar that you run")
NO_TEXT = {"figure", "seed"}
SEVERAL = (list, tuple, range)  # seeds

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
            close = "".join(get_close_matches(str(key), KEYS, n=1))
            hint = message("field_close" if close else "field_known", close=close, known=KNOWN)
            found.append(message("field_other", key=key, hint=hint))
    for key in KEYS:
        try:
            _refuse_wrong(key, profile)
        except ValueError as problem:
            found.append(str(problem))
    return found


def form() -> Table:
    """Show the fields of a profile, where each comes from, what it needs, and why."""
    rows = [
        (f'"{key}"', "you" if key in TEMPLATE else "your run", *words) for key, *words, _ in ROWS
    ]
    return Table(("field", "comes from", "what is needed", "why"), rows)


def models(key: str) -> str:
    """Return the model page's text for a field in every language, line by line."""
    (model,) = (model for name, _, _, model in ROWS if name == key)
    others = [catalogue(name, "package") for name in languages() if name != ENGLISH]
    return "\n".join([model, *(other.get(("", model), model) for other in others)])


def readme(profile: Mapping[str, object], course: str = "") -> str:
    """Return README.md for a profile without problems, with the course's address if it has one."""
    text = {key: _literal(str(value)) for key, value in profile.items() if key not in NO_TEXT}
    repeat = "\n".join(_lines(profile["repeat"]))
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", repeat)), default=0))
    link = f"[{tr(COURSE)}]({course})" if course else tr(COURSE)
    title, verdict = tr("A statement, checked"), tr("Verdict.")
    paragraphs = (
        f"# {text['user']}",
        "\\\n".join(map(_literal, _lines(profile["about"]))),
        f"## {title}",
        f"> {text['statement']}",
        f"**{verdict}** {text['verdict']}",
        f"**{tr('How I tested it.')}** {text['how_tested']}",
        f"![{text['alt']}]({FIGURE})",
        text["caption"],
        _seeds(profile["seed"]),
        tr("**The line that repeats it**, in the course {course}:", course=link),
        f"{fence}\n{repeat}\n{fence}",
        f"**{tr('What surprised me.')}** {text['surprised']}",
        f"**{tr('What I do not know yet.')}** {text['open_question']}",
    )
    return "\n\n".join(paragraphs) + "\n"


def _refuse_wrong(key: str, profile: Mapping[str, object]) -> None:
    """Refuse a value that is missing or wrong; the figure is not opened."""
    value = profile.get(key, "")
    text = "" if value is None else str(value)
    words = {"key": key, "value": value, "meaning": tr(KEYS[key]), "n": len(text)}
    refuse_if(key not in profile, "field_missing", **words)
    # A list may be written as a text.
    is_seen = any(letter.isprintable() and letter not in " []()" for letter in text)
    refuse_if(not is_seen, "field_empty", **words)
    are_seeds = isinstance(value, str) or all(
        isinstance(number, Integral) and not isinstance(number, bool) and number >= 0
        for number in (value if isinstance(value, SEVERAL) else [value])
    )
    refuse_if(key == "seed" and not are_seeds, "seed", **words)
    if key in NO_TEXT:
        return
    refuse_if(not isinstance(value, str), "field_text", **words)
    refuse_if(len(text) > MOST_LETTERS, "field_long", **words, most=MOST_LETTERS)
    if key == "user":
        try:
            user_name(text)
        except ValueError as error:
            raise ValueError(f"user: {error}") from None
    if key == "about":
        n = len(_lines(text))
        refuse_if(n > MOST_LINES, "about_lines", n=n, most=MOST_LINES)
    if key == "statement":
        _refuse_unfindable(text)


def _refuse_unfindable(statement: str) -> None:
    """Refuse a statement that nobody could look up, or that is only its id."""
    ids = CLAIM_ID.findall(statement)
    refuse_if(not ids and not PLACE.search(statement), "statement_id")
    for name in ids:
        refuse_if(name not in all_claims(), "statement_unknown", name=name)
    is_bare = not CLAIM_ID.sub("", statement).strip(" :.,()")
    refuse_if(is_bare, "statement_bare", name="".join(ids[:1]))


def _seeds(value: object) -> str:
    if isinstance(value, SEVERAL):
        return tr("n = {n}, seeds {seeds}", n=len(value), seeds=", ".join(map(str, value)))
    if isinstance(value, str):
        return tr("seed {seed}", seed=_literal(value))
    return tr("n = 1, seed {seed}", seed=value)


def _lines(text: str) -> list[str]:
    """Return the lines that are not empty, without control codes."""
    return list(filter(None, (UNSEEN.sub("", line).rstrip() for line in text.splitlines())))


def _literal(text: str) -> str:
    """Return a text as one line of Markdown that shows it letter for letter."""
    parts = ADDRESS.split(" ".join(" ".join(_lines(text)).split()))  # every second is an address
    parts[0::2] = [SPECIAL.sub(r"\\\g<0>", part) for part in parts[0::2]]
    parts[1::2] = [f"<{address}>" for address in parts[1::2]]
    return LINE_START.sub(r"\1\\\2", "".join(parts))
