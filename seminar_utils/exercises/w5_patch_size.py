"""W-5: the size of a GoogLeNet patch (Szegedy et al. 2015, Sec. 6)."""

import math
from math import sqrt

import torch
from torch import Tensor

from seminar_utils.exercises.by_function import Case, FunctionExercise


def patch_size(height: int, width: int, share: float, ratio: float) -> Tensor:
    """Return (height, width) in pixels, rounded, of a patch of a share of an image's area.

    Args:
        height: Of the image, in pixels.
        width: Of the image, in pixels.
        share: Of the area, 0.08 to 1.
        ratio: Width over height of the patch, 3/4 to 4/3.
    """
    area = share * height * width
    return torch.tensor([round(math.sqrt(area / ratio)), round(math.sqrt(area * ratio))])


def _mistakes(h: int, w: int, s: float, r: float) -> dict[str, list[tuple]]:
    """Return wrong sizes, from h(eight), w(idth), s(hare), r(atio) and a(rea)."""
    a = s * h * w

    def rounded(*sides: float) -> tuple[int, ...]:
        return tuple(map(round, sides))

    return {
        "Height and width have changed places: ratio is width over height.": [
            rounded(sqrt(a * r), sqrt(a / r))
        ],
        "The patch is a square: the ratio is not used.": [rounded(sqrt(a), sqrt(a))],
        "Each side is that share of the image's side, so the area is the share squared.": [
            rounded(s * h, s * w),
            rounded(s * h / sqrt(r), s * w * sqrt(r)),
        ],
        "The patch has the image's shape, not the ratio: two equations for two sides.": [
            rounded(sqrt(s) * h, sqrt(s) * w),
            rounded(sqrt(s / r) * h, sqrt(s * r) * w),
        ],
        "A root is missing: the product of the sides is the area.": [rounded(a / r, a * r)],
        "The area is too large or too small: both sides share the ratio, so each has its root.": [
            rounded(sqrt(a) / r, sqrt(a) * r),
            rounded(sqrt(a), sqrt(a) * r),
            rounded(sqrt(a) / r, sqrt(a)),
        ],
        "The sides are right, but not whole: round them.": [(sqrt(a / r), sqrt(a * r))],
        "You cut off the fractions: round them.": [(int(sqrt(a / r)), int(sqrt(a * r)))],
    }


EXERCISE = FunctionExercise(
    begin="Begin with two equations: height x width = share x area of the image, and "
    "width / height = ratio. Solve for both and round.",
    right="a patch of 8 % of a square image is only about 28 % as high and as wide, "
    "the root of 0.08.",
    solution=patch_size,
    # A wide image, in which every known mistake gives other sides, and a square one.
    cases=lambda: [Case((300, 450, 0.3, 4 / 3)), Case((224, 224, 0.08, 3 / 4))],
    mistakes=_mistakes,
)
