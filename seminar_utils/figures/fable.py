"""The seminar's fable: the same bird and the same soup, in two dishes."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, Polygon

from seminar_utils.figures.picture import COLORS, Picture, new_figure, strip_frame

__all__ = ["fable"]

SOUP, DISH = COLORS["yellow"], COLORS["blue"]


def fable() -> Picture:
    """Draw a crane in front of a plate and in front of a jar.

    Source: the seminar's slide ("a jar rather than a plate for the crane"), after Aesop; the
    drawing is ours.
    """
    figure, (left, right) = new_figure(2, height=4.2)
    for axis in (left, right):
        strip_frame(axis)
        axis.set_xlim(-0.3, 7.2)
        axis.set_ylim(-0.4, 5.2)
    draw_crane(left, head=(3.55, 2.55), beak_tip=(4.5, 0.62))
    draw_plate(left)
    draw_crane(right, head=(5.15, 3.75), beak_tip=(5.4, 1.35))
    draw_jar(right)
    left.set_title("the task as it was put", fontsize=15)
    right.set_title("the same task, put another way", fontsize=15)
    alt = (
        "Two drawings of a crane at its soup. Left: a flat plate, from which a long beak gets "
        "little. Right: a tall jar with a narrow neck, which the beak reaches into with ease."
    )
    return Picture(figure, "one bird, one soup, two dishes", alt)


def draw_crane(axis: Axes, head: tuple[float, float], beak_tip: tuple[float, float]) -> None:
    """Draw a crane whose beak reaches from its head to the given point."""
    x, y = head
    bend = np.linspace(0, 1, 40)[:, None]
    control = np.array([(2.3, 2.2), (2.5, y + 2.0), (x - 0.45, y + 1.75), head])
    neck = (
        (1 - bend) ** 3 * control[0]
        + 3 * (1 - bend) ** 2 * bend * control[1]
        + 3 * (1 - bend) * bend**2 * control[2]
        + bend**3 * control[3]
    )
    ink = COLORS["black"]
    axis.plot([1.3, 1.15, 1.3], [1.4, 0.7, 0.0], color=ink, linewidth=3)
    axis.plot([1.7, 1.85, 1.7], [1.4, 0.7, 0.0], color=ink, linewidth=3)
    axis.add_patch(Polygon([[0.9, 2.4], [-0.2, 1.6], [0.9, 1.7]], color=ink))
    axis.add_patch(Ellipse((1.5, 2.0), 2.0, 1.3, angle=15, facecolor="#D9D9D9", edgecolor=ink))
    axis.plot(*neck.T, color=ink, linewidth=9, solid_capstyle="round")
    axis.plot(*neck.T, color="#D9D9D9", linewidth=6, solid_capstyle="round")
    beak = Polygon([(x - 0.14, y), (x + 0.14, y + 0.14), beak_tip], color=COLORS["orange"])
    axis.add_patch(beak)
    axis.add_patch(Circle(head, 0.3, facecolor="#D9D9D9", edgecolor=ink))
    axis.add_patch(Circle((x + 0.08, y + 0.08), 0.06, color=ink))


def draw_plate(axis: Axes) -> None:
    """Draw a flat plate of soup."""
    axis.add_patch(Ellipse((5.0, 0.28), 3.6, 0.62, facecolor="white", edgecolor=DISH, linewidth=4))
    axis.add_patch(Ellipse((5.0, 0.36), 2.7, 0.32, color=SOUP))


def draw_jar(axis: Axes) -> None:
    """Draw a tall jar of soup with a narrow neck."""
    outline = [[5.0, 3.0], [5.05, 2.3], [4.4, 1.6], [4.4, 0.2], [4.6, 0.0], [6.1, 0.0]]
    outline += [[6.3, 0.2], [6.3, 1.6], [5.65, 2.3], [5.7, 3.0]]
    soup = [[4.4, 1.6], [4.4, 0.2], [4.6, 0.0], [6.1, 0.0], [6.3, 0.2], [6.3, 1.6]]
    axis.add_patch(Polygon(soup, color=SOUP, alpha=0.9, zorder=0))
    axis.plot(*zip(*outline, strict=True), color=DISH, linewidth=4)
