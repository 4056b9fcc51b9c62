"""Drawings of GoogLeNet against the module trees they were drawn from."""

from collections import Counter
from io import BytesIO
from itertools import combinations

import pytest
import torch
from matplotlib.patches import FancyArrowPatch, Rectangle
from PIL import Image
from torch import nn

from seminar_utils.figures import architecture
from seminar_utils.models.googlenet import TABLE_1, GoogLeNet

KINDS = {
    "#56b4e9": nn.Conv2d,
    "#e69f00": nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d,
    "#c8c8c8": nn.LocalResponseNorm,
    "#009e73": nn.Linear,
}
BUILD = {
    "GoogLeNet": GoogLeNet,
    "no heads": lambda: GoogLeNet(heads=()),
    "one head": lambda: GoogLeNet(heads=("4d",)),
    "small images": lambda: GoogLeNet(10, 1, width=0.5, small_images=True),
}
NAMES = tuple(BUILD)


def net(name):
    with torch.device("meta"):
        return BUILD[name]()


def axis_of(name):
    (axis,) = architecture(net(name)).figure.axes
    return axis


def rectangles(axis):
    return [patch for patch in axis.patches if isinstance(patch, Rectangle)]


def arrows(axis):
    """Return the ends of all arrows, those to the right and those downwards."""
    found = [a._posA_posB for a in axis.patches if isinstance(a, FancyArrowPatch)]
    return [a for a in found if a[0][1] == a[1][1]], [a for a in found if a[0][0] == a[1][0]]


def rgb(shade):
    return tuple(int(shade[i : i + 2], 16) / 255 for i in (1, 3, 5))


def shades(axis):
    """Return [(shade, rectangle)]; the kind of a layer is its box's colour."""
    return [
        (shade, box)
        for box in rectangles(axis)
        for shade in KINDS
        if box.get_facecolor()[:3] == pytest.approx(rgb(shade), abs=0.01)
    ]


def places_of(axis, texts):
    """Return where each of these texts stands."""
    return {t.get_text(): t.get_position() for t in axis.texts if t.get_text() in texts}


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_has_its_box(name):
    expected = {
        shade: sum(isinstance(module, kind) for module in net(name).modules())
        for shade, kind in KINDS.items()
    }
    assert Counter(shade for shade, _ in shades(axis_of(name))) == Counter(expected)


@pytest.mark.parametrize("name", NAMES)
def test_boxes_lie_inside_and_nowhere_on_each_other(name):
    axis = axis_of(name)
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    places = [box.get_bbox().extents for box in rectangles(axis)]
    for x0, y0, x1, y1 in places:
        assert left - 1e-9 <= x0 < x1 <= right + 1e-9 and low <= y0 < y1 <= high
    for (a0, b0, a1, b1), (c0, d0, c1, d1) in combinations(places, 2):
        assert a1 <= c0 + 1e-9 or c1 <= a0 + 1e-9 or b1 <= d0 + 1e-9 or d1 <= b0 + 1e-9


@pytest.mark.parametrize(
    ("name", "heads"), [("GoogLeNet", ["4a", "4d"]), ("one head", ["4d"]), ("no heads", [])]
)
def test_heads_hang_below_their_modules(name, heads):
    axis = axis_of(name)
    names, (_, down) = places_of(axis, TABLE_1), arrows(axis)
    assert list(names) == list(TABLE_1)
    assert [text.get_text() for text in axis.texts].count("head") == len(heads)
    for ((x, above), (_, below)), module in zip(down, heads, strict=True):
        hanging = [
            (box.get_y(), box.get_x(), shade)
            for shade, box in shades(axis)
            if box.get_y() < below and -0.6 < box.get_center()[0] - x < 1.7
        ]
        assert len({y for y, *_ in hanging}) == 1  # in one row
        assert x == names[module][0] and names[module][1] > above > below
        hanging = [shade for _, _, shade in sorted(hanging, key=lambda box: (-box[0], box[1]))]
        assert hanging == ["#e69f00", "#56b4e9", "#009e73", "#009e73"]  # pool, conv, linear


def test_it_fits_a_screen_with_its_question():
    width, height = Image.open(BytesIO(architecture(net("GoogLeNet")).png())).size
    assert width <= 1170 and height <= 400


@pytest.mark.parametrize(
    ("name", "heads"),
    [
        ("GoogLeNet", ", 2 auxiliary heads"),
        ("no heads", ""),
        ("one head", ", 1 auxiliary head"),
        ("small images", ", 2 auxiliary heads"),
    ],
)
def test_data_line_and_alt_text_count_the_module_tree(name, heads):
    picture = architecture(net(name))
    counts = f"57 convolutions, 9 Inception modules{heads}, 1 linear layer"
    assert picture.data == f"GoogLeNet: {counts}" and picture.data in picture.alt
