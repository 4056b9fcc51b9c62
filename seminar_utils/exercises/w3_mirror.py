"""W-3: mirror some images of a batch, as ``Batches`` does."""

import torch
from torch import Tensor

from seminar_utils.exercises.by_function import Case, FunctionExercise


def mirror_some(images: Tensor, mirrored: Tensor) -> Tensor:
    """Swap left and right of the images (N, C, H, W) where mirrored, bool (N,), is true."""
    return torch.where(mirrored[:, None, None, None], images.flip(3), images)


def _mistakes(x: Tensor, mirrored: Tensor) -> dict[str, list[Tensor]]:
    def some(changed: Tensor) -> Tensor:
        """Return the images, changed where mirrored is true."""
        return torch.where(mirrored[:, None, None, None], changed, x)

    flipped, others = x[mirrored].flip(3), x[~mirrored]
    return {
        "All images are mirrored: only those where mirrored is true should be.": [x.flip(3)],
        "The images are as they came: flip returns a new tensor, so use its result.": [x],
        "You mirrored the others: mirror where mirrored is true.": [mirror_some(x, ~mirrored)],
        "Top and bottom changed places: the columns are axis 3.": [some(x.flip(2))],
        "The colours changed places: axis 1 holds the channels.": [some(x.flip(1))],
        "The images changed places, and would get each other's labels.": [
            some(x.flip(0)),
            x.flip(0),
        ],
        "Only a part came back: the other images stay in the batch.": [flipped, x[mirrored]],
        "The mirrored images stand together now: each one stays beside its label.": [
            torch.cat([flipped, others]),
            torch.cat([others, flipped]),
        ],
    }


def _cases() -> list[Case]:
    """Return five square images, then wide ones, and some of which none is mirrored."""
    wide = "Right on five square images, not on four grey ones of 4 x 7: use their own shape."
    none = "Right until no image of the batch is mirrored: then they come back as they are."
    return [
        Case((torch.rand(5, 3, 6, 6), torch.tensor([True, False, True, True, False]))),
        Case((torch.rand(4, 1, 4, 7), torch.tensor([False, True, False, True])), wide),
        Case((torch.rand(2, 3, 5, 5), torch.tensor([False, False])), none),
    ]


EXERCISE = FunctionExercise(
    begin="Begin with all images: which axis of (N, C, H, W) swaps left and right? Then choose "
    "image by image, with torch.where, say.",
    right="every image keeps its place, and so its label.",
    solution=mirror_some,
    cases=_cases,
    mistakes=_mistakes,
)
