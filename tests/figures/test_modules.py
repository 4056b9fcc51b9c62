"""The bars of both modules of Figure 2, computed once more by hand, and what cannot be drawn."""

import re

import pytest
import torch
from torch import nn

from seminar_utils.figures import branch_bars, branches
from seminar_utils.models.googlenet import TABLE_1, Inception
from tests import refused
from tests.figures.examples import DRAW

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


def test_bars_are_the_products_with_their_ends_written_at_them():
    channels, size, widths = 7, 3, (1, 2, 3, 4, 5, 6)
    n1x1, reduce_3, n3x3, reduce_5, n5x5, pool_proj = widths
    pixels = size**2 / 1e6
    reductions = [0, channels * reduce_3 * pixels, channels * reduce_5 * pixels, 0]
    own = [channels * n1x1, 9 * reduce_3 * n3x3, 25 * reduce_5 * n5x5, channels * pool_proj]
    own = [products * pixels for products in own]
    naive = [channels * n1x1, 9 * channels * n3x3, 25 * channels * n5x5, 0]
    naive = [products * pixels for products in naive]
    (axis,) = branch_bars(channels, size, widths).figure.axes
    known = [(reductions, [0] * 4), (own, reductions), (naive, [0] * 4)]
    for bars, (lengths, starts) in zip(axis.containers, known, strict=True):
        assert [bar.get_width() for bar in bars] == pytest.approx(lengths)
        assert [bar.get_x() for bar in bars] == pytest.approx(starts)
    ends = [*(a + b for a, b in zip(reductions, own, strict=True)), *naive]
    assert [text.xy[0] for text in axis.texts] == pytest.approx(ends)


def test_mistakes_get_one_clear_sentence():
    size = 192, 28, 28
    with torch.device("meta"):
        module = Inception(192, *TABLE_1["3a"])
    refused(
        (lambda: branches(nn.Conv2d(192, 8, 1), size), "Conv2d has no branches: hand over an Inc"),
        (lambda: branches(module, (64, 28, 28)), "does not pass through Inception"),
        (lambda: branch_bars(192, 28, (64, 96)), "take six widths"),
        (lambda: branch_bars(192, 28, (64, 96, 128, 0, 32, 32)), "take six widths"),
        (lambda: branch_bars(0, 28, TABLE_1["4a"]), "take six widths"),
    )
