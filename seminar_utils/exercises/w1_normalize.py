"""W-1: the normalisation of a batch."""

import torch
from torch import Tensor

from seminar_utils.exercises.by_function import Case, FunctionExercise


def normalize(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Turn uint8 (N, C, H, W) into float; mean and std are (C,), in units of 0 to 1."""
    return (images / 255 - mean[:, None, None]) / std[:, None, None]


def _mistakes(images: Tensor, mean: Tensor, std: Tensor) -> dict[str, list[Tensor]]:
    """Return wrong normalisations of x, with m(ean) and s(td) in the shape (C, 1, 1)."""
    x, m, s = images / 255, mean[:, None, None], std[:, None, None]
    return {
        "The pixels still go from 0 to 255, mean and std from 0 to 1.": [(images - m) / s],
        "You divided by 255 twice: the image is nearly black.": [(x / 255 - m) / s],
        "You subtract the mean before you divide by 255.": [(images - m) / 255 / s],
        "You multiplied by std: dividing by it makes the deviation 1.": [(x - m) * s],
        "You divided by std too early: (x - mean) / std, with brackets.": [x / s - m, x - m / s],
        "The mean is gone, but std is missing: divide by it.": [x - m],
        "The mean is still there: subtract it before you divide by std.": [x / s],
        "You took mean and std of these few images: take the two that you are given.": [
            (x - x.mean(axes, keepdim=True)) / x.std(axes, keepdim=True)
            for axes in ((0, 1, 2, 3), (0, 2, 3), (2, 3))
        ],
        "Mean and std went along the columns: give them the shape (C, 1, 1).": [(x - mean) / std],
    }


def _cases() -> list[Case]:
    """Return two images as wide as they have channels, then other sizes."""
    mean, std = torch.tensor([0.1, 0.2, 0.15]), torch.tensor([0.2, 0.25, 0.3])
    wide = "Right for 3 x 3 pixels, not for 4 x 6: mean and std need the shape (C, 1, 1)."
    one = "Right with three channels, not with one: take as many as mean has."
    return [
        Case((_bright_images(2, 3, 3, 3), mean, std)),
        Case((_bright_images(2, 3, 4, 6), mean, std), wide),
        Case((_bright_images(2, 1, 5, 5), mean[:1], std[:1]), one),
    ]


def _bright_images(*shape: int) -> Tensor:
    """Return uint8 images above their mean: close to it, rounding would look like a mistake."""
    return torch.randint(100, 256, shape, dtype=torch.uint8)


EXERCISE = FunctionExercise(
    begin="Begin with the unit: which pixels do mean and std belong to? Then give both a shape "
    "that meets the channels of (N, C, H, W).",
    right="(x - mean) / std, each channel by its own numbers. v2.Normalize does the same.",
    solution=normalize,
    cases=_cases,
    mistakes=_mistakes,
)
