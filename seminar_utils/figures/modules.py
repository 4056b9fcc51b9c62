"""One Inception module as in GoogLeNet's Figure 2, with the price of each branch.

Boxes and prices are read from the layers that run, so that no drawing can differ from its module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import nn

from seminar_utils.figures.marks import draw_arrow, strip_frame
from seminar_utils.figures.nets import FILL, describe
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import Inception, NaiveInception

__all__ = ["branch_bars", "branches"]

LANE, BOX_WIDTH, BOX_HEIGHT = 2.5, 1.9, 0.5  # inches
GAP, PRICE_GAP = 0.4, 0.95  # between boxes; between a lane's last box and the concatenation


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
    lanes = {}
    table = layer_table(module, input_size)
    for child, found in groupby(table, lambda layer: layer.name.partition(".")[0]):
        if child.startswith("branch_"):
            layers = list(found)
            modules = [module.get_submodule(layer.name) for layer in layers]
            lanes[child.removeprefix("branch_")] = Lane(
                boxes=[layer for layer in modules if type(layer) in FILL],
                costs=[layer.multiply_adds for layer in layers if layer.multiply_adds],
                channels=layers[-1].output_shape[0],
            )
    if not lanes:
        raise ValueError(
            f"{type(module).__name__} has no branches: hand over an Inception or a "
            "NaiveInception, such as GoogLeNet().inception_3a."
        )
    return lanes


@styled
def branches(module: Inception | NaiveInception, input_size: tuple[int, int, int]) -> Picture:
    """Draw a module: input below, four lanes, their concatenation above.

    Args:
        module: Of any variant and any widths.
        input_size: (C, H, W) of what comes in.

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
    strip_frame(axis, xlim=(0, width), ylim=(0, top + BOX_HEIGHT))
    for y, text in (
        (0.0, f"input: {channels} channels of {rows} x {columns}"),
        (top, f"concatenate: {out_channels} channels"),
    ):
        draw_box(axis, margin, y, width - 2 * margin, text, FILL[nn.LocalResponseNorm])
    drawn, prices = [], []
    for number, (branch, lane) in enumerate(lanes.items()):
        draw_lane(axis, (number + 0.5) * LANE, top, lane)
        prices.append(f"{branch} {millions(lane.price)}")
        boxes = " then ".join(map(describe, lane.boxes))
        drawn.append(f"{branch}: {boxes} for {millions(lane.price)}")
    title, size = type(module).__name__, " x ".join(map(str, input_size))
    total = millions(sum(lane.price for lane in lanes.values()))
    axis.set_title(f"{title}: {total} multiply-adds")
    sizes = " + ".join(str(lane.channels) for lane in lanes.values())
    data = (
        f"{title} on {size}: channels {sizes} = {out_channels}; multiply-adds {', '.join(prices)}, "
        f"in all {total}"
    )
    alt = (
        f"{title}, an input of {size} below, {len(lanes)} lanes side by side, their multiply-adds "
        f"beside them ({'; '.join(drawn)}), and above them one box: concatenate, {out_channels} "
        "channels."
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
    reduced, naive = (np.array([lane.price for lane in branches]) / 1e6 for branches in lanes)
    # The last convolution of a branch is what the branch is for; one before it reduces.
    own = np.array([lane.costs[-1] for lane in lanes[0]]) / 1e6
    figure, (axis,) = new_figure(height=4.2)
    rows = np.arange(len(found))
    for label, color, shift, lengths, left in (
        ("Inception, 1x1 reduction", COLORS["sky"], -0.2, reduced - own, 0),
        ("Inception, the branch's own convolution", COLORS["blue"], -0.2, own, reduced - own),
        ("naive module", COLORS["grey"], 0.2, naive, 0),
    ):
        axis.barh(rows + shift, lengths, 0.36, left=left, color=color, label=label)
    for bars, ends in zip(axis.containers[1:], (reduced, naive), strict=True):
        axis.bar_label(bars, [f"{end:.1f}" for end in ends], padding=4)
    axis.set_yticks(rows, list(found))
    axis.invert_yaxis()
    axis.set_xlim(0, 1.12 * axis.get_xlim()[1])
    axis.set_xlabel("multiply-adds (millions)")
    axis.set_title(f"{in_channels} channels of {size} x {size} pixels")
    figure.legend(loc="outside lower center", ncols=3)
    line = f"M multiply-adds at {in_channels} x {size} x {size}: {'; '.join(parts)}"
    return Picture(figure, line, "Bars of multiply-adds for each branch of both modules.")
