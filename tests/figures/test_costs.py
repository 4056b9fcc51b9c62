"""Pictures of costs draw the numbers they are given."""

from functools import partial
from itertools import accumulate

import numpy as np
import pytest
from torch import nn

from seminar_utils.figures import branch_bars, error_against_cost, growth, savings
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import TABLE_1
from tests import refused


def test_growth_is_a_straight_line_with_depth_and_a_parabola_with_width():
    """Numbers of no polynomial: only a straight line and a parabola go close by all of them."""
    (axis,) = growth((1, 2, 4, 8), [10, 22, 43, 87], [10, 40, 148, 584]).figure.axes
    for line, degree in ((axis.lines[0], 1), (axis.lines[2], 2)):
        smooth = line.get_ydata()
        assert len(smooth) > 100 and np.diff(smooth, n=degree + 1) == pytest.approx(0, abs=1e-9)
        assert max(np.abs(np.diff(smooth, n=degree))) > 1e-3


def toy(hidden):
    """Return the layers of a net with known costs in all four groups."""
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, bias=False),  # 216 parameters, 100 times as many products
        nn.BatchNorm2d(8),  # 16
        nn.Conv2d(8, 4, 1, bias=False),  # 32, 100 times as many
        nn.Conv2d(4, 4, (1, 7), padding=(0, 3), bias=False),  # 112, 100 times as many
        nn.Flatten(),
        nn.Linear(400, hidden, bias=False),  # 400 a unit
    )
    return layer_table(net, (3, 10, 10))


@pytest.mark.parametrize(
    ("panel", "unit", "costs", "shares"),
    [
        (0, 1e6, [4000, 32, 328, 16], ["91 %", "96 %"]),
        (1, 1e9, [4000, 3200, 32800, 0], ["18 %", "82 %", "75 %"]),
    ],
)
def test_costs_are_stacked_by_kind_and_a_part_with_room_has_its_share(panel, unit, costs, shares):
    picture = savings({"toy-10": toy(10), "toy-20": toy(20)})
    axis = picture.figure.axes[panel]
    kinds = ["linear layers", "1x1 convolutions", "other convolutions", "other layers"]
    assert legend(picture) == kinds
    starts = accumulate([0, *costs[:-1]])
    for (bar, _), start, cost in zip(axis.containers, starts, costs, strict=True):
        assert (bar.get_x(), bar.get_width()) == pytest.approx((start / unit, cost / unit))
    assert axis.containers[0][1].get_width() == pytest.approx(8000 / unit)  # on the same scale
    assert [text.get_text() for text in axis.texts] == [*shares, " 0.0", " 0.0"]


def legend(picture):
    return [text.get_text() for text in picture.figure.legends[0].get_texts()]


def test_the_cheapest_net_and_the_best_are_named():
    alt = error_against_cost([("A", 2e9, 3.0), ("B", 1e9, 4.0)]).alt
    assert "cheapest is B, the smallest error has A" in alt


def test_a_group_that_no_net_has_is_not_in_the_legend():
    picture = savings({"toy": toy(10)[3:]})
    assert legend(picture) == ["linear layers", "other convolutions"]


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


def test_what_is_no_module_is_refused():
    calls = (192, 28, (64, 96)), (192, 28, (64, 96, 128, 0, 32, 32)), (0, 28, TABLE_1["4a"])
    refused(*((partial(branch_bars, *call), "take six widths") for call in calls))
