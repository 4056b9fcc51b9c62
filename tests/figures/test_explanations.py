"""The pictures of rival explanations draw the numbers they are given."""

import pytest

from seminar_utils.figures import condition_numbers, errors_without_blocks, gradient_similarity
from tests import refused
from tests.figures import labels, named, points

WITHOUT = {
    "plain-14": {"stages.0.0": 80.5, "stages.0.1": 81.0, "stages.1.1": 82.0, "stages.2.1": 83.25},
    "ResNet-14": {f"stages.{n // 2}.{n % 2}": 30.0 + n for n in range(6)},
    "plain-8": {"stages.0.0": 91.0},
}


def test_each_block_stands_where_it_stands_in_the_net():
    """The plain net's blocks that cannot be left out leave a gap."""
    whole = dict.fromkeys(WITHOUT, 20)
    shallow, deep = errors_without_blocks(whole, WITHOUT).figure.axes
    assert (shallow.get_title("left"), deep.get_title("left")) == ("8 layers", "14 layers")
    assert points(named(deep)["plain-14"]) == [(1, 80.5), (2, 81), (4, 82), (6, 83.25)]
    assert points(named(deep)["ResNet-14"]) == [(n + 1, 30 + n) for n in range(6)]
    assert points(named(shallow)["plain-8"]) == [(1, 91)]


def test_condition_numbers_are_written_with_two_digits():
    numbers = {"plain-8": 29.8, "plain-32": 11_384, "ResNet-8": 1.745e8}
    (axis,) = condition_numbers({"trained": numbers}).figure.axes
    assert {text: label.xy for text, label in labels(axis).items()} == {
        "30": (8, 29.8),
        "11,000": (32, 11_384),
        "1.7e+08": (8, 1.745e8),
    }


@pytest.mark.parametrize("net", ["VGG-16", "plain", "ResNet-"])
def test_other_nets_are_refused(net):
    message = f"net '{net}' cannot be drawn"
    refused(
        (lambda: errors_without_blocks({net: 10}, {net: {"stages.0.0": 20}}), message),
        (lambda: gradient_similarity([1, 2], {"start": {net: [1, 1]}}), message),
        (lambda: condition_numbers({"start": {net: 3}}), message),
    )
