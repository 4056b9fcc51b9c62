"""The puzzle that opens notebook 01: which steps made the second picture of a pair?

The steps hold no chance, so whoever names them all gets the same pixels.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torchvision.transforms import v2

from seminar_utils import data

__all__ = ["first_difference", "pair"]

PHOTO = "cat"
STEPS = (
    v2.Resize(256),
    v2.CenterCrop(224),
    v2.RandomHorizontalFlip(p=1.0),
    v2.ColorJitter(brightness=(1.4, 1.4)),
)
Step = Callable[[Tensor], Tensor]


def pair() -> tuple[Tensor, Tensor]:
    """Return the raw photograph (3, 300, 451) and the transformed one (3, 224, 224), uint8."""
    return data.photo(PHOTO), after_each(STEPS)[-1]


def first_difference(guess: Sequence[Step] | None) -> str:
    """Say whether a guess makes the transformed picture; if not, which of its steps is off.

    Args:
        guess: Transforms in order, each from uint8 (3, H, W) to the same kind; None is no guess.
    """
    if guess is None:
        return "No guess yet: choose one and run again."
    wanted, found = after_each(STEPS), after_each(guess)
    if same(found[-1], wanted[-1]):
        return f"Right: these {len(guess)} steps give the same pixels."
    steps = zip(guess, found[1:], wanted[1:], strict=False)
    for number, (step, ours, theirs) in enumerate(steps, start=1):
        if not same(ours, theirs):
            return f"Not yet. Step {number} is the first that differs: {step}"
    return f"Not yet. Your {len(guess)} steps fit, but it took {len(STEPS)}."


def after_each(steps: Sequence[Step]) -> list[Tensor]:
    """Return the photograph, then what it is after each step."""
    pictures = [data.photo(PHOTO)]
    for step in steps:
        pictures.append(step(pictures[-1]))
    return pictures


def same(picture: Tensor, other: Tensor) -> bool:
    """Tell whether two pictures have equal size and pixels."""
    return torch.equal(picture, other)
