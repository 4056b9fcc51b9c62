"""W-5: the size of a GoogLeNet patch (Szegedy et al. 2015, Sec. 6)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from seminar_utils.exercises.exercise import Case, Exercise, compare

__all__ = ["EXERCISE"]


def patch_size(height: int, width: int, share: float, ratio: float) -> Tensor:
    """Return (height, width) in pixels, rounded, of a patch of a share of a picture's area.

    Args:
        height, width: Pixels of the picture.
        share: Of the area, 0.08 to 1.
        ratio: Width over height of the patch, 3/4 to 4/3.
    """
    area = share * height * width
    return torch.tensor([round(math.sqrt(area / ratio)), round(math.sqrt(area * ratio))])


def _sides(
    formula: Callable[..., tuple[float, float]], whole: Callable[[float], float] = round
) -> Callable[..., Tensor]:
    """Return a patch size from a(rea), r(atio), s(hare), and the picture's h(eight) and w(idth)."""

    def wrong(height: int, width: int, share: float, ratio: float) -> Tensor:
        found = formula(share * height * width, ratio, share, height, width)
        return torch.tensor([whole(side) for side in found])

    return wrong


_MISTAKES = {
    "Height and width have changed places: ratio is width over height, and the height comes "
    "first.": [_sides(lambda a, r, s, h, w: (math.sqrt(a * r), math.sqrt(a / r)))],
    "The patch is a square: the ratio is not used.": [
        _sides(lambda a, r, s, h, w: (math.sqrt(a), math.sqrt(a)))
    ],
    "Each side is that share of the picture's side, so the area is the share squared: take its "
    "root.": [
        _sides(lambda a, r, s, h, w: (s * h, s * w)),
        _sides(lambda a, r, s, h, w: (s * h / math.sqrt(r), s * w * math.sqrt(r))),
    ],
    "The patch has the picture's shape, not the ratio: height times width is the area, width over "
    "height the ratio, two equations for two sides.": [
        _sides(lambda a, r, s, h, w: (math.sqrt(s) * h, math.sqrt(s) * w)),
        _sides(lambda a, r, s, h, w: (math.sqrt(s / r) * h, math.sqrt(s * r) * w)),
    ],
    "A root is missing: sides whose product is the area are near its root.": [
        _sides(lambda a, r, s, h, w: (a / r, a * r))
    ],
    "The area comes out too large or too small: the ratio is shared by both sides, so each has "
    "its root.": [
        _sides(lambda a, r, s, h, w: (math.sqrt(a) / r, math.sqrt(a) * r)),
        _sides(lambda a, r, s, h, w: (math.sqrt(a), math.sqrt(a) * r)),
        _sides(lambda a, r, s, h, w: (math.sqrt(a) / r, math.sqrt(a))),
    ],
    "The sides are right, but not whole: pixels cannot be cut, so round.": [
        _sides(lambda a, r, s, h, w: (math.sqrt(a / r), math.sqrt(a * r)), whole=float)
    ],
    "You cut off the fractions: take the nearest whole number, with round.": [
        _sides(lambda a, r, s, h, w: (math.sqrt(a / r), math.sqrt(a * r)), whole=int)
    ],
}


def _find_mistake(answer: object) -> str:
    """Compare on a wide picture, in which every known mistake gives other sides."""
    cases = [Case((300, 450, 0.3, 4 / 3)), Case((224, 224, 0.08, 3 / 4))]
    return compare(answer, patch_size, cases, _MISTAKES)


EXERCISE = Exercise(
    begin="Begin with two equations: height x width = share x area of the picture, and "
    "width / height = ratio. Solve for both and round.",
    right="a patch of 8 % of a square picture is only about 28 % as high and as wide, "
    "the root of 0.08.",
    solution=patch_size,
    find_mistake=_find_mistake,
)
