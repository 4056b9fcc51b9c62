"""A figure with its data line and its alt text, and the colours of all figures."""

import base64
import html
import io
from dataclasses import dataclass

from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["COLORS", "Picture", "new_figure", "strip_frame"]

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


def new_figure(
    columns: int = 1, rows: int = 1, *, width: float = 10.0, height: float = 4.5, **options: object
) -> tuple[Figure, list[Axes]]:
    """Return an empty figure and its axes, in letters that the last row can read.

    Args:
        columns, rows: Grid of axes.
        width, height: Inches, at 90 pixels each.
        options: Handed to ``Figure.subplots``, such as ``sharey=True``.
    """
    figure = Figure(figsize=(width, height), dpi=90, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **options).ravel().tolist()
    for axis in axes:
        axis.tick_params(labelsize=12)
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def strip_frame(axis: Axes) -> None:
    """Leave nothing of an axis but what is drawn in it."""
    axis.set_axis_off()
    axis.set_aspect("equal")
