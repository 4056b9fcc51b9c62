"""Drawings of ideas: which nets contain which, and what later nets made of the residual block."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, Rectangle

from seminar_utils.figures.marks import draw_arrow, strip_frame
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["nested_classes", "where_it_went"]

TARGET = (6.9, 3.0)  # the function that one would like to have
# Centre and size of three classes, smallest first, and their names' places.
APART = (((2.2, 3.2), (2.2, 1.6)), ((4.6, 3.0), (3.4, 2.6)), ((2.9, 2.7), (5.0, 4.6)))
NESTED = (((2.4, 3.0), (2.2, 1.6)), ((2.9, 3.0), (4.2, 3.0)), ((3.5, 3.0), (6.4, 4.8)))
NAMES = ("8 layers", "20 layers", "56 layers")
SHADES = (COLORS["sky"], COLORS["blue"], COLORS["orange"])


@styled
def nested_classes() -> Picture:
    """Draw what nets of three depths can compute, as sets beside and inside each other.

    Source: the argument of He et al. 2016, Sec. 1 and 4.1; the drawing is ours.
    """
    figure, (left, right) = new_figure(2, height=4.3)
    for axis, classes in ((left, APART), (right, NESTED)):
        strip_frame(axis)
        axis.set_xlim(-0.2, 8.4)
        axis.set_ylim(0.0, 6.4)
        for (centre, size), shade in reversed(list(zip(classes, SHADES, strict=True))):
            axis.add_patch(Ellipse(centre, *size, facecolor=shade, alpha=0.25))
            axis.add_patch(Ellipse(centre, *size, facecolor="none", edgecolor=shade, linewidth=2))
        axis.plot(*TARGET, "*", color=COLORS["black"], markersize=18)
        axis.text(TARGET[0], TARGET[1] + 0.45, "wanted", ha="center")
    places = {
        left: ((2.2, 3.2), (5.0, 3.0), (2.6, 1.2)),
        right: ((2.2, 3.3), (2.9, 1.85), (3.5, 0.95)),
    }
    for axis, points in places.items():
        for (x, y), name in zip(points, NAMES, strict=True):
            axis.text(x, y, name, ha="center", va="center", fontweight="bold")
    right.plot(5.0, 3.0, "o", color=COLORS["blue"], markersize=9)
    right.plot(4.9, 4.4, "X", color=COLORS["orange"], markersize=11)
    right.text(5.2, 4.75, "found by training?", ha="left", color=COLORS["black"])
    right.text(4.9, 2.45, "copied", ha="center")
    left.set_title("not nested: more layers may lie further off")
    right.set_title("nested: 56 layers contain 20")
    alt = (
        "Two drawings of three sets, what nets of 8, 20 and 56 layers can compute, and a star, the "
        "wanted function. Left the sets overlap, and the largest lies further from the star than "
        "the middle one. Right each set contains the smaller ones: the copied solution of 20 "
        "layers, a dot, lies in the set of 56 layers, too, but a cross further from the star shows "
        "where training may end."
    )
    return Picture(figure, "what nets of 8, 20 and 56 layers can compute", alt)


# What later nets made of a block: its name, the boxes of each sum (side by side in one row), what
# joins F(x) and x, and whether a ReLU follows.
DESCENDANTS = (
    ("ResNet\n2015", ((("conv",), ("conv",)),), "+", True),
    ("pre-activation\n2016", ((("conv",), ("conv",)),), "+", False),
    ("ResNeXt\n2016", ((("", "", ""), ("", "", "")),), "+", True),
    ("DenseNet\n2016", ((("conv",),),), "[ , ]", False),
    ("Transformer\n2017", ((("attention",),), (("MLP",),)), "+", False),
    ("ConvNeXt\n2022", ((("7x7",), ("1x1",), ("1x1",)),), "+", False),
)


@styled
def where_it_went() -> Picture:
    """Draw the blocks of six architectures: in each, x reaches the output beside F(x).

    Source: arXiv 1512.03385, 1603.05027, 1611.05431, 1608.06993, 1706.03762 and 2201.03545; the
    drawing is ours and leaves norms and most activations out.
    """
    figure, axes = new_figure(len(DESCENDANTS), height=4.6)
    for axis, (name, sums, join, relu) in zip(axes, DESCENDANTS, strict=True):
        strip_frame(axis)
        axis.set(xlim=(-1.15, 1.2), ylim=(-0.4, 6.6), title=name)
        axis.text(0, 6.4, "x", ha="center", va="center")
        y = 6.1
        for rows in sums:
            y = draw_sum(axis, y, 4.6 / len(sums) - 0.2, rows, join)
        if relu:
            draw_box(axis, 0, y - 0.55, 1.5, "ReLU", "#C8C8C8")
            draw_arrow(axis, (0, y - 0.85), (0, -0.3), color="black", mutation_scale=12)
        draw_arrow(
            axis,
            (0, y),
            (0, y - 0.35 if relu else -0.3),
            color="black",
            mutation_scale=12,
            shrinkA=0,
        )
    alt = (
        "Six blocks side by side, drawn as boxes from x down to the output, each with an orange "
        "arc along which x passes by the boxes. ResNet: two convolutions, a plus, a ReLU. "
        "Pre-activation: the same without a ReLU after the plus. ResNeXt: three thin branches "
        "between x and the plus. DenseNet: F(x) is appended to x instead of added. Transformer: "
        "attention, plus, MLP, plus, two lines one after the other. ConvNeXt: a 7x7 and two 1x1 "
        "convolutions, a plus."
    )
    return Picture(figure, "orange: the way of x past F", alt)


def draw_sum(
    axis: Axes, top: float, height: float, rows: Sequence[Sequence[str]], join: str
) -> float:
    """Draw boxes from top down, the arc of x around them and what joins both; return its end."""
    step = (height - 0.9) / len(rows)
    plus = top - height + 0.3
    for number, row in enumerate(rows):
        middle, width = top - 0.25 - step * (number + 0.5), 1.65 / len(row)
        for column, text in enumerate(row):
            draw_box(axis, width * (column - (len(row) - 1) / 2), middle, 0.92 * width, text)
    draw_arrow(axis, (0, top), (0, plus + 0.3), zorder=0, color="black", mutation_scale=12)
    orange = {"color": COLORS["orange"], "linewidth": 2.2}
    axis.plot([0, 1, 1], [top - 0.1, top - 0.1, plus], solid_joinstyle="round", **orange)
    draw_arrow(axis, (1, plus), (0.3, plus), mutation_scale=14, shrinkA=0, shrinkB=0, **orange)
    axis.text(0, plus, join, ha="center", va="center", fontweight="bold", bbox=ROUND)
    return plus - 0.3


ROUND = {"boxstyle": "round", "facecolor": "white", "edgecolor": COLORS["black"]}


def draw_box(
    axis: Axes, x: float, y: float, width: float, text: str, color: str = COLORS["sky"]
) -> None:
    """Draw a box with a text around a point."""
    axis.add_patch(Rectangle((x - width / 2, y - 0.3), width, 0.6, facecolor=color, zorder=2))
    axis.text(x, y, text, ha="center", va="center")
