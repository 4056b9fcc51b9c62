"""A figure with its data line and its alt text; ``seminar.mplstyle`` is the style of all."""

import io
from dataclasses import dataclass
from pathlib import Path

from matplotlib import rc_context, rc_params_from_file, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from seminar_utils.figures.shown import Shown, image_of

__all__ = ["Picture", "new_figure", "styled"]

LARGEST_PNG = 60_000  # bytes
# Decorates every function that draws; outside of them nothing changes.
styled = rc_context(
    rc_params_from_file(Path(__file__).with_name("seminar.mplstyle"), use_default_template=False)
)


@dataclass(frozen=True)
class Picture(Shown):
    """A figure, one line of its data and its description."""

    figure: Figure
    data: str
    description: str
    photograph: bool = False  # keep all colours

    def png(self) -> bytes:
        """Return the picture as PNG, the same bytes every time."""
        return self._packed("png")

    def html(self) -> str:
        """Return the picture as an image with its alt text, for a web page."""
        kind = "jpeg" if self.photograph else "png"
        packed = self._packed(kind)
        if kind == "png" and len(packed) > LARGEST_PNG:  # many greys, too, are a photograph
            kind, packed = "jpeg", self._packed("jpeg")
        return image_of(self.alt, packed, kind)

    def _packed(self, kind: str) -> bytes:
        drawn, packed = io.BytesIO(), io.BytesIO()
        self.figure.savefig(drawn, format="png")
        # Laid out once: a second pass of the layout would move everything by a hair.
        self.figure.set_layout_engine("none")
        image = Image.open(drawn).convert("RGB")
        if kind == "png" and not self.photograph:  # 64 colours are enough for lines and letters
            image = image.quantize(64)
        image.save(packed, format=kind, optimize=True, quality=85)
        return packed.getvalue()


@styled
def new_figure(
    columns: int = 1, rows: int = 1, *, width: float = 10.0, height: float = 4.5, **options: object
) -> tuple[Figure, list[Axes]]:
    """Return an empty figure, in inches of 90 pixels, and its axes; options go to ``subplots``."""
    figure = Figure(figsize=(width, height))
    axes = figure.subplots(rows, columns, squeeze=False, **options).ravel().tolist()
    for axis in axes:  # ticks come into being when they are drawn, out of style
        axis.tick_params(labelsize=rcParams["xtick.labelsize"])
    return figure, axes
