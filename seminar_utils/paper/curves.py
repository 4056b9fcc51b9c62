"""The curves of ResNet's Figures 1, 4, 6 and 7, read from the paper's own vector graphics.

Use them through ``seminar_utils.paper``. Source: He et al., "Deep Residual Learning for Image
Recognition" (arXiv 1512.03385v1, 2015); how exact the points are: data/paper/README.md.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from seminar_utils.files import read_rows

__all__ = ["Curve", "curve", "curves", "layer_responses", "require"]


@dataclass(frozen=True)
class Curve:
    """One curve of ResNet's Figures 1, 4 and 6, point by point as drawn.

    It begins where it enters the drawn area: larger errors are above the figure's frame.
    """

    figure: int
    panel: str  # Figure 1: "train" | "test"; Figure 4: "plain" | "resnet"; Figure 6: also "deep"
    network: str  # "plain" | "resnet"
    depth: int  # layers
    split: str  # "train" | "val" in Figure 4 | "test" in Figures 1 and 6
    iterations: tuple[float, ...]  # never falling
    errors: tuple[float, ...]  # %

    @property
    def name(self) -> str:
        """The net's name as the paper writes it, such as "plain-34" or "ResNet-34"."""
        return f"{self.network.replace('resnet', 'ResNet')}-{self.depth}"

    @property
    def ends_at(self) -> float:
        """Error in % where the curve ends: the mean of its last five points."""
        return sum(self.errors[-5:]) / 5

    def first_below(self, percent: float) -> float | None:
        """Return the iteration of the first point below ``percent``; None if there is none.

        Raises:
            ValueError: the curve enters the figure below ``percent``.
        """
        if percent > self.errors[0]:
            raise ValueError(
                f"{self.name} falls below {percent} % outside Figure {self.figure}, which draws "
                f"it from {self.errors[0]} % on; ask for that or less."
            )
        points = zip(self.iterations, self.errors, strict=True)
        return next((iteration for iteration, error in points if error < percent), None)

    def at(self, iteration: float) -> float:
        """Return the error in % at an iteration, on the straight line between two points.

        Raises:
            ValueError: the curve is not drawn at this iteration.
        """
        xs, errors = self.iterations, self.errors
        if not xs[0] <= iteration <= xs[-1]:
            raise ValueError(
                f"{self.name} is not drawn at iteration {iteration} in Figure {self.figure}; "
                f"choose one from {xs[0]:.0f} to {xs[-1]:.0f}."
            )
        right = bisect_left(xs, iteration)
        if xs[right] == iteration:
            return errors[right]
        share = (iteration - xs[right - 1]) / (xs[right] - xs[right - 1])
        return errors[right - 1] + share * (errors[right] - errors[right - 1])


def curves(figure: int) -> tuple[Curve, ...]:
    """Return every curve of ResNet's Figure 1, 4 or 6.

    Raises:
        ValueError: another figure.
    """
    rows = read_rows("paper/resnet_training_curves.csv")
    require("figure", figure, [int(row["figure"]) for row in rows])
    points = [row for row in rows if row["figure"] == str(figure)]
    found = []
    for key, group in groupby(points, itemgetter("panel", "network", "depth", "split")):
        panel, network, depth, split = key
        drawn = [(float(row["iteration"]), float(row["error_percent"])) for row in group]
        iterations, errors = zip(*drawn, strict=True)
        found.append(Curve(figure, panel, network, int(depth), split, iterations, errors))
    return tuple(found)


def curve(figure: int, network: str, depth: int, split: str) -> Curve:
    """Return one curve, such as ``curve(4, "plain", 34, "val")`` (ValueError where there is none).

    Figure 6 draws ResNet-110 in two panels; this is the curve over the whole training.
    """
    drawn = {}
    for one in curves(figure):
        drawn.setdefault((one.network, one.depth, one.split), one)
    require(f"curve of Figure {figure}", (network, depth, split), drawn)
    return drawn[network, depth, split]


def layer_responses(network: str, depth: int) -> dict[int, float]:
    """Return ResNet's Figure 7, upper panel: layer index -> standard deviation of its response.

    The response is a 3x3 layer's output after batch norm, before ReLU and addition. Values above
    about 3.4 are cut by the frame, and ResNet-56 has no point for layer 18.

    Raises:
        ValueError: a net that the figure does not draw.
    """
    rows = read_rows("paper/resnet_layer_responses.csv")
    nets = [(row["network"], int(row["depth"])) for row in rows]
    require("net of Figure 7", (network, depth), nets)
    return {
        int(row["layer_index"]): float(row["response_std"])
        for row, net in zip(rows, nets, strict=True)
        if net == (network, depth)
    }


def require(what: str, value: object, allowed: Iterable[object]) -> None:
    """Raise a ValueError that names ``value`` and every allowed one, unless it is among them."""
    known = list(dict.fromkeys(allowed))
    if value not in known:
        raise ValueError(
            f"{value!r} is not a {what} in the data; choose one of {str(known)[1:-1]}."
        )
