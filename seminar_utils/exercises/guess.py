"""Guesses before a measurement: kept in the student's workbook and nowhere else, shown at the end.

``guesses.json`` lies beside the student's notebooks. It is written in a workbook only, never while
notebooks are recorded or compared, and nothing is sent anywhere.
"""

import json
import os
from dataclasses import asdict, replace
from html import escape
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING

from seminar_utils import figures
from seminar_utils.figures.question import Question
from seminar_utils.files import keep_copy, write_atomically
from seminar_utils.jupyter import EDITIONS
from seminar_utils.language import tr
from seminar_utils.machine import KERNEL
from seminar_utils.tables import Display

if TYPE_CHECKING:  # it loads matplotlib
    from seminar_utils.figures.picture import Picture

__all__ = ["guess", "guesses", "outcome"]

FILE = "guesses.json"
LARGEST = 1e9
_asked: dict[str, Question] = {}  # since the kernel started


def guess(name: str, value: float | None = None, unit: str = "") -> float | None:
    """Keep a guess and return it; without one, return the guess made earlier, or None.

    Args:
        name: What is guessed, such as "plain-32 minus plain-8".
        value: A number, or None for no guess.
        unit: Of the number, such as "points".

    Raises:
        ValueError: The value is no number.
    """
    news = {"unit": unit}
    if value is not None:
        news["guess"] = _number(value, tr("your guess for {name}", name=name))
    return _note(name, **news).guess


def outcome(name: str, value: float, spread: float) -> None:
    """Note what came out, and its standard deviation over seeds, both in the guess's unit.

    Raises:
        ValueError: One of them is no number, or the spread is not above 0.
    """
    spread = _number(spread, tr("the spread of {name}", name=name))
    if spread <= 0:
        said = {"spread": spread, "name": name}
        raise ValueError(tr("spread={spread} of {name!r}: a spread over seeds is above 0.", **said))
    _note(name, outcome=_number(value, tr("the outcome of {name}", name=name)), spread=spread)


def guesses() -> "Picture | Display":
    """Show the guesses of this notebook beside what came out."""
    questions = list(_asked.values())
    if any(question.guess is not None for question in questions):
        return figures.guesses(questions)
    sentence = tr("No guess is written down; you can make one any time and run the cells again.")
    lines = [sentence, *(f"{one.name}: {tr(one.words)}" for one in questions)]
    return Display("<br>".join(map(escape, lines)), "\n".join(lines))


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not abs(value) < LARGEST:
        raise ValueError(
            tr(
                "{value!r} as {what} is no number: write one such as 5 or -2.5, or None for no "
                "guess.",
                value=value,
                what=what,
            )
        )
    return float(value)


def _note(name: str, **news: object) -> Question:
    """Add to what is known of a question, in memory and in the workbook."""
    path = _path()
    kept = _read(path) if path else {}
    question = replace(_asked.get(name) or kept.get(name) or Question(name), **news)
    _asked[name] = question
    if path and kept.get(name) != question:
        content = {one.name: asdict(one) for one in (kept | {name: question}).values()}
        try:
            write_atomically(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            print(tr("The guess counts in this notebook, but is not kept: {error}", error=error))
    return question


def _path() -> Path | None:
    """Return the file of the workbook in which this notebook lies, None outside of workbooks."""
    if KERNEL in os.environ:
        return None
    here = Path.cwd()
    return next((p / FILE for p in (here, *here.parents) if (p / EDITIONS).exists()), None)


def _read(path: Path) -> dict[str, Question]:
    """Return what is kept; a damaged file is put beside and counts as empty."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {name: _question(entry) for name, entry in content.items()}
    except FileNotFoundError:
        return {}
    except (AttributeError, KeyError, TypeError, ValueError):
        said = {"file": path.name}
        try:
            said["copy"] = keep_copy(path, path.parent).name
            print(tr("{file} was damaged: it is kept as {copy}, and a new one is begun.", **said))
        except OSError as error:
            print(tr("{file} is damaged and could not be copied: {error}", error=error, **said))
        return {}


def _question(entry: dict) -> Question:
    """Return the question of an entry of the file; a damaged one raises what ``_read`` catches."""
    found = Question(**entry)
    texts = isinstance(found.name, str) and isinstance(found.unit, str)
    if not texts or (found.outcome is not None and not found.spread > 0):
        raise ValueError(entry)
    for value in (found.guess, found.outcome, found.spread):
        if value is not None:
            _number(value, "")
    return found
