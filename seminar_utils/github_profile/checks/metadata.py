"""What a picture tells besides its pixels: where, when, with what and by whom it was made."""

import io
import re
import struct
import warnings
from collections.abc import Iterator

from PIL import ExifTags, Image

from seminar_utils.github_profile.checks.findings import Finding, shown

__all__ = ["metadata"]

PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|tiff?)$", re.IGNORECASE)
FORMATS = ("JPEG", "GIF", "WEBP", "TIFF")
PNG = b"\x89PNG\r\n\x1a\n"

# What somebody could learn from a tag; size, resolution and colours are left out.
TELLING = {
    "when it was taken": ("DateTime", "DateTimeOriginal", "DateTimeDigitized"),
    "the camera or phone": (
        *("Make", "Model", "HostComputer", "MakerNote", "LensMake", "LensModel"),
        *("BodySerialNumber", "LensSerialNumber"),
    ),
    "somebody's name": ("Artist", "Copyright", "CameraOwnerName", "XPAuthor"),
    "a comment": ("ImageDescription", "UserComment", "XPTitle", "XPComment", "XPKeywords"),
}
HARMLESS_TEXTS = {"Software"}  # Matplotlib puts its own name into every PNG
TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt"}


def metadata(files: dict[str, bytes]) -> list[Finding]:
    """No picture tells more than it shows; a position comes first."""
    findings = []
    for name, raw in files.items():
        told = _told(raw) if PICTURE.search(name) else []
        if told:
            what = f"{shown(name)} carries metadata: {', '.join(told)}."
            why = "Everybody who downloads the picture can read it."
            mend = "Save the picture anew without metadata; notebook 04 builds profiles so."
            findings.append(Finding("warn", None, what, why, mend))
    return findings


def _told(raw: bytes) -> list[str]:
    """Return in words what a picture's metadata tell."""
    try:
        if raw.startswith(PNG):
            return _told_by_png(raw)
        # Pillow warns of what is broken in the tags, and of very many pixels.
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(io.BytesIO(raw), formats=FORMATS) as image,
        ):
            others = {"xmp": "XMP", "photoshop": "IPTC", "comment": "a comment"}
            told = [word for key, word in others.items() if image.info.get(key)]
            return [*_told_by_exif(image.getexif()), *told]
    except Exception:  # a broken picture makes Pillow raise errors of any kind
        return []  # that it is broken is said elsewhere


def _told_by_png(raw: bytes) -> list[str]:
    told, exif = [], []
    for kind, content in _chunks(raw):
        if kind in TEXT_CHUNKS:
            key = content.partition(b"\0")[0].decode("latin-1")
            told += [] if key in HARMLESS_TEXTS else [f"a text named {shown(key, 30)}"]
        elif kind == b"eXIf":
            tags = Image.Exif()
            tags.load(content)
            exif = _told_by_exif(tags)
    return [*exif, *dict.fromkeys(told)]


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the parts of a PNG, each with its kind."""
    at = len(PNG)
    while at + 8 <= len(raw):
        length, kind = struct.unpack_from(">I4s", raw, at)
        yield kind, raw[at + 8 : at + 8 + length]
        at += length + 12  # length, kind and checksum have four bytes each


def _told_by_exif(exif: Image.Exif) -> list[str]:
    tags = {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}
    names = {ExifTags.TAGS.get(tag) for tag, value in tags.items() if value}
    position = ["where it was taken (GPS)"] if exif.get_ifd(ExifTags.IFD.GPSInfo) else []
    return position + [word for word, wanted in TELLING.items() if not names.isdisjoint(wanted)]
