"""GoogLeNet, and one Inception module with the price of each branch: what is drawn is what runs.

Convolutions, pools, LRN and linear layers become boxes; batch norms, ReLUs and dropout have none.
In the net, Inception modules are four lanes (GoogLeNet, Fig. 2b) of boxes without a text, between
name and number of output channels; auxiliary heads, a lane each, hang below what they look at.
"""

from collections import defaultdict
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import nn

from seminar_utils.figures.marks import Point, draw_arrow, draw_box, strip_frame, write
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.measures.layer_table import LayerTable, layer_table
from seminar_utils.models.googlenet import AuxiliaryClassifier, GoogLeNet, Inception

__all__ = ["architecture", "branches", "lanes_of"]

GREY = "#C8C8C8"
BOXES = (  # what gets a box, and in which colour
    ("convolution", nn.Conv2d, COLORS["sky"]),
    ("pool", nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d, COLORS["yellow"]),
    ("linear layer", nn.Linear, COLORS["green"]),
    ("LRN", nn.LocalResponseNorm, GREY),
)
SECOND_ROW = "maxpool3"  # begins it
WIDTH = 13.0  # inches
BOX = (1.0, 0.72)  # width and height of a layer of its own
LANE = (0.47, 0.22)  # of a layer in a module or a head
GAP, ARROW = 0.06, 0.36  # between boxes of a module, and before every unit
HALF = 2 * (LANE[1] + GAP)  # the height of a module, from its middle
TEXT = 0.34  # the height of a line
HANG = 0.3  # the arrow between a module and its head
ROW, HEADS = 2 * (HALF + TEXT) + 0.2, HANG + LANE[1]  # heights; heads add theirs
LOOK = {"mutation_scale": 14, "linewidth": 2, "color": COLORS["black"]}  # of arrows


@styled
def architecture(model: GoogLeNet) -> Picture:
    """Draw the net in two rows."""
    rows = _rows_of(model)
    names = {module: path.removeprefix("inception_") for path, module in model.named_modules()}
    heads = {module: getattr(model, f"head_{name}", None) for module, name in names.items()}
    heights = [ROW, ROW + HEADS * any(heads.values())]
    width, height = max(map(len, rows)) * (ARROW + BOX[0]), sum(heights)
    figure, (axis,) = new_figure(width=WIDTH, height=height * WIDTH / width)
    strip_frame(axis, xlim=(0, width), ylim=(-height, 0))
    top = 0.0
    for row, below in zip(rows, heights, strict=True):
        middle = top - HALF - TEXT
        for number, unit in enumerate(row):
            x = number * (ARROW + BOX[0])
            draw_arrow(axis, (x, middle), (x + ARROW, middle), **LOOK)
            if isinstance(unit, Inception):
                _draw_module(axis, unit, x + ARROW, middle, names[unit], heads[unit])
            else:
                _draw_layer(axis, unit, x + ARROW, middle - BOX[1] / 2, BOX)
                text = _describe(unit).replace(", ", "\n", 1)
                write(axis, x + ARROW + BOX[0] / 2, middle, text)
        top -= below
    labels = [Rectangle((0, 0), 0, 0, color=fill, label=name) for name, _, fill in BOXES]
    axis.legend(handles=labels, loc="upper right", borderaxespad=0)
    data = f"GoogLeNet: {_count(model)}"
    alt = (
        f"Drawing of {data}, in two rows. In a module and in a head each row is one branch, read "
        "from left to right; below each module stands its number of output channels."
    )
    return Picture(figure, data, alt)


def _rows_of(model: GoogLeNet) -> list[list[nn.Module]]:
    """Return what is drawn, a list a row: modules, and layers of their own."""
    rows: list[list[nn.Module]] = [[]]
    for name, child in model.named_children():
        if name == SECOND_ROW:
            rows.append([])
        if not isinstance(child, AuxiliaryClassifier):
            rows[-1].extend([child] if isinstance(child, Inception) else _layers_of(child))
    return rows


def _fill_of(layer: nn.Module) -> str | None:
    """Return the colour of a layer's box, None for a module without one."""
    return next((fill for _, kinds, fill in BOXES if isinstance(layer, kinds)), None)


def _layers_of(module: nn.Module) -> list[nn.Module]:
    """Return the layers inside a module that get a box, in their order."""
    return list(filter(_fill_of, module.modules()))


def _draw_layer(axis: Axes, layer: nn.Module, x: float, y: float, size: Point) -> None:
    """Draw a box of some width and height with its lower left corner at (x, y)."""
    axis.add_patch(Rectangle((x, y), *size, facecolor=_fill_of(layer), edgecolor="white"))


def _draw_module(
    axis: Axes, module: Inception, x: float, middle: float, name: str, head: nn.Module | None
) -> None:
    """Draw the four branches as lanes, the name above, the channels and the head below."""
    for lane, layers in enumerate(map(_layers_of, module.children())):
        _draw_lane(axis, layers, x, middle + HALF - (lane + 1) * (LANE[1] + GAP) + GAP / 2)
    centre, bottom = x + BOX[0] / 2, middle - HALF - TEXT
    write(axis, centre, middle + HALF + TEXT / 2, name, weight="bold")
    write(axis, centre, bottom + TEXT / 2, str(module.out_channels))
    if head is not None:
        draw_arrow(axis, (centre, bottom), (centre, bottom - HANG), **LOOK)
        y = bottom - HANG - LANE[1]
        write(axis, _draw_lane(axis, _layers_of(head), x, y), y + LANE[1] / 2, "head", "left")


def _draw_lane(axis: Axes, layers: list[nn.Module], x: float, y: float) -> float:
    """Draw layers from left to right, a single one in the second place; return where they end."""
    x += (LANE[0] + GAP) * (len(layers) == 1)
    for layer in layers:
        _draw_layer(axis, layer, x, y, LANE)
        x += LANE[0] + GAP
    return x


def _describe(layer: nn.Module) -> str:
    """Return what is written on a layer's box, such as "3x3, 64" or "7x7, 64, /2"."""
    if isinstance(layer, nn.Conv2d):
        kernel, stride = layer.kernel_size[0], layer.stride[0]
        return f"{kernel}x{kernel}, {layer.out_channels}" + (f", /{stride}" if stride > 1 else "")
    if isinstance(layer, nn.MaxPool2d | nn.AvgPool2d):
        kind, kernel = "max" if isinstance(layer, nn.MaxPool2d) else "avg", layer.kernel_size
        return f"{kind} {kernel}x{kernel}" + (f", /{layer.stride}" if layer.stride > 1 else "")
    if isinstance(layer, nn.AdaptiveAvgPool2d):
        size = layer.output_size
        return "avg, global" if size == 1 else f"avg to {size}x{size}"
    if isinstance(layer, nn.Linear):
        return f"fc {layer.out_features}"
    return "LRN"


def _count(model: nn.Module) -> str:
    """Return the number of layers of each kind in words; what is inside the heads is left out."""
    modules = [m for name, m in model.named_modules() if not name.startswith("head_")]
    numbers = {
        "convolution": sum(isinstance(module, nn.Conv2d) for module in modules),
        "Inception module": sum(isinstance(module, Inception) for module in modules),
        "auxiliary head": sum(isinstance(m, AuxiliaryClassifier) for m in model.modules()),
        "linear layer": sum(isinstance(module, nn.Linear) for module in modules),
    }
    return ", ".join(f"{n} {name}{'s' * (n > 1)}" for name, n in numbers.items() if n)


# Of one module. Inches: width of a branch, a layer's box, between boxes, below the concatenation.
COLUMN, LAYER, BETWEEN, PRICE = 2.5, (1.9, 0.5), 0.4, 0.95


def lanes_of(module: nn.Module, input_size: tuple[int, int, int]) -> dict[str, LayerTable]:
    """Return the layers of the branches "1x1", "3x3", "5x5" and "pool", as they run."""
    lanes = defaultdict(list)
    for layer in layer_table(module, input_size):
        child = layer.name.partition(".")[0]
        if child.startswith("branch_"):
            lanes[child.removeprefix("branch_")].append(layer)
    if not lanes:
        raise ValueError(
            f"{type(module).__name__} has no branches: hand over an Inception or a "
            "NaiveInception, such as GoogLeNet().inception_3a."
        )
    return {branch: LayerTable(layers) for branch, layers in lanes.items()}


@styled
def branches(module: nn.Module, input_size: tuple[int, int, int]) -> Picture:
    """Draw an Inception or a NaiveInception: input below, four lanes, their concatenation above.

    The input size is (C, H, W).

    Raises:
        ValueError: The module has no branches, or other input channels.

    Source: Szegedy et al. 2015, Fig. 2.
    """
    lanes = lanes_of(module, input_size)
    channels, rows, columns = input_size
    boxes = {branch: _layers_of(getattr(module, f"branch_{branch}")) for branch in lanes}
    depth = max(map(len, boxes.values()))
    top = (depth + 1) * (LAYER[1] + BETWEEN) - BETWEEN + PRICE  # lower edge of the concatenation
    width = len(lanes) * COLUMN
    figure, (axis,) = new_figure(width=width, height=top + LAYER[1] + 0.45)
    strip_frame(axis, xlim=(0, width), ylim=(0, top + LAYER[1]))
    sizes = [layers[-1].output_shape[0] for layers in lanes.values()]
    wide = width - COLUMN + LAYER[0], LAYER[1]
    given = f"input: {channels} channels of {rows} x {columns}"
    draw_box(axis, width / 2, LAYER[1] / 2, wide, given, GREY)
    draw_box(axis, width / 2, top + LAYER[1] / 2, wide, f"concatenate: {sum(sizes)} channels", GREY)
    prices, drawn = [], []
    for number, (branch, layers) in enumerate(lanes.items()):
        price = _millions(layers.multiply_adds)
        _draw_branch(axis, (number + 0.5) * COLUMN, top, boxes[branch], price, sizes[number])
        prices.append(f"{branch} {price}")
        drawn.append(f"{branch}: {' then '.join(map(_describe, boxes[branch]))} for {price}")
    title, size = type(module).__name__, " x ".join(map(str, input_size))
    total = _millions(sum(layers.multiply_adds for layers in lanes.values()))
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


def _draw_branch(
    axis: Axes, middle: float, top: float, layers: Sequence[nn.Module], price: str, channels: int
) -> None:
    """Draw a branch's layers with arrows up to the concatenation; price and channels beside it."""
    style = LOOK | {"mutation_scale": 16, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    start, y = LAYER[1], top - PRICE + BETWEEN - len(layers) * (LAYER[1] + BETWEEN)
    for layer in layers:
        draw_box(axis, middle, y + LAYER[1] / 2, LAYER, _describe(layer), _fill_of(layer))
        draw_arrow(axis, (middle, start), (middle, y), **style)
        start, y = y + LAYER[1], y + LAYER[1] + BETWEEN
    draw_arrow(axis, (middle, start), (middle, top), **style)
    y = top - PRICE / 2
    write(axis, middle - 0.12, y, price, "right", fontweight="bold")
    write(axis, middle + 0.12, y, f"{channels}\nchannels", "left")
