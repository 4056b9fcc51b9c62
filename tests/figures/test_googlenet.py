"""GoogLeNet and its modules against the module trees they were drawn from, and prices by hand."""

import re
from collections import Counter

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from torch import nn

from seminar_utils.figures import branches
from seminar_utils.models.googlenet import TABLE_1, AuxiliaryClassifier, GoogLeNet, Inception
from tests import refused
from tests.figures.examples import DRAW, GOOGLENETS, build

KINDS = {
    "#56b4e9": nn.Conv2d,
    "#e69f00": nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d,
    "#c8c8c8": nn.LocalResponseNorm,
    "#009e73": nn.Linear,
}


@pytest.mark.parametrize("name", GOOGLENETS)
def test_every_layer_has_its_box_and_every_kind_is_counted(name):
    modules = [*build(GoogLeNet, **GOOGLENETS[name]).modules()]
    picture = DRAW[name]()
    boxes = [box for box in picture.figure.axes[0].patches if isinstance(box, Rectangle)]
    expected = {shade: sum(isinstance(m, kind) for m in modules) for shade, kind in KINDS.items()}
    assert Counter(to_hex(box.get_facecolor()) for box in boxes) == Counter(expected)
    heads = sum(isinstance(module, AuxiliaryClassifier) for module in modules)
    said = ("", ", 1 auxiliary head", ", 2 auxiliary heads")[heads]
    counts = f"57 convolutions, 9 Inception modules{said}, 1 linear layer"
    assert picture.data == f"GoogLeNet: {counts}" and picture.data in picture.alt
    width, height = picture.figure.get_size_inches()
    assert width <= 13 and height <= 4.44  # on a screen there is room for the question, too


PIXELS = 28 * 28 / 1e6
# Module 3a: the multiply-adds of each branch in millions, with and without its reduction.
REDUCED = [192 * 64, 192 * 96 + 9 * 96 * 128, 192 * 16 + 25 * 16 * 32, 192 * 32]
NAIVE = [192 * 64, 9 * 192 * 128, 25 * 192 * 32, 0]


@pytest.mark.parametrize(
    ("name", "products", "channels"),
    [
        ("branches", REDUCED, "64 + 128 + 32 + 32 = 256"),
        ("branches naive", NAIVE, "64 + 128 + 32 + 192 = 416"),
    ],
)
def test_each_branch_says_its_price_and_its_channels(name, products, channels):
    data = DRAW[name]().data
    prices = [float(price) for price in re.findall(r"\d+\.\d+", data)]  # a bare pool costs 0 M
    assert prices == pytest.approx([p * PIXELS for p in (*products, sum(products)) if p], abs=0.05)
    assert f"channels {channels};" in data


def test_what_cannot_be_drawn_gets_one_clear_sentence():
    module, size = Inception(192, *TABLE_1["3a"]), (192, 28, 28)
    refused(
        (lambda: branches(nn.Conv2d(192, 8, 1), size), "Conv2d has no branches: hand over an Inc"),
        (lambda: branches(module, (64, 28, 28)), "does not pass through Inception"),
    )
