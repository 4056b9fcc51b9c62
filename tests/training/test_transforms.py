"""Augmentation: which pixels, how large, how likely. Chance is checked with many draws."""

import random
from collections import Counter

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms import v2

from seminar_utils.training import transforms
from seminar_utils.training.transforms import (
    EIGENVALUES,
    EIGENVECTORS,
    MEAN,
    STD,
    LightingNoise,
    googlenet_training,
    prepare_test,
    resnet_training,
)

TRAININGS = [resnet_training, googlenet_training]
EVERY = [*TRAININGS, prepare_test]


def step(pipeline, kind):
    """Return the one step of this kind."""
    (found,) = [part for part in pipeline.transforms if isinstance(part, kind)]
    return found


def pixels(output):
    """Undo the normalisation by hand: back to 0 to 255."""
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, STD))
    return 255 * (output * std + mean)


def noise_picture(height=300, width=340):
    return torch.randint(0, 256, (3, height, width), dtype=torch.uint8)


def index_picture(height=256, width=256):
    """Each pixel knows its place: row in the first channel, column in the second."""
    rows = torch.arange(height).view(-1, 1).expand(height, width)
    columns = torch.arange(width).view(1, -1).expand(height, width)
    return torch.stack([rows, columns, torch.zeros_like(rows)]).to(torch.uint8)


def to_pil(picture):
    return Image.fromarray(picture.permute(1, 2, 0).numpy())


# What goes in and what comes out.


@pytest.mark.parametrize("make", TRAININGS)
@pytest.mark.parametrize("size", [(300, 500), (500, 300), (224, 224), (40, 31), (1, 1)])
def test_training_gives_224_by_224_floats_from_any_size(make, size):
    output = make()(noise_picture(*size))
    assert output.shape == (3, 224, 224)
    assert output.dtype == torch.float32
    assert type(output) is torch.Tensor


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "1", "P", "RGBA", "CMYK"])
def test_pictures_of_every_mode_give_what_their_colours_give(make, mode):
    picture = to_pil(noise_picture()).convert(mode)
    torch.manual_seed(3)
    output = make()(picture)
    torch.manual_seed(3)
    expected = make()(v2.functional.pil_to_tensor(picture.convert("RGB")))
    assert torch.equal(output, expected) and type(output) is torch.Tensor


def test_a_grey_picture_has_three_equal_channels():
    grey = noise_picture()[:1]
    output = pixels(prepare_test(None)(grey))
    assert torch.allclose(output, grey.expand(3, -1, -1).float(), atol=1e-3)


# Test preparation.


def test_normalisation_by_hand():
    """White red, half green, no blue, each with its own channel's numbers."""
    picture = torch.tensor([255, 128, 0], dtype=torch.uint8).view(3, 1, 1).expand(3, 4, 5)
    output = prepare_test(None)(picture)
    by_hand = [(1 - 0.485) / 0.229, (128 / 255 - 0.456) / 0.224, (0 - 0.406) / 0.225]
    assert torch.allclose(output, torch.tensor(by_hand).view(3, 1, 1).expand(3, 4, 5))


@pytest.mark.parametrize(
    ("size", "shorter_side", "expected"),
    [
        ((300, 400), 256, (256, 341)),  # 400 * 256 / 300 = 341.3
        ((400, 300), 256, (341, 256)),
        ((103, 107), 256, (256, 265)),
        ((64, 99), 32, (32, 49)),
        ((64, 99), None, (64, 99)),
    ],
)
def test_the_shorter_side_is_set_and_nothing_is_cropped(size, shorter_side, expected):
    picture = torch.full((3, *size), 9, dtype=torch.uint8)
    picture[:, 0], picture[:, -1], picture[:, :, 0], picture[:, :, -1] = 200, 200, 200, 200
    output = prepare_test(shorter_side)(picture)
    assert output.shape == (3, *expected)
    output = pixels(output)
    for rim in (output[:, 0], output[:, -1], output[:, :, 0], output[:, :, -1]):
        assert rim.mean() > 90  # the frame is still there, blurred at most
    assert output[:, 5:-5, 5:-5].max() < 10


def test_256_is_what_a_test_picture_has_unless_told():
    assert prepare_test()(noise_picture(300, 300)).shape == (3, 256, 256)


# ResNet: scale and crop.


def test_every_shorter_side_from_256_to_480_occurs():
    resize = step(resnet_training(), v2.RandomResize)
    drawn = {resize.make_params([])["size"][0] for _ in range(5_000)}
    assert drawn == set(range(256, 481))


def test_without_noise_the_resnet_crop_is_a_window_or_its_mirror_image(monkeypatch):
    """256 x 256 leaves 33 places in each direction: all are used, half of them mirrored."""
    monkeypatch.setattr(v2.RandomResize, "make_params", lambda *_: {"size": [256]})
    monkeypatch.setattr(transforms, "LIGHTING_SIGMA", 0.0)
    picture, pipeline = index_picture(), resnet_training()
    tops, lefts, mirrored = Counter(), Counter(), 0
    for _ in range(400):
        output = pixels(pipeline(picture)).round()
        is_mirror = bool(output[1, 0, 0] > output[1, 0, 1])
        if is_mirror:
            output = output.flip(2)
        top, left = int(output[0, 0, 0]), int(output[1, 0, 0])
        assert torch.equal(output, picture[:, top : top + 224, left : left + 224].float())
        tops[top] += 1
        lefts[left] += 1
        mirrored += is_mirror
    assert sorted(tops) == sorted(lefts) == list(range(33))
    assert 150 < mirrored < 250


# GoogLeNet: patches.


def test_patches_have_8_to_100_percent_of_the_area_and_their_aspect_ratio():
    crop = step(googlenet_training(), v2.RandomResizedCrop)
    assert (crop.scale, crop.ratio) == ((0.08, 1.0), (3 / 4, 4 / 3))


def test_a_patch_is_cut_where_it_was_drawn_and_half_are_mirrored(monkeypatch):
    place = {"top": 10, "left": 20, "height": 224, "width": 224}
    monkeypatch.setattr(v2.RandomResizedCrop, "make_params", lambda *_: place)
    monkeypatch.setattr(v2.ColorJitter, "transform", lambda _, picture, params: picture)
    picture, pipeline = index_picture(), googlenet_training()
    window = picture[:, 10:234, 20:244].float()
    mirrored = 0
    for _ in range(100):
        output = pixels(pipeline(picture)).round()
        is_mirror = torch.equal(output, window.flip(2))
        assert is_mirror or torch.equal(output, window)
        mirrored += is_mirror
    assert 30 < mirrored < 70


# GoogLeNet: colours.


def test_brightness_contrast_and_saturation_go_from_half_to_one_and_a_half():
    jitter = step(googlenet_training(), v2.ColorJitter)
    assert {jitter.brightness, jitter.contrast, jitter.saturation} == {(0.5, 1.5)}
    assert jitter.hue is None


def test_the_brightness_of_a_grey_picture_changes_and_nothing_else():
    """Contrast and saturation leave one grey as it is; 100 becomes 50 to 150."""
    picture = torch.full((3, 30, 30), 100, dtype=torch.uint8)
    greys = []
    for _ in range(200):
        output = pixels(googlenet_training()(picture))
        assert output.max() - output.min() < 1e-3
        greys.append(output.mean().item())
    assert 49.99 < min(greys) < 52 and 148 < max(greys) < 150.01
    assert np.mean(greys) == pytest.approx(100, abs=8)


# ResNet: lighting noise.


@pytest.mark.parametrize(
    ("draw", "colour"),
    [
        ((1.0, 0.0, 0.0), (-0.5675, -0.5808, -0.5836)),  # all together: brightness
        ((0.0, 1.0, 0.0), (0.7192, -0.0045, -0.6948)),  # red against blue
        ((0.0, 0.0, 1.0), (0.4009, -0.8140, 0.4203)),  # green against both
    ],
)
def test_each_draw_moves_along_its_eigenvector(monkeypatch, draw, colour):
    eigenvalue = {0: 0.2175, 1: 0.0188, 2: 0.0045}[draw.index(1.0)]
    monkeypatch.setattr(torch, "randn", lambda *_: torch.tensor(draw))
    picture = torch.rand(3, 4, 5)
    added = LightingNoise()(picture) - picture
    expected = 0.1 * eigenvalue * torch.tensor(colour).view(3, 1, 1).expand(3, 4, 5)
    assert torch.allclose(added, expected, atol=1e-6)


def test_resnet_training_adds_the_noise_before_normalisation_and_once_per_picture(monkeypatch):
    monkeypatch.setattr(torch, "randn", lambda *_: torch.tensor([-2.0, 0.0, 0.0]))
    picture = torch.full((3, 30, 30), 250, dtype=torch.uint8)
    output = pixels(resnet_training()(picture))
    colour = 2 * 0.1 * 0.2175 * torch.tensor([0.5675, 0.5808, 0.5836])  # of 0 to 1
    by_hand = (250 + 255 * colour).view(3, 1, 1)  # above 255, and not clipped
    assert torch.allclose(output, by_hand.expand(3, 224, 224), atol=1e-3)


def test_every_picture_gets_its_own_noise():
    picture = torch.full((3, 30, 30), 100, dtype=torch.uint8)
    pipeline = resnet_training()
    colours = {tuple(pipeline(picture)[:, 0, 0].tolist()) for _ in range(10)}
    assert len(colours) == 10


def test_eigenvectors_are_orthonormal():
    vectors = np.array(EIGENVECTORS)
    assert np.abs(vectors.T @ vectors - np.eye(3)).max() < 2e-4


def test_the_published_deviation_is_not_that_of_all_pixels():
    """The covariance's own diagonal says 0.28 per channel, a quarter more than `STD`."""
    vectors, values = np.array(EIGENVECTORS), np.array(EIGENVALUES)
    of_pixels = np.sqrt(np.diag(vectors @ np.diag(values) @ vectors.T))
    assert of_pixels.round(2) == pytest.approx([0.28, 0.28, 0.29])
    assert (of_pixels / np.array(STD)).round(1) == pytest.approx([1.2, 1.2, 1.3])


# Chance.


@pytest.mark.parametrize("make", TRAININGS)
def test_all_chance_comes_from_the_seed_of_torch(make):
    picture, pipeline, outputs = noise_picture(), make(), []
    for other_seed in range(3):
        random.seed(other_seed)
        np.random.seed(other_seed)
        torch.manual_seed(7)
        outputs.append(pipeline(picture))
    assert torch.equal(outputs[0], outputs[1]) and torch.equal(outputs[0], outputs[2])
    torch.manual_seed(8)
    assert not torch.equal(outputs[0], pipeline(picture))


@pytest.mark.parametrize("make", EVERY)
def test_the_picture_itself_stays_as_it_was(make):
    picture = noise_picture()
    copy = picture.clone()
    make()(picture)
    assert torch.equal(picture, copy)
