"""The published numbers: tables, sums, layer lists."""

from itertools import pairwise

import pytest

from seminar_utils import paper
from tests import refused


def test_googlenet_table1():
    rows = paper.googlenet_table1()
    sums = {"depth": 22, "printed_ops": 1502}  # others: ``tests/measures/test_layer_table.py``
    sums |= {"computed_weights": 6_990_272, "computed_biases": 8_280}
    assert len(rows) == 19
    assert {name: sum(getattr(row, name) or 0 for row in rows) for name in sums} == sums
    assert sum(row.printed_params or 0 for row in rows) == pytest.approx(6797.7)
    first, pool, *_, linear, softmax = rows
    assert (first.type, first.patch_size, first.stride) == ("convolution", "7x7", 2)
    assert first.output_size == (112, 112, 64)
    assert (first.printed_params, first.printed_ops, first.computed_params) == (2.7, 34, 9472)
    assert (pool.type, pool.depth, pool.printed_params) == ("max pool", 0, None)
    assert pool.filters == (None,) * 6
    assert (linear.patch_size, linear.stride, linear.printed_params) == (None, None, 1000)
    assert softmax.output_size == (1, 1, 1000)


def test_googlenet_table3_last_difference_is_not_what_the_errors_give():
    base, *rows = paper.googlenet_table3()
    assert base.printed_difference is None and base.computed_difference is None
    costs = [(row.cost, row.models * row.crops) for row in (base, *rows)]
    assert costs == [(cost, cost) for cost in (1, 10, 144, 7, 70, 1008)]
    for row in rows:
        exact = row.printed_error_percent - base.printed_error_percent
        assert row.computed_difference == pytest.approx(exact)
    printed = [(row.printed_difference, row.computed_difference) for row in rows]
    assert [pair for pair in printed if pair[0] != pair[1]] == [(-3.45, -3.40)]


def test_resnet_table1():
    """``tests/measures`` compares the computed columns with nets that are counted."""
    columns = ("layers", "printed_flops", "shortcuts", "projections_in_b")
    rows = [tuple(getattr(row, name) for name in columns) for row in paper.resnet_table1()]
    assert rows == [
        (18, 1.8e9, 8, 3),
        (34, 3.6e9, 16, 3),
        (50, 3.8e9, 16, 4),
        (101, 7.6e9, 33, 4),
        (152, 11.3e9, 50, 4),
    ]


def test_other_tables():
    for number, rows, row, column, value in (
        (2, 2, "34 layers", "ResNet top-1 err.", 25.03),
        (3, 10, "GoogLeNet", "top-1 err.", None),
        (4, 10, "ResNet-152", "top-5 err.", 4.49),
        (5, 6, "ResNet (ILSVRC'15)", "top-5 err. (test)", 3.57),
        (6, 12, "ResNet-110", "error mean", 6.61),
    ):
        table = paper.resnet_table(number)
        assert len(table) == rows and table[row][column] == value


@pytest.mark.parametrize(
    ("network", "layers", "params", "macs"),
    [("AlexNet", 13, 60_965_224, 724_406_816), ("VGG-16", 21, 138_357_544, 15_470_264_320)],
)
def test_layer_lists_add_up_and_follow_from_their_own_columns(network, layers, params, macs):
    rows = paper.layer_list(network)
    assert len(rows) == layers
    assert sum(row.parameters for row in rows) == params
    assert sum(row.multiply_adds for row in rows) == macs
    for before, row in pairwise(rows):
        flat = before.out_channels * before.out_size**2 if row.kind == "linear" else None
        assert row.in_channels == (flat or before.out_channels)
        assert row.in_size == (1 if row.kind == "linear" else before.out_size)
    for row in rows:
        kernel, groups = row.kernel or 1, row.groups or 1
        if row.kind in ("convolution", "max pool"):
            steps = (row.in_size + 2 * row.padding - kernel) / row.stride
            assert row.out_size == steps + 1
        has_weights = row.kind in ("convolution", "linear")
        weights = has_weights * row.out_channels * row.in_channels // groups * kernel**2
        assert row.parameters == weights + has_weights * row.out_channels
        assert row.multiply_adds == weights * row.out_size**2


def test_unknown_names_get_one_sentence():
    refused(
        (lambda: paper.resnet_table(7), "7 is not a ResNet table .* choose one of 2, 3, 4, 5, 6"),
        (lambda: paper.layer_list("VGG"), "'VGG' is not a layer list .* 'AlexNet', 'VGG-16'"),
    )
