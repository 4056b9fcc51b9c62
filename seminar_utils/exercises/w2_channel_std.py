"""W-2: the standard deviation by which a batch is divided."""

import torch
from torch import Tensor

from seminar_utils.exercises.by_function import Case, FunctionExercise


def channel_std(images: Tensor) -> Tensor:
    """Return each channel's standard deviation over all pixels, (C,), in units of 0 to 1."""
    return (images / 255).std(dim=(0, 2, 3))


def _mistakes(images: Tensor) -> dict[str, list[Tensor]]:
    x = images / 255
    return {
        "This is the mean of each image's own deviation. It is too small, because some images are "
        "brighter than others: take all pixels of all images at once.": [
            x.std((2, 3), correction=correction).mean(0) for correction in (0, 1)
        ],
        "The unit is 0 to 255 here: divide the pixels by 255.": [images.float().std((0, 2, 3))],
        "This is the variance: its root is the standard deviation.": [x.var((0, 2, 3))],
        "This is the mean, not how far the pixels are spread around it.": [x.mean((0, 2, 3))],
        "All channels went into one number: each channel keeps its own.": [
            x.std(),
            x.std().expand(x.shape[1]),
        ],
        "There is one row for each image: only the channels stay.": [x.std((2, 3))],
        "The numbers are right, but empty axes are left.": [x.std((0, 2, 3), keepdim=True)],
        "This is the spread of one mean an image: take the pixels.": [x.mean((2, 3)).std(0)],
    }


def _images(*shape: int) -> Tensor:
    """Return uint8 images (N, C, H, W), each as bright as chance will have it."""
    brightest = torch.rand(shape[0], shape[1], 1, 1)
    return (255 * brightest * torch.rand(shape)).to(torch.uint8)


EXERCISE = FunctionExercise(
    begin="Begin with the unit, 0 to 1. Three of the four axes have to go, so that (C,) is left: "
    "which?",
    right="all pixels at once. The mean of the images' own deviations is smaller: deep dive 3 "
    "shows how such a number got around.",
    solution=channel_std,
    # Images of different brightness; with so many pixels n or n - 1 is the same.
    cases=lambda: [Case((_images(64, 3, 56, 56),)), Case((_images(96, 1, 56, 40),))],
    mistakes=_mistakes,
)
