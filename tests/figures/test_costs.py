"""Pictures of costs draw the numbers they are given."""

import numpy as np
import pytest
from torch import nn

from seminar_utils.figures.costs import error_against_cost, growth, savings
from seminar_utils.measures.layer_table import layer_table


def test_growth_is_a_straight_line_with_depth_and_a_parabola_with_width():
    """Numbers of no polynomial: only a straight line and a parabola go close by all of them."""
    (axis,) = growth((1, 2, 4, 8), [10, 22, 43, 87], [10, 40, 148, 584]).figure.axes
    for line, degree in ((axis.lines[0], 1), (axis.lines[2], 2)):
        smooth = line.get_ydata()
        assert len(smooth) > 100 and np.diff(smooth, n=degree + 1) == pytest.approx(0, abs=1e-9)
        assert max(np.abs(np.diff(smooth, n=degree))) > 1e-3


def toy(hidden):
    """Return a net with known costs in all four groups."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, bias=False),  # 216 parameters, 100 times as many products
        nn.BatchNorm2d(8),  # 16
        nn.Conv2d(8, 4, 1, bias=False),  # 32, 100 times as many
        nn.Conv2d(4, 4, (1, 7), padding=(0, 3), bias=False),  # 112, 100 times as many
        nn.Flatten(),
        nn.Linear(400, hidden, bias=False),  # 400 a unit
    )


def tables(*hidden):
    return {f"toy-{n}": layer_table(toy(n), (3, 10, 10)) for n in hidden}


def drawn(picture, panel):
    """Return {group: [(left, width) of each net]} in the order of the legend."""
    groups = legend(picture)
    bars = picture.figure.axes[panel].containers
    return {
        group: [(bar.get_x(), bar.get_width()) for bar in container]
        for group, container in zip(groups, bars, strict=True)
    }


def legend(picture):
    return [text.get_text() for text in picture.figure.legends[0].get_texts()]


def test_parameters_are_stacked_by_kind_on_one_scale_for_all_nets():
    found = drawn(savings(tables(10, 20)), 0)
    first = {group: pairs[0] for group, pairs in found.items()}
    counts = {
        "linear layers": 4000,
        "1x1 convolutions": 32,
        "other convolutions": 328,
        "other layers": 16,
    }
    assert list(first) == list(counts)
    left = 0.0
    for group, parameters in counts.items():
        assert first[group] == pytest.approx((left, parameters / 1e6))
        left += parameters / 1e6
    assert found["linear layers"][1] == pytest.approx((0, 8000 / 1e6))


def test_multiply_adds_are_stacked_by_kind_and_a_part_with_room_has_its_share_written():
    picture = savings(tables(10))
    widths = {group: pairs[0][1] for group, pairs in drawn(picture, 1).items()}
    counts = {
        "linear layers": 4000,
        "1x1 convolutions": 3200,
        "other convolutions": 32800,
        "other layers": 0,
    }
    assert widths == pytest.approx({group: n / 1e9 for group, n in counts.items()})
    written = [text.get_text() for text in picture.figure.axes[1].texts]
    assert written == ["10 %", "82 %", " 0.0"]
    written = [text.get_text() for text in picture.figure.axes[0].texts]
    assert written == ["91 %", " 0.0"]


def test_the_cheapest_net_and_the_best_are_named():
    alt = error_against_cost([("A", 2e9, 3.0), ("B", 1e9, 4.0)]).alt
    assert "cheapest is B, the smallest error has A" in alt


def test_a_group_that_no_net_has_is_not_in_the_legend():
    picture = savings({"toy": layer_table(toy(10)[3:], (4, 10, 10))})
    assert legend(picture) == ["linear layers", "other convolutions"]
