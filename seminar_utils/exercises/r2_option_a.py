"""R-2: option A, the shortcut without a single weight (He et al. 2016, Sec. 3.3 and 4.1)."""

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.exercise import Case, Exercise, call, compare

__all__ = ["EXERCISE"]


def shortcut_a(x: Tensor, out_channels: int) -> Tensor:
    """(N, C, H, W) -> (N, out_channels, H/2, W/2): every second pixel, then zero channels."""
    extra = out_channels - x.shape[1]
    x = x[:, :, ::2, ::2]
    return F.pad(x, (0, 0, 0, 0, 0, extra))  # a pair for W, one for H, one for the channels


def _padded(x: Tensor, front: int, behind: int, value: float = 0) -> Tensor:
    """Return x with this many channels more on each side."""
    return F.pad(x, (0, 0, 0, 0, front, behind), value=value)


# In each line: x and the number of o(utput) channels, which is 8 where x has 4.
_MISTAKES = {
    "You pooled four pixels: option A keeps every second pixel as it is and skips the others.": [
        lambda x, o: _padded(F.avg_pool2d(x, 2), 0, 4),
        lambda x, o: _padded(F.max_pool2d(x, 2), 0, 4),
    ],
    "You skip the wrong pixels: keep the first, the third and so on. These are where a 3x3 with "
    "stride 2 and padding 1 has its centre.": [lambda x, o: _padded(x[:, :, 1::2, 1::2], 0, 4)],
    "You kept one quarter of the picture: ::2 takes every second pixel of the whole.": [
        lambda x, o: _padded(x[:, :, : x.shape[2] // 2, : x.shape[3] // 2], 0, 4)
    ],
    "Not all zeros stand behind the channels of x: the paper does not say where they go. The "
    "course appends them; a known ResNet for CIFAR-10, akamaster's, has half on each side.": [
        lambda x, o: _padded(x[:, :, ::2, ::2], 4, 0),
        lambda x, o: _padded(x[:, :, ::2, ::2], 2, 2),
    ],
    "You repeat the channels of x: the new ones hold zeros.": [
        lambda x, o: x[:, :, ::2, ::2].repeat(1, 2, 1, 1),
        lambda x, o: x[:, :, ::2, ::2].repeat_interleave(2, dim=1),
    ],
    "The map is as large as before: the block halves it, so its shortcut has to do so, too.": [
        lambda x, o: _padded(x, 0, 4),
        lambda x, o: x,
    ],
    "Only one of H and W is halved: skip pixels in both.": [
        lambda x, o: _padded(x[:, :, ::2], 0, 4),
        lambda x, o: _padded(x[:, :, :, ::2], 0, 4),
    ],
    "H and W have changed places: x is (N, C, H, W), and so is what you return.": [
        lambda x, o: _padded(x[:, :, ::2, ::2], 0, 4).transpose(2, 3)
    ],
    "The new channels hold ones: they have to be zero, so that nothing is added there.": [
        lambda x, o: _padded(x[:, :, ::2, ::2], 0, 4, value=1)
    ],
    "The new channels are missing: x has only C of the out_channels that F(x) has.": [
        lambda x, o: x[:, :, ::2, ::2]
    ],
    "There are C channels too many: append out_channels - C.": [
        lambda x, o: _padded(x[:, :, ::2, ::2], 0, o)
    ],
    "The zeros are pixels, not channels: F.pad counts its pairs from the last axis, W, then H, and "
    "only the third pair is for the channels.": [
        lambda x, o: F.pad(x[:, :, ::2, ::2], (0, 4)),
        lambda x, o: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 4)),
    ],
}


def _find_mistake(answer: object) -> str:
    """Compare from 4 to 8 channels, then at other sizes, then ask for a gradient."""
    x = torch.randn(2, 4, 6, 10)
    other = (
        "Right from 4 to 8 channels and not from 3 to 8: use the number of channels that x has, "
        "and out_channels."
    )
    cases = [Case((x, 8)), Case((torch.randn(1, 3, 8, 8), 8), other)]
    if isinstance(answer, type):
        answer = answer()
    if callable(answer) and getattr(call(answer, x, 8), "requires_grad", False):
        return (  # x asks for no gradient, so there must be something else that does
            "Your shortcut has weights: a 1x1 that learns is option B. Option A has nothing to "
            "learn, it skips pixels and appends zeros."
        )
    hint = compare(answer, shortcut_a, cases, _MISTAKES)
    if hint or call(answer, x.requires_grad_(), 8).requires_grad:
        return hint
    return (
        "The numbers are right, but no gradient would come back through your shortcut: something "
        "like .detach(), .data or torch.no_grad() cuts its way."
    )


EXERCISE = Exercise(
    begin="Begin with every second pixel: x[:, :, ::2, ::2] is (N, C, H/2, W/2). How many "
    "channels are missing then, and what does F.pad do?",
    right="there is nothing to learn and nothing to multiply, so that with option A a residual "
    "net has as many parameters as the plain net: 269,722 with 20 layers.",
    solution=shortcut_a,
    find_mistake=_find_mistake,
)
