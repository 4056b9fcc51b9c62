"""Class activation maps as they are drawn: each below its image, all on one scale."""

import pytest
import torch
from matplotlib.colors import to_hex

from seminar_utils.figures import activation_maps
from tests.figures import BLUE, ORANGE

IMAGES = {"boot": torch.zeros(1, 28, 28), "own": torch.ones(1, 40, 32)}
IMAGES["boot"][:, 14:] = 1
SCORES = torch.linspace(-4, 9, 98).view(2, 7, 7)


@pytest.fixture
def picture():
    return activation_maps(IMAGES, SCORES, ["Coat 5 %", "Coat 95 %"], limit=10.0)


def test_a_map_covers_its_image(picture):
    _, _, first, second, _ = picture.figure.axes
    assert first.images[0].get_extent() == [-0.5, 27.5, 27.5, -0.5]
    assert second.images[0].get_extent() == [-0.5, 31.5, 39.5, -0.5]


def test_all_maps_have_one_scale_from_blue_to_orange(picture):
    for axis in picture.figure.axes[2:4]:
        (drawn,) = axis.images
        assert [to_hex(drawn.to_rgba(score)) for score in (-10.0, 10.0)] == [BLUE, ORANGE]
        assert min(drawn.to_rgba(0.0)) > 0.99
        assert drawn.get_interpolation() == "nearest"  # every place is seen
    bar = picture.figure.axes[4]
    assert bar.get_ylabel() == "against ← score → for" and bar.get_ylim() == (-10, 10)
