"""R-1: a residual block (He et al. 2016, Fig. 2 and Sec. 3.2), judged by what it does.

All its kernels are given the same weights and all its vectors the same numbers, in training mode.
Then neither names nor order matter, and a bias in front of batch norm has no effect.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.functional import relu

from seminar_utils.exercises.exercise import NO_MODULE, Exercise, Watch, build, call

_IMAGES = (4, 16, 9, 11)
_KERNEL = (16, 16, 3, 3)


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


def _mistakes(x: Tensor, c: Callable, n: Callable) -> dict[str, list[Tensor]]:
    """Return wrong outputs, from x, c(onvolution) and n(orm)."""

    def residual(x: Tensor) -> Tensor:
        return n(c(relu(n(c(x)))))

    f, f_of_relu = residual(x), residual(relu(x))
    return {
        "There is a ReLU before the addition as well, so F(x) is never negative: the block can add "
        "to x and not take away from it. The last ReLU comes after the addition.": [
            relu(relu(f) + x)
        ],
        "x is added after the last ReLU: first the sum F(x) + x, then ReLU.": [relu(f) + x],
        "There is no ReLU after the addition: the block returns relu(F(x) + x).": [f + x],
        "x is not added: this is two layers of a plain net.": [f, relu(f)],
        "x is added twice: once is enough, before the last ReLU.": [
            relu(f + 2 * x),
            relu(f + x) + x,
        ],
        "F(x) and x are multiplied: the paper adds them, so that x arrives even where F(x) is 0.": [
            f * x,
            relu(f * x),
        ],
        "A batch norm is missing: there is one behind each of the two convolutions.": [
            relu(c(relu(c(x))) + x),
            relu(n(c(relu(c(x)))) + x),
            relu(c(relu(n(c(x)))) + x),
        ],
        "The second batch norm comes after the addition, where it rescales x, too: it belongs to "
        "F, and nothing stands in the way of x but the last ReLU.": [relu(n(c(relu(n(c(x)))) + x))],
        "There is no ReLU between the two convolutions: without it they are no more than one.": [
            relu(n(c(n(c(x)))) + x)
        ],
        "Batch norm and ReLU have changed places: in this paper batch norm comes right behind the "
        "convolution, before ReLU.": [
            relu(n(c(n(relu(c(x))))) + x),
            relu(n(relu(c(n(relu(c(x)))))) + x),
        ],
        "F starts from relu(x): this is pre-activation, from He et al.'s later paper, \"Identity "
        'Mappings in Deep Residual Networks". In this one F starts with a convolution of x.': [
            c(relu(n(c(relu(n(x)))))) + x,
            relu(f_of_relu + x),
            relu(f_of_relu + relu(x)),
            f_of_relu + x,
        ],
    }


_PADDING = (
    "The map loses its border, so that x no longer fits: a 3x3 leaves two pixels less in each "
    "direction unless it has padding=1."
)


def _find_mistake(answer: object) -> str:
    """Run the block, look at its kernels, then compare it with the known mistakes."""
    if (block := build(answer)) is None:
        return NO_MODULE
    x, watch, block = torch.randn(_IMAGES), Watch(), block.train()
    try:
        with watch:
            output = call(block, x)
    except RuntimeError:
        if any(_has_lost_border(shape) for shape in watch.shapes):
            return _PADDING
        raise
    if not isinstance(output, Tensor):
        return "forward returns something else than one tensor: relu(F(x) + x) is all it returns."
    if _has_lost_border(output.shape):
        return _PADDING
    if output.shape != x.shape:
        return f"The output should have the shape {_IMAGES}, as x; yours has {tuple(output.shape)}."
    return _kernel_mistake(block) or _wiring_mistake(block, x)


def _has_lost_border(shape: tuple[int, ...]) -> bool:
    """Tell whether this is the map behind one or two 3x3 convolutions without padding."""
    return tuple(shape[2:]) in [(7, 9), (5, 7)]


def _kernel_mistake(block: nn.Module) -> str:
    """Look at the shapes of the kernels, and at how many there are."""
    shapes = [tuple(p.shape) for p in block.parameters() if p.ndim == 4]
    if (16, 16, 1, 1) in shapes:
        return "A 1x1 is a projection, and x needs none: where the shapes agree it is added as is."
    if shapes == [_KERNEL]:
        return "One kernel does the work of both convolutions: each has weights of its own."
    if shapes != [_KERNEL, _KERNEL]:
        return f"F has two kernels of the shape {_KERNEL}; yours are {shapes or 'none'}."
    return ""


@torch.no_grad()
def _wiring_mistake(block: nn.Module, x: Tensor) -> str:
    """Compare the output under equal weights with the right one and with the known mistakes."""
    kernel, vector = 0.1 * torch.randn(_KERNEL), torch.randn(16)
    for p in block.parameters():
        p.copy_(kernel if p.ndim == 4 else vector)
    output = call(block, x)
    c = partial(F.conv2d, weight=kernel, padding=1)

    def n(x: Tensor) -> Tensor:
        return F.batch_norm(x, None, None, vector, vector, training=True)

    def is_like(expected: Tensor) -> bool:
        return torch.allclose(output, expected, rtol=1e-3, atol=1e-3)

    if is_like(relu(n(c(relu(n(c(x))))) + x)):
        norms = [m for m in block.modules() if isinstance(m, nn.BatchNorm2d)]
        if len(norms) == 1:
            return (
                "One batch norm serves both convolutions: its running statistics become a mixture "
                "of the two, wrong for each in evaluation. Take two."
            )
        return ""
    with_bias = _mistakes(x, partial(c, bias=vector), n)
    for hint, outputs in _mistakes(x, c, n).items():
        if any(map(is_like, [*outputs, *with_bias[hint]])):
            return hint
    return (
        "With equal weights, your output differs from relu(F(x) + x), where F is a 3x3, batch "
        "norm, ReLU, a 3x3 and batch norm, and nothing else."
    )


EXERCISE = Exercise(
    begin="Begin with F alone: a 3x3 from 16 to 16 channels, batch norm, ReLU, a second 3x3, "
    "batch norm. Then ask what forward still has x for.",
    right="4,672 parameters, as many as without the shortcut: the addition has none. Where "
    "F(x) is 0 the block returns relu(x), and that is x if it comes from a ReLU.",
    solution=ResidualBlock,
    find_mistake=_find_mistake,
)
