"""R-2: option A, the shortcut without a single weight (He et al. 2016, Sec. 3.3 and 4.1)."""

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.by_function import Case, FunctionExercise


def shortcut_a(x: Tensor, out_channels: int) -> Tensor:
    """(N, C, H, W) -> (N, out_channels, H/2, W/2): every second pixel, then zero channels."""
    extra = out_channels - x.shape[1]
    x = x[:, :, ::2, ::2]
    return F.pad(x, (0, 0, 0, 0, 0, extra))  # a pair for W, one for H, one for the channels


def _mistakes(x: Tensor, out_channels: int) -> dict[str, list[Tensor]]:
    """Return wrong shortcuts; x has 4 channels where 8 are to come out."""
    half = x[:, :, ::2, ::2]

    def extend(x: Tensor, before: int = 0, after: int = 4) -> Tensor:
        """Return x with this many channels more on each side."""
        return F.pad(x, (0, 0, 0, 0, before, after))

    return {
        "You pooled four pixels: option A keeps every second pixel and skips the others.": [
            extend(pool(x, 2)) for pool in (F.avg_pool2d, F.max_pool2d)
        ],
        "You skip the wrong pixels: keep the first, the third.": [extend(x[:, :, 1::2, 1::2])],
        "Not all zeros come after the channels of x. The paper does not say where they go; this "
        "course appends them.": [extend(half, 4, 0), extend(half, 2, 2)],
        "You repeat the channels of x: the new ones hold zeros.": [
            half.repeat(1, 2, 1, 1),
            half.repeat_interleave(2, dim=1),
        ],
        "The feature map is as large as before: the block halves it, its shortcut, too.": [
            extend(x),
            x,
        ],
        "Only one of H and W is halved.": [extend(x[:, :, ::2]), extend(x[:, :, :, ::2])],
        "The new channels are missing: x has only C of the out_channels that F(x) has.": [half],
        "There are C channels too many: append out_channels - C.": [extend(half, 0, out_channels)],
        "The zeros are pixels, not channels: F.pad counts its pairs from the last axis, W, then H, "
        "then the channels.": [F.pad(half, (0, 4)), F.pad(half, (0, 0, 0, 4))],
    }


def _cases() -> list[Case]:
    other = "Right from 4 to 8 channels, not from 3 to 8: use x.shape[1] and out_channels."
    return [Case((torch.randn(2, 4, 6, 10), 8)), Case((torch.randn(1, 3, 8, 8), 8), other)]


EXERCISE = FunctionExercise(
    begin="Begin with every second pixel: x[:, :, ::2, ::2] is (N, C, H/2, W/2). How many "
    "channels are missing then, and what does F.pad do?",
    right="there is nothing to learn and nothing to multiply, so that with option A a residual "
    "net has as many parameters as the plain net: 269,722 with 20 layers.",
    solution=shortcut_a,
    cases=_cases,
    mistakes=_mistakes,
    trains="Your shortcut has weights: a 1x1 that learns is option B. Option A learns nothing.",
)
