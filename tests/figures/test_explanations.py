"""The pictures of rival explanations draw the numbers they are given."""

import pytest

from seminar_utils.figures import condition_numbers, errors_without_blocks, gradient_similarity
from tests import refused
from tests.figures import BLACK, GREEN, GREY, color, labels, named, numbers, points

WHOLE = {"plain-14": 20.5, "ResNet-14": 15.0, "plain-8": 17.0, "ResNet-8": 16.0}
WITHOUT = {
    "plain-14": {"stages.0.0": 80.5, "stages.0.1": 81.0, "stages.1.1": 82.0, "stages.2.1": 83.25},
    "ResNet-14": {f"stages.{n // 2}.{n % 2}": 30.0 + n for n in range(6)},
    "plain-8": {"stages.0.0": 91.0},
    "ResNet-8": {"stages.0.0": 64.0, "stages.1.0": 67.0, "stages.2.0": 68.0},
}


def test_each_block_stands_where_it_stands_in_the_net():
    """The plain net's blocks that cannot be left out leave a gap."""
    shallow, deep = errors_without_blocks(WHOLE, WITHOUT).figure.axes
    assert (shallow.get_title("left"), deep.get_title("left")) == ("8 layers", "14 layers")
    assert points(named(deep)["plain-14"]) == [(1, 80.5), (2, 81), (4, 82), (6, 83.25)]
    assert points(named(deep)["ResNet-14"]) == [(n + 1, 30 + n) for n in range(6)]
    assert points(named(shallow)["plain-8"]) == [(1, 91)]
    assert points(named(shallow)["ResNet-8"]) == [(1, 64), (2, 67), (3, 68)]


def test_whole_nets_are_dashed_lines_in_their_colour_and_guessing_is_dotted():
    for axis, depth in zip(errors_without_blocks(WHOLE, WITHOUT).figure.axes, (8, 14), strict=True):
        level = {
            (line.get_linestyle(), color(line)): line.get_ydata()[0]
            for line in axis.lines
            if line.get_linestyle() != "None" and line.get_label().startswith("_")
        }
        assert level == {
            ("--", GREY): WHOLE[f"plain-{depth}"],
            ("--", GREEN): WHOLE[f"ResNet-{depth}"],
            (":", BLACK): 90,
        }
        dots = named(axis)
        assert color(dots[f"plain-{depth}"]) == GREY and color(dots[f"ResNet-{depth}"]) == GREEN
        assert axis.get_ylim()[0] == 0 and axis.get_ylim()[1] > 100


DISTANCES = [0.1, 1, 10]
CURVES = {
    "at the start": {"plain-8": [0.9, 0.8, 0.5], "plain-56": [0.1, 0.01, 0.0]},
    "trained": {"ResNet-8": [0.99, 0.97, 0.9], "ResNet-56": [0.98, 0.96, 0.8]},
}


def test_every_curve_is_drawn_in_its_panel():
    picture = gradient_similarity(DISTANCES, CURVES)
    for axis, (title, curves) in zip(picture.figure.axes, CURVES.items(), strict=True):
        assert axis.get_title() == title and list(axis.get_xticks()) == DISTANCES
        assert {net: points(line) for net, line in named(axis).items()} == {
            net: list(zip(DISTANCES, values, strict=True)) for net, values in curves.items()
        }
        assert {color(o) for o in axis.lines} == {GREY if title == "at the start" else GREEN}
    assert numbers(picture.data) == ["0.80", "0.01", "0.97", "0.96"]  # at the middle distance


def test_kinds_of_one_depth_share_the_style_of_their_line():
    curves = {net: [0.9, 0.8, 0.7] for net in ("ResNet-56", "plain-8", "plain-56", "ResNet-8")}
    (axis,) = gradient_similarity(DISTANCES, {"trained": curves}).figure.axes
    styles = {net: line.get_linestyle() for net, line in named(axis).items()}
    assert styles == {"plain-8": "-", "ResNet-8": "-", "plain-56": "--", "ResNet-56": "--"}


CONDITIONS = {
    "at the start": {"ResNet-56": 6.14, "plain-56": 19.9, "plain-8": 4.6},
    "trained": {"plain-8": 29.8, "plain-56": 1.745e8, "plain-32": 11_384, "ResNet-8": 23.6},
}


def test_every_condition_number_is_a_point_with_its_number():
    axes = condition_numbers(CONDITIONS).figure.axes
    for axis, (title, values) in zip(axes, CONDITIONS.items(), strict=True):
        lines = named(axis)
        for kind, shade in (("plain", GREY), ("ResNet", GREEN)):
            expected = {(int(n.split("-")[1]), v) for n, v in values.items() if kind in n}
            assert set(points(lines[kind])) == expected and color(lines[kind]) == shade
        assert axis.get_title() == title and len(axis.texts) == len(values)
        assert all(list(line.get_xdata()) == sorted(line.get_xdata()) for line in axis.lines)
    written = labels(axes[1])
    assert set(written) == {"30", "11,000", "1.7e+08", "24"}
    assert color(written["24"]) == GREEN and color(written["11,000"]) == GREY
    assert written["11,000"].xy == (32, 11_384)


@pytest.mark.parametrize("net", ["VGG-16", "plain", "ResNet-"])
def test_other_nets_are_refused(net):
    message = f"net '{net}' cannot be drawn"
    refused(
        (lambda: errors_without_blocks({net: 10}, {net: {"stages.0.0": 20}}), message),
        (lambda: gradient_similarity([1, 2], {"start": {net: [1, 1]}}), message),
        (lambda: condition_numbers({"start": {net: 3}}), message),
    )
