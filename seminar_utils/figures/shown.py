"""How a cell shows a picture: with its alt text, and with a short line of its data below."""

import base64
import html
import re

from IPython.display import display

from seminar_utils.language import tr_words
from seminar_utils.tables import columns_of

__all__ = ["Shown", "image_of"]

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LONGEST_LINE = 100  # columns of a data line that is shown


class Shown:
    """What a cell shows: the picture with its alt text, and below it a short line of its data.

    The picture is HTML, because JupyterLab and nbconvert give an image/png output no alt text. As
    ``text/plain`` a terminal meets the alt text, too. A data line that is too long to be read
    beside the picture belongs to the alt text.
    """

    data: str  # one line; numbers are rounded
    description: str  # what there is to see

    @property
    def alt(self) -> str:
        """What there is to see, with the numbers of a data line that is too long to be shown."""
        told = set(re.findall(NUMBER, self.description))
        if columns_of(self.data) <= LONGEST_LINE or told.issuperset(re.findall(NUMBER, self.data)):
            return tr_words(self.description)
        return tr_words(f"{self.description} {self.data.removesuffix('.')}.")

    def html(self) -> str:
        """Return the picture as an image with its alt text, for a web page."""
        raise NotImplementedError

    def _ipython_display_(self) -> None:
        display({"text/html": self.html(), "text/plain": self.alt}, raw=True)
        if columns_of(self.data) <= LONGEST_LINE:
            print(tr_words(self.data))


def image_of(alt: str, packed: bytes, kind: str = "png") -> str:
    """Return the HTML of a packed image with its alt text."""
    data = base64.b64encode(packed).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/{kind};base64,{data}">'
