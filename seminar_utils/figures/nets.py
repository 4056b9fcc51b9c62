"""Draw GoogLeNet from its module tree: what is drawn is what runs.

Convolutions, pools, LRN and linear layers become boxes, stage by stage from top to bottom, with
arrows between them. Batch norms, ReLUs and dropout have no box. Inception modules are four lanes
(GoogLeNet, Fig. 2b); auxiliary heads hang below the modules that they look at.
"""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import nn

from seminar_utils.figures.marks import draw_arrow, strip_frame
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.models.googlenet import AuxiliaryClassifier, GoogLeNet, Inception

__all__ = ["FILL", "architecture", "describe"]

FILL = {
    nn.Conv2d: COLORS["sky"],
    nn.MaxPool2d: COLORS["yellow"],
    nn.AvgPool2d: COLORS["yellow"],
    nn.AdaptiveAvgPool2d: COLORS["yellow"],
    nn.LocalResponseNorm: "#C8C8C8",
    nn.Linear: COLORS["green"],
}
STAGES = ("inception_3a", "inception_4a", "maxpool4")  # each begins a row; the stem is the first
WIDTH = 13.0  # inches
BOX = (1.62, 0.52)  # width and height
GAP, ARROW = 0.06, 0.42  # between boxes of a module, and before every unit
HANG = 0.4  # between a module and its head
LOOK = {"mutation_scale": 14, "linewidth": 2, "color": COLORS["black"]}  # of arrows
ROW = {"boxes": 0.8, "modules": 2.85, "heads": 1.6}  # heights; heads add theirs


@styled
def architecture(model: GoogLeNet) -> Picture:
    """Draw the net, its stages below one another."""
    rows = rows_of(model)
    width = max(sum(map(width_of, row)) for row in rows)
    height = sum(map(height_of, rows))
    figure, (axis,) = new_figure(width=WIDTH, height=height * WIDTH / width)
    strip_frame(axis)
    axis.set(xlim=(0, width), ylim=(-height, 0))
    names = {module: path.removeprefix("inception_") for path, module in model.named_modules()}
    top = 0.0
    for row in rows:
        modules = any(isinstance(unit, Inception) for unit in row)
        middle = top - ROW["modules" if modules else "boxes"] / 2 - 0.2 * modules
        x = 0.0
        for unit in row:
            if isinstance(unit, AuxiliaryClassifier):
                draw_head(axis, unit, x, middle)
                continue
            draw_arrow(axis, (x, middle), (x + ARROW, middle), **LOOK)
            if isinstance(unit, Inception):
                draw_module(axis, unit, x + ARROW, middle, f"module {names[unit]}")
            else:
                draw_box(axis, unit, x + ARROW, middle - BOX[1] / 2)
            x += width_of(unit)
        top -= height_of(row)
    data = f"GoogLeNet: {count(model)}"
    return Picture(figure, data, f"Drawing of {data}, stage by stage from top to bottom.")


def rows_of(model: GoogLeNet) -> list[list[nn.Module]]:
    """Return what is drawn, a list a row: modules, heads, and layers of their own."""
    rows: list[list[nn.Module]] = [[]]
    for name, child in model.named_children():
        if name in STAGES:
            rows.append([])
        whole = isinstance(child, Inception | AuxiliaryClassifier)
        rows[-1].extend([child] if whole else layers_of(child))
    return rows


def layers_of(module: nn.Module) -> list[nn.Module]:
    """Return the layers inside a module that get a box, in their order."""
    return [layer for layer in module.modules() if isinstance(layer, tuple(FILL))]


def width_of(unit: nn.Module) -> float:
    """Return how much room a unit takes, with the arrow before it; a head hangs below."""
    if isinstance(unit, AuxiliaryClassifier):
        return 0.0
    return ARROW + BOX[0] + isinstance(unit, Inception) * (BOX[0] + GAP)


def height_of(row: list[nn.Module]) -> float:
    """Return how high a row is."""
    kinds = {type(unit) for unit in row}
    height = ROW["modules" if Inception in kinds else "boxes"]
    return height + (ROW["heads"] if AuxiliaryClassifier in kinds else 0)


def draw_box(axis: Axes, layer: nn.Module, x: float, y: float) -> None:
    """Draw one layer with its lower left corner at (x, y)."""
    (fill,) = {color for kind, color in FILL.items() if isinstance(layer, kind)}
    axis.add_patch(Rectangle((x, y), *BOX, facecolor=fill, edgecolor="white"))
    axis.text(x + BOX[0] / 2, y + BOX[1] / 2, describe(layer), ha="center", va="center")


def draw_module(axis: Axes, module: Inception, x: float, middle: float, name: str) -> None:
    """Draw the four branches as lanes, the name above them."""
    branches = (module.branch_1x1, module.branch_3x3, module.branch_5x5, module.branch_pool)
    for lane, branch in enumerate(branches):
        y = middle + (1 - lane) * (BOX[1] + GAP) + GAP / 2
        layers = layers_of(branch)
        for layer, column in zip(layers, range(2 - len(layers), 2), strict=True):
            draw_box(axis, layer, x + column * (BOX[0] + GAP), y)
    top = middle + 2 * (BOX[1] + GAP)
    axis.text(x, top, name, fontweight="bold", va="bottom")


def draw_head(axis: Axes, head: AuxiliaryClassifier, x: float, middle: float) -> None:
    """Draw an auxiliary classifier below the module that ends at x."""
    left, top = x - 2 * BOX[0] - GAP, middle - 2 * (BOX[1] + GAP)
    start = left + BOX[0] + GAP / 2
    draw_arrow(axis, (start, top), (start, top - HANG), **LOOK)
    for position, layer in enumerate(layers_of(head)):
        row, column = divmod(position, 2)
        y = top - HANG - BOX[1] - row * (BOX[1] + GAP)
        draw_box(axis, layer, left + column * (BOX[0] + GAP), y)


def describe(layer: nn.Module) -> str:
    """Return what is written on a layer's box, such as "3x3, 64" or "7x7, 64, /2"."""
    if isinstance(layer, nn.Conv2d):
        kernel, stride = layer.kernel_size[0], layer.stride[0]
        return f"{kernel}x{kernel}, {layer.out_channels}" + (f", /{stride}" if stride > 1 else "")
    if isinstance(layer, nn.MaxPool2d):
        stride = f", /{layer.stride}" if layer.stride > 1 else ""
        return f"max {layer.kernel_size}x{layer.kernel_size}{stride}"
    if isinstance(layer, nn.AvgPool2d):
        return f"avg {layer.kernel_size}x{layer.kernel_size}, /{layer.stride}"
    if isinstance(layer, nn.AdaptiveAvgPool2d):
        size = layer.output_size
        return "avg, global" if size == 1 else f"avg to {size}x{size}"
    if isinstance(layer, nn.Linear):
        return f"fc {layer.out_features}"
    return "LRN"


def count(model: nn.Module) -> str:
    """Return the number of layers of each kind, in words."""
    kinds = {
        "convolution": nn.Conv2d,
        "Inception module": Inception,
        "auxiliary head": AuxiliaryClassifier,
        "linear layer": nn.Linear,
    }
    numbers = {
        name: sum(isinstance(module, kind) for module in model.modules())
        for name, kind in kinds.items()
    }
    return ", ".join(f"{n} {name}{'s' * (n > 1)}" for name, n in numbers.items() if n)
