"""The pair of pictures, and what is said of a guess."""

import pytest
import torch
from torchvision.transforms import v2

from seminar_utils.exercises.w0_puzzle import first_difference, pair
from seminar_utils.training import data

STEPS = [
    v2.Resize(256),
    v2.CenterCrop(224),
    v2.RandomHorizontalFlip(p=1.0),
    v2.ColorJitter(brightness=(1.4, 1.4)),
]
SQUEEZED = v2.Resize([256, 256])
CONTRAST = v2.ColorJitter(contrast=(1.4, 1.4))


def test_the_pair_is_a_photograph_and_its_transformed_self():
    raw, transformed = pair()
    assert torch.equal(raw, data.photo("cat")) and transformed.shape == (3, 224, 224)
    assert torch.equal(transformed, v2.Compose(STEPS)(raw))


@pytest.mark.parametrize(
    "guess",
    [
        tuple(STEPS),
        [*STEPS[:2], STEPS[3], STEPS[2]],  # mirroring and brightening can change places
        [v2.Resize(256), v2.CenterCrop(224), v2.ColorJitter((1.4, 1.4)), lambda x: x.flip(2)],
    ],
)
def test_equal_pixels_are_right_however_they_came_about(guess):
    assert first_difference(guess) == "Right: these 4 steps give the same pixels."


@pytest.mark.parametrize(
    ("guess", "number", "name"),
    [
        ([SQUEEZED, *STEPS[1:]], 1, "Resize(size=[256, 256]"),
        ([STEPS[1], STEPS[0], *STEPS[2:]], 1, "CenterCrop"),
        ([STEPS[0], v2.CenterCrop(200), *STEPS[2:]], 2, "CenterCrop(size=(200, 200))"),
        ([*STEPS[:2], v2.RandomVerticalFlip(p=1.0), STEPS[3]], 3, "RandomVerticalFlip"),
        ([*STEPS[:3], CONTRAST], 4, "ColorJitter(contrast="),
    ],
)
def test_the_first_step_that_differs_is_named(guess, number, name):
    text = first_difference(guess)
    assert text.startswith(f"Not yet. Step {number} is the first that differs: {name}")


@pytest.mark.parametrize("guess", [[], STEPS[:3], [*STEPS, CONTRAST]])
def test_too_few_and_too_many_steps(guess):
    assert first_difference(guess) == f"Not yet. Your {len(guess)} steps fit, but it took 4."


def test_no_guess():
    assert first_difference(None) == "No guess yet: choose one and run again."
