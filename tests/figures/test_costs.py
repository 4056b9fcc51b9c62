"""Pictures of costs draw the numbers they are given."""

from itertools import combinations

import pytest
import torch
from torch import nn

from seminar_utils.figures.costs import error_against_cost, growth, savings
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import TORCHVISION, GoogLeNet
from tests.figures import BLUE, ORANGE, color, key, labels, points, words

NETS = [("AlexNet", 724e6, 16.4), ("VGG-16", 15.47e9, 7.3), ("GoogLeNet", 1.58e9, 6.67)]
CROWD = [*NETS, *((f"ResNet-{n}", 3.6e9 + n * 1e6, 7 + n / 99) for n in (1, 2, 3, 4))]
CUT = [("a", 1e9, 5.0), ("a name too long for the right", 9e9, 5.0)]
COVERED = [("a name that would cover b", 1e9, 5.0), ("b", 1.7e9, 5.0), ("c", 20e9, 9.0)]


def names(axis):
    """Return the texts at the dots, by the dot that each belongs to."""
    return {text.xy: text for text in axis.texts if hasattr(text, "xy")}


def test_every_net_is_a_dot_with_its_name():
    (axis,) = error_against_cost(NETS).figure.axes
    (dots,) = axis.collections
    expected = [(cost / 1e9, error) for _, cost, error in NETS]
    assert [tuple(dot) for dot in dots.get_offsets()] == expected
    found = names(axis)
    assert [found[dot].get_text() for dot in expected] == [name for name, _, _ in NETS]
    assert axis.get_legend() is None


@pytest.mark.parametrize("nets", [NETS, CROWD, CUT, COVERED])
def test_names_cover_neither_each_other_nor_a_dot_and_none_is_cut(nets):
    figure = error_against_cost(nets).figure
    (axis,) = figure.axes
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axis.texts]
    dots = axis.transData.transform(axis.collections[0].get_offsets())
    assert len(boxes) == len(nets) + 1
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert not any(box.contains(*dot) for box in boxes for dot in dots)
    frame = figure.bbox
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in boxes)


def test_a_name_without_a_free_place_is_written_all_the_same():
    (axis,) = error_against_cost([(f"net {n}", 1e9, 5.0) for n in range(12)]).figure.axes
    assert {f"net {n}" for n in range(12)} <= set(labels(axis))


def test_cost_axis_holds_all_nets_and_has_numbers():
    (axis,) = error_against_cost(NETS).figure.axes
    assert axis.get_xlim()[0] < 0.724 and axis.get_xlim()[1] > 15.47
    assert axis.get_ylim()[0] == 0 and axis.get_ylim()[1] > 16.4
    assert {"1", "2", "5", "10"} <= {tick.get_text() for tick in axis.get_xticklabels()}


def test_error_data_line_and_alt_text_say_the_numbers():
    picture = error_against_cost(NETS)
    assert picture.data == (
        "multiply-adds (billions), top-5 error (%): "
        "AlexNet 0.72, 16.4; VGG-16 15.47, 7.3; GoogLeNet 1.58, 6.67"
    )
    assert "The cheapest is AlexNet, the smallest error has GoogLeNet." in picture.alt
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
    for dots, line, text, shade in (
        (deeper, straight, "n times as many layers: 8.7", BLUE),
        (wider, parabola, "n times as many filters: 58.4", ORANGE),
    ):
        label = labels(axis)[text]
        assert label.xy == points(dots)[-1]
        assert color(label) == color(line) == color(dots) == shade
    assert axis.get_ylim()[0] == 0 and axis.get_ylim()[1] > 58.4
    assert picture.data == (
        "times the multiply-adds for n = 1, 2, 4, 8: n times as many layers 1.0, 2.1, 4.3, 8.7; "
        "n times as many filters 1.0, 3.8, 14.8, 58.4"
    )
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


def test_parameters_are_stacked_by_kind():
    found = drawn(savings(tables(10, 20)), 0)
    first = {group: pairs[0] for group, pairs in found.items()}
    expected = {
        "linear layers": (0, 4000e-6),
        "1x1 convolutions": (4000e-6, 32e-6),
        "other convolutions": (4032e-6, 328e-6),
        "other layers": (4360e-6, 16e-6),
    }
    assert list(first) == list(expected)
    for group, pair in expected.items():
        assert first[group] == pytest.approx(pair)
    assert found["linear layers"][1] == pytest.approx((0, 8000e-6))


def test_multiply_adds_are_stacked_by_kind():
    found = drawn(savings(tables(10)), 1)
    widths = {group: pairs[0][1] * 1e9 for group, pairs in found.items()}
    assert widths == pytest.approx(
        {
            "linear layers": 4000,
            "1x1 convolutions": 3200,
            "other convolutions": 32800,
            "other layers": 0,
        }
    )


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
        for row, (total, (place, text)) in enumerate(zip(totals, ends, strict=True)):
            assert place == pytest.approx((total, row))
            assert text.strip() == f"{total:.1f}"
        assert axis.get_xlim()[1] > 1.1 * max(totals)


def test_a_group_that_no_net_has_is_not_in_the_legend():
    found = large_tables()
    del found["torchvision"]  # the only one with batch norm
    groups = drawn(savings(found), 0)
    assert list(groups) == ["linear layers", "1x1 convolutions", "other convolutions"]


def test_legend_and_bars_share_their_colours_and_no_two_groups_do():
    picture = savings(tables(10))
    (legend,) = picture.figure.legends
    shades = [color(patch) for patch in legend.get_patches()]
    assert len(set(shades)) == 4
    for axis in picture.figure.axes:
        assert [color(group[0]) for group in axis.containers] == shades


def test_savings_data_line_and_alt_text_say_totals_and_parts():
    found = large_tables()
    del found["torchvision"]
    picture = savings(found)
    assert picture.data == (
        "parameters (millions): paper 6.999 (linear layers 1.025, 1x1 convolutions 2.264, "
        "other convolutions 3.709) | multiply-adds (billions): paper 1.583 "
        "(linear layers 0.001, 1x1 convolutions 0.369, other convolutions 1.213)"
    )
    for line in picture.data.split(" | "):
        assert line in picture.alt
    assert not any("other layers" in text for text in words(picture))
