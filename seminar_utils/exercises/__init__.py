"""Exercises that answer at once: a check that names the mistake, and one solution, folded away.

A check judges what an answer does, never how it is spelled. It prints one or two sentences that
are the same in every run, and it leaves random numbers and settings as it found them.

Each exercise is one file that defines its ``EXERCISE``. A new one copies ``w3_mirror`` (the answer
is a function), ``g2_branch`` (a number), ``g5_inception`` (a module) or ``r3_missing_stride`` (the
name of a layer). ``w0_puzzle``, which opens notebook 01, is not in the list: its check is its own.

Sources: G are from Szegedy et al., "Going Deeper with Convolutions", CVPR 2015; R from He et al.,
"Deep Residual Learning for Image Recognition", CVPR 2016 (arXiv 1512.03385).

Shapes in all files: N images, C channels, H x W pixels.
"""

import inspect
import random
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import numpy as np
import torch
from torch import nn

from seminar_utils.exercises import (
    g1_price,
    g2_branch,
    g3_average_pool,
    g4_training_loss,
    g5_inception,
    r1_residual_block,
    r2_option_a,
    r3_missing_stride,
    r4_wrong_shortcut,
    r5_lost_statistics,
    w1_normalize,
    w2_channel_std,
    w3_mirror,
    w4_pad_and_crop,
    w5_patch_size,
)
from seminar_utils.exercises.exercise import Exercise
from seminar_utils.exercises.guess import guess, guesses, outcome
from seminar_utils.tables import Display

__all__ = ["EXERCISES", "check", "guess", "guesses", "outcome", "puzzle", "solution"]

_WEEK_4 = (w1_normalize, w2_channel_std, w3_mirror, w4_pad_and_crop, w5_patch_size)
_GOOGLENET = (g1_price, g2_branch, g3_average_pool, g4_training_loss, g5_inception)
_RESNET = (r1_residual_block, r2_option_a, r3_missing_stride, r4_wrong_shortcut, r5_lost_statistics)

EXERCISES = {
    f"{letter}-{number}": file.EXERCISE
    for letter, files in {"W": _WEEK_4, "G": _GOOGLENET, "R": _RESNET}.items()
    for number, file in enumerate(files, start=1)
}


def check(exercise_id: str, answer: object = None) -> None:
    """Print whether an answer is right; if not, which mistake it makes or where to begin.

    Args:
        exercise_id: Such as "G-1".
        answer: What the exercise asks for: a number, a name, a function or a module. None and
            ``...`` stand for no answer yet, and so does a function that returns one of them.

    Raises:
        ValueError: An unknown id. Whatever the answer itself raises is printed.
    """
    exercise = _find(exercise_id)
    try:
        if answer is None or answer is ...:
            raise NotImplementedError
        with _undisturbed():
            mistake = exercise.find_mistake(answer)
    except NotImplementedError:
        print(f"No answer yet. {exercise.begin}")
    except Exception as error:
        first_line = f"{type(error).__name__}: {error}".strip(": \n").partition("\n")[0]
        print(f"Your answer stopped with an error. {first_line.rstrip('.')}.")
    else:
        print(f"Not yet. {mistake}" if mistake else f"Right: {exercise.right}")


def solution(exercise_id: str) -> Display:
    """Show the code of one solution; on a page it stays folded until it is opened."""
    code = inspect.getsource(_find(exercise_id).solution)
    summary = f"One solution of {exercise_id}"
    html = f"<details><summary>{summary}</summary><pre>{escape(code)}</pre></details>"
    return Display(html, f"{summary}:\n\n{code}")


def puzzle(exercise_id: str) -> nn.Module:
    """Build the net in which an exercise asks for the mistake: each time anew, with equal weights.

    Raises:
        ValueError: An unknown id, or an exercise without such a net.
    """
    build = _find(exercise_id).net
    if build is None:
        known = ", ".join(name for name, exercise in EXERCISES.items() if exercise.net)
        raise ValueError(f"Exercise {exercise_id!r} has no net to examine; take one of: {known}.")
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
        known = ", ".join(EXERCISES)
        raise ValueError(f"There is no exercise {exercise_id!r}; take one of: {known}.")
    return EXERCISES[exercise_id]
