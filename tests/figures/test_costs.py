"""Pictures of costs draw the numbers they are given."""

import pytest
import torch
from torch import nn

from seminar_utils.figures.costs import error_against_cost, growth, savings
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import TORCHVISION, GoogLeNet
from tests.figures import BLUE, ORANGE, color, key, labels, points

NETS = [("AlexNet", 724e6, 16.4), ("VGG-16", 15.47e9, 7.3), ("GoogLeNet", 1.58e9, 6.67)]


def test_every_net_is_a_dot_with_its_name():
    (axis,) = error_against_cost(NETS).figure.axes
    (dots,) = axis.collections
    expected = [(cost / 1e9, error) for _, cost, error in NETS]
    assert [tuple(dot) for dot in dots.get_offsets()] == expected
    assert {name: labels(axis)[name].xy for name, _, _ in NETS} == {
        name: pytest.approx(dot) for (name, _, _), dot in zip(NETS, expected, strict=True)
    }


def test_error_data_line_and_alt_text_say_the_numbers():
    alt = error_against_cost(NETS).alt
    assert "The cheapest is AlexNet, the smallest error has GoogLeNet." in alt
    other = error_against_cost([("A", 2e9, 3.0), ("B", 1e9, 4.0)])
    assert "cheapest is B, the smallest error has A" in other.alt


FACTORS, DEEPER, WIDER = (1, 2, 4, 8), [10, 21, 43, 87], [10, 38, 148, 584]


def test_growth_is_a_straight_line_with_depth_and_a_parabola_with_width():
    picture = growth(FACTORS, DEEPER, WIDER)
    (axis,) = picture.figure.axes
    straight, deeper, parabola, wider = axis.lines
    assert points(deeper) == list(zip(FACTORS, [1, 2.1, 4.3, 8.7], strict=True))
    assert points(wider) == list(zip(FACTORS, [1, 3.8, 14.8, 58.4], strict=True))
    assert deeper.get_marker() == wider.get_marker() == "o"
    assert all(y == pytest.approx(1.1 * n - 0.1) for n, y in points(straight))
    assert all(y == pytest.approx(0.9 * n**2 + 0.1 * n) for n, y in points(parabola))
    assert len(points(parabola)) > 100  # smooth
    assert [color(line) for line in axis.lines] == [BLUE, BLUE, ORANGE, ORANGE]
    assert "up to 8.7 at n = 8" in picture.alt and "parabola up to 58.4" in picture.alt


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
    groups = key(*picture.figure.legends)
    bars = picture.figure.axes[panel].containers
    return {
        group: [(bar.get_x(), bar.get_width()) for bar in container]
        for group, container in zip(groups, bars, strict=True)
    }


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


def large_tables():
    with torch.device("meta"):
        nets = {"paper": GoogLeNet(), "torchvision": GoogLeNet(variant=TORCHVISION)}
    return {name: layer_table(net, (3, 224, 224)) for name, net in nets.items()}


def test_totals_stand_at_the_ends_of_the_bars():
    """What no group holds would be missing here: batch norm is a group of its own."""
    found = large_tables()
    parameters, multiply_adds = savings(found).figure.axes
    for axis, attribute, unit in (
        (parameters, "parameters", 1e6),
        (multiply_adds, "multiply_adds", 1e9),
    ):
        totals = [getattr(table, attribute) / unit for table in found.values()]
        ends = [(text.get_position(), text.get_text()) for text in axis.texts]
        ends = [(place, text) for place, text in ends if "%" not in text]
        for row, (total, (place, text)) in enumerate(zip(totals, ends, strict=True)):
            assert place == pytest.approx((total, row))
            assert text.strip() == f"{total:.1f}"
        assert axis.get_xlim()[1] > 1.1 * max(totals)


def test_a_group_that_no_net_has_is_not_in_the_legend():
    found = large_tables()
    del found["torchvision"]  # the only one with batch norm
    (legend,) = savings(found).figure.legends
    assert list(key(legend)) == ["linear layers", "1x1 convolutions", "other convolutions"]
