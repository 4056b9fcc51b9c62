"""R-8: a layer of DenseNet, one more block to try, as UvA's deep learning tutorial 5 invites to.

Source: Huang et al., "Densely Connected Convolutional Networks", CVPR 2017, Sec. 3.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from seminar_utils.exercises.by_module import ModuleExercise


class DenseLayer(nn.Module):
    """Append 8 new channels to the input. (N, 16, H, W) -> (N, 24, H, W)."""

    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm2d(16)
        self.conv = nn.Conv2d(16, 8, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Concatenate x and the new channels."""
        return torch.cat([x, self.conv(torch.relu(self.bn(x)))], dim=1)


def _outputs(x: Tensor, norm: Callable, conv: Callable) -> dict[str, list[Tensor]]:
    def beside(new: Tensor, x: Tensor = x) -> Tensor:
        return torch.cat([x, new], 1)

    new = conv(relu(norm(x)))
    return {
        "": [beside(new)],
        "The new channels come first: x keeps its place, and the new channels follow it.": [
            beside(x, new)
        ],
        "Batch norm and ReLU come after the convolution: DenseNet has them before it.": [
            beside(relu(norm(conv(x)))),
            beside(norm(conv(x))),
        ],
        "Batch norm and ReLU changed x itself: x is passed on as it came.": [
            beside(new, relu(norm(x))),
            beside(new, norm(x)),
            relu(beside(new)),
        ],
        "ReLU is missing: it stands between batch norm and convolution.": [beside(conv(norm(x)))],
        "Batch norm is missing: it comes first.": [beside(conv(relu(x))), beside(conv(x))],
        "Batch norm comes before ReLU.": [beside(conv(norm(relu(x))))],
    }


EXERCISE = ModuleExercise(
    begin="Begin with the 8 new channels: batch norm of x, ReLU, a 3x3 from 16 to 8 channels. "
    "torch.cat then puts them after x.",
    right="x arrives unchanged, as in a residual block, but beside the new channels instead of "
    "in a sum. Each layer makes the next one wider: after six layers there are 64 channels.",
    solution=DenseLayer,
    shape=(4, 16, 14, 18),
    outputs=_outputs,
    source="Huang et al. 2017, Sec. 3",
    kernels={
        (16, 16, 3, 3): "Your 3x3 makes 16 channels, as an addition needs them: here 8 new ones "
        "are put beside x."
    },
    stopped={
        "add": "You add: 16 and 8 channels do not fit. DenseNet concatenates them, with torch.cat.",
        "cat": "Concatenate in dimension 1, the channels.",
    },
)
