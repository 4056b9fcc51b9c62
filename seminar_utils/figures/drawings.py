"""Drawings without data: the seminar's fable, residual blocks, the way of a gradient, a net."""

from functools import partial

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, PathPatch, Polygon
from matplotlib.path import Path

from seminar_utils.figures.marks import draw_arrow, draw_box, strip_frame, write
from seminar_utils.figures.palette import COLORS, KINDS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["block_sketch", "fable", "two_kinds", "whole_net"]

SOUP, INK, FEATHERS = COLORS["yellow"], COLORS["black"], "#D9D9D9"
PLATE, JAR = KINDS.values()  # in the colours of plain and residual nets: the jar is the shortcut
SKY, GATE = COLORS["sky"], "#C8C8C8"  # layers with weights, and others
ARROW = {"linewidth": 2.2, "shrinkA": 0, "shrinkB": 0}
large = partial(write, fontsize=15, color=INK)


@styled
def fable() -> Picture:
    """Draw a crane in front of a plate and in front of a jar.

    Source: the seminar's slide ("a jar rather than a plate for the crane"), after Aesop; the
    drawing is ours.
    """
    figure, (left, right) = new_figure(2, height=3.0)
    for axis in (left, right):  # the same bird
        strip_frame(axis, xlim=(-0.3, 7.2), ylim=(-0.4, 5.2))
        _draw_crane(axis, head=(5.15, 3.75), beak_tip=(5.4, 1.35))
    left.set_title("a flat plate: the beak picks up no soup")
    left.plot([5.3, 5.3], [0.0, 1.1], color=PLATE, linewidth=8)  # the foot of the plate
    left.add_patch(Ellipse((5.3, 1.2), 3.2, 0.5, facecolor="white", edgecolor=PLATE, linewidth=4))
    left.add_patch(Ellipse((5.3, 1.26), 2.4, 0.24, color=SOUP))
    right.set_title("a tall jar: the beak reaches it")
    soup = [(4.4, 1.6), (4.4, 0.2), (4.6, 0.0), (6.1, 0.0), (6.3, 0.2), (6.3, 1.6)]
    jar = [(5.0, 3.0), (5.05, 2.3), *soup, (5.65, 2.3), (5.7, 3.0)]
    right.add_patch(Polygon(soup, color=SOUP, alpha=0.9, zorder=0))
    right.plot(*zip(*jar, strict=True), color=JAR, linewidth=4)
    alt = (
        "Two drawings of the same crane at its soup. Left: a flat plate; the tip of the long beak "
        "touches the thin layer of soup. Right: a tall jar; the beak reaches deep into the soup."
    )
    return Picture(figure, "one bird, one soup, two dishes", alt)


def _draw_crane(axis: Axes, head: tuple[float, float], beak_tip: tuple[float, float]) -> None:
    """Draw a crane whose beak reaches from its head to the given point."""
    x, y = head
    bends = [(2.3, 2.2), (2.5, y + 2.0), (x - 0.45, y + 1.75), head]
    neck = Path(bends, [Path.MOVETO] + [Path.CURVE4] * 3)
    style = {"fill": False, "capstyle": "round", "zorder": 2}
    axis.plot([1.3, 1.15, 1.3], [1.4, 0.7, 0.0], color=INK, linewidth=3)
    axis.plot([1.7, 1.85, 1.7], [1.4, 0.7, 0.0], color=INK, linewidth=3)
    for shape in (
        Polygon([(0.9, 2.4), (-0.2, 1.6), (0.9, 1.7)], color=INK),
        Ellipse((1.5, 2.0), 2.0, 1.3, angle=15, facecolor=FEATHERS, edgecolor=INK),
        PathPatch(neck, edgecolor=INK, linewidth=9, **style),
        PathPatch(neck, edgecolor=FEATHERS, linewidth=6, **style),
        Polygon([(x - 0.14, y), (x + 0.14, y + 0.14), beak_tip], color=COLORS["orange"]),
        Circle(head, 0.3, facecolor=FEATHERS, edgecolor=INK),
        Circle((x + 0.08, y + 0.08), 0.06, color=INK),
    ):
        axis.add_patch(shape)


@styled
def two_kinds() -> Picture:
    """Draw two layers without and with a shortcut.

    Source: He et al. 2016, Fig. 2; the drawing is ours.
    """
    figure, axes = new_figure(2, height=1.7)
    arrow = ARROW | {"mutation_scale": 18}
    for axis, (kind, color) in zip(axes, KINDS.items(), strict=True):
        strip_frame(axis, xlim=(0.1, 8.0), ylim=(0.2, 2.4))
        residual = kind == "ResNet"
        axis.set_title("with a shortcut" if residual else "plain")
        draw_arrow(axis, (0.7, 0.9), (7.2, 0.9), zorder=0, color=INK, **arrow)
        large(axis, 0.4, 0.9, "x")
        for x in (2.3, 4.4):
            draw_box(axis, x, 0.9, (1.5, 0.8), "layer", SKY, fontsize=15)
        large(axis, 7.25, 0.9, "F(x) + x" if residual else "F(x)", side="left")
        if residual:
            axis.plot([1.1, 1.1, 6.1], [0.9, 2.0, 2.0], color=color, linewidth=3)
            draw_arrow(axis, (6.1, 2.0), (6.1, 1.15), color=color, **arrow)
            axis.add_patch(Circle((6.1, 0.9), 0.28, facecolor="white", edgecolor=INK))
            large(axis, 6.1, 0.9, "+")
    alt = (
        "Two layers, twice. Left, plain: x passes both layers, and F(x) comes out. Right, with a "
        "shortcut: a green line carries x around both layers, and a plus adds it to their output."
    )
    return Picture(figure, "plain: F(x); with a shortcut: F(x) + x", alt)


# Inches. The main path runs down at MIDDLE; the shortcut leaves it at FORK.
MIDDLE, TOP, FORK, SUM, BOTTOM, RADIUS = 1.6, 5.1, 4.62, 1.75, 0.2, 0.2
LAYERS = (("3x3 conv, BN, ReLU", 3.75, SKY), ("3x3 conv, BN", 2.8, SKY), ("ReLU", 0.98, GATE))
ARROWS = ((4.94, 4.01), (3.49, 3.06), (2.54, 1.95), (1.55, 1.24), (0.72, 0.36))  # between boxes
LEFT, RIGHT, SHORTCUT = MIDDLE - 0.12, MIDDLE + 0.12, 3.6  # where texts stand beside arrows


@styled
def block_sketch(backward: bool = False) -> Picture:
    """Draw a residual block with batch norm: its forward pass, or the way of its gradient.

    Source: He et al. 2016, Fig. 2, with batch norm behind each convolution (Sec. 3.4). The drawing
    is ours; the paper does not show the way back.
    """
    figure, (axis,) = new_figure(width=6.5, height=4.2)
    strip_frame(axis, xlim=(0, 5.6), ylim=(0, TOP + 0.15))
    _draw_block(axis, backward)
    around = {"side": "left", "color": KINDS["ResNet"]}
    if backward:
        large(axis, MIDDLE, TOP, "dL/dx = g + g dF/dx")
        large(axis, LEFT, 4.32, "g dF/dx", side="right")
        large(axis, LEFT, 2.25, "g", side="right")
        large(axis, SHORTCUT, 3.2, "g (unchanged)", **around)
        large(axis, RIGHT, 1.4, "g", side="left")
        large(axis, MIDDLE + 1.42, LAYERS[-1][1], "open where F(x) + x > 0", side="left")
        large(axis, MIDDLE, BOTTOM, "dL/dout")
        data = "backward: dL/dx = g + g dF/dx, with g = dL/d(F(x) + x)"
        alt = (
            "The way of the gradient through a residual block, from the output up to x. It passes "
            "the ReLU where it is open and is called g; the plus hands g to both ways. Along the "
            "arc it stays g, through F it becomes g dF/dx; at x they add up."
        )
        return Picture(figure, data, alt)
    large(axis, MIDDLE, TOP, "x")
    large(axis, LEFT, 2.25, "F(x)", side="right")
    large(axis, SHORTCUT, 3.2, "x (identity)", **around)
    large(axis, RIGHT, 1.4, "F(x) + x", side="left")
    large(axis, MIDDLE, BOTTOM, "out = relu(F(x) + x)")
    alt = (
        "A residual block. x goes down through 3x3 convolution, batch norm, ReLU, 3x3 convolution "
        "and batch norm, which make F(x), and unchanged along an arc around them; a plus adds "
        "both, and a ReLU follows."
    )
    return Picture(figure, "forward: out = relu(F(x) + x)", alt)


def _draw_block(axis: Axes, backward: bool) -> None:
    """Draw boxes, plus and arrows; backward, all arrows point from the output to x."""
    bend = 1.2 if backward else -1.2  # to the right of the direction in which the arrow points
    arrows = [((MIDDLE, start), (MIDDLE, end), INK, 0) for start, end in ARROWS]
    arrows.append(((MIDDLE, FORK), (MIDDLE + RADIUS, SUM), KINDS["ResNet"], bend))
    style = ARROW | {"mutation_scale": 20}
    for start, end, color, bend in arrows:
        ends = (end, start) if backward else (start, end)
        draw_arrow(axis, *ends, color=color, connectionstyle=f"arc3,rad={bend}", **style)
    axis.add_patch(Circle((MIDDLE, FORK), 0.06, color=INK))
    axis.add_patch(Circle((MIDDLE, SUM), RADIUS, facecolor="white", edgecolor=INK))
    large(axis, MIDDLE, SUM, "+")
    for text, y, fill in LAYERS:
        draw_box(axis, MIDDLE, y, (2.7, 0.52), text, fill, color=INK, fontsize=14.5)


STAGES = ((8, 14), (16, 7), (32, 4))  # channels, and pixels in height and width


@styled
def whole_net() -> Picture:
    """Draw the ResNet-32 of the notebook from image to logits: boxes are as high as their maps.

    Source: He et al. 2016, Sec. 4.2 (three stages of n blocks, 6n + 2 layers), here n = 5 and the
    course's images of 14 x 14 pixels. The drawing is ours.
    """
    figure, (axis,) = new_figure(height=3.4)
    strip_frame(axis, xlim=(0, 15.9), ylim=(-1.25, 3.3))
    arrow = ARROW | {"mutation_scale": 14, "linewidth": 2}
    draw_arrow(axis, (0.7, 1.4), (15.8, 1.4), zorder=0, color=INK, **arrow)
    for x, height, fill, text in (
        (0.7, 2.8, GATE, "image\n1x14x14"),
        (2.5, 2.8, SKY, "conv\n8x14x14"),
        (13.7, 0.8, GATE, "mean\n32"),
        (15.2, 0.8, SKY, "linear\n10"),
    ):
        draw_box(axis, x, 1.4, (0.24, height), "", fill)
        large(axis, x, -0.75, text)
    x = 3.5
    for number, (channels, side) in enumerate(STAGES, 1):
        large(axis, x + 1.25, -0.75, f"stage {number}: 5 blocks\n{channels}x{side}x{side}")
        over = 1.4 + side / 10 + 0.35
        for _ in range(5):
            draw_box(axis, x, 1.4, (0.24, side / 5), "", SKY)
            around = [x - 0.25, x - 0.25, x + 0.25], [1.4, over, over]
            axis.plot(*around, color=KINDS["ResNet"], linewidth=2)
            draw_arrow(axis, (x + 0.25, over), (x + 0.25, 1.4), color=KINDS["ResNet"], **arrow)
            x += 0.62
        x += 0.25
    data = "1 + 3 x 5 x 2 + 1 = 32 layers: a box in a stage is a block of two; green: its shortcut"
    alt = (
        "A net from left to right: an image of 1x14x14, a convolution to 8x14x14, three stages of "
        "five blocks each, with maps of 8x14x14, 16x7x7 and 32x4x4, a mean over each map to 32 "
        "numbers, and a linear layer to 10. A green line leads around each of the 15 blocks. "
        "Boxes are as high as their maps."
    )
    return Picture(figure, data, alt)
