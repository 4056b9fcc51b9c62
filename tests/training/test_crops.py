"""Crops against slices written by hand, averages against numbers worked out by hand.

The pictures know their own places: channel 0 is the row of a pixel, channel 1 its column, channel 2
the number of the picture. A crop that equals a slice of such a picture lies where the slice lies.
"""

import pytest
import torch
from torch import nn

from seminar_utils.training.crops import (
    GOOGLENET_SCALES,
    Averaged,
    centre_crop,
    error_with_crops,
    googlenet_crops,
    ten_crops,
)
from tests import refused


def pictures(height, width, count=1):
    """Return (count, 3, height, width): row, column and number of the picture."""
    sides = [torch.arange(float(side)) for side in (count, height, width)]
    numbers, rows, columns = torch.meshgrid(*sides, indexing="ij")
    return torch.stack([rows, columns, numbers], dim=1)


def at(picture, top, left, size):
    return picture[..., top : top + size, left : left + size]


@pytest.mark.parametrize(
    ("height", "width", "size", "centre"),
    [
        (10, 14, 6, (2, 4)),
        (8, 8, 8, (0, 0)),
        (9, 12, 4, (2, 4)),  # a rest of 5 rows: 2.5 becomes 2
        (7, 13, 4, (2, 4)),  # a rest of 3 rows and 9 columns: 1.5 becomes 2, 4.5 becomes 4
        (5, 7, 4, (0, 2)),  # a rest of 1 row and 3 columns: 0.5 becomes 0, 1.5 becomes 2
    ],
)
def test_ten_crops_are_the_corners_the_centre_crop_and_their_mirror_images(
    height, width, size, centre
):
    images = pictures(height, width, count=2)
    crops = ten_crops(images, size)
    assert crops.shape == (2, 10, 3, size, size)
    bottom, right = height - size, width - size
    corners = [(0, 0), (0, right), (bottom, 0), (bottom, right), centre]
    for index, (top, left) in enumerate(corners):
        crop = at(images, top, left, size)
        assert torch.equal(crops[:, index], crop), index
        assert torch.equal(crops[:, index + 5], crop.flip(3)), index
    for crop, found in ((ten_crops, crops), (centre_crop, crops[:, 4:5])):
        assert torch.equal(crop(images, size), found)
        assert torch.equal(crop(images[1], size), found[1])


# Height and width, and the top left corners of the three squares of side 8.
SQUARES = [
    ((8, 14), [(0, 0), (0, 3), (0, 6)]),  # landscape: left, centre, right
    ((14, 8), [(0, 0), (3, 0), (6, 0)]),  # portrait: top, centre, bottom
    ((8, 13), [(0, 0), (0, 2), (0, 5)]),  # a rest of 5 columns: 2.5 becomes 2
    ((11, 8), [(0, 0), (2, 0), (3, 0)]),  # a rest of 3 rows: 1.5 becomes 2
    ((8, 8), [(0, 0), (0, 0), (0, 0)]),
]


@pytest.mark.parametrize(("sides", "squares"), SQUARES)
def test_the_36_crops_of_a_scale_lie_where_the_paper_says(sides, squares):
    """The shorter side is the scale already: nothing but the whole square is resized, if it is."""
    picture = pictures(*sides)[0]
    crops = googlenet_crops(picture, scales=(8,), size=5)
    assert crops.shape == (36, 3, 5, 5)
    by_square = crops.view(3, 2, 6, 3, 5, 5)  # square, mirrored or not, view
    views = [(0, 0), (0, 3), (3, 0), (3, 3), (2, 2)]  # of 5 x 5 in 8 x 8, a rest of 3
    whole = googlenet_crops(picture, scales=(8,), size=8).view(3, 2, 6, 3, 8, 8)[:, 0, 5]
    for (top, left), (plain, mirrored), square in zip(squares, by_square, whole, strict=True):
        for view, (down, across) in enumerate(views):
            assert torch.equal(plain[view], at(picture, top + down, left + across, 5))
        assert torch.equal(mirrored, plain.flip(3))
        assert torch.equal(square, at(picture, top, left, 8))


def test_the_whole_square_is_resized_to_the_size_of_a_crop():
    """Two pixels become one: away from the rim, pixel i of a ramp lies at 2 i + 0.5."""
    picture = pictures(16, 30)[0]
    views = googlenet_crops(picture, scales=(16,), size=8).view(3, 2, 6, 3, 8, 8)[:, 0, 5]
    expected = 2 * torch.arange(1.0, 7) + 0.5
    for view, left in zip(views, (0, 7, 14), strict=True):
        inner = view[:, 1:-1, 1:-1]
        assert torch.allclose(inner[0], expected.view(6, 1).expand(6, 6), atol=1e-5)
        assert torch.allclose(inner[1], left + expected.view(1, 6).expand(6, 6), atol=1e-5)


def test_scales_come_in_the_order_given_and_a_batch_has_the_crops_of_its_pictures():
    images = pictures(10, 15, count=2)
    crops = googlenet_crops(images, scales=(10, 8), size=5)
    assert crops.shape == (2, 72, 3, 5, 5)
    for image, own in zip(images, crops, strict=True):
        for scale, part in zip((10, 8), own.split(36), strict=True):
            assert torch.equal(googlenet_crops(image, scales=(scale,), size=5), part)


@pytest.mark.parametrize("sides", [(256, 300), (300, 256)])
def test_there_are_144_crops_of_224_pixels(sides):
    """Pixels of a centre crop of the central square stand for ever fewer pixels, to both sides."""
    assert GOOGLENET_SCALES == (256, 288, 320, 352)
    crops = googlenet_crops(pictures(*sides)[0])
    assert crops.shape == (144, 3, 224, 224)
    for axis in (0, 1):
        centres = crops[16::36, axis]  # 12 of the first square, then the fifth
        steps = [centre.diff(dim=axis).mean().item() for centre in centres]
        assert steps == pytest.approx([256 / scale for scale in GOOGLENET_SCALES], rel=0.01)


class Pixels(nn.Module):
    """The pixels are the logits; remembers how it was called."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def forward(self, x):
        self.calls.append((len(x), self.training, torch.is_inference_mode_enabled()))
        return x.flatten(1)


def test_each_crops_probabilities_are_averaged_in_parts_that_change_nothing(monkeypatch):
    """Softmax of (ln 3, 0) is (3/4, 1/4); of (0, 0) it is (1/2, 1/2). Of means: (0.634, 0.366)."""
    log3 = torch.tensor(3.0).log().item()
    logits = [[[log3, 0.0], [0.0, 0.0]], [[0.0, log3], [0.0, log3]]]
    crops = torch.tensor(logits)[:, :, None, None, :]  # (N, K, 1, 1, classes)
    for at_once, calls in ((4, [4]), (3, [3, 1])):
        monkeypatch.setattr("seminar_utils.training.crops.CROPS_AT_ONCE", at_once)
        model = Pixels()
        probabilities = Averaged(model)(crops).exp()
        assert torch.allclose(probabilities, torch.tensor([[5 / 8, 3 / 8], [1 / 4, 3 / 4]]))
        assert [count for count, *_ in model.calls] == calls


def test_the_most_probable_class_of_all_crops_counts():
    """The first of two crops says 0, the second more surely 1."""
    model, labels = Pixels(), torch.tensor([1])
    views = torch.tensor([[1.0, 0.0], [0.0, 3.0]]).view(1, 2, 1, 1, 2)
    score = error_with_crops(model, [(torch.zeros(1, 1, 1, 2), labels)], lambda _: views)
    assert score.error == 0 and model.calls == [(2, False, True)]


def test_mistakes_get_one_clear_sentence():
    refused(
        (lambda: ten_crops(pictures(6, 20), 7), "crop of 7 x 7 .* a picture of 6 x 20.* 1 to 6"),
        (lambda: centre_crop(pictures(20, 6), 7), "a picture of 20 x 6.* 1 to 6"),
        (lambda: centre_crop(pictures(6, 6), 0), "crop of 0 x 0"),
        (lambda: googlenet_crops(pictures(20, 20)[0], (12, 8), 9), "crop of 9 x 9 .* from 1 to 8"),
        (lambda: googlenet_crops(pictures(20, 20)[0], (12, 8), 0), "crop of 0 x 0 .* from 1 to 12"),
        (lambda: Averaged(Pixels())(ten_crops(pictures(6, 6)[0], 5)), r"10, 3, 5, 5\).*unsqueeze"),
        (lambda: error_with_crops(Pixels(), [], lambda images: images), "no batch to go through"),
    )
