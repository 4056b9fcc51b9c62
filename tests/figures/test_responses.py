"""The responses' picture draws every point of Figure 7's data, read here once more, and ours."""

import csv
from pathlib import Path

import pytest
from matplotlib.colors import to_hex

from seminar_utils.figures import layer_responses
from tests.figures import GREEN, color, labels, points

FILE = Path(__file__).parents[2] / "data" / "paper" / "resnet_layer_responses.csv"
NETS = ("plain-20", "plain-56", "ResNet-20", "ResNet-56", "ResNet-110")
OURS = {
    net: {f"bn{n}": 1 + 0.01 * number + 3 / n for n in range(1, 6 + number)}
    for number, net in enumerate(("ResNet-56", "plain-20", "plain-56"))
}
PICTURE = layer_responses(OURS)


def published(net):
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            (int(row["layer_index"]), float(row["response_std"]))
            for row in csv.DictReader(file)
            if f"{row['network']}-{row['depth']}" == net.lower()
        ]


def by_name(axis):
    return {line.get_label(): line for line in axis.lines if line.get_label()[0] != "_"}


def test_left_is_figure_7_point_by_point():
    drawn = by_name(PICTURE.figure.axes[0])
    assert tuple(drawn) == NETS
    for net, line in drawn.items():
        assert points(line) == published(net)


def test_right_is_ours_layer_by_layer_from_1():
    drawn = by_name(PICTURE.figure.axes[1])
    assert list(drawn) == list(OURS)
    for net, line in drawn.items():
        assert points(line) == list(enumerate(OURS[net].values(), start=1))


def test_a_net_looks_the_same_on_both_sides_and_like_no_other():
    left, right = (by_name(axis) for axis in PICTURE.figure.axes)

    def look(line):
        return color(line), line.get_linestyle(), line.get_linewidth()

    for net, line in right.items():
        assert look(line) == look(left[net])
    assert len({look(line) for line in left.values()}) == len(NETS)
    for net, line in left.items():
        assert (color(line) == GREEN) == net.startswith("ResNet")
    assert len({color(line) for line in left.values()}) == 2


def test_legends_name_the_lines():
    for axis in PICTURE.figure.axes:
        legend = axis.get_legend()
        for text, line in zip(legend.get_texts(), legend.get_lines(), strict=True):
            assert to_hex(line.get_color()) == color(by_name(axis)[text.get_text()])


def test_the_papers_frame_is_drawn_where_its_points_end():
    left, right = PICTURE.figure.axes
    (frame,) = set(left.lines) - set(by_name(left).values())
    (height,) = set(frame.get_ydata())
    assert height == pytest.approx(max(y for net in NETS for _, y in published(net)), abs=0.02)
    assert "the paper's frame ends here" in labels(left) and len(right.lines) == len(OURS)


def test_another_net_is_refused():
    with pytest.raises(ValueError, match=r"'plain-32' is not a net of Figure 7.*'ResNet-110'"):
        layer_responses({"plain-32": {"bn1": 1.0}})
