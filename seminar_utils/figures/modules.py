"""One Inception module as in GoogLeNet's Figure 2, with the price of each branch.

Boxes and prices are read from the layers that run, so that no drawing can differ from its module.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle
from torch import nn

from seminar_utils.figures.marks import draw_arrow, strip_frame, write_beside
from seminar_utils.figures.nets import FILL, describe
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.measures.layer_table import Layer, layer_table
from seminar_utils.models.googlenet import Inception, NaiveInception

__all__ = ["branch_bars", "branches"]

LANE, BOX_WIDTH, BOX_HEIGHT = 2.5, 1.9, 0.5  # inches
GAP, PRICE_GAP = 0.4, 0.95  # between boxes; between a lane's last box and the concatenation
REDUCTION, CONVOLUTION, NAIVE = COLORS["sky"], COLORS["blue"], COLORS["grey"]


@dataclass(frozen=True)
class Lane:
    """A branch of a module."""

    boxes: list[nn.Module]  # the layers that get a box, in the order in which they run
    costs: list[int]  # multiply-adds of each convolution for one image, in that order
    channels: int  # of its output

    @property
    def price(self) -> int:
        """Multiply-adds of the branch for one image."""
        return sum(self.costs)


def lanes_of(module: nn.Module, input_size: tuple[int, int, int]) -> dict[str, Lane]:
    """Return the branches "1x1", "3x3", "5x5" and "pool" of a module."""
    branches: dict[str, list[Layer]] = {}
    for layer in layer_table(module, input_size):
        child = layer.name.partition(".")[0]
        if child.startswith("branch_"):
            branches.setdefault(child.removeprefix("branch_"), []).append(layer)
    if not branches:
        raise ValueError(
            f"{type(module).__name__} has no branches: hand over an Inception or a "
            "NaiveInception, such as GoogLeNet().inception_3a."
        )
    lanes = {}
    for name, layers in branches.items():
        modules = [module.get_submodule(layer.name) for layer in layers]
        boxes = [layer for layer in modules if type(layer) in FILL]
        costs = [layer.multiply_adds for layer in layers if layer.multiply_adds]
        lanes[name] = Lane(boxes, costs, channels=layers[-1].output_shape[0])
    return lanes


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
    lanes = lanes_of(module, input_size)
    channels, rows, columns = input_size
    out_channels = sum(lane.channels for lane in lanes.values())
    depth = max(len(lane.boxes) for lane in lanes.values())
    top = (depth + 1) * (BOX_HEIGHT + GAP) - GAP + PRICE_GAP  # lower edge of the concatenation
    width, margin = len(lanes) * LANE, (LANE - BOX_WIDTH) / 2
    figure, (axis,) = new_figure(width=width, height=top + BOX_HEIGHT + 0.45)
    strip_frame(axis)
    axis.set(xlim=(0, width), ylim=(0, top + BOX_HEIGHT))
    for y, text in (
        (0.0, f"input: {channels} channels of {rows} x {columns}"),
        (top, f"concatenate: {out_channels} channels"),
    ):
        draw_box(axis, margin, y, width - 2 * margin, text, FILL[nn.LocalResponseNorm])
    for number, lane in enumerate(lanes.values()):
        draw_lane(axis, (number + 0.5) * LANE, top, lane)
    title = name or type(module).__name__
    total = millions(sum(lane.price for lane in lanes.values()))
    axis.set_title(f"{title}: {total} multiply-adds")
    size = " x ".join(map(str, input_size))
    sizes = " + ".join(str(lane.channels) for lane in lanes.values())
    prices = ", ".join(f"{branch} {millions(lane.price)}" for branch, lane in lanes.items())
    data = (
        f"{title} on {size}: channels {sizes} = {out_channels}; multiply-adds {prices}, "
        f"in all {total}"
    )
    drawn = "; ".join(
        f"{branch}: {' then '.join(map(describe, lane.boxes))} for {millions(lane.price)}"
        for branch, lane in lanes.items()
    )
    alt = (
        f"{title}, an input of {size} below, {len(lanes)} lanes side by side, their multiply-adds "
        f"beside them ({drawn}), and above them one box: concatenate, {out_channels} channels."
    )
    return Picture(figure, data, alt)


def millions(count: int) -> str:
    """Return a number of multiply-adds in millions, to one decimal or two digits."""
    return f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count / 1e6:.2g} M"


def draw_box(axis: Axes, x: float, y: float, width: float, text: str, fill: str) -> None:
    """Draw a box with its lower left corner at (x, y)."""
    axis.add_patch(Rectangle((x, y), width, BOX_HEIGHT, facecolor=fill, edgecolor="none"))
    axis.text(x + width / 2, y + BOX_HEIGHT / 2, text, ha="center", va="center")


def draw_lane(axis: Axes, middle: float, top: float, lane: Lane) -> None:
    """Draw a branch's layers below the concatenation, with arrows from the input up to it.

    Beside the last arrow stands what the lane costs, left, and hands on, right.
    """
    arrow = {"mutation_scale": 16, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    start, y = BOX_HEIGHT, top - PRICE_GAP + GAP - len(lane.boxes) * (BOX_HEIGHT + GAP)
    for layer in lane.boxes:
        draw_box(axis, middle - BOX_WIDTH / 2, y, BOX_WIDTH, describe(layer), FILL[type(layer)])
        draw_arrow(axis, (middle, start), (middle, y), color=COLORS["black"], **arrow)
        start, y = y + BOX_HEIGHT, y + BOX_HEIGHT + GAP
    draw_arrow(axis, (middle, start), (middle, top), color=COLORS["black"], **arrow)
    y = top - PRICE_GAP / 2
    axis.text(middle - 0.12, y, millions(lane.price), fontweight="bold", ha="right", va="center")
    axis.text(middle + 0.12, y, f"{lane.channels}\nchannels", ha="left", va="center")


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
        modules = {
            "Inception": Inception(in_channels, *widths),
            "naive": NaiveInception(in_channels, n1x1, n3x3, n5x5),
        }
    parts, lanes = [], []
    for name, module in modules.items():
        found = lanes_of(module, (in_channels, size, size))
        lanes.append(list(found.values()))
        of_branches = ", ".join(f"{o} {lane.price / 1e6:.1f}" for o, lane in found.items())
        total = sum(lane.price for lane in lanes[-1]) / 1e6
        parts.append(f"{name} {total:.1f} ({of_branches}), {module.out_channels} channels out")
    figure, (axis,) = new_figure(height=4.2)
    for row, (reduced, naive) in enumerate(zip(*lanes, strict=True)):
        # The last convolution of a branch is what the branch is for; one before it reduces.
        colors = [REDUCTION] * (len(reduced.costs) - 1) + [CONVOLUTION]
        draw_bar(axis, row - 0.2, reduced.costs, colors)
        draw_bar(axis, row + 0.2, [naive.price], [NAIVE])
    axis.set_yticks(range(len(found)), list(found))
    axis.invert_yaxis()
    axis.set_xlim(0, 1.12 * axis.get_xlim()[1])
    axis.set_xlabel("multiply-adds (millions)")
    axis.set_title(f"{in_channels} channels of {size} x {size} pixels")
    key = [
        Patch(color=REDUCTION, label="Inception, 1x1 reduction"),
        Patch(color=CONVOLUTION, label="Inception, the branch's own convolution"),
        Patch(color=NAIVE, label="naive module"),
    ]
    figure.legend(handles=key, loc="outside lower center", ncols=len(key))
    line = f"M multiply-adds at {in_channels} x {size} x {size}: {'; '.join(parts)}"
    alt = f"Bars of multiply-adds for each branch of both modules. {line}."
    return Picture(figure, line, alt)


def draw_bar(axis: Axes, height: float, costs: Sequence[int], colors: Sequence[str]) -> None:
    """Draw one bar of several parts, in millions, with its length behind its end."""
    end = 0.0
    for cost, color in zip(costs, colors, strict=True):
        axis.barh(height, cost / 1e6, 0.36, left=end, color=color)
        end += cost / 1e6
    write_beside(axis, f"{end:.1f}", (end, height), (4, 0), va="center")
