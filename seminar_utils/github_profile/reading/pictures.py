"""Pictures: whether they open, what they tell besides their pixels, and copies that tell nothing.

Photographs carry the place and the hour they were taken (EXIF), screenshots the program and
sometimes the name of whoever took them.
"""

import io
import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from seminar_utils.github_profile.reading.texts import Refused, message, one_line, refuse_if, table
from seminar_utils.language import N_, Later

__all__ = ["image_type", "runs", "stripped", "told"]

FORMATS = ("PNG", "JPEG", "GIF")  # to be copied
# Formats that browsers show; Pillow knows more, and some of them run other programs.
SHOWN = (*FORMATS, "WEBP", "BMP")
WITH_TAGS = ("JPEG", "GIF", "WEBP", "TIFF")
MOST_BYTES = 20 * 2**20  # a photograph has about 10 MiB
MOST_PIXELS = 50_000_000  # a telephone's largest photographs
LONGEST_SIDE = 1_600  # pixels; GitHub shows about 900

PNG = b"\x89PNG\r\n\x1a\n"
# What somebody could learn: in words, from tags of EXIF, and from names in XMP, which mostly tells
# only the program. Size, resolution and colours are left out.
TELLING = table("reading/metadata.tsv")
# By the number of its record.
IPTC = re.compile(rb"\x1c\x02[\x05\x19\x37\x50\x5a\x5c\x65\x69\x74\x78]\0[^\0]")
# Matplotlib puts its own name into every PNG, ImageMagick the dates of the file.
HARMLESS_TEXTS = {"Software", "date:create", "date:modify", "date:timestamp"}
PROGRAM = re.compile(
    rb"(?i)^\W*(?:gif )?(?:created|edited|made|generated|optimi[sz]ed|resized|converted)\b.{0,20}"
    rb"\b(?:gimp|ezgif|imagemagick|paint|photoshop|matplotlib|canva|inkscape|lavc|ffmpeg|https?:)"
)
TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt"}

SVG_SCRIPT = re.compile(rb"<script|\son[a-z]{3,20}\s{0,9}=|javascript:", re.IGNORECASE)


def image_type(raw: bytes) -> str:
    """Return what a browser would show these bytes as, such as "png"; it unpacks no pixel."""
    with suppress(Refused), _open(raw, SHOWN) as picture:
        picture.verify()
        return picture.format.lower()
    return "svg" if b"<svg" in raw[:5_000] else ""


def runs(raw: bytes) -> bool:
    """Tell whether a drawing in SVG carries a script."""
    return bool(SVG_SCRIPT.search(raw))


def told(raw: bytes) -> list[str]:
    """Return in words what a picture's metadata tell; a position comes first."""
    # That it is broken is said elsewhere.
    with suppress(Exception), warnings.catch_warnings(action="ignore"):
        return list(dict.fromkeys(_told_by_png(raw) if raw.startswith(PNG) else _told(raw)))
    return []


def stripped(raw: bytes) -> bytes:
    """Return a PNG, JPEG or GIF as PNG on white with nothing but its pixels, at most 1,600 a side.

    Of an animation it is the first frame.

    Raises:
        ValueError: It is none of these, broken, or too large.
    """
    refuse_if(len(raw) > MOST_BYTES, "picture_bytes", n=len(raw), most=MOST_BYTES)
    packed = io.BytesIO()
    with _open(raw, FORMATS) as picture:
        width, height = picture.size
        words = {"width": width, "height": height, "most": MOST_PIXELS}
        refuse_if(width * height > MOST_PIXELS, "picture_pixels", **words)
        upright = ImageOps.exif_transpose(picture)  # how it was held is metadata as well
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # White, because black letters on nothing vanish where GitHub's page is dark.
        canvas = Image.new("RGB", upright.size, "white")
        is_opaque = not upright.has_transparency_data
        upright = upright.convert("RGB" if is_opaque else "RGBA")
        canvas.paste(upright, mask=None if is_opaque else upright)
        canvas.save(packed, format="PNG", optimize=True)
    return packed.getvalue()


@contextmanager
def _open(raw: bytes, formats: tuple[str, ...]) -> Iterator[Image.Image]:
    """Open a picture; whatever Pillow raises for a broken one becomes ``Refused``."""
    try:
        # Pillow warns of what is broken in the tags, and of very many pixels.
        quiet = warnings.catch_warnings(action="ignore")
        with quiet, Image.open(io.BytesIO(raw), formats=formats) as picture:
            yield picture
    except Refused:
        raise
    # No list of kinds is complete: of 94,000 pictures that we damaged, ten ended in IndexError,
    # KeyError or struct.error, and all others in four kinds.
    except Exception as error:
        is_unknown = isinstance(error, UnidentifiedImageError)
        unknown = N_("it is damaged or of another kind")
        said = unknown if is_unknown else str(error) or type(error).__name__
        raise Refused(message("picture_broken", error=said)) from error


def _told(raw: bytes) -> list[str]:
    with _open(raw, WITH_TAGS) as image:
        info = image.info
        words = _in_words(image.getexif(), info.get("xmp", b""))
        words += ["IPTC"] * any(map(IPTC.search, (info.get("photoshop") or {}).values()))
        comment = info.get("comment") or b""
        return words + [N_("a comment")] * bool(comment and not PROGRAM.search(comment))


def _told_by_png(raw: bytes) -> list[str]:
    """Walk through all parts, for some stand behind the pixels, which are not unpacked."""
    texts, exif, xmp, at = [], Image.Exif(), b"", len(PNG)
    while at + 8 <= len(raw):
        length, kind = struct.unpack_from(">I4s", raw, at)
        content = raw[at + 8 : at + 8 + length]
        at += length + 12  # length, kind and checksum have four bytes each
        name, _, said = content.partition(b"\0")
        key = name.decode("latin-1")
        if kind == b"eXIf":
            exif.load(content)
        elif kind in TEXT_CHUNKS and key == "XML:com.adobe.xmp":
            xmp += said
        elif kind in TEXT_CHUNKS and key not in HARMLESS_TEXTS and not PROGRAM.search(said):
            texts.append(Later("a text named {name}", name=one_line(key, 30)))
    return _in_words(exif, xmp) + texts


def _in_words(exif: Image.Exif, xmp: bytes) -> list[str]:
    gps = {ExifTags.IFD.GPSInfo: exif.get_ifd(ExifTags.IFD.GPSInfo)}
    tags = {**exif, **exif.get_ifd(ExifTags.IFD.Exif), **gps}
    names = {ExifTags.TAGS.get(tag) for tag, value in tags.items() if value}
    return [
        Later(words)
        for words, wanted, pattern in TELLING
        if not names.isdisjoint(wanted.split()) or re.search(pattern.encode(), xmp)
    ]
