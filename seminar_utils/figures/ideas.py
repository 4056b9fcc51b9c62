"""A drawing of an idea: which nets contain which."""

from matplotlib.patches import Ellipse

from seminar_utils.figures.marks import strip_frame
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["nested_classes"]

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
