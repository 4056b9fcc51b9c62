"""Drawings of GoogLeNet against the module trees they were drawn from."""

from collections import Counter
from itertools import combinations

import pytest
import torch
from matplotlib.patches import FancyArrowPatch, Rectangle
from torch import nn

from seminar_utils.figures import architecture
from seminar_utils.models.googlenet import TABLE_1, AuxiliaryClassifier, GoogLeNet, Inception

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
STEM = ["7x7, 64, /2", "max 3x3, /2", "LRN", "1x1, 64", "3x3, 192", "LRN", "max 3x3, /2"]


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


def boxes(axis):
    """Return [(text, rectangle)] in reading order; every box has one text, at its centre."""
    texts = {tuple(round(v, 6) for v in text.get_position()): text for text in axis.texts}
    pairs = [(texts[tuple(box.get_center().round(6))], box) for box in rectangles(axis)]
    pairs.sort(key=lambda pair: (-pair[1].get_y(), pair[1].get_x()))
    return [(text.get_text(), box) for text, box in pairs]


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_has_its_box(name):
    expected = {
        shade: sum(isinstance(module, kind) for module in net(name).modules())
        for shade, kind in KINDS.items()
    }
    drawn = Counter()
    for _, box in boxes(axis_of(name)):
        (shade,) = [s for s in KINDS if box.get_facecolor()[:3] == pytest.approx(rgb(s), abs=0.01)]
        drawn[shade] += 1
    assert drawn == Counter(expected)


@pytest.mark.parametrize("name", NAMES)
def test_boxes_lie_inside_and_nowhere_on_each_other(name):
    axis = axis_of(name)
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    places = [box.get_bbox().extents for box in rectangles(axis)]
    for x0, y0, x1, y1 in places:
        assert left - 1e-9 <= x0 < x1 <= right + 1e-9 and low <= y0 < y1 <= high
    for (a0, b0, a1, b1), (c0, d0, c1, d1) in combinations(places, 2):
        assert a1 <= c0 + 1e-9 or c1 <= a0 + 1e-9 or b1 <= d0 + 1e-9 or d1 <= b0 + 1e-9


@pytest.mark.parametrize(("name", "heads"), [("GoogLeNet", 2), ("one head", 1), ("no heads", 0)])
def test_heads_hang_below_their_modules(name, heads):
    axis = axis_of(name)
    _, down = arrows(axis)
    assert len(down) == heads
    texts = [text for text, _ in boxes(axis)]
    assert texts.count("avg 5x5, /3") == texts.count("fc 1024") == heads
    assert texts.count("fc 1000") == heads + 1
    starts = {t.get_text(): t.get_position()[0] for t in axis.texts if "module" in t.get_text()}
    assert list(starts) == [f"module {module}" for module in TABLE_1]
    for ((x, above), (_, below)), module in zip(down, ("4a", "4d")[-heads:], strict=False):
        after = {"4a": "4b", "4d": "4e"}[module]
        assert starts[f"module {module}"] < x < starts[f"module {after}"] and above > below


def test_an_arrow_leads_to_every_layer_and_module_in_its_row():
    """Seven in the stem, two and a pool, five, then a pool, two, the average, the classifier."""
    right, _ = arrows(axis_of("GoogLeNet"))
    rows = Counter(round(start[1], 3) for start, _ in right)
    assert [rows[y] for y in sorted(rows, reverse=True)] == [7, 3, 5, 5]
    assert all(start[0] < end[0] for start, end in right)


def test_texts_of_the_stem_and_of_modules():
    found = boxes(axis_of("GoogLeNet"))
    texts = Counter(text for text, _ in found)
    assert [text for text, _ in found[:7]] == STEM
    columns = list(TABLE_1.values())
    assert texts["max 3x3"] == 9 and texts["max 3x3, /2"] == 4
    for position, kernel, beside in ((2, "3x3", ["3x3, 192"]), (4, "5x5", [])):
        expected = Counter([f"{kernel}, {row[position]}" for row in columns] + beside)
        assert Counter({t: n for t, n in texts.items() if t.startswith(kernel)}) == expected


@pytest.mark.parametrize("name", NAMES)
def test_data_line_and_alt_text_count_the_module_tree(name):
    modules = list(net(name).modules())
    counts = {
        "convolution": sum(isinstance(m, nn.Conv2d) for m in modules),
        "Inception module": sum(isinstance(m, Inception) for m in modules),
        "auxiliary head": sum(isinstance(m, AuxiliaryClassifier) for m in modules),
        "linear layer": sum(isinstance(m, nn.Linear) for m in modules),
    }
    expected = [f"{n} {what}{'' if n == 1 else 's'}" for what, n in counts.items() if n]
    picture = architecture(net(name))
    assert picture.data == f"GoogLeNet: {', '.join(expected)}"
    assert picture.data in picture.alt


def test_another_layer_changes_the_drawing():
    model = net("no heads")
    model.fc = nn.Sequential(nn.Linear(1024, 7), nn.Linear(7, 5))
    picture = architecture(model)
    (axis,) = picture.figure.axes
    assert {"fc 7", "fc 5"} <= {text for text, _ in boxes(axis)}
    assert "2 linear layers" in picture.data
