"""One Inception module as in GoogLeNet's Figure 2, with the price of each branch.

Boxes and prices are read from the layers that run, so that no drawing can differ from its module.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import nn

from seminar_utils.figures.marks import draw_arrow, draw_box, strip_frame, write
from seminar_utils.figures.nets import GREY, describe, fill_of
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.measures.layer_table import Layer, layer_table
from seminar_utils.models.googlenet import Inception, NaiveInception

__all__ = ["branch_bars", "branches", "lanes_of", "price_of"]

LANE, BOX = 2.5, (1.9, 0.5)  # inches: width of a lane, width and height of a box
GAP, PRICE_GAP = 0.4, 0.95  # between boxes; between a lane's last box and the concatenation


def lanes_of(module: nn.Module, input_size: tuple[int, int, int]) -> dict[str, list[Layer]]:
    """Return the layers of the branches "1x1", "3x3", "5x5" and "pool", as they run."""
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


def price_of(layers: Iterable[Layer]) -> int:
    """Return the multiply-adds of layers for one image."""
    return sum(layer.multiply_adds for layer in layers)


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
    boxes = {
        branch: list(filter(fill_of, (module.get_submodule(layer.name) for layer in layers)))
        for branch, layers in lanes.items()
    }
    depth = max(map(len, boxes.values()))
    top = (depth + 1) * (BOX[1] + GAP) - GAP + PRICE_GAP  # lower edge of the concatenation
    width = len(lanes) * LANE
    figure, (axis,) = new_figure(width=width, height=top + BOX[1] + 0.45)
    strip_frame(axis, xlim=(0, width), ylim=(0, top + BOX[1]))
    sizes = [layers[-1].output_shape[0] for layers in lanes.values()]
    wide, given = (width - LANE + BOX[0], BOX[1]), f"{channels} channels of {rows} x {columns}"
    draw_box(axis, width / 2, BOX[1] / 2, wide, f"input: {given}", GREY)
    draw_box(axis, width / 2, top + BOX[1] / 2, wide, f"concatenate: {sum(sizes)} channels", GREY)
    prices, drawn = [], []
    for number, (branch, layers) in enumerate(lanes.items()):
        price = _millions(price_of(layers))
        _draw_lane(axis, (number + 0.5) * LANE, top, boxes[branch], price, sizes[number])
        prices.append(f"{branch} {price}")
        drawn.append(f"{branch}: {' then '.join(map(describe, boxes[branch]))} for {price}")
    title, size = type(module).__name__, " x ".join(map(str, input_size))
    total = _millions(sum(map(price_of, lanes.values())))
    axis.set_title(f"{title}: {total} multiply-adds")
    data = (
        f"{title} on {size}: channels {' + '.join(map(str, sizes))} = {sum(sizes)}; multiply-adds "
        f"{', '.join(prices)}, in all {total}"
    )
    alt = (
        f"{title}, an input of {size} below, {len(lanes)} lanes side by side, their multiply-adds "
        f"beside them ({'; '.join(drawn)}), and above them one box: concatenate, {sum(sizes)} "
        "channels."
    )
    return Picture(figure, data, alt)


def _millions(count: int) -> str:
    """Return a number of multiply-adds in millions, to one decimal or two digits."""
    return f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count / 1e6:.2g} M"


def _draw_lane(
    axis: Axes, middle: float, top: float, layers: Sequence[nn.Module], price: str, channels: int
) -> None:
    """Draw a branch's layers with arrows up to the concatenation; price and channels beside it."""
    style = {"color": COLORS["black"], "mutation_scale": 16, "linewidth": 1.6}
    style |= {"shrinkA": 0, "shrinkB": 0}
    start, y = BOX[1], top - PRICE_GAP + GAP - len(layers) * (BOX[1] + GAP)
    for layer in layers:
        draw_box(axis, middle, y + BOX[1] / 2, BOX, describe(layer), fill_of(layer))
        draw_arrow(axis, (middle, start), (middle, y), **style)
        start, y = y + BOX[1], y + BOX[1] + GAP
    draw_arrow(axis, (middle, start), (middle, top), **style)
    y = top - PRICE_GAP / 2
    write(axis, middle - 0.12, y, price, "right", fontweight="bold")
    write(axis, middle + 0.12, y, f"{channels}\nchannels", "left")


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
    lanes = [lanes_of(module, (in_channels, size, size)) for module in modules.values()]
    reduced, naive = (np.array([price_of(o) for o in found.values()]) / 1e6 for found in lanes)
    # The last convolution of a branch is what the branch is for; one before it reduces.
    costs = [[o.multiply_adds for o in layers if o.multiply_adds] for layers in lanes[0].values()]
    own = np.array([of_branch[-1] for of_branch in costs]) / 1e6
    parts = []
    for (name, module), prices in zip(modules.items(), (reduced, naive), strict=True):
        of_each = ", ".join(f"{o} {price:.1f}" for o, price in zip(lanes[0], prices, strict=True))
        channels = f"{module.out_channels} channels out"
        parts.append(f"{name} {sum(prices):.1f} ({of_each}), {channels}")
    figure, (axis,) = new_figure(height=4.2)
    rows = np.arange(len(own))
    for label, color, shift, lengths, left in (
        ("Inception, 1x1 reduction", COLORS["sky"], -0.2, reduced - own, 0),
        ("Inception, the branch's own convolution", COLORS["blue"], -0.2, own, reduced - own),
        ("naive module", COLORS["grey"], 0.2, naive, 0),
    ):
        axis.barh(rows + shift, lengths, 0.36, left=left, color=color, label=label)
    for bars, ends in zip(axis.containers[1:], (reduced, naive), strict=True):
        axis.bar_label(bars, [f"{end:.1f}" for end in ends], padding=4)
    axis.set_yticks(rows, list(lanes[0]))
    axis.invert_yaxis()
    axis.set(xlabel="multiply-adds (millions)", xlim=(0, 1.12 * axis.get_xlim()[1]))
    axis.set_title(f"{in_channels} channels of {size} x {size} pixels")
    figure.legend(loc="outside lower center", ncols=3)
    line = f"M multiply-adds at {in_channels} x {size} x {size}: {'; '.join(parts)}"
    return Picture(figure, line, "Bars of multiply-adds for each branch of both modules.")
