"""G-3: global average pooling, one number of each feature map (Szegedy et al. 2015, Sec. 5)."""

import torch
from torch import Tensor

from seminar_utils.exercises.by_function import Case, FunctionExercise


def global_average_pool(x: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C): the mean of each feature map."""
    return x.mean(dim=(2, 3))


def _mistakes(x: Tensor) -> dict[str, list[Tensor]]:
    return {
        "Two empty axes are left: flatten(1) removes them.": [x.mean((2, 3), keepdim=True)],
        "This is the largest value of each feature map: average pooling takes the mean.": [
            x.amax((2, 3), keepdim=keep) for keep in (False, True)
        ],
        "This is the sum of each feature map: divide by its number of pixels.": [x.sum((2, 3))],
        "You took the mean over the channels: each channel keeps a number of its own.": [
            *(x.mean(axes) for axes in (1, (1, 2, 3), (1, 2), (1, 3))),
            x.mean(1).flatten(1),
        ],
        "You took the mean over the batch: each image keeps its own row.": [
            x.mean(axes) for axes in (0, (0, 2, 3), (0, 1, 2, 3))
        ],
        "One of the two pixel axes is still there.": [x.mean(2), x.mean(3)],
    }


def _cases() -> list[Case]:
    """Return feature maps of the paper's 7 x 7 pixels, one image, and other sizes."""
    one = "Right until a batch has one image: squeeze(), say, removes that axis, too."
    large = "Right at 7 x 7 pixels, not at 14 x 14: fix neither kernel nor divisor."
    wide = "Right on square feature maps, not on 4 x 6 pixels: use their own height and width."
    return [
        Case((torch.randn(2, 3, 7, 7),)),
        Case((torch.randn(1, 3, 7, 7),), one),
        Case((torch.randn(2, 3, 14, 14),), large),
        Case((torch.randn(2, 3, 4, 6),), wide),
    ]


EXERCISE = FunctionExercise(
    begin="Begin with the two axes that have to go: x is (N, C, H, W), and what you return is "
    "(N, C).",
    right="one number for each channel, at any size and without a single weight. In the paper "
    "top-1 accuracy rose by about 0.6 % when this replaced fully connected layers.",
    solution=global_average_pool,
    cases=_cases,
    mistakes=_mistakes,
)
