"""What is measured layer by layer is drawn as it is given, and Figure 7 as its CSV file has it."""

import csv
from pathlib import Path

import pytest

from seminar_utils.figures import (
    correlation_by_distance,
    distance_to_identity,
    layer_responses,
    receptive_fields,
)
from tests.figures import GREEN, GREY, color, key, labels, named, numbers, points

FIELDS = {
    "small": {"conv1": 7, "maxpool": 11, "conv2": 19},
    "deep": {"conv1": 3, "conv2": 5, "conv3": 9, "conv4": 13, "conv5": 21},
    "narrow": {"conv1": 3, "conv2": 5},
}


def test_every_receptive_field_is_a_line_with_its_name_at_the_end():
    picture = receptive_fields(FIELDS, image=13)
    (axis,) = picture.figure.axes
    *nets, image = axis.lines
    for (name, fields), line in zip(FIELDS.items(), nets, strict=True):
        assert points(line) == list(enumerate(fields.values(), start=1))
        label = labels(axis)[name]
        assert label.xy == points(line)[-1] and color(label) == color(line)
    assert len({color(line) for line in axis.lines}) == 4
    assert set(image.get_ydata()) == {13} and image.get_linestyle() == "--"
    assert labels(axis)["image: 13"].get_position()[1] == 13
    assert picture.data == (
        "Receptive field (pixels across): small 19 after 3 layers, the image's 13 from layer 3; "
        "deep 21 after 5 layers, the image's 13 from layer 4; narrow 5 after 2 layers, never 13"
    )


FILE = Path(__file__).parents[2] / "data" / "paper" / "resnet_layer_responses.csv"
NETS = ("plain-20", "plain-56", "ResNet-20", "ResNet-56", "ResNet-110")
OURS = {
    net: {f"bn{n}": 1 + 0.01 * number + 3 / n for n in range(1, 6 + number)}
    for number, net in enumerate(("ResNet-56", "plain-20", "plain-56"))
}
RESPONSES = layer_responses(OURS)


def published(net):
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            (int(row["layer_index"]), float(row["response_std"]))
            for row in csv.DictReader(file)
            if f"{row['network']}-{row['depth']}" == net.lower()
        ]


def test_left_is_figure_7_and_right_are_ours_point_by_point():
    ours = {net: list(enumerate(layers.values(), start=1)) for net, layers in OURS.items()}
    expected = {net: published(net) for net in NETS}, ours
    for axis, nets in zip(RESPONSES.figure.axes, expected, strict=True):
        assert {net: points(line) for net, line in named(axis).items()} == nets
        found = key(axis.get_legend())
        assert {net: color(line) for net, line in found.items()} == {
            net: color(line) for net, line in named(axis).items()
        }


def test_the_papers_frame_is_drawn_where_its_points_end():
    left, right = RESPONSES.figure.axes
    (frame,) = set(left.lines) - set(named(left).values())
    (height,) = set(frame.get_ydata())
    assert height == pytest.approx(max(y for net in NETS for _, y in published(net)), abs=0.02)
    assert "the paper's frame ends here" in labels(left) and len(right.lines) == len(OURS)


def test_a_net_that_figure_7_has_not_is_refused():
    with pytest.raises(ValueError, match=r"'plain-32' is not a net of Figure 7.*'ResNet-110'"):
        layer_responses({"plain-32": {"bn1": 1.0}})


CORRELATIONS = {
    "images": [1.0, 0.91, 0.83, 0.74, 0.66, 0.57, 0.49, 0.38, 0.27, 0.16, 0.05],
    "conv1": [1.0, 0.81, 0.63, 0.54, 0.46, 0.37, 0.29, 0.18, 0.13, 0.12, 0.11],
    "noise": [1.0, *[0.01 * n for n in range(10)]],
}


def test_every_label_of_correlations_has_its_line():
    picture = correlation_by_distance(CORRELATIONS)
    (axis,) = picture.figure.axes
    assert {label: points(line) for label, line in named(axis).items()} == {
        label: list(enumerate(values)) for label, values in CORRELATIONS.items()
    }
    looks = [(color(line), line.get_marker()) for line in axis.lines]
    assert [len(set(each)) for each in zip(*looks, strict=True)] == [3, 3]
    short = correlation_by_distance({"few": [1.0, 0.4, 0.3]})
    assert short.data == "Mean |correlation| at 1, 2 pixels: few 0.40, 0.30"
    assert picture.data == (
        "Mean |correlation| at 1, 5, 10 pixels: images 0.91, 0.57, 0.05; conv1 0.81, 0.37, 0.11; "
        "noise 0.00, 0.04, 0.09"
    )


@pytest.mark.parametrize("values", [{"a": [1.0]}, {"a": [1, 0.5], "b": [1, 0.5, 0.2]}, {}])
def test_series_that_cannot_be_compared_are_refused(values):
    with pytest.raises(ValueError, match="each label the same number, two at least"):
        correlation_by_distance(values)


def test_both_distances_to_the_identity_are_drawn():
    scales, plain, residual = [0.0, 0.5, 2.0], [1.07, 0.91, 1.33], [0.04, 0.22, 0.85]
    picture = distance_to_identity(scales, plain, residual)
    drawn = {color(line): points(line) for line in picture.figure.axes[0].lines}
    known = {GREY: plain, GREEN: residual}
    assert drawn == {shade: list(zip(scales, d, strict=True)) for shade, d in known.items()}
    assert numbers(picture.data) == ["1.07", "0.04", "1.33", "0.85"]
    assert numbers(picture.alt) == ["0.04", "1.07"]
