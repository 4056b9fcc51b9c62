"""A figure with its data line and its alt text; ``seminar.mplstyle`` is the style of all."""

import base64
import html
import io
import re
from dataclasses import dataclass
from pathlib import Path

from IPython.display import display
from matplotlib import rc_context, rc_params_from_file, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from seminar_utils.language import tr_words
from seminar_utils.tables import columns_of

__all__ = ["Picture", "image_of", "new_figure", "styled"]

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LONGEST_LINE = 100  # columns of a data line that is shown
LARGEST_PNG = 60_000  # bytes
# Decorates every function that draws; outside of them nothing changes.
styled = rc_context(
    rc_params_from_file(Path(__file__).with_name("seminar.mplstyle"), use_default_template=False)
)


@dataclass(frozen=True)
class Picture:
    """What a cell shows: the picture with its alt text, and below it a short line of its data.

    The picture is HTML, because JupyterLab and nbconvert give an image/png output no alt text. As
    ``text/plain`` a terminal meets the alt text, too. A data line that is too long to be read
    beside the picture belongs to the alt text.
    """

    figure: Figure
    data: str  # one line of rounded numbers
    description: str  # what there is to see
    photograph: bool = False  # keep all colours

    @property
    def alt(self) -> str:
        """What there is to see, with the numbers of a data line that is too long to be shown."""
        told = set(re.findall(NUMBER, self.description))
        if columns_of(self.data) <= LONGEST_LINE or told.issuperset(re.findall(NUMBER, self.data)):
            return tr_words(self.description)
        return tr_words(f"{self.description} {self.data.removesuffix('.')}.")

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

    def _ipython_display_(self) -> None:
        display({"text/html": self.html(), "text/plain": self.alt}, raw=True)
        if columns_of(self.data) <= LONGEST_LINE:
            print(tr_words(self.data))


def image_of(alt: str, packed: bytes, kind: str = "png") -> str:
    """Return the HTML of a packed image with its alt text."""
    data = base64.b64encode(packed).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/{kind};base64,{data}">'


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
