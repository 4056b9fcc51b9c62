"""R-1: a residual block (He et al. 2016, Fig. 2 and Sec. 3.2)."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from inspect import signature
from itertools import product

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.functional import relu

from seminar_utils.exercises.by_module import ModuleExercise


class ResidualBlock(nn.Module):
    """Return relu(F(x) + x). (N, 16, H, W) -> (N, 16, H, W)."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(16)

    def forward(self, x: Tensor) -> Tensor:
        """Compute F(x), add x, and only then apply the last ReLU."""
        out = self.conv1(x)
        out = F.relu(self.bn1(out))
        out = self.conv2(out)
        out = self.bn2(out)
        return F.relu(out + x)


def outputs(x: Tensor, norm: Callable, *convs: Callable) -> dict[str, list[Tensor]]:
    """Return what a residual block gives whose F has these convolutions, and what mistakes give."""

    def residual(
        x: Tensor, normed: tuple[bool, ...] = (True,) * len(convs), activate: Callable = relu
    ) -> Tensor:
        for conv, has_norm in zip(convs, normed, strict=True):
            x = conv(x) if conv is convs[0] else conv(activate(x))
            x = norm(x) if has_norm else x
        return x

    def swapped(x: Tensor) -> Tensor:
        for conv in convs[:-1]:
            x = norm(relu(conv(x)))
        return convs[-1](x)

    def pre_activated(x: Tensor) -> Tensor:
        for conv in convs:
            x = conv(relu(norm(x)))
        return x

    f, f_of_relu = residual(x), residual(relu(x))
    all_but_last = (*[True] * (len(convs) - 1), False)
    some = [n for n in product([True, False], repeat=len(convs)) if not all(n)]
    return {
        "": [relu(f + x)],
        "There is a ReLU before the addition, too: F(x) could only add to x.": [relu(relu(f) + x)],
        "x is added after the last ReLU: first the sum F(x) + x, then ReLU.": [relu(f) + x],
        "There is no ReLU after the addition: the block returns relu(F(x) + x).": [f + x],
        "x is not added: this is a part of a plain net.": [f, relu(f)],
        "x is added twice.": [relu(f + 2 * x), relu(f + x) + x],
        "F(x) and x are multiplied: the paper adds them.": [f * x, relu(f * x)],
        "A batch norm is missing: one follows each convolution.": [
            relu(residual(x, normed) + x) for normed in some
        ],
        "The last batch norm comes after the addition and rescales x, too: it belongs to F.": [
            relu(norm(residual(x, all_but_last) + x))
        ],
        "There is no ReLU between the convolutions: without it they are no more than one.": [
            relu(residual(x, activate=lambda x: x) + x)
        ],
        "Batch norm and ReLU have changed places: batch norm comes right after the convolution.": [
            relu(norm(swapped(x)) + x),
            relu(norm(relu(swapped(x))) + x),
        ],
        "F starts with ReLU: that is pre-activation, from the authors' later paper.": [
            pre_activated(x) + x,
            relu(f_of_relu + x),
            relu(f_of_relu + relu(x)),
            f_of_relu + x,
        ],
    }


class BlockExercise(ModuleExercise):
    """The answer may also be the class of a block, made with ``(in_channels, channels, stride)``.

    Such a class has to work where a stage begins, too: half the size, twice the channels.
    """

    def build(self, answer: object) -> nn.Module | None:
        """Take 16 channels for such a class."""
        return super().build(partial(answer, 16, 16) if _is_class_of_blocks(answer) else answer)

    def find_mistake(self, answer: object) -> str:
        """Try equal shapes, then others."""
        if (mistake := super().find_mistake(answer)) or not _is_class_of_blocks(answer):
            return mistake
        images, _, height, width = self.shape
        with suppress(RuntimeError):
            shape = answer(16, 32, 2)(torch.randn(self.shape)).shape
            if shape == (images, 32, height // 2, width // 2):
                return ""
        return (
            "With stride 2 and 32 channels, F(x) and x have different shapes: add self.shortcut(x)."
        )


def _is_class_of_blocks(answer: object) -> bool:
    return isinstance(answer, type) and len(signature(answer).parameters) == 3


EXERCISE = BlockExercise(
    begin="Begin with F alone: a 3x3 from 16 to 16 channels, batch norm, ReLU, a second 3x3, "
    "batch norm. Then ask what forward still has x for.",
    right="{parameters:,} parameters, and the block returns relu(F(x) + x), as in Fig. 2.",
    solution=ResidualBlock,
    shape=(4, 16, 14, 18),
    outputs=outputs,
    source="Fig. 2 and Sec. 3.4",
    kernels={
        (16, 16, 1, 1): "A 1x1 is a projection, and x needs none: where the shapes agree, x is "
        "added as it is."
    },
)
