"""A figure with its data line and its alt text, and the style of all figures."""

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from IPython.display import display
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from PIL import Image

__all__ = [
    "COLORS",
    "KINDS",
    "PALETTE",
    "SHALLOW_AND_DEEP",
    "SPLITS",
    "Picture",
    "draw_arrow",
    "draw_columns",
    "draw_run",
    "new_figure",
    "strip_frame",
    "styled",
    "write_at_end",
    "write_beside",
]

# Okabe and Ito's palette: distinct for all common kinds of colour vision.
COLORS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#009E73",
    "sky": "#56B4E9",
    "yellow": "#E69F00",
    "purple": "#CC79A7",
    "grey": "#6A6A6A",
    "black": "#222222",
}
PALETTE = [COLORS[name] for name in ("blue", "orange", "green", "purple", "yellow", "grey")]
KINDS = {"plain": COLORS["grey"], "ResNet": COLORS["green"]}
SHALLOW_AND_DEEP = (COLORS["blue"], COLORS["orange"])  # in every figure that compares two depths
SPLITS = {"training": COLORS["blue"], "test": COLORS["orange"]}

TEXT = 13  # points of type that the last row can read
STYLE = {
    "font.size": TEXT,  # of all that is not named below
    "axes.titlesize": 14,
    "figure.titlesize": 15,
    "figure.labelsize": TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}
styled = rc_context(STYLE)  # decorates every function that draws; outside of them nothing changes


@dataclass(frozen=True)
class Picture:
    """What a cell shows: a data line, then the picture with its alt text.

    The picture is HTML, because JupyterLab and nbconvert give an image/png output no alt text. As
    ``text/plain`` a terminal meets the alt text, too.
    """

    figure: Figure
    data: str  # one line of rounded numbers
    alt: str  # what there is to see

    def png(self) -> bytes:
        """Return the picture as PNG, the same bytes every time and a third of matplotlib's size."""
        drawn, packed = io.BytesIO(), io.BytesIO()
        self.figure.savefig(drawn, format="png")
        # Laid out once: a second pass of the layout would move everything by a hair.
        self.figure.set_layout_engine("none")
        # 64 colours are enough for lines and letters, and notebooks stay small.
        Image.open(drawn).convert("RGB").quantize(64).save(packed, format="png", optimize=True)
        return packed.getvalue()

    def html(self) -> str:
        """Return the picture as an image with its alt text, for a web page."""
        png = base64.b64encode(self.png()).decode()
        return f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{png}">'

    def _ipython_display_(self) -> None:
        print(self.data)
        display({"text/html": self.html(), "text/plain": self.alt}, raw=True)


@styled
def new_figure(
    columns: int = 1, rows: int = 1, *, width: float = 10.0, height: float = 4.5, **options: object
) -> tuple[Figure, list[Axes]]:
    """Return an empty figure and its axes.

    Args:
        columns, rows: Grid of axes.
        width, height: Inches, at 90 pixels each.
        options: Handed to ``Figure.subplots``, such as ``sharey=True``.
    """
    figure = Figure(figsize=(width, height), dpi=90, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **options).ravel().tolist()
    for axis in axes:
        axis.tick_params(labelsize=TEXT)  # ticks come into being when they are drawn, out of style
    return figure, axes


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
    columns: Sequence[list[float]],
    color: str,
    name: str,
    shift: float = 0,
    apart: float = 0,
) -> None:
    """Draw a dot per seed in each column and a named line through their means.

    Args:
        axis: Where to draw.
        columns: Errors in % at x = 0, 1, 2, ...
        color, name: Of the line.
        shift: To the right, so that two lines' dots do not hide each other.
        apart: From the line's end to its name, where dots of today's run have their place.
    """
    for x, column in enumerate(columns):
        axis.plot([x + shift] * len(column), column, "o", color=color, alpha=0.6)
    places = [x + shift for x in range(len(columns))]
    means = [mean(column) for column in columns]
    axis.plot(places, means, color=color, linewidth=2.5, label=name)
    write_at_end(axis, places[-1] + apart, means[-1], name, color)
