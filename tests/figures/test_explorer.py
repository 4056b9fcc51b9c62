"""Bars of multiply-adds against products written out by hand."""

import pytest

from seminar_utils.figures.modules import branch_bars
from seminar_utils.models.googlenet import TABLE_1
from tests.figures import BLUE, GREY, SKY, color, key, labels, numbers

WIDTHS = TABLE_1["4a"]
CHANNELS, SIZE = 480, 14
ROWS = ["1x1", "3x3", "5x5", "pool"]


def by_hand(channels, size, widths):
    """Return for each branch the parts of the Inception module, and the naive branch."""
    n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj = widths
    pixels = size**2 / 1e6
    reduced = [
        [channels * n1x1 * pixels],
        [channels * n3x3_reduce * pixels, n3x3_reduce * n3x3 * 9 * pixels],
        [channels * n5x5_reduce * pixels, n5x5_reduce * n5x5 * 25 * pixels],
        [channels * pool_proj * pixels],
    ]
    naive = [channels * n1x1, channels * n3x3 * 9, channels * n5x5 * 25, 0]
    return reduced, [products * pixels for products in naive]


def bars(axis):
    """Return start, length, colour and row of each bar."""
    return [(bar.get_x(), bar.get_width(), color(bar), bar.get_y() + 0.18) for bar in axis.patches]


@pytest.mark.parametrize(
    ("channels", "size", "widths"),
    [(CHANNELS, SIZE, WIDTHS), (192, 28, TABLE_1["3a"]), (7, 3, (1, 2, 3, 4, 5, 6))],
)
def test_bars_are_the_products(channels, size, widths):
    (axis,) = branch_bars(channels, size, widths).figure.axes
    reduced, naive = by_hand(channels, size, widths)
    expected = []
    for row, (parts, whole) in enumerate(zip(reduced, naive, strict=True)):
        start = 0
        for number, part in enumerate(parts, start=1):
            shade = BLUE if number == len(parts) else SKY
            expected.append((pytest.approx(start), pytest.approx(part), shade, row - 0.2))
            start += part
        expected.append((0, pytest.approx(whole), GREY, row + 0.2))
    found = bars(axis)
    assert [bar[:3] for bar in found] == [bar[:3] for bar in expected]
    assert [bar[3] for bar in found] == pytest.approx([bar[3] for bar in expected])


def test_ends_of_bars_are_written_at_them():
    (axis,) = branch_bars(CHANNELS, SIZE, WIDTHS).figure.axes
    reduced, naive = by_hand(CHANNELS, SIZE, WIDTHS)
    lengths = [length for pair in zip(map(sum, reduced), naive, strict=True) for length in pair]
    assert [text.get_text() for text in axis.texts] == [f"{length:.1f}" for length in lengths]
    assert [text.xy[0] for text in axis.texts] == pytest.approx(lengths)
    rows = [row + shift for row in range(4) for shift in (-0.2, 0.2)]
    assert [text.xy[1] for text in axis.texts] == pytest.approx(rows)
    assert axis.get_xlim()[1] > max(lengths)
    assert set(labels(axis)) >= {"112.9", "5.3"}  # what the 5x5 branch saves


def test_rows_have_names_units_and_a_key():
    figure = branch_bars(CHANNELS, SIZE, WIDTHS).figure
    (axis,) = figure.axes
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ROWS
    bottom, top = axis.get_ylim()
    assert bottom > top
    assert axis.get_title() == "480 channels of 14 x 14 pixels"
    assert {text: color(patch) for text, patch in key(*figure.legends).items()} == {
        "Inception, 1x1 reduction": SKY,
        "Inception, the branch's own convolution": BLUE,
        "naive module": GREY,
    }


def test_data_line_has_totals_branches_and_channels():
    picture = branch_bars(CHANNELS, SIZE, WIDTHS)
    reduced, naive = by_hand(CHANNELS, SIZE, WIDTHS)
    sums = [sum(parts) for parts in reduced]
    expected = [f"{number:.1f}" for number in [sum(sums), *sums, sum(naive), *naive]]
    assert numbers(picture.data) == numbers(picture.alt) == expected
    inception, module = picture.data.split("; ")
    assert "480 x 14 x 14" in inception and "512 channels out" in inception
    assert module.startswith("naive") and f"{192 + 208 + 48 + 480} channels out" in module
    changed = branch_bars(CHANNELS, SIZE, (*WIDTHS[:5], 128))
    assert "576 channels out" in changed.data and changed.data.split("; ")[1] == module


@pytest.mark.parametrize(
    ("channels", "widths"), [(192, (64, 96)), (192, (64, 96, 128, 0, 32, 32)), (0, WIDTHS)]
)
def test_numbers_that_make_no_module_are_refused(channels, widths):
    with pytest.raises(ValueError, match="take six widths"):
        branch_bars(channels, 28, widths)
