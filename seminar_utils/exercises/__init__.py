"""Exercises that answer at once: a check that names the mistake, and one solution, folded away.

A check judges what an answer does, never how it is spelled. It prints one or two sentences that
are the same in every run, and it leaves random numbers and settings as it found them.

Each exercise is one file, found by its name, that defines its ``EXERCISE``. A new one copies
``w3_mirror`` (the answer is a function), ``r8_dense_layer`` (a module), ``r4_wrong_shortcut`` (the
name of a layer) or ``g6_bill`` (words for a table). ``w0_puzzle``, which opens notebook 01, checks
by itself.

Sources: G are from Szegedy et al., "Going Deeper with Convolutions", CVPR 2015; R from He et al.,
"Deep Residual Learning for Image Recognition", CVPR 2016 (arXiv 1512.03385).

Shapes in all files: N images, C channels, H x W pixels.
"""

import inspect
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import torch
from torch import nn

from seminar_utils.exercises.exercise import Exercise
from seminar_utils.exercises.guess import guess, guesses, outcome
from seminar_utils.language import tr
from seminar_utils.tables import Display, Table

__all__ = ["EXERCISES", "check", "guess", "guesses", "hint", "outcome", "puzzle", "solution"]

EXERCISES = {
    f"{name[0].upper()}-{name[1]}": import_module(f"{__name__}.{name}").EXERCISE
    for _, name, _ in iter_modules(__path__)
    if re.match(r"[wgr][1-9]_", name)
}


def check(exercise_id: str, answer: object = None) -> None:
    """Print whether an answer is right; if not, which mistake it makes.

    Args:
        exercise_id: Such as "G-1".
        answer: What the exercise asks for. None and ``...`` stand for no answer yet, and so does a
            function that returns one of them.

    Raises:
        ValueError: An unknown id. Whatever the answer itself raises is printed.
    """
    exercise = _find(exercise_id)
    try:
        if answer is None or answer is ...:
            raise NotImplementedError
        with _undisturbed():
            mistake = exercise.find_mistake(answer)
            praise = "" if mistake else exercise.praise(answer)
    except NotImplementedError:
        stuck = f'exercises.hint("{exercise_id}")'
        print(tr("No answer yet. {takes} Stuck? {hint}", takes=tr(exercise.takes), hint=stuck))
    except Exception as error:
        first_line = f"{type(error).__name__}: {error}".strip(": \n").partition("\n")[0]
        print(tr("Your answer stopped with an error. {error}.", error=first_line.rstrip(".")))
    else:
        if mistake:
            print(tr("Not yet. {mistake}", mistake=tr(mistake)))
        else:
            print(tr("Right: {praise}", praise=praise))


def solution(exercise_id: str) -> Display:
    """Show the code of one solution; on a page it stays folded until it is opened."""
    code = inspect.getsource(_find(exercise_id).solution)
    summary = tr("One solution of {exercise}", exercise=exercise_id)
    html = f"<details><summary>{summary}</summary><pre>{escape(code)}</pre></details>"
    return Display(html, f"{summary}:\n\n{code}")


def hint(exercise_id: str) -> None:
    """Print where to begin."""
    print(tr(_find(exercise_id).begin))


def puzzle(exercise_id: str) -> nn.Module | Table:
    """Build the net or table that an exercise is about: each time anew, with equal weights.

    Raises:
        ValueError: An unknown id, or an exercise without something to examine.
    """
    build = _find(exercise_id).examine
    if build is None:
        known = ", ".join(name for name, exercise in EXERCISES.items() if exercise.examine)
        said = {"exercise": exercise_id, "known": known}
        raise ValueError(
            tr("Exercise {exercise!r} has nothing to examine; take one of: {known}.", **said)
        )
    with _undisturbed():
        return build()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Start from fixed random numbers; afterwards restore them, gradient mode and number type."""
    python, numpy, dtype = random.getstate(), np.random.get_state(), torch.get_default_dtype()
    try:
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.default_generator.manual_seed(0)
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        torch.set_default_dtype(dtype)


def _find(exercise_id: object) -> Exercise:
    if exercise_id not in EXERCISES:
        said = {"exercise": exercise_id, "known": ", ".join(EXERCISES)}
        raise ValueError(tr("There is no exercise {exercise!r}; take one of: {known}.", **said))
    return EXERCISES[exercise_id]
