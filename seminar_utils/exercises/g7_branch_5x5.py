"""G-7: the 5x5 branch of Inception (3a), which the class writes (Szegedy et al. 2015, Fig. 2b)."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn.functional import relu

from seminar_utils.exercises.by_module import ModuleExercise


def branch_5x5() -> nn.Module:
    """Return the branch of Inception (3a). (N, 192, H, W) -> (N, 32, H, W)."""
    reduce, five = nn.Conv2d(192, 16, 1), nn.Conv2d(16, 32, 5, padding=2)
    return nn.Sequential(reduce, nn.ReLU(), five, nn.ReLU())


def _outputs(x: Tensor, norm: Callable, reduce: Callable, five: Callable) -> dict[str, list]:
    linear, right = five(reduce(x)), five(relu(reduce(x)))
    return {
        "": [relu(right)],
        "There is no ReLU between your 1x1 and your 5x5.": [linear, relu(linear)],
        "Some outputs are negative: a ReLU follows your 5x5, too.": [right],
    }


EXERCISE = ModuleExercise(
    begin="Begin with conv(in_channels, n5x5_reduce, 1), and put it into an nn.Sequential.",
    right="the branch has {parameters:,} parameters; a 5x5 on all 192 channels has 153,632.",
    solution=branch_5x5,
    shape=(2, 192, 28, 28),
    outputs=_outputs,
    source="Fig. 2b",
    kernels={
        (32, 192, 5, 5): "Your 5x5 reads all 192 channels: a 1x1 before it leaves 16 of them.",
        (16, 192, 5, 5): "The 1x1 comes first: after it the 5x5 has 16 channels to read, not 192.",
    },
)
