"""What several figures draw alike: names at the ends of lines, arrows, runs, dots of seeds."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import mean

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation

from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import errors
from seminar_utils.training.loop import Score

__all__ = [
    "APART",
    "Point",
    "draw_arrow",
    "draw_box",
    "draw_columns",
    "draw_run",
    "in_a_row",
    "strip_frame",
    "write",
    "write_at_end",
    "write_beside",
]

Point = tuple[float, float]
APART = (-0.04, 0.04)  # shifts of two lines, so that their dots do not hide each other


def strip_frame(axis: Axes, **limits: tuple[float, float]) -> None:
    """Leave nothing of an axis but what is drawn in it."""
    axis.set_axis_off()
    axis.set(aspect="equal", **limits)


def write(axis: Axes, x: float, y: float, text: str, side: str = "center", **style: object) -> None:
    """Write a text of which this side lies at x, and the middle at y."""
    axis.text(x, y, text, ha=side, va="center", **style)


def write_beside(axis: Axes, text: str, point: Point, offset: Point, **style: object) -> Annotation:
    """Write a text so many points of type right of and above a point."""
    return axis.annotate(text, point, offset, textcoords="offset points", **style)


def write_at_end(
    axis: Axes, x: float, y: float, name: str, color: str, raised: float = 0
) -> Annotation:
    """Write a curve's name right of its end (x, y), raised by so many points of type."""
    look = {"color": color, "fontweight": "bold", "va": "center"}
    return write_beside(axis, name, (x, y), (6, raised), **look)


def draw_arrow(axis: Axes, start: Point, end: Point, **style: object) -> None:
    """Draw an arrow from one point to another."""
    axis.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", **style))


def draw_box(axis: Axes, x: float, y: float, size: Point, text: str, fill: str) -> None:
    """Draw a box of some width and height with a text, both around a point."""
    axis.add_patch(Rectangle((x - size[0] / 2, y - size[1] / 2), *size, facecolor=fill))
    write(axis, x, y, text)


def draw_run(axis: Axes, scores: Sequence[Score], color: str, bold: float = 0) -> Line2D:
    """Draw a run epoch by epoch, thin, or bold for the run of today."""
    # A black rim, so that the bold line can be told from the thin ones of its colour.
    rim = [withStroke(linewidth=bold + 2, foreground="black")] if bold else []
    epochs, errors = range(1, len(scores) + 1), [score.error for score in scores]
    (line,) = axis.plot(epochs, errors, color=color, linewidth=bold or 0.9, path_effects=rim)
    return line


def draw_columns(
    axis: Axes,
    recorded: Sequence[Record],
    nets: Mapping[str, str],
    split: str,
    color: str,
    name: str,
    shift: float = 0,
    space: float = 0,
) -> list[float]:
    """Draw a column of dots, one per seed, for each net, and a named line; return the line's means.

    ``nets`` maps what stands below a column to the net whose errors in % it shows. All is shifted
    to the right, and space is left before the line's name, for dots of today's run.
    """
    places, means = [x + shift for x in range(len(nets))], []
    for x, net in zip(places, nets.values(), strict=True):
        column = list(errors(recorded, net, split).values())
        axis.plot([x] * len(column), column, "o", color=color, alpha=0.6)
        means.append(mean(column))
    axis.plot(places, means, color=color, label=name)
    axis.set_xticks(range(len(nets)), list(nets))
    write_at_end(axis, places[-1] + space, means[-1], name, color)
    return means


def in_a_row(values: Iterable[float], between: str = ", ", form: str = ".1f") -> str:
    """Return numbers as written, with one decimal unless another form is given."""
    return between.join(f"{value:{form}}" for value in values)
