"""Drawings of one Inception module against the module that runs."""

from itertools import combinations

import pytest
import torch
from matplotlib.patches import Rectangle
from torch import nn

from seminar_utils.figures.modules import branch_bars, branches
from seminar_utils.models.googlenet import TABLE_1, Inception, NaiveInception
from tests import refused
from tests.figures import numbers

PIXELS = 28 * 28
# Each branch's boxes from below, multiply-adds per pixel, channels out.
EXPECTED = {
    "3a": {
        "1x1": (["1x1, 64"], 192 * 64, 64),
        "3x3": (["1x1, 96", "3x3, 128"], 192 * 96 + 9 * 96 * 128, 128),
        "5x5": (["1x1, 16", "5x5, 32"], 192 * 16 + 25 * 16 * 32, 32),
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
    "narrow": lambda: Inception(192, 5, 2, 7, 3, 11, 13),
    "naive": lambda: NaiveInception(192, 64, 128, 32),
}
EVERY = pytest.mark.parametrize("name", BUILD)


def draw(variant):
    with torch.device("meta"):
        return branches(BUILD[variant](), (192, 28, 28))


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


@EVERY
def test_every_lane_has_the_boxes_of_its_layers(name):
    (axis,) = draw(name).figure.axes
    assert [texts for _, texts in lanes(axis)] == [boxes for boxes, *_ in EXPECTED[name].values()]
    (first, _), *_, (last, _) = rectangles(axis)
    assert first == "input: 192 channels of 28 x 28"
    assert last == f"concatenate: {sum(out for *_, out in EXPECTED[name].values())} channels"
    places = [box.get_bbox() for _, box in rectangles(axis)]
    assert not any(one.overlaps(other) for one, other in combinations(places, 2))


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
    whole = sum(cost for _, cost, _ in EXPECTED[name].values()) * PIXELS / 1e6
    assert axis.get_title().endswith(f": {whole:.1f} M multiply-adds")
    sizes = [out for *_, out in EXPECTED[name].values()]
    assert f"channels {' + '.join(map(str, sizes))} = {sum(sizes)};" in picture.data


def by_hand(channels, size, widths):
    """Return the two parts of each branch of the Inception module, and the naive branches."""
    n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj = widths
    pixels = size**2 / 1e6
    reduced = [
        [0, channels * n1x1 * pixels],
        [channels * n3x3_reduce * pixels, n3x3_reduce * n3x3 * 9 * pixels],
        [channels * n5x5_reduce * pixels, n5x5_reduce * n5x5 * 25 * pixels],
        [0, channels * pool_proj * pixels],
    ]
    naive = [channels * n1x1, channels * n3x3 * 9, channels * n5x5 * 25, 0]
    return reduced, [products * pixels for products in naive]


@pytest.mark.parametrize(
    ("channels", "size", "widths"),
    [(480, 14, TABLE_1["4a"]), (192, 28, TABLE_1["3a"]), (7, 3, (1, 2, 3, 4, 5, 6))],
)
def test_bars_are_the_products_with_their_ends_written_at_them(channels, size, widths):
    picture = branch_bars(channels, size, widths)
    (axis,) = picture.figure.axes
    reduced, naive = by_hand(channels, size, widths)
    reductions, own = zip(*reduced, strict=True)
    known = [(reductions, [0] * 4), (own, reductions), (naive, [0] * 4)]
    for bars, (lengths, starts) in zip(axis.containers, known, strict=True):
        assert [bar.get_width() for bar in bars] == pytest.approx(lengths)
        assert [bar.get_x() for bar in bars] == pytest.approx(starts)
    ends = [*map(sum, reduced), *naive]
    assert [text.get_text() for text in axis.texts] == [f"{end:.1f}" for end in ends]
    assert [text.xy[0] for text in axis.texts] == pytest.approx(ends)
    bottom, top = axis.get_ylim()
    assert bottom > top and axis.get_xlim()[1] > max(ends)
    said = [sum(ends[:4]), *ends[:4], sum(naive), *naive]
    assert numbers(picture.data) == numbers(picture.alt) == [f"{number:.1f}" for number in said]
    n1x1, _, n3x3, _, n5x5, pool_proj = widths
    assert f"), {n1x1 + n3x3 + n5x5 + pool_proj} channels out; naive" in picture.data
    assert picture.data.endswith(f"), {n1x1 + n3x3 + n5x5 + channels} channels out")


def test_mistakes_get_one_clear_sentence():
    size = 192, 28, 28
    refused(
        (lambda: branches(nn.Conv2d(192, 8, 1), size), "Conv2d has no branches: hand over an Inc"),
        (lambda: branches(BUILD["3a"](), (64, 28, 28)), "does not pass through Inception"),
        (lambda: branch_bars(192, 28, (64, 96)), "take six widths"),
        (lambda: branch_bars(192, 28, (64, 96, 128, 0, 32, 32)), "take six widths"),
        (lambda: branch_bars(0, 28, TABLE_1["4a"]), "take six widths"),
    )
