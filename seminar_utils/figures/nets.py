"""Draw a net from its module tree: what is drawn is what runs.

Convolutions, pools, LRN and linear layers become boxes, stage by stage from top to bottom. Batch
norms, ReLUs and dropout have no box. Shortcuts are arcs, dotted where the size changes (ResNet,
Fig. 3); Inception modules are four lanes (GoogLeNet, Fig. 2b); auxiliary heads hang below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import nn

from seminar_utils.figures.marks import draw_arrow, strip_frame
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.models.googlenet import AuxiliaryClassifier, Inception
from seminar_utils.models.resnet import Block

__all__ = ["architecture"]

HIGHLIGHTS = ("stem", "heads", "pool", "shortcuts")
FILL = {
    nn.Conv2d: COLORS["sky"],
    nn.MaxPool2d: COLORS["yellow"],
    nn.AvgPool2d: COLORS["yellow"],
    nn.AdaptiveAvgPool2d: COLORS["yellow"],
    nn.LocalResponseNorm: "#C8C8C8",
    nn.Linear: COLORS["green"],
}
BOX, LANE = (0.8, 1.9), (1.65, 0.55)  # width and height of a box standing up, and in a lane
HEIGHTS = {"boxes": 2.8, "lanes": 3.6, "heads": 1.4}


@dataclass(frozen=True)
class Pen:
    """Where to draw, and which parts stand out."""

    axis: Axes
    highlight: str | None
    names: dict[nn.Module, str]

    def opacity(self, *parts: str) -> float:
        """Return 1 for a part that stands out (all do without a highlight), else pale."""
        return 1.0 if self.highlight is None or self.highlight in parts else 0.22

    def box(self, x: float, y: float, layer: nn.Module, size: tuple[float, float], *parts: str):
        """Draw one layer with its lower left corner at (x, y)."""
        width, height = size
        opacity = self.opacity(*parts, *(["pool"] if "Pool" in type(layer).__name__ else []))
        style = {"facecolor": FILL[type(layer)], "edgecolor": "white", "alpha": opacity}
        self.axis.add_patch(Rectangle((x, y), width, height, **style))
        style = {"fontsize": 10, "ha": "center", "va": "center", "alpha": opacity}
        style["rotation"] = 90 if height > width else 0
        self.axis.text(x + width / 2, y + height / 2, describe(layer), **style)


@styled
def architecture(
    *models: nn.Module, names: Sequence[str] | None = None, highlight: str | None = None
) -> Picture:
    """Draw nets beside each other.

    Args:
        models: Nets of this package.
        names: One title per net, the class's name without them.
        highlight: "stem", "heads", "pool" or "shortcuts"; everything else turns pale.

    Raises:
        ValueError: An unknown highlight.
    """
    if highlight not in (None, *HIGHLIGHTS):
        raise ValueError(f"highlight={highlight!r} is unknown: take one of {HIGHLIGHTS} or None.")
    names = names or [type(model).__name__ for model in models]
    drawings = [rows_of(model) for model in models]
    heights = [sum(row_height(row) for row in rows) for rows in drawings]
    widths = [max(sum(width_of(unit) for unit in row) for row in rows) for rows in drawings]
    scale = 13.0 / sum(widths)  # inches per unit: the whole is 13 inches wide
    figure, axes = new_figure(
        len(models), width=13.0, height=max(heights) * scale + 0.6, width_ratios=widths
    )
    for axis, model, rows, width, name in zip(axes, models, drawings, widths, names, strict=True):
        strip_frame(axis)
        axis.set_title(name, loc="left")
        axis.set_xlim(-0.15, width)  # room for the first arc
        axis.set_ylim(-max(heights), 0)
        modules = {module: path for path, module in model.named_modules()}
        draw_rows(Pen(axis, highlight, modules), rows)
    summaries = [f"{name}: {count(model)}" for model, name in zip(models, names, strict=True)]
    data = "; ".join(summaries)
    shown = f" Highlighted: {highlight}." if highlight else ""
    return Picture(figure, data, f"Drawing of {data}, stage by stage from top to bottom.{shown}")


def rows_of(model: nn.Module) -> list[list[nn.Module]]:
    """Return the drawn units of a net, one row per stage."""
    rows: list[list[nn.Module]] = [[]]
    for child in model.children():
        if isinstance(child, nn.ModuleList):
            rows.extend(list(stage) for stage in child)
        elif isinstance(child, nn.MaxPool2d) and any(isinstance(u, Inception) for u in rows[-1]):
            rows.append([child])
        elif is_whole(child) or layers_of(child):
            rows[-1].append(child)
    return rows


def is_whole(module: nn.Module) -> bool:
    """Return whether a module has a drawing of its own."""
    return isinstance(module, Inception | AuxiliaryClassifier | Block)


def layers_of(module: nn.Module) -> list[nn.Module]:
    """Return the layers inside a module that get a box, in their order."""
    return [layer for layer in module.modules() if type(layer) in FILL]


def residual_layers(block: Block) -> list[nn.Module]:
    """Return the convolutions of F, without those of the shortcut."""
    children = [child for name, child in block.named_children() if name != "shortcut"]
    return [layer for child in children for layer in layers_of(child)]


def width_of(unit: nn.Module) -> float:
    """Return how much room a unit takes."""
    if isinstance(unit, AuxiliaryClassifier):
        return 0.0  # below its module
    if isinstance(unit, Inception):
        return 2 * LANE[0] + 0.5
    if isinstance(unit, Block):
        return len(residual_layers(unit)) * (BOX[0] + 0.1) + 0.35
    return len(layers_of(unit)) * (BOX[0] + 0.15)


def row_height(row: list[nn.Module]) -> float:
    """Return how high a row is."""
    if any(isinstance(unit, AuxiliaryClassifier) for unit in row):
        return HEIGHTS["lanes"] + HEIGHTS["heads"]
    return HEIGHTS["lanes" if any(isinstance(unit, Inception) for unit in row) else "boxes"]


def draw_rows(pen: Pen, rows: list[list[nn.Module]]) -> None:
    """Draw the stages below one another."""
    top, in_stem = 0.0, True
    for row in rows:
        x = 0.0
        middle = top - (HEIGHTS["lanes"] if row_height(row) > HEIGHTS["boxes"] else 3.0) / 2
        for unit in row:
            in_stem = in_stem and not is_whole(unit)
            draw(unit, pen, x, middle, *(["stem"] if in_stem else []))
            x += width_of(unit)
        top -= row_height(row)


@singledispatch
def draw(unit: nn.Module, pen: Pen, x: float, middle: float, *parts: str) -> None:
    """Draw plain layers, one behind the other; units of other classes have their own way."""
    for layer in layers_of(unit):
        pen.box(x, middle - BOX[1] / 2, layer, BOX, *parts)
        x += BOX[0] + 0.15


@draw.register
def draw_block(block: Block, pen: Pen, x: float, middle: float) -> None:
    """Draw a block's convolutions and the arc of its shortcut."""
    end = x
    for layer in residual_layers(block):
        pen.box(end, middle - BOX[1] / 2, layer, BOX)
        end += BOX[0] + 0.1
    if block.shortcut is None:
        return
    top = middle + BOX[1] / 2
    style = {"connectionstyle": "arc3,rad=-0.45", "mutation_scale": 11, "linewidth": 1.8}
    style["linestyle"] = "-" if isinstance(block.shortcut, nn.Identity) else ":"
    style |= {"color": COLORS["orange"], "alpha": pen.opacity("shortcuts")}
    draw_arrow(pen.axis, (x - 0.1, top), (end, top), **style)


@draw.register
def draw_inception(module: Inception, pen: Pen, x: float, middle: float) -> None:
    """Draw the four branches as lanes."""
    branches = (module.branch_1x1, module.branch_3x3, module.branch_5x5, module.branch_pool)
    for lane, branch in enumerate(branches):
        y = middle + (1 - lane) * (LANE[1] + 0.08)
        layers = layers_of(branch)
        for layer, position in zip(layers, range(2 - len(layers), 2), strict=True):
            pen.box(x + position * (LANE[0] + 0.06), y, layer, LANE)
    label = pen.names[module].removeprefix("inception_")
    corner = middle + LANE[1] + 0.2
    pen.axis.text(x + 0.1, corner, label, fontweight="bold", alpha=pen.opacity())


@draw.register
def draw_head(head: AuxiliaryClassifier, pen: Pen, x: float, middle: float) -> None:
    """Draw an auxiliary classifier below the module that it looks at."""
    left = x - 2 * LANE[0] - 0.5
    for position, layer in enumerate(layers_of(head)):
        row, column = divmod(position, 2)
        y = middle - HEIGHTS["lanes"] / 2 - 0.45 - row * (LANE[1] + 0.08)
        pen.box(left + column * (LANE[0] + 0.06), y, layer, LANE, "heads")
    corner = middle - HEIGHTS["lanes"] / 2 + 0.3
    style = {"mutation_scale": 12, "color": COLORS["black"], "alpha": pen.opacity("heads")}
    x = left + LANE[0]
    draw_arrow(pen.axis, (x, corner + 0.25), (x, corner - 0.2), **style)


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
    modules = list(model.modules())
    kinds = {
        "convolution": nn.Conv2d,
        "Inception module": Inception,
        "shortcut": Block,
        "auxiliary head": AuxiliaryClassifier,
        "linear layer": nn.Linear,
    }
    numbers = {name: sum(isinstance(m, kind) for m in modules) for name, kind in kinds.items()}
    numbers["shortcut"] -= sum(isinstance(m, Block) and m.shortcut is None for m in modules)
    return ", ".join(f"{n} {name}{'s' * (n > 1)}" for name, n in numbers.items() if n)
