"""Drawings of nets against the module trees they were drawn from."""

from collections import Counter
from itertools import combinations

import pytest
import torch
from matplotlib.patches import FancyArrowPatch, Rectangle
from torch import nn

from seminar_utils.figures import architecture
from seminar_utils.models.googlenet import TABLE_1, AuxiliaryClassifier, GoogLeNet, Inception
from seminar_utils.models.resnet import Block, cifar_resnet, resnet
from tests.figures import BLACK, ORANGE

KINDS = {
    "#56b4e9": nn.Conv2d,
    "#e69f00": nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d,
    "#c8c8c8": nn.LocalResponseNorm,
    "#009e73": nn.Linear,
}
BUILD = {
    "plain-18": lambda: resnet(18, None),
    "ResNet-18 A": lambda: resnet(18, "A"),
    "ResNet-34 B": lambda: resnet(34, "B"),
    "ResNet-18 C": lambda: resnet(18, "C"),
    "ResNet-50 B": lambda: resnet(50, "B"),
    "CIFAR-20": lambda: cifar_resnet(20, "A"),
    "GoogLeNet": GoogLeNet,
    "no heads": lambda: GoogLeNet(heads=()),
    "one head": lambda: GoogLeNet(heads=("4d",)),
    "small images": lambda: GoogLeNet(10, 1, width=0.5, small_images=True),
}
NAMES = tuple(BUILD)
STEM = ["7x7, 64, /2", "max 3x3, /2", "LRN", "1x1, 64", "3x3, 192", "LRN", "max 3x3, /2"]
# In reading order: the stem and 3a, 3b; maxpool3, 4a to 4e, the heads; maxpool4, the last, 5a, 5b.
POOLS = ["max 3x3, /2"] * 2 + ["max 3x3"] * 2
POOLS += ["max 3x3, /2"] + ["max 3x3"] * 5 + ["avg 5x5, /3"] * 2
POOLS += ["max 3x3, /2", "avg, global"] + ["max 3x3"] * 2


def net(name):
    with torch.device("meta"):
        return BUILD[name]()


def axis_of(name, **options):
    (axis,) = architecture(net(name), **options).figure.axes
    return axis


def rectangles(axis):
    return [patch for patch in axis.patches if isinstance(patch, Rectangle)]


def arrows(axis, shade):
    """Return the arrows of one colour: orange for shortcuts, black towards a head."""
    found = [patch for patch in axis.patches if isinstance(patch, FancyArrowPatch)]
    return [a for a in found if a.get_edgecolor()[:3] == pytest.approx(rgb(shade), abs=0.01)]


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
    """Only the projections of shortcuts are drawn as their arc instead."""
    model = net(name)
    hidden = {
        layer
        for block in model.modules()
        if isinstance(block, Block) and block.shortcut is not None
        for layer in block.shortcut.modules()
    }
    layers = [layer for layer in model.modules() if layer not in hidden]
    expected = {shade: sum(isinstance(m, kind) for m in layers) for shade, kind in KINDS.items()}
    drawn = Counter()
    for _, box in boxes(axis_of(name)):
        (shade,) = [s for s in KINDS if box.get_facecolor()[:3] == pytest.approx(rgb(s), abs=0.01)]
        drawn[shade] += 1
    assert drawn == Counter(expected)


def assert_apart(axis):
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    places = [box.get_bbox().extents for box in rectangles(axis)]
    for x0, y0, x1, y1 in places:
        assert left - 1e-9 <= x0 < x1 <= right + 1e-9 and low <= y0 < y1 <= high
    for (a0, b0, a1, b1), (c0, d0, c1, d1) in combinations(places, 2):
        assert a1 <= c0 + 1e-9 or c1 <= a0 + 1e-9 or b1 <= d0 + 1e-9 or d1 <= b0 + 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_boxes_lie_inside_and_nowhere_on_each_other(name):
    assert_apart(axis_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_arcs_are_the_shortcuts_dotted_where_they_are_not_the_identity(name):
    blocks = [m for m in net(name).modules() if isinstance(m, Block)]
    expected = [
        "-" if isinstance(block.shortcut, nn.Identity) else ":"
        for block in blocks
        if block.shortcut is not None
    ]
    assert [arc.get_linestyle() for arc in arrows(axis_of(name), ORANGE)] == expected


@pytest.mark.parametrize(
    ("name", "arcs", "dotted"),
    [("plain-18", 0, 0), ("ResNet-18 A", 8, 3), ("ResNet-34 B", 16, 3), ("ResNet-18 C", 8, 8)],
)
def test_arcs_of_known_nets(name, arcs, dotted):
    styles = Counter(arc.get_linestyle() for arc in arrows(axis_of(name), ORANGE))
    assert (styles.total(), styles[":"]) == (arcs, dotted)


def test_an_arc_spans_its_block():
    axis = axis_of("ResNet-18 A")
    first, second = [box for text, box in boxes(axis) if text == "3x3, 64"][:2]
    (x0, y0), (x1, y1) = arrows(axis, ORANGE)[0]._posA_posB
    assert x0 <= first.get_x() and x1 >= second.get_x() + second.get_width()
    assert y0 == y1 == pytest.approx(first.get_y() + first.get_height())


@pytest.mark.parametrize(("name", "heads"), [("GoogLeNet", 2), ("one head", 1), ("no heads", 0)])
def test_heads_hang_below_their_modules(name, heads):
    axis = axis_of(name)
    assert len(arrows(axis, BLACK)) == heads
    texts = [text for text, _ in boxes(axis)]
    assert texts.count("avg 5x5, /3") == texts.count("fc 1024") == heads
    assert texts.count("fc 1000") == heads + 1
    starts = {t.get_text(): t.get_position()[0] for t in axis.texts if t.get_text() in TABLE_1}
    assert list(starts) == list(TABLE_1)
    for arrow, module in zip(arrows(axis, BLACK), ("4a", "4d")[-heads:], strict=False):
        (x, above), (_, below) = arrow._posA_posB
        assert starts[module] < x < starts[{"4a": "4b", "4d": "4e"}[module]] and above > below


def test_texts_of_plain_18_in_reading_order():
    texts = [text for text, _ in boxes(axis_of("plain-18"))]
    stages = [["3x3, 64"] * 4]
    stages += [[f"3x3, {n}, /2", *[f"3x3, {n}"] * 3] for n in (128, 256, 512)]
    assert texts == [
        "7x7, 64, /2",
        "max 3x3, /2",
        *(text for stage in stages for text in stage),
        "avg, global",
        "fc 1000",
    ]


def test_texts_of_bottlenecks():
    texts = [text for text, _ in boxes(axis_of("ResNet-50 B"))]
    assert texts[2:5] == ["1x1, 64", "3x3, 64", "1x1, 256"]
    assert texts[11:14] == ["1x1, 128, /2", "3x3, 128", "1x1, 512"]


def test_texts_of_the_stem_and_of_modules():
    axis = axis_of("GoogLeNet")
    texts = Counter(text for text, _ in boxes(axis))
    top = [(box.get_x(), text) for text, box in boxes(axis) if box.get_height() > box.get_width()]
    assert [text for _, text in top[:7]] == STEM
    columns = list(TABLE_1.values())
    assert texts["max 3x3"] == 9 and texts["max 3x3, /2"] == 4
    for position, kernel, beside in ((2, "3x3", ["3x3, 192"]), (4, "5x5", [])):
        expected = Counter([f"{kernel}, {row[position]}" for row in columns] + beside)
        assert Counter({t: n for t, n in texts.items() if t.startswith(kernel)}) == expected


@pytest.mark.parametrize(
    ("name", "highlight", "bright"),
    [
        ("GoogLeNet", "stem", STEM),
        ("GoogLeNet", "heads", ["avg 5x5, /3", "1x1, 128"] * 2 + ["fc 1024", "fc 1000"] * 2),
        ("GoogLeNet", "pool", POOLS),
        ("ResNet-18 A", "stem", ["7x7, 64, /2", "max 3x3, /2"]),
        ("ResNet-18 A", "pool", ["max 3x3, /2", "avg, global"]),
        ("ResNet-18 A", "shortcuts", []),
    ],
)
def test_a_highlight_makes_all_other_parts_pale(name, highlight, bright):
    axis = axis_of(name, highlight=highlight)
    standing_out = [text for text, box in boxes(axis) if box.get_alpha() == 1]
    assert standing_out == bright
    pale = [box for box in rectangles(axis) if box.get_alpha() != 1]
    assert pale and all(box.get_alpha() < 0.5 for box in pale)
    for part, shade in (("shortcuts", ORANGE), ("heads", BLACK)):
        for arrow in arrows(axis, shade):
            assert (arrow.get_alpha() == 1) is (highlight == part)
    # A text is as pale as its box, and modules' names are as pale as their boxes.
    opacities = Counter(text.get_alpha() for text in axis.texts)
    assert opacities[1.0] == len(bright)
    assert highlight in architecture(net(name), highlight=highlight).alt


def test_nothing_is_pale_without_a_highlight():
    for name in ("GoogLeNet", "ResNet-18 A"):
        axis = axis_of(name)
        assert {part.get_alpha() for part in [*axis.patches, *axis.texts]} == {1.0}


def test_an_unknown_highlight_gets_one_clear_sentence():
    with pytest.raises(ValueError, match=r"highlight='legs' is unknown: take one of .*'stem'.*"):
        architecture(net("plain-18"), highlight="legs")


def test_nets_stand_beside_each_other_under_their_names():
    picture = architecture(net("plain-18"), net("ResNet-18 A"), names=("left", "right"))
    assert [axis.get_title("left") for axis in picture.figure.axes] == ["left", "right"]
    plain, residual = picture.figure.axes
    assert [text for text, _ in boxes(plain)] == [text for text, _ in boxes(residual)]
    assert (len(arrows(plain, ORANGE)), len(arrows(residual, ORANGE))) == (0, 8)
    assert axis_of("GoogLeNet").get_title("left") == "GoogLeNet"


@pytest.mark.parametrize("name", NAMES)
def test_data_line_and_alt_text_count_the_module_tree(name):
    model = net(name)
    modules = list(model.modules())
    counts = {
        "convolution": sum(isinstance(m, nn.Conv2d) for m in modules),
        "Inception module": sum(isinstance(m, Inception) for m in modules),
        "shortcut": len(arrows(axis_of(name), ORANGE)),
        "auxiliary head": sum(isinstance(m, AuxiliaryClassifier) for m in modules),
        "linear layer": sum(isinstance(m, nn.Linear) for m in modules),
    }
    expected = [f"{n} {what}{'' if n == 1 else 's'}" for what, n in counts.items() if n]
    picture = architecture(model, names=["net"])
    assert picture.data == f"net: {', '.join(expected)}"
    assert picture.data in picture.alt


def test_another_layer_changes_the_drawing():
    model = net("plain-18")
    model.fc = nn.Sequential(nn.Linear(512, 7), nn.Linear(7, 5))
    picture = architecture(model)
    (axis,) = picture.figure.axes
    texts = [text for text, _ in boxes(axis)]
    assert_apart(axis)
    assert texts[-2:] == ["fc 7", "fc 5"]
    assert "2 linear layers" in picture.data
