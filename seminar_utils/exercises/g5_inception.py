"""G-5: Inception (3a) (Szegedy et al. 2015, Fig. 2b and Table 1)."""

from collections.abc import Callable
from functools import partial
from itertools import permutations, product

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.functional import relu

from seminar_utils.exercises.by_module import ModuleExercise


class Inception3a(nn.Module):
    """Inception (3a). (N, 192, H, W) -> (N, 256, H, W)."""

    def __init__(self):
        super().__init__()
        self.n1x1 = nn.Conv2d(192, 64, 1)
        self.n3x3_reduce = nn.Conv2d(192, 96, 1)
        self.n3x3 = nn.Conv2d(96, 128, 3, padding=1)
        self.n5x5_reduce = nn.Conv2d(192, 16, 1)
        self.n5x5 = nn.Conv2d(16, 32, 5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.pool_proj = nn.Conv2d(192, 32, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Join the four branches along the channels; every convolution is followed by ReLU."""
        branches = [
            self.n1x1(x),  # (N, 64, H, W)
            self.n3x3(F.relu(self.n3x3_reduce(x))),  # (N, 128, H, W)
            self.n5x5(F.relu(self.n5x5_reduce(x))),  # (N, 32, H, W)
            self.pool_proj(self.pool(x)),  # (N, 32, H, W)
        ]
        return F.relu(torch.cat(branches, dim=1))  # (N, 256, H, W)


def _outputs(x: Tensor, norm: Callable, *convs: Callable) -> dict[str, list[Tensor]]:
    one, reduce_3, three, reduce_5, five, project = convs
    size = {"kernel_size": 3, "stride": 1, "padding": 1}
    largest, mean = partial(F.max_pool2d, **size), partial(F.avg_pool2d, **size)

    def module(after_3: Callable = relu, after_5: Callable = relu, last: Tensor = None) -> Tensor:
        last = project(largest(x)) if last is None else last
        branches = one(x), three(after_3(reduce_3(x))), five(after_5(reduce_5(x))), last
        return torch.cat(branches, 1)

    swapped, same = largest(project(x)), nn.Identity()
    right, acts = module(), list(product((relu, same), repeat=2))[1:]
    some = (module(*two, last) for two in acts for last in (None, swapped))
    branches = right.split([64, 128, 32, 32], dim=1)
    open_ends = (
        torch.cat([raw if n == k else raw.relu() for n, raw in enumerate(branches)], 1)
        for k in range(4)
    )
    return {
        "": [relu(right)],
        "There is no ReLU between a reduction and the 3x3 or 5x5 after it: without it two "
        "convolutions in a row are no more than one.": [relu(output) for output in some],
        "Some outputs are negative: ReLU follows the last convolution of every branch.": [
            right,
            module(same, same),
            *open_ends,
        ],
        "The order of the branches is another one: 1x1, 3x3, 5x5, pool. The next layer tells its "
        "inputs apart by their place alone.": [
            relu(torch.cat(order, 1)) for order in list(permutations(branches))[1:]
        ],
        "Look at the pool: it takes the maximum of 3x3 pixels and stands before its 1x1.": [
            relu(module(last=other)) for other in (project(mean(x)), swapped)
        ],
    }


UNREDUCED = (
    "A 3x3 or 5x5 of yours reads all 192 channels: a 1x1 comes first and leaves 96 or 16 of them. "
    "Without both, the module has 393,472 parameters."
)
CHAINED = "Your branches follow one another: each of the four starts from the module's input."

EXERCISE = ModuleExercise(
    begin="Begin with the lanes of Fig. 2b: ask which layers a ReLU follows (Sec. 5: all "
    "convolutions), and which layer the pool branch begins with.",
    right="both mistakes leave the shape and the {parameters:,} parameters as they are. A count "
    "does not see what happens between the layers.",
    solution=Inception3a,
    shape=(2, 192, 28, 28),
    outputs=_outputs,
    source="Fig. 2b and Table 1",
    kernels={
        (128, 192, 3, 3): UNREDUCED,
        (32, 192, 5, 5): UNREDUCED,
        (32, 16, 3, 3): "The third branch has a 5x5 in the paper. torchvision's GoogLeNet has a "
        "3x3 here, a difference known for years.",
        (96, 64, 1, 1): CHAINED,
    },
    stopped={
        r"conv.*\(2, (64|128|32), ": CHAINED,
        "add": "You add the branches, which have different numbers of channels: put them beside "
        "each other with torch.cat(..., dim=1).",
        "cat|stack": "The branches fit together, but not this way: join them in dimension 1, the "
        "channels.",
    },
)
