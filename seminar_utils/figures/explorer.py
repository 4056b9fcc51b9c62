"""What each branch of an Inception module costs, beside the module without reductions."""

from collections.abc import Mapping, Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from torch import nn

from seminar_utils.figures.modules import lanes_of
from seminar_utils.figures.picture import COLORS, Picture, new_figure
from seminar_utils.models.googlenet import Inception, NaiveInception

__all__ = ["branch_bars"]

KINDS = {
    "Inception, 1x1 reduction": COLORS["sky"],
    "Inception, the branch's own convolution": COLORS["blue"],
    "naive module": COLORS["grey"],
}


def branch_bars(in_channels: int, size: int, widths: Sequence[int]) -> Picture:
    """Draw the multiply-adds of the four branches of both modules of Fig. 2.

    Args:
        in_channels: Channels of the input.
        size: Side of the grid in pixels.
        widths: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj: a row of ``TABLE_1``.

    Raises:
        ValueError: Not six widths, or a number below one.

    Source: Szegedy et al. 2015, Fig. 2 and Table 1.
    """
    if len(widths) != 6 or min(in_channels, size, *widths) < 1:
        raise ValueError(
            f"in_channels={in_channels}, size={size} and widths={tuple(widths)} make no module: "
            "take six widths, such as TABLE_1['3a'], and numbers from 1."
        )
    n1x1, _, n3x3, _, n5x5, _ = widths
    with torch.device("meta"):
        reduced = Inception(in_channels, *widths)
        naive = NaiveInception(in_channels, n1x1, n3x3, n5x5)
    costs = costs_of(reduced, in_channels, size), costs_of(naive, in_channels, size)
    figure, (axis,) = new_figure(height=4.2)
    draw_costs(axis, *costs)
    figure.legend(
        handles=[Patch(color=color, label=name) for name, color in KINDS.items()],
        fontsize=12,
        frameon=False,
        loc="outside lower center",
        ncols=len(KINDS),
    )
    axis.set_title(f"{in_channels} channels of {size} x {size} pixels", fontsize=14)
    parts = [
        f"{name} {describe(cost)}, {module.out_channels} channels out"
        for name, cost, module in zip(("Inception", "naive"), costs, (reduced, naive), strict=True)
    ]
    line = f"M multiply-adds at {in_channels} x {size} x {size}: {'; '.join(parts)}"
    alt = f"Bars of multiply-adds for each branch of both modules. {line}."
    return Picture(figure, line, alt)


def costs_of(module: nn.Module, in_channels: int, size: int) -> dict[str, list[float]]:
    """Return for each branch the millions of multiply-adds of its convolutions, in order."""
    lanes = lanes_of(module, (in_channels, size, size))
    return {
        branch: [layer.multiply_adds / 1e6 for layer in layers if layer.multiply_adds]
        for branch, layers in lanes.items()
    }


def describe(costs: Mapping[str, list[float]]) -> str:
    """Return the cost of all branches and of each."""
    branches = ", ".join(f"{name} {sum(parts):.1f}" for name, parts in costs.items())
    return f"{sum(map(sum, costs.values())):.1f} ({branches})"


def draw_costs(
    axis: Axes, reduced: Mapping[str, list[float]], naive: Mapping[str, list[float]]
) -> None:
    """Draw a bar for each branch of both modules, the reduction in a colour of its own."""
    reduction, convolution, naive_color = KINDS.values()
    for row, name in enumerate(reduced):
        end = 0.0
        # The last convolution of a branch is what the branch is for; one before it reduces.
        for number, cost in enumerate(reduced[name], start=1):
            color = convolution if number == len(reduced[name]) else reduction
            axis.barh(row - 0.2, cost, 0.36, left=end, color=color)
            end += cost
        write_cost(axis, end, row - 0.2)
        axis.barh(row + 0.2, sum(naive[name]), 0.36, color=naive_color)
        write_cost(axis, sum(naive[name]), row + 0.2)
    axis.set_yticks(range(len(reduced)), reduced, fontsize=13)
    axis.invert_yaxis()
    axis.set_xlim(0, 1.12 * axis.get_xlim()[1])
    axis.set_xlabel("multiply-adds (millions)", fontsize=13)


def write_cost(axis: Axes, end: float, height: float) -> None:
    """Write a bar's length behind its end."""
    axis.annotate(
        f"{end:.1f}",
        (end, height),
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=12,
        va="center",
    )
