"""Pictures: there, described, the student's own, and silent about who made them."""

import struct
import zlib

import pytest

from seminar_utils.github_profile.checks.pictures import (
    alt_texts,
    cards,
    local_pictures,
    metadata,
    svg_scripts,
)
from seminar_utils.github_profile.reading.page import read_page
from seminar_utils.github_profile.reading.pictures import is_meaningful, opens
from tests.github_profile.profiles import jpeg, png

SVG = b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'></svg>"
FILES = {"a.png": png(), "images/나 무.jpg": jpeg(), "b.svg": SVG, "broken.png": png()[:40]}


def levels(findings):
    return [(each.level, each.line) for each in findings]


@pytest.mark.parametrize(
    "alt",
    [
        *("", " ", "image", "Image 1", "figure", "Fig. 2:", "the plot", "그림", "그림 3", "사진"),
        *("a.png", "a", "A", "screenshot (1)", "IMG_2031.jpg", "https://x.org/y", "alt text"),
    ],
)
def test_empty_words_warn(alt):
    page = read_page(f'x\n\n![{alt}](a.png)\n\n<img alt="{alt}" src="a.png">')
    assert levels(alt_texts(page)) == [("warn", 3), ("warn", 5)]


@pytest.mark.parametrize(
    "alt", ["Error against epochs", "오차 곡선", "Figure 4: the deeper net is worse", "cat"]
)
def test_words_that_say_something_are_fine(alt):
    assert not list(alt_texts(read_page(f"![{alt}](a.png)")))


def test_a_picture_without_alt_warns_and_a_file_name_is_none():
    assert levels(alt_texts(read_page("<img src=a.png>"))) == [("warn", 1)]
    assert not is_meaningful("나무", "images/%EB%82%98%EB%AC%B4.jpg")
    assert is_meaningful("나무 한 그루", "images/%EB%82%98%EB%AC%B4.jpg")


@pytest.mark.parametrize(
    "source",
    [
        *("a.png", "./a.png", "/a.png", "a.png?raw=true", "a.png#gh-dark-mode-only", "b.svg"),
        *("images/나 무.jpg", "images/%EB%82%98%20%EB%AC%B4.jpg", "https://example.org/a.png"),
    ],
)
def test_pictures_that_are_there_are_fine(source):
    assert not list(local_pictures(read_page(f"![x](<{source}>)"), FILES))


BROKEN = {
    "c.png": "correct its name",
    "A.png": "capitals",
    r"images\나 무.jpg": "Write /",
    "../a.png": "beside README.md",
    "file:///home/mina/a.png": "beside README.md",
    r"C:\Users\mina\a.png": "beside README.md",
    "/home/mina/a.png": "beside README.md",
    "broken.png": "Save the figure again",
    "data:image/png;base64,AAAA": "as a file",
    "images": "correct its name",
}


@pytest.mark.parametrize("source", BROKEN)
def test_broken_pictures_fail_and_say_how_to_mend(source):
    (found,) = local_pictures(read_page(f"a\n\n![x](<{source}>)"), FILES)
    assert (found.level, found.line) == ("fail", 3)
    assert BROKEN[source] in found.mend


def test_a_picture_without_address_fails():
    assert levels(local_pictures(read_page("![x]()\n\n<img alt=x>"), FILES)) == [
        ("fail", 1),
        ("fail", 3),
    ]


def test_sources_of_other_sizes_are_looked_at():
    text = '<picture>\n<source srcset="a.png, c.png 2x">\n<img src="a.png" alt="x y">\n</picture>'
    assert levels(local_pictures(read_page(text), FILES)) == [("fail", 2)]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"MZ",
        b"version https://git-lfs.github.com/spec/v1\n",
        png()[:-20],
        b"GIF89a",
        b"\x89PNG",
    ],
)
def test_what_browsers_would_not_show_does_not_open(raw):
    assert not opens(raw)


def test_a_picture_of_many_pixels_is_not_unpacked():
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    raw = png()
    huge = raw[:16] + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + raw[33:]
    assert not opens(huge)  # Pillow refuses it
    assert not list(metadata({"huge.png": huge}))


CARDS = [
    "https://github-readme-stats.vercel.app/api?user=x",
    "https://github-readme-streak-stats.herokuapp.com/?user=x",
    "https://streak-stats.demolab.com/?user=x",
    "https://komarev.com/ghpvc/?username=x",
    "https://hits.seeyoufarm.com/api/count/incr/badge.svg",
    "https://img.shields.io/github/stars/x/y",
    "https://github-profile-trophy.vercel.app/?username=x",
    "https://readme-typing-svg.demolab.com?lines=x",
    "https://capsule-render.vercel.app/api?type=wave",
    "http://mazassumnida.wtf/api/v2/generate_badge?boj=x",
]


@pytest.mark.parametrize("source", CARDS)
def test_counters_and_cards_get_advice(source):
    (found,) = cards(read_page(f"a\n![x]({source})"))
    assert (found.level, found.line) == ("advice", 2)
    assert "counter or card" in found.what and "alt text" in found.why


def test_pictures_from_elsewhere_get_advice():
    text = "![x](https://img.shields.io/badge/a-b-c) <img src='//example.org/a.png'>\n![y](a.png)"
    found = list(cards(read_page(text)))
    assert levels(found) == [("advice", 1)] * 2
    assert all("from another place" in each.what for each in found)


def test_drawings_with_scripts_fail():
    bad = {
        "a.svg": SVG.replace(b"></", b"><script>x</script></"),
        "b.SVG": SVG.replace(b"<svg", b"<svg onload = 'x'"),
        "c.svg": SVG.replace(b"></", b"><a href='javascript:x'/></"),
    }
    found = list(svg_scripts({**bad, "d.svg": SVG, "e.txt": b"<script>"}))
    assert [each.what.split()[0] for each in found] == list(bad)
    assert {each.level for each in found} == {"fail"}


def test_plain_pictures_have_no_metadata():
    files = {"a.png": png(), "b.jpg": jpeg(), "c.png": png(text={"Software": "Matplotlib"})}
    files["d.jpg"] = jpeg(tags={"Orientation": 1, "XResolution": 72, "Software": "x"})
    assert not list(metadata(files))


TOLD = {
    "where it was taken (GPS)": jpeg(gps=True),
    "when it was taken": jpeg(tags={"DateTime": "2026:01:01 00:00:00"}),
    "the camera or phone": jpeg(tags={"Model": "Camera 1"}),
    "somebody's name": jpeg(tags={"Artist": "Mina"}),
    "a comment": jpeg(tags={"ImageDescription": "at home"}),
    "a text named Author": png(text={"Author": "Mina"}),
    "XMP": jpeg(xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"),
}


@pytest.mark.parametrize("words", TOLD)
def test_metadata_warn_and_are_named(words):
    (found,) = metadata({"photo.JPG": TOLD[words]})
    assert (found.level, found.line) == ("warn", None)
    assert found.what == f"photo.JPG carries metadata: {words}."


def test_the_position_comes_first():
    tags = {"Model": "Camera 1", "DateTime": "2026:01:01 00:00:00", "Artist": "Mina"}
    (found,) = metadata({"a.jpg": jpeg(gps=True, tags=tags)})
    assert "metadata: where it was taken (GPS), when" in found.what
    assert "Mina" not in found.what and "Camera 1" not in found.what


def test_a_png_may_carry_a_position_behind_its_pixels():
    exif = jpeg(gps=True)
    begins = exif.index(b"Exif\0\0") + 6
    content = exif[begins : exif.index(b"\xff\xdb")]
    chunk = b"eXIf" + content
    whole = struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    raw = png()
    (found,) = metadata({"a.png": raw[:-12] + whole + raw[-12:]})
    assert "(GPS)" in found.what


def test_broken_metadata_are_no_error():
    raw = jpeg(gps=True, tags={"Artist": "Mina"})
    for at in range(0, len(raw), 3):
        list(metadata({"a.jpg": raw[:at], "b.jpg": raw[:at] + b"\xff" + raw[at + 1 :]}))
    for raw in (png()[:20], png()[:8] + b"\xff" * 20, png(text={"": "x"})):
        list(metadata({"a.png": raw}))
