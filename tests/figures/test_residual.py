"""The pictures of one block draw the numbers they are given."""

import numpy as np
import pytest
import torch

from seminar_utils.figures import distance_to_identity, zero_padding
from seminar_utils.models.resnet import ZeroPadShortcut
from tests.figures import GREEN, color, numbers, points, words

SCALES, PLAIN, RESIDUAL = [0.0, 0.5, 2.0], [1.07, 0.91, 1.33], [0.04, 0.22, 0.85]


def test_both_distances_are_drawn():
    (axis,) = distance_to_identity(SCALES, PLAIN, RESIDUAL).figure.axes
    plain, residual = axis.lines
    assert points(plain) == list(zip(SCALES, PLAIN, strict=True))
    assert points(residual) == list(zip(SCALES, RESIDUAL, strict=True))
    assert color(residual) == GREEN != color(plain)
    legend = axis.get_legend()
    shades = {
        text.get_text(): color(line)
        for text, line in zip(legend.get_texts(), legend.get_lines(), strict=True)
    }
    assert shades == {
        "plain: relu(F(x))": color(plain),
        "residual: relu(F(x) + x)": color(residual),
    }


def test_distance_axes_say_what_they_measure():
    (axis,) = distance_to_identity(SCALES, PLAIN, RESIDUAL).figure.axes
    assert axis.get_xlabel() == "scale of F (weight of its last batch norm)"
    assert axis.get_ylabel() == "distance to x, as a share of x"
    low, high = axis.get_ylim()
    assert low == 0 and high > max(PLAIN)


def test_distance_data_line_and_alt_text_say_the_ends():
    picture = distance_to_identity(SCALES, PLAIN, RESIDUAL)
    assert picture.data == (
        "distance at scale 0: plain 1.07, residual 0.04; at scale 2: plain 1.33, residual 0.85"
    )
    assert numbers(picture.alt) == ["0.04", "1.07"]


def test_another_distance_changes_line_and_data():
    picture = distance_to_identity(SCALES, [*PLAIN[:-1], 1.72], RESIDUAL)
    assert points(picture.figure.axes[0].lines[0])[-1] == (2.0, 1.72)
    assert "1.72" in picture.data and "1.33" not in picture.data


BEFORE = torch.arange(2 * 6 * 4).reshape(2, 6, 4) / 10
AFTER = ZeroPadShortcut(extra_channels=3, stride=2)(BEFORE[None])[0]


def images(picture):
    """Return the drawn image of each axis, None where there is none."""
    drawn = [axis.get_images() for axis in picture.figure.axes]
    assert all(len(found) <= 1 for found in drawn)
    return [found[0] if found else None for found in drawn]


def test_all_channels_are_drawn_before_above_after_below():
    drawn = images(zero_padding(BEFORE, AFTER))
    above, below = drawn[:5], drawn[5:]
    assert above[2:] == [None] * 3
    for image, channel in zip([*above[:2], *below], [*BEFORE, *AFTER], strict=True):
        assert np.array_equal(image.get_array(), channel.numpy())


def test_all_channels_share_one_scale_of_grey():
    """A channel of zeros is black, whatever stands beside it."""
    for image in images(zero_padding(BEFORE, AFTER)):
        if image is not None:
            assert image.get_clim() == (0, pytest.approx(float(BEFORE.max())))
            assert image.get_cmap().name == "gray"


def test_channels_are_numbered():
    titles = words(zero_padding(BEFORE, AFTER))
    assert titles == ["x[0]", "x[1]", *(f"out[{number}]" for number in range(5))]


def test_padding_data_line_and_alt_text_say_the_shapes():
    picture = zero_padding(BEFORE, AFTER)
    assert picture.data == ("(2, 6, 4) -> (5, 3, 2): every second pixel, 3 channels of zeros")
    assert "2 channels of 6 x 4 pixels" in picture.alt
    assert "at 3 x 2 and 3 black channels" in picture.alt


def test_other_pixels_change_the_picture():
    changed = AFTER.clone()
    changed[4, 0, 0] = 1.5
    drawn = images(zero_padding(BEFORE, changed))
    assert drawn[-1].get_array()[0, 0] == 1.5
    assert zero_padding(BEFORE, AFTER[:4]).data.startswith("(2, 6, 4) -> (4, 3, 2)")
