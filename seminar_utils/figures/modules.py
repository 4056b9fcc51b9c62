"""One Inception module as in GoogLeNet's Figure 2, with the price of each branch.

Boxes and prices are read from the layers that run, so that no drawing can differ from its module.
"""

from collections.abc import Mapping, Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle
from torch import nn

from seminar_utils.figures.nets import FILL, describe
from seminar_utils.figures.picture import (
    COLORS,
    Picture,
    draw_arrow,
    new_figure,
    strip_frame,
    styled,
    write_beside,
)
from seminar_utils.measures.layer_table import Layer, layer_table
from seminar_utils.models.googlenet import Inception, NaiveInception

__all__ = ["branch_bars", "branches", "lanes_of"]

LANE, BOX_WIDTH, BOX_HEIGHT = 2.5, 1.9, 0.5  # inches
GAP, PRICE_GAP = 0.4, 0.95  # between boxes; between a lane's last box and the concatenation
MODULES = {
    "Inception, 1x1 reduction": COLORS["sky"],
    "Inception, the branch's own convolution": COLORS["blue"],
    "naive module": COLORS["grey"],
}


@styled
def branches(
    module: Inception | NaiveInception, input_size: tuple[int, int, int], *, name: str = ""
) -> Picture:
    """Draw a module: input below, four lanes, their concatenation above.

    Args:
        module: Of any variant and any widths.
        input_size: (C, H, W) of what comes in.
        name: For the title, such as "Inception 3a"; the class's name without it.

    Raises:
        ValueError: The module has no branches, or other input channels.

    Source: Szegedy et al. 2015, Fig. 2.
    """
    lanes = {
        branch: (boxes_of(module, layers), layers[-1].output_shape[0])
        for branch, layers in lanes_of(module, input_size).items()
    }
    prices = branch_prices(module, input_size)
    depth = max(len(boxes) for boxes, _ in lanes.values())
    top = (depth + 1) * (BOX_HEIGHT + GAP) - GAP + PRICE_GAP  # lower edge of the concatenation
    width = len(lanes) * LANE
    figure, (axis,) = new_figure(width=width, height=top + BOX_HEIGHT + 0.45)
    strip_frame(axis)
    axis.set_xlim(0, width)
    axis.set_ylim(0, top + BOX_HEIGHT)
    channels = [channels for _, channels in lanes.values()]
    draw_ends(axis, width, top, input_size, sum(channels))
    for number, (branch, (boxes, out)) in enumerate(lanes.items()):
        draw_lane(axis, (number + 0.5) * LANE, top, boxes)
        draw_price(axis, (number + 0.5) * LANE, top, prices[branch], out)
    title = name or type(module).__name__
    total = f"{millions(sum(prices.values()))} multiply-adds"
    axis.set_title(f"{title}: {total}")
    return Picture(figure, *describe_lanes(title, lanes, prices, input_size))


def branch_prices(
    module: Inception | NaiveInception, input_size: tuple[int, int, int]
) -> dict[str, int]:
    """Return the multiply-adds of the branches "1x1", "3x3", "5x5" and "pool" for one image.

    Args:
        module: Of any variant and any widths.
        input_size: (C, H, W) of what comes in.

    Raises:
        ValueError: The module has no branches, or other input channels.
    """
    return {
        branch: sum(layer.multiply_adds for layer in layers)
        for branch, layers in lanes_of(module, input_size).items()
    }


def lanes_of(module: nn.Module, input_size: tuple[int, int, int]) -> dict[str, list[Layer]]:
    """Return the layers of each branch, in the order in which they run."""
    lanes: dict[str, list[Layer]] = {}
    for layer in layer_table(module, input_size):
        child = layer.name.partition(".")[0]
        if child.startswith("branch_"):
            lanes.setdefault(child.removeprefix("branch_"), []).append(layer)
    if not lanes:
        raise ValueError(
            f"{type(module).__name__} has no branches: hand over an Inception or a "
            "NaiveInception, such as GoogLeNet().inception_3a."
        )
    return lanes


def boxes_of(module: nn.Module, layers: Sequence[Layer]) -> list[nn.Module]:
    """Return the modules of those layers that get a box."""
    found = [module.get_submodule(layer.name) for layer in layers]
    return [layer for layer in found if type(layer) in FILL]


def draw_ends(
    axis: Axes, width: float, top: float, input_size: tuple[int, int, int], out_channels: int
) -> None:
    """Draw the boxes of the input, below, and of the concatenation, above."""
    channels, rows, columns = input_size
    grey, margin = FILL[nn.LocalResponseNorm], (LANE - BOX_WIDTH) / 2
    for y, text in (
        (0.0, f"input: {channels} channels of {rows} x {columns}"),
        (top, f"concatenate: {out_channels} channels"),
    ):
        draw_box(axis, margin, y, width - 2 * margin, text, grey)


def draw_box(axis: Axes, x: float, y: float, width: float, text: str, fill: str) -> None:
    """Draw a box with its lower left corner at (x, y)."""
    axis.add_patch(Rectangle((x, y), width, BOX_HEIGHT, facecolor=fill, edgecolor="none"))
    axis.text(x + width / 2, y + BOX_HEIGHT / 2, text, ha="center", va="center")


def draw_lane(axis: Axes, middle: float, top: float, boxes: Sequence[nn.Module]) -> None:
    """Draw a branch's layers below the concatenation, with arrows from the input up to it."""
    step = BOX_HEIGHT + GAP
    last = top - PRICE_GAP - BOX_HEIGHT
    heights = [last - (len(boxes) - 1 - number) * step for number in range(len(boxes))]
    for y, layer in zip(heights, boxes, strict=True):
        draw_box(axis, middle - BOX_WIDTH / 2, y, BOX_WIDTH, describe(layer), FILL[type(layer)])
    starts = [BOX_HEIGHT, *(y + BOX_HEIGHT for y in heights)]
    for start, end in zip(starts, [*heights, top], strict=True):
        style = {"mutation_scale": 16, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
        draw_arrow(axis, (middle, start), (middle, end), color=COLORS["black"], **style)


def draw_price(axis: Axes, middle: float, top: float, price: int, channels: int) -> None:
    """Write beside a lane's last arrow what the lane costs, left, and hands on, right."""
    y = top - PRICE_GAP / 2
    axis.text(middle - 0.12, y, millions(price), fontweight="bold", ha="right", va="center")
    axis.text(middle + 0.12, y, f"{channels}\nchannels", ha="left", va="center")


def millions(count: int) -> str:
    """Return a number of multiply-adds in millions, to one decimal or two digits."""
    return f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count / 1e6:.2g} M"


def describe_lanes(
    title: str,
    lanes: Mapping[str, tuple[Sequence[nn.Module], int]],
    prices: Mapping[str, int],
    input_size: tuple[int, int, int],
) -> tuple[str, str]:
    """Return the data line and the alt text."""
    channels = [channels for _, channels in lanes.values()]
    parts = ", ".join(f"{branch} {millions(price)}" for branch, price in prices.items())
    total = millions(sum(prices.values()))
    size = " x ".join(map(str, input_size))
    sizes = " + ".join(map(str, channels))
    data = (
        f"{title} on {size}: channels {sizes} = {sum(channels)}; "
        f"multiply-adds {parts}, in all {total}"
    )
    drawn = "; ".join(
        f"{branch}: {' then '.join(map(describe, boxes))} for {millions(prices[branch])}"
        for branch, (boxes, _) in lanes.items()
    )
    alt = (
        f"{title}, an input of {size} below, {len(lanes)} lanes side by side, their multiply-adds "
        f"beside them ({drawn}), and above them one box: concatenate, {sum(channels)} channels."
    )
    return data, alt


@styled
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
        handles=[Patch(color=color, label=name) for name, color in MODULES.items()],
        loc="outside lower center",
        ncols=len(MODULES),
    )
    axis.set_title(f"{in_channels} channels of {size} x {size} pixels")
    parts = [
        f"{name} {in_words(cost)}, {module.out_channels} channels out"
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


def in_words(costs: Mapping[str, list[float]]) -> str:
    """Return the cost of all branches and of each."""
    branches = ", ".join(f"{name} {sum(parts):.1f}" for name, parts in costs.items())
    return f"{sum(map(sum, costs.values())):.1f} ({branches})"


def draw_costs(
    axis: Axes, reduced: Mapping[str, list[float]], naive: Mapping[str, list[float]]
) -> None:
    """Draw a bar for each branch of both modules, the reduction in a colour of its own."""
    reduction, convolution, naive_color = MODULES.values()
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
    axis.set_yticks(range(len(reduced)), reduced)
    axis.invert_yaxis()
    axis.set_xlim(0, 1.12 * axis.get_xlim()[1])
    axis.set_xlabel("multiply-adds (millions)")


def write_cost(axis: Axes, end: float, height: float) -> None:
    """Write a bar's length behind its end."""
    write_beside(axis, f"{end:.1f}", (end, height), (4, 0), va="center")
