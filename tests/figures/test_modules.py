"""Drawings of one Inception module against the module that runs."""

from itertools import combinations, pairwise

import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, Rectangle
from torch import nn

from seminar_utils.figures.modules import branches
from seminar_utils.models.googlenet import TABLE_1, TORCHVISION, Inception, NaiveInception

PIXELS = 28 * 28
SHADES = {"1": "#56b4e9", "3": "#56b4e9", "5": "#56b4e9", "m": "#e69f00"}
# Each branch's boxes from below, multiply-adds per pixel, channels out.
EXPECTED = {
    "3a": {
        "1x1": (["1x1, 64"], 192 * 64, 64),
        "3x3": (["1x1, 96", "3x3, 128"], 192 * 96 + 9 * 96 * 128, 128),
        "5x5": (["1x1, 16", "5x5, 32"], 192 * 16 + 25 * 16 * 32, 32),
        "pool": (["max 3x3", "1x1, 32"], 192 * 32, 32),
    },
    "torchvision": {
        "1x1": (["1x1, 64"], 192 * 64, 64),
        "3x3": (["1x1, 96", "3x3, 128"], 192 * 96 + 9 * 96 * 128, 128),
        "5x5": (["1x1, 16", "3x3, 32"], 192 * 16 + 9 * 16 * 32, 32),
        "pool": (["max 3x3", "1x1, 32"], 192 * 32, 32),
    },
    "narrow": {
        "1x1": (["1x1, 5"], 192 * 5, 5),
        "3x3": (["1x1, 2", "3x3, 7"], 192 * 2 + 9 * 2 * 7, 7),
        "5x5": (["1x1, 3", "5x5, 11"], 192 * 3 + 25 * 3 * 11, 11),
        "pool": (["max 3x3", "1x1, 13"], 192 * 13, 13),
    },
    "naive": {
        "1x1": (["1x1, 64"], 192 * 64, 64),
        "3x3": (["3x3, 128"], 9 * 192 * 128, 128),
        "5x5": (["5x5, 32"], 25 * 192 * 32, 32),
        "pool": (["max 3x3"], 0, 192),
    },
}
BUILD = {
    "3a": lambda: Inception(192, *TABLE_1["3a"]),
    "torchvision": lambda: Inception(192, *TABLE_1["3a"], variant=TORCHVISION),
    "narrow": lambda: Inception(192, 5, 2, 7, 3, 11, 13),
    "naive": lambda: NaiveInception(192, 64, 128, 32),
}
EVERY = pytest.mark.parametrize("name", BUILD)


def draw(variant, name=""):
    with torch.device("meta"):
        return branches(BUILD[variant](), (192, 28, 28), name=name)


def rectangles(axis):
    """Return [(text, rectangle)] from the bottom up, left to right; texts stand at centres."""
    texts = {tuple(round(v, 6) for v in text.get_position()): text for text in axis.texts}
    patches = [patch for patch in axis.patches if isinstance(patch, Rectangle)]
    pairs = [(texts[tuple(box.get_center().round(6))].get_text(), box) for box in patches]
    return sorted(pairs, key=lambda pair: (pair[1].get_y(), pair[1].get_x()))


def lanes(axis):
    """Return [(x, texts of the boxes from below)] from left to right."""
    found = {}
    for text, box in rectangles(axis)[1:-1]:
        found.setdefault(round(box.get_center()[0], 6), []).append(text)
    return sorted(found.items())


def arrows(axis):
    return [patch for patch in axis.patches if isinstance(patch, FancyArrowPatch)]


@EVERY
def test_every_lane_has_the_boxes_of_its_layers(name):
    (axis,) = draw(name).figure.axes
    assert [texts for _, texts in lanes(axis)] == [boxes for boxes, *_ in EXPECTED[name].values()]


@EVERY
def test_input_is_below_and_the_concatenation_above_all_lanes(name):
    (axis,) = draw(name).figure.axes
    (first, below), *inner, (last, above) = rectangles(axis)
    assert first == "input: 192 channels of 28 x 28"
    total = sum(out for *_, out in EXPECTED[name].values())
    assert last == f"concatenate: {total} channels"
    for _, box in inner:
        for end in (below, above):
            assert end.get_x() <= box.get_x()
            assert box.get_x() + box.get_width() <= end.get_x() + end.get_width() + 1e-9


@EVERY
def test_boxes_lie_apart_and_inside(name):
    (axis,) = draw(name).figure.axes
    places = [box.get_bbox() for _, box in rectangles(axis)]
    assert not any(one.overlaps(other) for one, other in combinations(places, 2))
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    for place in places:
        assert left <= place.x0 < place.x1 <= right and low <= place.y0 < place.y1 <= high


@EVERY
def test_prices_cover_neither_boxes_nor_arrows(name):
    figure = draw(name).figure
    (axis,) = figure.axes
    figure.draw_without_rendering()
    patches = [patch.get_window_extent() for patch in axis.patches]
    prices = [text for text in axis.texts if text.get_text().endswith((" M", "\nchannels"))]
    assert len(prices) == 8
    for text in prices:
        assert not text.get_window_extent().count_overlaps(patches)


@EVERY
def test_arrows_lead_from_the_input_through_each_lane_to_the_concatenation(name):
    (axis,) = draw(name).figure.axes
    (_, below), *inner, (_, above) = rectangles(axis)
    found = [arrow._posA_posB for arrow in arrows(axis)]
    assert all(x0 == x1 for (x0, _), (x1, _) in found)
    for x, _ in lanes(axis):
        boxes = [box for _, box in inner if box.get_center()[0] == pytest.approx(x)]
        stops = [below, *boxes, above]
        expected = [
            (start.get_y() + start.get_height(), end.get_y()) for start, end in pairwise(stops)
        ]
        mine = [(y0, y1) for (at, y0), (_, y1) in found if at == pytest.approx(x)]
        assert mine == [pytest.approx(pair) for pair in expected]
    assert len(found) == len(inner) + len(lanes(axis))


@EVERY
def test_each_lane_says_its_price_and_its_channels(name):
    picture = draw(name)
    (axis,) = picture.figure.axes
    for (x, _), (_, cost, out) in zip(lanes(axis), EXPECTED[name].values(), strict=True):
        beside = {
            text.get_text(): text.get_position()[0]
            for text in axis.texts
            if 0 < abs(text.get_position()[0] - x) < 0.5
        }
        price, channels = sorted(beside, key=beside.get)
        assert channels == f"{out}\nchannels"
        digits = ".1f" if cost * PIXELS >= 1e6 else ".2g"
        assert price == f"{cost * PIXELS / 1e6:{digits}} M"


@EVERY
def test_boxes_have_the_colours_of_the_drawing_of_nets(name):
    (axis,) = draw(name).figure.axes
    for text, box in rectangles(axis)[1:-1]:
        assert to_hex(box.get_facecolor()) == SHADES[text[0]]


def test_title_has_the_name_and_the_total():
    assert draw("3a", name="Inception 3a").figure.axes[0].get_title() == (
        "Inception 3a: 128.0 M multiply-adds"
    )
    assert draw("naive").figure.axes[0].get_title() == "NaiveInception: 303.5 M multiply-adds"


def test_data_line_and_alt_text_say_what_is_drawn():
    picture = draw("3a", name="Inception 3a")
    assert picture.data == (
        "Inception 3a on 192 x 28 x 28: channels 64 + 128 + 32 + 32 = 256; "
        "multiply-adds 1x1 9.6 M, 3x3 101.2 M, 5x5 12.4 M, pool 4.8 M, in all 128.0 M"
    )
    assert "4 lanes" in picture.alt and "concatenate, 256 channels" in picture.alt
    assert "3x3: 1x1, 96 then 3x3, 128 for 101.2 M" in picture.alt


def test_another_layer_changes_drawing_and_price():
    """What is drawn is what runs, not what the class says."""
    module = BUILD["3a"]()
    module.branch_1x1 = nn.Sequential(nn.Conv2d(192, 9, 1), nn.Conv2d(9, 7, 3, padding=1))
    picture = branches(module, (192, 28, 28))
    (axis,) = picture.figure.axes
    assert lanes(axis)[0][1] == ["1x1, 9", "3x3, 7"]
    assert "channels 7 + 128 + 32 + 32 = 199" in picture.data
    assert f"1x1 {(192 * 9 + 9 * 9 * 7) * PIXELS / 1e6:.1f} M" in picture.data


def test_the_size_of_the_input_changes_the_price():
    (axis,) = branches(BUILD["3a"](), (192, 14, 14)).figure.axes
    assert axis.get_title() == "Inception: 32.0 M multiply-adds"  # a fourth


def test_a_module_without_branches_gets_one_clear_sentence():
    with pytest.raises(ValueError, match="Conv2d has no branches: hand over an Inception"):
        branches(nn.Conv2d(192, 8, 1), (192, 28, 28))


def test_an_input_with_other_channels_gets_one_clear_sentence():
    with pytest.raises(ValueError, match="does not pass through Inception"):
        branches(BUILD["3a"](), (64, 28, 28))
