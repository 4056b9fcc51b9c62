"""W-4: the padded crop of the ResNet paper, for CIFAR-10 (He et al. 2016, Sec. 4.2)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.exercise import Case, Exercise, compare

__all__ = ["EXERCISE"]


def pad_and_crop(image: Tensor, top: int, left: int) -> Tensor:
    """Put 4 zeros around (C, H, W), then cut H x W out of it from row top, column left."""
    height, width = image.shape[1:]
    return F.pad(image, (4, 4, 4, 4))[:, top : top + height, left : left + width]


def _cut(
    *pads: int,
    start: Callable[[int, int], tuple[int, int]] = lambda top, left: (top, left),
    **border: object,
) -> Callable[[Tensor, int, int], Tensor]:
    """Return a crop with another border (left, right, top, bottom) or another first corner."""

    def wrong(image: Tensor, top: int, left: int) -> Tensor:
        (top, left), (height, width) = start(top, left), image.shape[1:]
        return F.pad(image, pads, **border)[:, top : top + height, left : left + width]

    return wrong


_MISTAKES = {
    "Nothing is padded, so the crop runs out of the picture: put 4 zeros on each side first.": [
        _cut(0, 0, 0, 0)
    ],
    "This is the padded picture as a whole: cut height x width out of it.": [
        lambda image, top, left: F.pad(image, (4, 4, 4, 4))
    ],
    "top and left have changed places: top is a row, and rows come before columns.": [
        _cut(4, 4, 4, 4, start=lambda top, left: (left, top))
    ],
    "The corner is counted from the picture's own corner, as if nothing were padded above and to "
    "the left: (0, 0) is the corner of the padded picture.": [
        _cut(4, 4, 4, 4, start=lambda top, left: (top + 4, left + 4))
    ],
    "Only two sides are padded, above and to the left: 4 zeros belong on each of the four.": [
        _cut(4, 0, 4, 0)
    ],
    "Only the columns, or only the rows, are padded: F.pad wants four numbers, (4, 4, 4, 4).": [
        _cut(4, 4, 0, 0),
        _cut(0, 0, 4, 4),
    ],
    "2 on each side are 4 together: the paper has 4 on each side.": [_cut(2, 2, 2, 2)],
    "The border repeats pixels of the picture: pad with zeros.": [
        _cut(4, 4, 4, 4, mode=mode) for mode in ("reflect", "replicate", "circular")
    ],
    "The border holds ones: pad with zeros.": [_cut(4, 4, 4, 4, value=1.0)],
    "The crop went from corner to corner of the picture and is smaller or larger than it: behind "
    "the colon stands top + height, not height.": [
        lambda image, top, left: F.pad(image, (4, 4, 4, 4))[
            :, top : image.shape[1], left : image.shape[2]
        ],
        lambda image, top, left: F.pad(image, (4, 4, 4, 4))[:, top:, left:],
    ],
}


def _find_mistake(answer: object) -> str:
    """Compare on a square picture, then on a wide one and at the last corner."""
    wide = "Right on a square picture and not on one of 9 x 14: use its own height and width."
    corner = "Right, but not at the last corner, (8, 8), where the crop ends with the padding."
    cases = [
        Case((torch.rand(3, 12, 12), 1, 6)),
        Case((torch.rand(1, 9, 14), 5, 2), wide),
        Case((torch.rand(3, 12, 12), 8, 8), corner),
    ]
    return compare(answer, pad_and_crop, cases, _MISTAKES)


EXERCISE = Exercise(
    begin="Begin with F.pad(image, (4, 4, 4, 4)); then cut rows and columns out of it with two "
    "slices.",
    right="with top and left from 0 to 8 there are 81 crops, 162 with their mirror images, of "
    "one small picture.",
    solution=pad_and_crop,
    find_mistake=_find_mistake,
)
