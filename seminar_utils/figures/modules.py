"""One Inception module as in GoogLeNet's Figure 2, with the price of each branch.

Boxes and prices are read from the layers that run, so that no drawing can differ from its module.
"""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle
from torch import nn

from seminar_utils.figures.nets import FILL, describe
from seminar_utils.figures.picture import COLORS, Picture, new_figure, strip_frame
from seminar_utils.measures.layer_table import Layer, layer_table
from seminar_utils.models.googlenet import Inception, NaiveInception

__all__ = ["branches", "lanes_of"]

LANE, BOX_WIDTH, BOX_HEIGHT = 2.5, 1.9, 0.5  # inches
GAP, PRICE_GAP = 0.4, 0.95  # between boxes; between a lane's last box and the concatenation


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
    axis.set_title(f"{title}: {total}", fontsize=15)
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
    axis.text(x + width / 2, y + BOX_HEIGHT / 2, text, fontsize=14, ha="center", va="center")


def draw_lane(axis: Axes, middle: float, top: float, boxes: Sequence[nn.Module]) -> None:
    """Draw a branch's layers below the concatenation, with arrows from the input up to it."""
    step = BOX_HEIGHT + GAP
    last = top - PRICE_GAP - BOX_HEIGHT
    heights = [last - (len(boxes) - 1 - number) * step for number in range(len(boxes))]
    for y, layer in zip(heights, boxes, strict=True):
        draw_box(axis, middle - BOX_WIDTH / 2, y, BOX_WIDTH, describe(layer), FILL[type(layer)])
    starts = [BOX_HEIGHT, *(y + BOX_HEIGHT for y in heights)]
    for start, end in zip(starts, [*heights, top], strict=True):
        arrow = FancyArrowPatch(
            (middle, start),
            (middle, end),
            arrowstyle="-|>",
            mutation_scale=16,
            linewidth=1.6,
            shrinkA=0,
            shrinkB=0,
            color=COLORS["black"],
        )
        axis.add_patch(arrow)


def draw_price(axis: Axes, middle: float, top: float, price: int, channels: int) -> None:
    """Write beside a lane's last arrow what the lane costs, left, and hands on, right."""
    y = top - PRICE_GAP / 2
    axis.text(
        middle - 0.12, y, millions(price), fontsize=14, fontweight="bold", ha="right", va="center"
    )
    axis.text(middle + 0.12, y, f"{channels}\nchannels", fontsize=12, ha="left", va="center")


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
