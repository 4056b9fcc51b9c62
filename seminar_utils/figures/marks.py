"""What several figures draw alike: names at the ends of lines, arrows, runs, dots of seeds."""

from collections.abc import Sequence
from statistics import mean

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation

__all__ = [
    "APART",
    "draw_arrow",
    "draw_columns",
    "draw_run",
    "strip_frame",
    "write_at_end",
    "write_beside",
]

APART = (-0.04, 0.04)  # shifts of two lines, so that their dots do not hide each other


def strip_frame(axis: Axes) -> None:
    """Leave nothing of an axis but what is drawn in it."""
    axis.set_axis_off()
    axis.set_aspect("equal")


def write_beside(
    axis: Axes, text: str, point: tuple[float, float], offset: tuple[float, float], **style: object
) -> Annotation:
    """Write a text so many points of type right of and above a point."""
    return axis.annotate(text, point, offset, textcoords="offset points", **style)


def write_at_end(axis: Axes, x: float, y: float, name: str, color: str, raised: float = 0) -> None:
    """Write a curve's name right of its end (x, y), raised by so many points of type."""
    write_beside(axis, name, (x, y), (6, raised), color=color, fontweight="bold", va="center")


def draw_arrow(
    axis: Axes, start: tuple[float, float], end: tuple[float, float], **style: object
) -> None:
    """Draw an arrow from one point to another."""
    axis.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", **style))


def draw_run(axis: Axes, values: Sequence[float], color: str, bold: float = 0) -> None:
    """Draw a run epoch by epoch, thin, or bold for the run of today."""
    axis.plot(
        range(1, len(values) + 1),
        values,
        color=color,
        linewidth=bold or 0.9,
        # A black rim, so that the bold line can be told from the thin ones of its colour.
        path_effects=[withStroke(linewidth=bold + 2, foreground="black")] * bool(bold),
    )


def draw_columns(
    axis: Axes,
    columns: Sequence[Sequence[float]],
    color: str,
    name: str,
    shift: float = 0,
    space: float = 0,
) -> list[float]:
    """Draw a dot per seed in each column and a named line through their means.

    Args:
        axis: Where to draw.
        columns: Errors in % at x = 0, 1, 2, ...
        color: Of the line.
        name: Written at its end.
        shift: To the right.
        space: From the line's end to its name, where dots of today's run have their place.

    Returns:
        The means.
    """
    places = [x + shift for x in range(len(columns))]
    for x, column in zip(places, columns, strict=True):
        axis.plot([x] * len(column), column, "o", color=color, alpha=0.6)
    means = [mean(column) for column in columns]
    axis.plot(places, means, color=color, linewidth=2.5, label=name)
    write_at_end(axis, places[-1] + space, means[-1], name, color)
    return means
