"""Pictures: what they tell, and copies that tell nothing but their pixels."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from seminar_utils.github_profile.reading.pictures import image_type, stripped, told
from tests.github_profile.profiles import exif, jpeg, png, saved


def opened(raw):
    picture = Image.open(io.BytesIO(raw))
    picture.load()
    return picture


def chunks(raw):
    kinds, at = [], 8
    while at < len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        kinds.append(raw[at + 4 : at + 8])
        at += 12 + length
    return kinds


def with_everything():
    """Return a PNG with GPS, texts, a colour profile and a resolution."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Mina")
    texts.add_itxt("Comment", "집", "ko")
    told = {"exif": exif(gps=True, Artist="Mina"), "pnginfo": texts, "dpi": (90, 90)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(Image.new("RGB", (4, 2), (10, 20, 30)), icc_profile=profile, **told)


def test_no_metadata_is_left():
    raw = with_everything()
    assert {b"eXIf", b"tEXt", b"iTXt", b"iCCP", b"pHYs"} <= set(chunks(raw))
    clean = stripped(raw)
    assert set(chunks(clean)) == {b"IHDR", b"IDAT", b"IEND"}
    assert not opened(clean).info and not opened(clean).getexif()
    assert opened(clean).getpixel((3, 1)) == (10, 20, 30)
    assert stripped(clean) == clean


def test_a_photograph_is_turned_upright_and_forgets_its_place():
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 20, 20))
    turned = exif(gps=True, Orientation=6)  # held at its right side
    clean = stripped(saved(picture, "JPEG", exif=turned, comment=b"Mina"))
    assert opened(clean).size == (20, 40)
    assert opened(clean).getpixel((10, 5)) < (50, 50, 50)
    assert opened(clean).getpixel((10, 35)) > (200, 200, 200)
    assert set(chunks(clean)) == {b"IHDR", b"IDAT", b"IEND"} and b"Mina" not in clean


def animation():
    frames = [Image.new("RGB", (3, 3), colour) for colour in ("red", "blue")]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


PIXELS = {
    **{mode: (saved(Image.new(mode, (3, 3))), (0, 0, 0)) for mode in ("1", "L", "P", "I;16")},
    "RGB": (saved(Image.new("RGB", (3, 3))), (0, 0, 0)),
    "CMYK": (saved(Image.new("CMYK", (3, 3)), "JPEG"), (255, 255, 255)),
    "RGBA": (saved(Image.new("RGBA", (3, 3))), (255, 255, 255)),  # nothing becomes white
    "LA": (saved(Image.new("LA", (3, 3))), (255, 255, 255)),
    "GIF": (saved(Image.new("P", (3, 3)), "GIF", transparency=0), (255, 255, 255)),
    "animation": (animation(), (255, 0, 0)),  # its first frame
}


@pytest.mark.parametrize("kind", PIXELS)
def test_every_kind_of_pixels_is_read_on_white(kind):
    raw, colour = PIXELS[kind]
    clean = opened(stripped(raw))
    assert (clean.format, clean.mode, clean.size) == ("PNG", "RGB", (3, 3))
    assert clean.getpixel((1, 1)) == colour and getattr(clean, "n_frames", 1) == 1


def test_a_large_picture_is_made_smaller_in_proportion():
    for before, after in (((3_200, 400), (1_600, 200)), ((1_600, 3), (1_600, 3))):
        assert opened(stripped(saved(Image.new("RGB", before)))).size == after


def chunk(kind, content):
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def bomb(side):
    """Return a PNG of few bytes that says it has side x side pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def alien():
    """Return a PNG with a chunk among its pixels whose name is no name."""
    raw = saved(Image.effect_noise((300, 300), 90))
    at = raw.rindex(b"IDAT") - 4
    return raw[:at] + b"\0\0\0\1\xfa\xfb\xfc\xfd" + raw[at:]


NO_PICTURES = {
    "empty": (b"", "cannot be read"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
    "bmp": (saved(Image.new("RGB", (2, 2)), "BMP"), "cannot be read"),
    "cut": (saved(Image.new("RGB", (99, 99)), "JPEG")[:-200], "cannot be read"),
    "cut png": (with_everything()[:-30], "cannot be read"),
    "hollow": (bomb(2), "cannot be read"),
    "alien": (alien(), "cannot be read"),
    "large": (bomb(7_100), r"7,100 x 7,100 pixels, and 50,000,000 are the most"),
    "larger": (bomb(10_000), r"10,000 x 10,000 pixels"),
    "bomb": (bomb(100_000), "cannot be read"),
    "bytes": (b"x" * (20 * 2**20 + 1), r"20,971,521 bytes, and 20,971,520 are the most"),
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_broken_or_too_large_is_named(name, recwarn):
    raw, why = NO_PICTURES[name]
    with pytest.raises(ValueError, match=f"^the picture (has )?{why}.*: save it") as caught:
        stripped(raw)
    assert "\n" not in str(caught.value) and "object at" not in str(caught.value)
    assert not recwarn.list


def test_altered_bytes_give_a_picture_or_a_sentence():
    whole = with_everything()
    for at in range(8, len(whole), 7):
        try:
            clean = stripped(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        except ValueError as error:
            assert "the picture" in str(error)
        else:
            assert set(chunks(clean)) == {b"IHDR", b"IDAT", b"IEND"}


LFS = b"version https://git-lfs.github.com/spec/v1\n"


@pytest.mark.parametrize("raw", [b"", b"MZ", LFS, png()[:-20], b"GIF89a", bomb(60_000)])
def test_what_browsers_would_not_show_does_not_open_and_tells_nothing(raw):
    assert image_type(raw) == "" and told(raw) == []


def with_iptc(record):
    """Return a JPEG with a record of a news agency's format."""
    raw = jpeg()
    size = len(record).to_bytes(4, "big")
    body = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + size + record + b"\0" * (len(record) % 2)
    return raw[:2] + b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body + raw[2:]


def with_xmp(tag, kind="JPEG"):
    said = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><{tag}>Mina</{tag}></x:xmpmeta>"
    if kind == "PNG":
        return png(text={"XML:com.adobe.xmp": said})
    return saved(Image.new("RGB", (3, 3)), kind, xmp=said.encode())


PLAIN = [
    *(png(), jpeg(), jpeg(Orientation=1, XResolution=72, Software="x")),
    png(text={"Software": "Matplotlib", "date:create": "2026", "Comment": "Created with GIMP"}),
    with_xmp("xmp:CreatorTool"),
    with_iptc(b"\x1c\x02\0\0\x02\0\x02"),  # the format's version alone
    saved(Image.new("P", (3, 3)), "GIF", comment=b"GIF edited with https://ezgif.com/effects"),
]
# A picture, or a tag of XMP, for what is told.
TOLD = [
    ("where it was taken (GPS)", jpeg(gps=True), "exif:GPSLatitude"),
    ("when it was taken", jpeg(DateTime="2026:01:01"), "exif:DateTimeOriginal"),
    ("the camera or phone", jpeg(Model="Camera 1"), "tiff:Model"),
    ("somebody's name", jpeg(Artist="Mina"), "dc:creator"),
    ("a comment", saved(Image.new("P", (3, 3)), "GIF", comment=b"made by Mina"), "dc:description"),
]
CASES = [
    *((raw, []) for raw in PLAIN),
    *((raw, [words]) for words, raw, _ in TOLD),
    *((with_xmp(tag, kind), [words]) for words, _, tag in TOLD for kind in ("JPEG", "PNG")),
    (png(text={"Author": "Mina"}), ["a text named Author"]),
    (with_iptc(b"\x1c\x02\x50\0\x04Mina"), ["IPTC"]),
]


@pytest.mark.parametrize(("raw", "words"), CASES, ids=map(str, range(len(CASES))))
def test_metadata_are_told_in_words_and_names_of_programs_are_none(raw, words):
    assert told(raw) == words


def test_a_png_may_carry_a_position_behind_its_pixels_whole_or_damaged():
    raw, content = png(text={"Author": "Mina"}), exif(gps=True, Artist="Mina").tobytes()[6:]
    name, author = "somebody's name", "a text named Author"
    whole = ["where it was taken (GPS)", name, author]  # the position first
    for part, words in ((content, whole), (content[:-9], [name, author]), (content[:3], [])):
        assert told(raw[:-12] + chunk(b"eXIf", part) + raw[-12:]) == words


def test_broken_metadata_are_no_error():
    raw = jpeg(gps=True, Artist="Mina")
    for at in range(0, len(raw), 3):
        told(raw[:at])
        told(raw[:at] + b"\xff" + raw[at + 1 :])
    for raw in (png()[:20], png()[:8] + b"\xff" * 20, png(text={"": "x"})):
        told(raw)
