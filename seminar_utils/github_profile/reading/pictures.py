"""A picture without its metadata: the pixels alone, in a new file.

Photographs carry the place and the hour they were taken (EXIF), screenshots the program and
sometimes the name of whoever took them. The pixels are drawn onto an empty canvas, which has none.
"""

import io
import struct
import warnings

from PIL import Image, ImageOps

__all__ = ["stripped"]

FORMATS = ("PNG", "JPEG", "GIF")
MOST_BYTES = 20 * 2**20  # a photograph has about 10 MiB
MOST_PIXELS = 50_000_000  # a telephone's largest photographs
LONGEST_SIDE = 1_600  # pixels; GitHub shows about 900

# What Pillow raises for a file that is cut off or altered.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def stripped(raw: bytes) -> bytes:
    """Return a picture as PNG on white with nothing but its pixels, at most 1,600 a side.

    Args:
        raw: A PNG, JPEG or GIF file; of an animation the first frame is taken.

    Raises:
        ValueError: It is none of these, broken, or too large.
    """
    if len(raw) > MOST_BYTES:
        raise ValueError(
            f"the picture has {len(raw):,} bytes, and {MOST_BYTES:,} are the most: save it smaller."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
                width, height = picture.size
                canvas = _drawn_again(picture) if width * height <= MOST_PIXELS else None
    except BROKEN as error:
        raise ValueError(
            f"the picture cannot be read ({error or type(error).__name__}): "
            "save it again as PNG, JPEG or GIF."
        ) from error
    if canvas is None:
        raise ValueError(
            f"the picture has {width:,} x {height:,} pixels, and {MOST_PIXELS:,} are the most: "
            "save it smaller."
        )
    packed = io.BytesIO()
    canvas.save(packed, format="PNG", optimize=True)
    return packed.getvalue()


def _drawn_again(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)  # how it was held is metadata as well
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # White, because black letters on nothing vanish where GitHub's page is dark.
    canvas = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        canvas.paste(upright, mask=upright)
    else:
        canvas.paste(upright.convert("RGB"))
    return canvas
