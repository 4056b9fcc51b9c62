"""W-3: mirror some images of a batch, as ``Batches`` does.

Shapes: N images, C channels, H x W pixels.
"""

import torch
from torch import Tensor

from seminar_utils.exercises.exercise import Case, compare

__all__ = ["mirror_mistake", "mirror_some"]


def mirror_some(images: Tensor, mirrored: Tensor) -> Tensor:
    """Swap left and right of the images (N, C, H, W) where mirrored, bool (N,), is true."""
    return torch.where(mirrored[:, None, None, None], images.flip(3), images)


MIRROR_MISTAKES = {
    "All images are mirrored: only those where mirrored is true should be.": [
        lambda x, mirrored: x.flip(3),
    ],
    "The images are as they came: flip puts a new tensor beside the old one, so use its result.": [
        lambda x, mirrored: x,
    ],
    "You mirrored the others: where mirrored is true, left and right change places.": [
        lambda x, mirrored: mirror_some(x, ~mirrored),
    ],
    "Top and bottom changed places: the columns are the last axis, number 3.": [
        lambda x, mirrored: torch.where(mirrored[:, None, None, None], x.flip(2), x),
    ],
    "Left and right changed places, and top and bottom with them: flip the last axis only.": [
        lambda x, mirrored: torch.where(mirrored[:, None, None, None], x.flip(2, 3), x),
    ],
    "The colours changed places: axis 1 holds the channels, the last axis the columns.": [
        lambda x, mirrored: torch.where(mirrored[:, None, None, None], x.flip(1), x),
    ],
    "The images changed places, and would get each other's labels: flip the last axis.": [
        lambda x, mirrored: torch.where(mirrored[:, None, None, None], x.flip(0), x),
        lambda x, mirrored: x.flip(0),
    ],
    "Rows and columns changed places: mirroring is flip(3), not a transpose.": [
        lambda x, mirrored: torch.where(mirrored[:, None, None, None], x.mT, x),
    ],
    "Only the mirrored images came back: the others stay in the batch, unchanged and in their "
    "place.": [
        lambda x, mirrored: x[mirrored].flip(3),
        lambda x, mirrored: x[mirrored],
    ],
    "The mirrored images stand together now, apart from the others: each image stays in its place, "
    "beside its label.": [
        lambda x, mirrored: torch.cat([x[mirrored].flip(3), x[~mirrored]]),
        lambda x, mirrored: torch.cat([x[~mirrored], x[mirrored].flip(3)]),
    ],
}


def mirror_mistake(answer: object) -> str:
    """Compare on five square images, then on wide ones and where nothing is mirrored."""
    cases = [
        Case((torch.rand(5, 3, 6, 6), torch.tensor([True, False, True, True, False]))),
        Case(
            (torch.rand(4, 1, 4, 7), torch.tensor([False, True, False, True])),
            "Right on five square images of three channels, and not on four grey ones of 4 x 7: "
            "use the shape that comes in.",
        ),
        Case(
            (torch.rand(2, 3, 5, 5), torch.tensor([False, False])),
            "Right until no image of the batch is mirrored: then they come back as they are.",
        ),
    ]
    return compare(answer, mirror_some, cases, MIRROR_MISTAKES)
