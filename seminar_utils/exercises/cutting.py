"""W-4 and W-5: the padded crop of the ResNet paper, and the size of a GoogLeNet patch.

He et al. 2016, Sec. 4.2 (CIFAR-10: 4 pixels on each side); Szegedy et al. 2015, Sec. 6 (8 to 100 %
of the area, ratio 3/4 to 4/3).
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.exercise import Case, compare

__all__ = ["pad_and_crop", "pad_mistake", "patch_mistake", "patch_size"]


def pad_and_crop(image: Tensor, top: int, left: int) -> Tensor:
    """Put 4 zeros around (C, H, W), then cut H x W out of it from row top, column left."""
    height, width = image.shape[1:]
    return F.pad(image, (4, 4, 4, 4))[:, top : top + height, left : left + width]


def cut(
    pads: tuple[int, int, int, int],
    mode: str = "constant",
    value: float = 0.0,
    start: Callable[[int, int], tuple[int, int]] = lambda top, left: (top, left),
) -> Callable[[Tensor, int, int], Tensor]:
    """Return a crop with another border (left, right, top, bottom) or another first corner."""

    def wrong(image: Tensor, top: int, left: int) -> Tensor:
        (top, left), (height, width) = start(top, left), image.shape[1:]
        options = {"value": value} if mode == "constant" else {}
        padded = F.pad(image, pads, mode=mode, **options)
        return padded[:, top : top + height, left : left + width]

    return wrong


PAD_MISTAKES = {
    "Nothing is padded, so the crop runs out of the picture: put 4 zeros on each side first.": [
        cut((0, 0, 0, 0)),
    ],
    "This is the padded picture as a whole: cut height x width out of it.": [
        lambda image, top, left: F.pad(image, (4, 4, 4, 4)),
    ],
    "top and left have changed places: top is a row, and rows come before columns.": [
        cut((4, 4, 4, 4), start=lambda top, left: (left, top)),
    ],
    "The corner is counted from the picture's own corner, as if nothing were padded above and to "
    "the left: (0, 0) is the corner of the padded picture.": [
        cut((4, 4, 4, 4), start=lambda top, left: (top + 4, left + 4)),
    ],
    "Only two sides are padded, above and to the left: 4 zeros belong on each of the four.": [
        cut((4, 0, 4, 0)),
    ],
    "Only the columns, or only the rows, are padded: F.pad wants four numbers, (4, 4, 4, 4).": [
        cut((4, 4, 0, 0)),
        cut((0, 0, 4, 4)),
    ],
    "2 on each side are 4 together: the paper has 4 on each side.": [
        cut((2, 2, 2, 2)),
    ],
    "The border repeats pixels of the picture: pad with zeros.": [
        cut((4, 4, 4, 4), mode="reflect"),
        cut((4, 4, 4, 4), mode="replicate"),
        cut((4, 4, 4, 4), mode="circular"),
    ],
    "The border holds ones: pad with zeros.": [
        cut((4, 4, 4, 4), value=1.0),
    ],
    "The crop went from corner to corner of the picture and is smaller or larger than it: behind "
    "the colon stands top + height, not height.": [
        lambda image, top, left: F.pad(image, (4, 4, 4, 4))[
            :, top : image.shape[1], left : image.shape[2]
        ],
        lambda image, top, left: F.pad(image, (4, 4, 4, 4))[:, top:, left:],
    ],
}


def pad_mistake(answer: object) -> str:
    """Compare on a square picture, then on a wide one and at the last corner."""
    wide = "Right on a square picture and not on one of 9 x 14: use its own height and width."
    corner = "Right, but not at the last corner, (8, 8), where the crop ends with the padding."
    cases = [
        Case((torch.rand(3, 12, 12), 1, 6)),
        Case((torch.rand(1, 9, 14), 5, 2), wide),
        Case((torch.rand(3, 12, 12), 8, 8), corner),
    ]
    return compare(answer, pad_and_crop, cases, PAD_MISTAKES)


def patch_size(height: int, width: int, share: float, ratio: float) -> Tensor:
    """Return (height, width) in pixels, rounded, of a patch of a share of a picture's area.

    Args:
        height, width: Pixels of the picture.
        share: Of the area, 0.08 to 1.
        ratio: Width over height of the patch, 3/4 to 4/3.
    """
    area = share * height * width
    return torch.tensor([round(math.sqrt(area / ratio)), round(math.sqrt(area * ratio))])


def sides(formula: Callable[..., tuple[float, float]]) -> Callable[..., Tensor]:
    """Return a patch size, rounded, from area, ratio, and the picture's height and width."""

    def wrong(height: int, width: int, share: float, ratio: float) -> Tensor:
        found = formula(share * height * width, ratio, share, height, width)
        return torch.tensor([round(side) for side in found])

    return wrong


PATCH_MISTAKES = {
    "Height and width have changed places: ratio is width over height, and the height comes "
    "first.": [
        sides(lambda a, r, s, h, w: (math.sqrt(a * r), math.sqrt(a / r))),
    ],
    "The patch is a square: the ratio is not used.": [
        sides(lambda a, r, s, h, w: (math.sqrt(a), math.sqrt(a))),
    ],
    "Each side is that share of the picture's side, so the area is the share squared: take its "
    "root.": [
        sides(lambda a, r, s, h, w: (s * h, s * w)),
        sides(lambda a, r, s, h, w: (s * h / math.sqrt(r), s * w * math.sqrt(r))),
    ],
    "The patch has the picture's shape, not the ratio: height times width is the area, width over "
    "height the ratio, two equations for two sides.": [
        sides(lambda a, r, s, h, w: (math.sqrt(s) * h, math.sqrt(s) * w)),
        sides(lambda a, r, s, h, w: (math.sqrt(s / r) * h, math.sqrt(s * r) * w)),
    ],
    "A root is missing: sides whose product is the area are near its root.": [
        sides(lambda a, r, s, h, w: (a / r, a * r)),
    ],
    "The area comes out too large or too small: the ratio is shared by both sides, so each has "
    "its root.": [
        sides(lambda a, r, s, h, w: (math.sqrt(a) / r, math.sqrt(a) * r)),
        sides(lambda a, r, s, h, w: (math.sqrt(a), math.sqrt(a) * r)),
        sides(lambda a, r, s, h, w: (math.sqrt(a) / r, math.sqrt(a))),
    ],
    "The sides are right, but not whole: pixels cannot be cut, so round.": [
        lambda height, width, share, ratio: torch.tensor(
            [math.sqrt(share * height * width / ratio), math.sqrt(share * height * width * ratio)]
        ),
    ],
    "You cut off the fractions: take the nearest whole number, with round.": [
        lambda height, width, share, ratio: torch.tensor(
            [
                int(math.sqrt(share * height * width / ratio)),
                int(math.sqrt(share * height * width * ratio)),
            ]
        ),
    ],
}


def patch_mistake(answer: object) -> str:
    """Compare on a wide picture, in which every known mistake gives other sides."""
    cases = [Case((300, 450, 0.3, 4 / 3)), Case((224, 224, 0.08, 3 / 4))]
    return compare(answer, patch_size, cases, PATCH_MISTAKES)
