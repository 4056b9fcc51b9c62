"""W-4: the padded crop of the ResNet paper, for CIFAR-10 (He et al. 2016, Sec. 4.2)."""

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.by_function import Case, FunctionExercise


def pad_and_crop(image: Tensor, top: int, left: int) -> Tensor:
    """Put 4 zeros around (C, H, W), then cut H x W out of it from row top, column left."""
    height, width = image.shape[1:]
    return F.pad(image, (4, 4, 4, 4))[:, top : top + height, left : left + width]


def _mistakes(image: Tensor, top: int, left: int) -> dict[str, list[Tensor]]:
    height, width = image.shape[1:]
    padded = F.pad(image, (4, 4, 4, 4))

    def crop(*border: int, top: int = top, left: int = left, **kind: object) -> Tensor:
        """Return a crop with another border (left, right, top, bottom) or first corner."""
        return F.pad(image, border, **kind)[:, top : top + height, left : left + width]

    return {
        "Nothing is padded: put 4 zeros on each side first.": [crop(0, 0, 0, 0)],
        "This is the padded image as a whole: cut height x width out of it.": [padded],
        "top and left have changed places: top is a row, and rows come before columns.": [
            crop(4, 4, 4, 4, top=left, left=top)
        ],
        "You count the corner from the image itself: (0, 0) is the corner of the padded image.": [
            crop(4, 4, 4, 4, top=top + 4, left=left + 4)
        ],
        "Only two sides are padded: 4 zeros belong on each of the four.": [
            crop(4, 0, 4, 0),
            crop(4, 4, 0, 0),
            crop(0, 0, 4, 4),
        ],
        "2 on each side are 4 together: the paper has 4 on each side.": [crop(2, 2, 2, 2)],
        "The border is not black: pad with zeros.": [
            crop(4, 4, 4, 4, value=1.0),
            *(crop(4, 4, 4, 4, mode=mode) for mode in ("reflect", "replicate", "circular")),
        ],
        "The crop has another size: after the colon stands top + height, not height.": [
            padded[:, top:height, left:width],
            padded[:, top:, left:],
        ],
    }


def _cases() -> list[Case]:
    """Return a square image, then a wide one and the last corner."""
    wide = "Right on a square image, not on one of 9 x 14: use its own height and width."
    corner = "Right, but not at the last corner, (8, 8), where the crop ends with the padding."
    return [
        Case((torch.rand(3, 12, 12), 1, 6)),
        Case((torch.rand(1, 9, 14), 5, 2), wide),
        Case((torch.rand(3, 12, 12), 8, 8), corner),
    ]


EXERCISE = FunctionExercise(
    begin="Begin with the padding: F.pad counts from the last axis, and takes two numbers for "
    "each. Then cut out rows and columns with slices.",
    right="with top and left from 0 to 8 there are 81 crops, 162 with their mirror images, of "
    "one small image.",
    solution=pad_and_crop,
    cases=_cases,
    mistakes=_mistakes,
)
