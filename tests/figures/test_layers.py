"""What is measured layer by layer is drawn as it is given, and Figure 7 as its CSV file has it."""

import csv
from pathlib import Path

import pytest

from seminar_utils.figures import correlation_by_distance, layer_responses, receptive_fields
from tests.figures import named, points

FILE = Path(__file__).parents[2] / "data" / "paper" / "resnet_layer_responses.csv"
NETS = ("plain-20", "plain-56", "ResNet-20", "ResNet-56", "ResNet-110")


def test_a_net_that_sees_less_than_the_image_is_said_to():
    assert receptive_fields({"narrow": {"conv1": 3, "conv2": 5}}, image=13).data.endswith(
        "narrow 5 after 2 layers, never 13"
    )


def test_left_is_every_point_of_figure_7_and_the_papers_frame_above_them():
    left, right = layer_responses({"plain-20": {"bn1": 1.0, "bn2": 1.5}}).figure.axes
    drawn = {net: points(line) for net, line in named(left).items()}
    rows = csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())
    published = {net: [] for net in NETS}
    for row in rows:
        net = f"{row['network']}-{row['depth']}".replace("resnet", "ResNet")
        published[net].append((int(row["layer_index"]), float(row["response_std"])))
    assert drawn == published
    assert points(named(right)["plain-20"]) == [(1, 1.0), (2, 1.5)]
    (frame,) = set(left.lines) - set(named(left).values())
    highest = max(y for those in published.values() for _, y in those)
    assert frame.get_ydata()[0] == pytest.approx(highest, abs=0.02)


def test_a_net_that_figure_7_has_not_is_refused():
    with pytest.raises(ValueError, match=r"'plain-32' is not a net of Figure 7.*'ResNet-110'"):
        layer_responses({"plain-32": {"bn1": 1.0}})


def test_few_distances_are_said_each():
    picture = correlation_by_distance({"few": [1.0, 0.4, 0.3]})
    assert picture.data == "Mean |correlation| at 1, 2 pixels: few 0.40, 0.30"


@pytest.mark.parametrize("values", [{"a": [1.0]}, {"a": [1, 0.5], "b": [1, 0.5, 0.2]}, {}])
def test_series_that_cannot_be_compared_are_refused(values):
    with pytest.raises(ValueError, match="each label the same number, two at least"):
        correlation_by_distance(values)
