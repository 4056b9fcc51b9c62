"""The puzzle that opens notebook 01: which steps made the second picture of a pair?

The steps hold no chance, so whoever names them all gets the same pixels.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torchvision.transforms import v2

from seminar_utils.training import data

__all__ = ["first_difference", "pair"]

_STEPS = (
    v2.Resize(256),
    v2.CenterCrop(224),
    v2.RandomHorizontalFlip(p=1.0),
    v2.ColorJitter(brightness=(1.4, 1.4)),
)


def pair() -> tuple[Tensor, Tensor]:
    """Return the raw photograph (3, 300, 451) and the transformed one (3, 224, 224), uint8."""
    pictures = _after_each(_STEPS)
    return pictures[0], pictures[-1]


def first_difference(guess: Sequence[Callable[[Tensor], Tensor]] | None) -> str:
    """Say whether a guess makes the transformed picture; if not, which of its steps is off.

    Args:
        guess: Transforms in order, each from uint8 (3, H, W) to the same kind; None is no guess.
    """
    if guess is None:
        return "No guess yet: choose one and run again."
    wanted, found = _after_each(_STEPS), _after_each(guess)
    if torch.equal(found[-1], wanted[-1]):
        return f"Right: these {len(guess)} steps give the same pixels."
    steps = zip(guess, found[1:], wanted[1:], strict=False)
    for number, (step, ours, theirs) in enumerate(steps, start=1):
        if not torch.equal(ours, theirs):
            return f"Not yet. Step {number} is the first that differs: {step}"
    return f"Not yet. Your {len(guess)} steps fit, but it took {len(_STEPS)}."


def _after_each(steps: Sequence[Callable[[Tensor], Tensor]]) -> list[Tensor]:
    """Return the photograph, then what it is after each step."""
    pictures = [data.photo("cat")]
    for step in steps:
        pictures.append(step(pictures[-1]))
    return pictures
