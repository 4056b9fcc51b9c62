"""Correlation against distance draws the numbers it is given."""

import pytest

from seminar_utils.figures.layers import correlation_by_distance
from tests.figures import color, numbers, points

VALUES = {
    "images": [1.0, 0.91, 0.83, 0.74, 0.66, 0.57, 0.49, 0.38, 0.27, 0.16, 0.05],
    "conv1": [1.0, 0.81, 0.63, 0.54, 0.46, 0.37, 0.29, 0.18, 0.13, 0.12, 0.11],
    "noise": [1.0, *[0.01 * n for n in range(10)]],
}


def test_every_label_has_its_line():
    (axis,) = correlation_by_distance(VALUES).figure.axes
    legend = axis.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == list(VALUES)
    for line, key, values in zip(axis.lines, legend.get_lines(), VALUES.values(), strict=True):
        assert points(line) == list(enumerate(values))
        assert (color(key), key.get_marker()) == (color(line), line.get_marker())
    assert len({color(line) for line in axis.lines}) == 3
    assert len({line.get_marker() for line in axis.lines}) == 3


def test_data_line_and_alt_text_have_near_middle_and_far():
    picture = correlation_by_distance(VALUES)
    assert picture.data == (
        "Mean |correlation| at 1, 5, 10 pixels: images 0.91, 0.57, 0.05; conv1 0.81, 0.37, 0.11; "
        "noise 0.00, 0.04, 0.09"
    )
    assert picture.data in picture.alt and numbers(picture.alt) == numbers(picture.data)
    changed = correlation_by_distance({**VALUES, "noise": [1.0, *[0.5] * 10]})
    assert changed.data.endswith("noise 0.50, 0.50, 0.50")


def test_short_series_are_drawn_to_their_end():
    picture = correlation_by_distance({"few": [1.0, 0.4, 0.3]})
    assert picture.data == "Mean |correlation| at 1, 2 pixels: few 0.40, 0.30"


@pytest.mark.parametrize("values", [{"a": [1.0]}, {"a": [1, 0.5], "b": [1, 0.5, 0.2]}, {}])
def test_series_that_cannot_be_compared_are_refused(values):
    with pytest.raises(ValueError, match="each label the same number, two at least"):
        correlation_by_distance(values)
