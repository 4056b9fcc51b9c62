"""A figure with its data line and its alt text, and the style of all figures."""

import base64
import html
import io
from dataclasses import dataclass

from IPython.display import display
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["Picture", "new_figure", "styled"]

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
