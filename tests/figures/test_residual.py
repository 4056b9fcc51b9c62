"""The pictures of residual blocks draw the numbers they are given."""

import numpy as np
import pytest
import torch
from seminar_utils.figures.residual import distance_to_identity, residual_shares, zero_padding

from seminar_utils.models.resnet import ZeroPadShortcut
from tests.figures import GREEN, color, images, key, numbers, points, words

SCALES, PLAIN, RESIDUAL = [0.0, 0.5, 2.0], [1.07, 0.91, 1.33], [0.04, 0.22, 0.85]


def test_both_distances_are_drawn():
    (axis,) = distance_to_identity(SCALES, PLAIN, RESIDUAL).figure.axes
    plain, residual = axis.lines
    assert points(plain) == list(zip(SCALES, PLAIN, strict=True))
    assert points(residual) == list(zip(SCALES, RESIDUAL, strict=True))
    assert color(residual) == GREEN != color(plain)
    assert {name: color(line) for name, line in key(axis.get_legend()).items()} == {
        "plain: relu(F(x))": color(plain),
        "residual: relu(F(x) + x)": color(residual),
    }


def test_distance_data_line_and_alt_text_say_the_ends():
    picture = distance_to_identity(SCALES, PLAIN, RESIDUAL)
    assert picture.data == (
        "distance at scale 0: plain 1.07, residual 0.04; at scale 2: plain 1.33, residual 0.85"
    )
    assert numbers(picture.alt) == ["0.04", "1.07"]


BEFORE = torch.arange(2 * 6 * 4).reshape(2, 6, 4) / 10
AFTER = ZeroPadShortcut(extra_channels=3, stride=2)(BEFORE[None])[0]


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


SHARES = {
    "ResNet-14": {"stages.0.0": 0.91, "stages.0.1": 0.72, "stages.1.0": 1.13, "stages.1.1": 0.34},
    "ResNet-8": {"stages.0.0": 1.25, "stages.1.0": 1.46},
}


def test_each_block_is_a_bar_in_its_stage():
    axes = residual_shares(SHARES).figure.axes
    assert [axis.get_title() for axis in axes] == list(SHARES)
    for axis, shares in zip(axes, SHARES.values(), strict=True):
        assert [bar.get_height() for bar in axis.patches] == list(shares.values())
        places = [bar.get_center()[0] for bar in axis.patches]
        assert places == sorted(set(places))
        stages = [name.rpartition(".")[0] for name in shares]
        for name, tick in zip(axis.get_xticklabels(), axis.get_xticks(), strict=True):
            own = [x for x, stage in zip(places, stages, strict=True) if stage == name.get_text()]
            assert tick == sum(own) / len(own)
        assert [name.get_text() for name in axis.get_xticklabels()] == ["stages.0", "stages.1"]
    first, second, third, fourth = (bar.get_center()[0] for bar in axes[0].patches)
    assert third - second > second - first == fourth - third


def test_blocks_where_the_size_changes_are_hatched():
    picture = residual_shares(SHARES)
    for axis, shares in zip(picture.figure.axes, SHARES.values(), strict=True):
        hatched = [bar.get_hatch() is not None for bar in axis.patches]
        assert hatched == [name == "stages.1.0" for name in shares]
    hatches = {text: patch.get_hatch() for text, patch in key(*picture.figure.legends).items()}
    assert hatches == {"same size": None, "size changes": "///"}


def test_shares_have_one_axis_from_zero_and_a_line_at_one():
    left, right = residual_shares(SHARES).figure.axes
    assert left.get_ylim() == right.get_ylim()
    assert left.get_ylim()[0] == 0 and left.get_ylim()[1] > 1.46
    for axis in (left, right):
        (line,) = axis.lines
        assert list(line.get_ydata()) == [1, 1]


def test_shares_data_line_and_alt_text():
    picture = residual_shares(SHARES)
    expected = (
        "ResNet-14: stages.0 0.91 0.72, stages.1 1.13 0.34; ResNet-8: stages.0 1.25, stages.1 1.46"
    )
    assert picture.data == f"|F(x)| / |x|, block by block: {expected}"
    assert expected in picture.alt
