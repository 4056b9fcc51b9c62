"""A residual block and its gradient: what the addition does in both directions."""

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from seminar_utils.figures.picture import COLORS, Picture, new_figure, strip_frame

__all__ = ["block_sketch"]

# All lengths are inches. The main path runs down at MIDDLE; the shortcut leaves it at the fork.
MIDDLE, BOX_WIDTH, BOX_HEIGHT, RADIUS = 1.6, 2.4, 0.52, 0.2
X, FORK, SUM, OUT = 5.1, 4.62, 1.75, 0.2
LAYERS = {"3x3 conv, BN, ReLU": 3.75, "3x3 conv, BN": 2.8, "ReLU": 0.98}  # middle of each box
# Upper and lower edge of all that the main path passes, from x down to the output.
EDGES = [
    (X, X - 0.16),
    *((y + BOX_HEIGHT / 2, y - BOX_HEIGHT / 2) for y in list(LAYERS.values())[:2]),
    (SUM + RADIUS, SUM - RADIUS),
    (LAYERS["ReLU"] + BOX_HEIGHT / 2, LAYERS["ReLU"] - BOX_HEIGHT / 2),
    (OUT + 0.16, OUT),
]
LEFT, RIGHT, SHORTCUT = MIDDLE - 0.12, MIDDLE + 0.12, 3.6  # where texts stand beside arrows


def block_sketch() -> Picture:
    """Draw a residual block with batch norm: its forward pass left, its gradient right.

    Source: He et al. 2016, Fig. 2, with batch norm behind each convolution (Sec. 3.4). The drawing
    is ours; the paper does not show the way back.
    """
    figure, (forward, backward) = new_figure(2, height=5.9)
    for axis in (forward, backward):
        strip_frame(axis)
        axis.set_xlim(0, 4.9)
        axis.set_ylim(0, X + 0.15)
        draw_block(axis, backward=axis is backward)
    forward.set_title("forward: x is added", fontsize=16)
    write(forward, MIDDLE, X, "x")
    write(forward, LEFT, 2.25, "F(x)", side="right")
    write(forward, SHORTCUT, 3.2, "x\n(identity)", side="left", color=COLORS["orange"])
    write(forward, RIGHT, 1.4, "F(x) + x", side="left")
    write(forward, MIDDLE, OUT, "out = relu(F(x) + x)")
    backward.set_title("backward: g goes both ways", fontsize=16)
    write(backward, MIDDLE, X, "dL/dx = g + g dF/dx")
    write(backward, LEFT, 4.32, "g dF/dx", side="right")
    write(backward, LEFT, 2.25, "g", side="right")
    write(backward, SHORTCUT, 3.2, "g\n(unchanged)", side="left", color=COLORS["orange"])
    write(backward, RIGHT, 1.4, "g", side="left")
    write(backward, MIDDLE + 1.3, LAYERS["ReLU"], "gate: open where\nF(x) + x > 0", side="left")
    write(backward, MIDDLE, OUT, "dL/dout")
    data = "forward: out = relu(F(x) + x); backward: dL/dx = g + g dF/dx, with g = dL/d(F(x) + x)"
    alt = (
        "A residual block, twice. Left, forward: x goes down through 3x3 convolution, batch norm, "
        "ReLU, 3x3 convolution and batch norm, which make F(x), and unchanged along an arc around "
        "them; a plus adds both, and a ReLU follows. Right, backward: all arrows are reversed. The "
        "gradient passes the ReLU where it is open and is called g; the plus hands g to both ways. "
        "Along the arc it stays g, through F it becomes g dF/dx; at x they add up."
    )
    return Picture(figure, data, alt)


def draw_block(axis: Axes, backward: bool) -> None:
    """Draw boxes, plus and arrows; backward, all arrows point from the output to x."""
    for (_, start), (end, _) in pairwise(EDGES):
        draw_arrow(axis, (MIDDLE, start), (MIDDLE, end), backward)
    draw_arrow(axis, (MIDDLE, FORK), (MIDDLE + RADIUS, SUM), backward, is_shortcut=True)
    axis.add_patch(Circle((MIDDLE, FORK), 0.06, color=COLORS["black"]))
    axis.add_patch(Circle((MIDDLE, SUM), RADIUS, facecolor="white", edgecolor=COLORS["black"]))
    write(axis, MIDDLE, SUM, "+")
    for text, y in LAYERS.items():
        corner = MIDDLE - BOX_WIDTH / 2, y - BOX_HEIGHT / 2
        fill = COLORS["sky"] if "conv" in text else "#C8C8C8"
        axis.add_patch(Rectangle(corner, BOX_WIDTH, BOX_HEIGHT, facecolor=fill))
        write(axis, MIDDLE, y, text)


def draw_arrow(
    axis: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    backward: bool,
    is_shortcut: bool = False,
) -> None:
    """Draw an arrow, straight or as the shortcut's arc; backward, from its end to its start."""
    bend = 1.2 if is_shortcut else 0.0
    arrow = FancyArrowPatch(
        *((end, start) if backward else (start, end)),
        # A bend is to the right of the direction in which the arrow points.
        connectionstyle=f"arc3,rad={bend if backward else -bend}",
        arrowstyle="-|>",
        mutation_scale=20,
        linewidth=2.2,
        shrinkA=0,
        shrinkB=0,
        color=COLORS["orange"] if is_shortcut else COLORS["black"],
    )
    axis.add_patch(arrow)


def write(
    axis: Axes, x: float, y: float, text: str, side: str = "center", color: str = COLORS["black"]
) -> None:
    """Write a text of which this side lies at x, and the middle at y."""
    axis.text(x, y, text, fontsize=15, ha=side, va="center", color=color)
