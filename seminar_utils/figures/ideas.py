"""Drawings of ideas: which nets contain which, and what later nets made of the residual block."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from seminar_utils.figures.marks import draw_arrow, draw_box, strip_frame, write
from seminar_utils.figures.palette import COLORS, KINDS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["nested_classes", "where_it_went"]

# Nets of 56, 20 and 8 layers: centre and size of each set, and where its name stands.
CLASSES = {"56 layers": COLORS["orange"], "20 layers": COLORS["blue"], "8 layers": COLORS["sky"]}
APART = (
    ((2.9, 2.7), (5.0, 4.6), (2.6, 1.2)),
    ((4.6, 3.0), (3.4, 2.6), (5.0, 3.0)),
    ((2.2, 3.2), (2.2, 1.6), (2.2, 3.2)),
)
NESTED = (
    ((3.5, 3.0), (6.4, 4.8), (3.5, 0.95)),
    ((2.9, 3.0), (4.2, 3.0), (2.9, 1.85)),
    ((2.4, 3.0), (2.2, 1.6), (2.2, 3.3)),
)


@styled
def nested_classes() -> Picture:
    """Draw what nets of three depths can compute, as sets beside and inside each other.

    Source: the argument of He et al. 2016, Sec. 1 and 4.1; the drawing is ours.
    """
    figure, (left, right) = new_figure(2, height=4.3)
    for axis, sets in ((left, APART), (right, NESTED)):
        strip_frame(axis, xlim=(-0.2, 8.4), ylim=(0.0, 6.4))
        for (name, shade), (centre, size, place) in zip(CLASSES.items(), sets, strict=True):
            style = {"facecolor": (shade, 0.25), "edgecolor": shade, "linewidth": 2}
            axis.add_patch(Ellipse(centre, *size, **style))
            write(axis, *place, name, fontweight="bold")
        axis.plot(6.9, 3.0, "*", color=COLORS["black"], markersize=18)
        axis.text(6.9, 3.45, "wanted", ha="center")
    right.plot(5.0, 3.0, "o", color=COLORS["blue"], markersize=9)
    right.text(4.9, 2.45, "copied", ha="center")
    right.plot(4.9, 4.4, "X", color=COLORS["orange"], markersize=11)
    right.text(5.2, 4.75, "found by training?", color=COLORS["black"])
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
DOWN = {"color": "black", "mutation_scale": 12}


@styled
def where_it_went() -> Picture:
    """Draw the blocks of six architectures: in each, x reaches the output beside F(x).

    Source: arXiv 1512.03385, 1603.05027, 1611.05431, 1608.06993, 1706.03762 and 2201.03545; the
    drawing is ours and leaves norms and most activations out.
    """
    figure, axes = new_figure(len(DESCENDANTS), height=4.6)
    for axis, (name, sums, join, relu) in zip(axes, DESCENDANTS, strict=True):
        strip_frame(axis, xlim=(-1.15, 1.2), ylim=(-0.4, 6.6))
        axis.set_title(name)
        write(axis, 0, 6.4, "x")
        y = 6.1
        for rows in sums:
            y = _draw_sum(axis, y, 4.6 / len(sums) - 0.2, rows, join)
        if relu:
            draw_box(axis, 0, y - 0.55, (1.5, 0.6), "ReLU", "#C8C8C8")
            draw_arrow(axis, (0, y - 0.85), (0, -0.3), **DOWN)
        draw_arrow(axis, (0, y), (0, y - 0.35 if relu else -0.3), shrinkA=0, **DOWN)
    alt = (
        "Six blocks side by side, drawn as boxes from x down to the output, each with a green "
        "arc along which x passes by the boxes. ResNet: two convolutions, a plus, a ReLU. "
        "Pre-activation: the same without a ReLU after the plus. ResNeXt: three thin branches "
        "between x and the plus. DenseNet: F(x) is appended to x instead of added. Transformer: "
        "attention, plus, MLP, plus, two lines one after the other. ConvNeXt: a 7x7 and two 1x1 "
        "convolutions, a plus."
    )
    return Picture(figure, "green: the way of x past F", alt)


def _draw_sum(
    axis: Axes, top: float, height: float, rows: Sequence[Sequence[str]], join: str
) -> float:
    """Draw boxes from top down, the arc of x around them and what joins both; return its end."""
    step, plus = (height - 0.9) / len(rows), top - height + 0.3
    for number, row in enumerate(rows):
        middle, width = top - 0.25 - step * (number + 0.5), 1.65 / len(row)
        for column, text in enumerate(row):
            x = width * (column - (len(row) - 1) / 2)
            draw_box(axis, x, middle, (0.92 * width, 0.6), text, COLORS["sky"])
    draw_arrow(axis, (0, top), (0, plus + 0.3), zorder=0, **DOWN)
    green = {"color": KINDS["ResNet"], "linewidth": 2.2}
    axis.plot([0, 1, 1], [top - 0.1, top - 0.1, plus], solid_joinstyle="round", **green)
    draw_arrow(axis, (1, plus), (0.3, plus), mutation_scale=14, shrinkA=0, shrinkB=0, **green)
    frame = {"boxstyle": "round", "facecolor": "white", "edgecolor": COLORS["black"]}
    write(axis, 0, plus, join, fontweight="bold", bbox=frame)
    return plus - 0.3
