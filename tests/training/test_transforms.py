"""Augmentation: which pixels, how large, how likely. Chance is checked with many draws."""

import pickle

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms import v2

from seminar_utils.training import transforms
from seminar_utils.training.transforms import googlenet_training, resnet_training


def step(pipeline, kind):
    """Return the one step of this kind."""
    (found,) = [part for part in pipeline.transforms if isinstance(part, kind)]
    return found


def pixels(output):
    """Undo the normalisation by hand: back to 0 to 255."""
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (transforms.MEAN, transforms.STD))
    return 255 * (output * std + mean)


def noise_picture(height=300, width=340):
    return torch.randint(0, 256, (3, height, width), dtype=torch.uint8)


def places(make, draws):
    """Return rows and columns where unchanged windows begin, and how many are mirrored.

    Each pixel of the picture knows its place: row in the first channel, column in the second.
    """
    rows, columns = torch.meshgrid(torch.arange(256), torch.arange(256), indexing="ij")
    picture = torch.stack([rows, columns, torch.zeros_like(rows)]).to(torch.uint8)
    tops, lefts, mirrored, pipeline = set(), set(), 0, make()
    for _ in range(draws):
        output = pixels(pipeline(picture)).round()
        is_mirror = bool(output[1, 0, 0] > output[1, 0, 1])
        output = output.flip(2) if is_mirror else output
        top, left = int(output[0, 0, 0]), int(output[1, 0, 0])
        assert torch.equal(output, picture[:, top : top + 224, left : left + 224].float())
        tops.add(top)
        lefts.add(left)
        mirrored += is_mirror
    return sorted(tops), sorted(lefts), mirrored


@pytest.mark.parametrize("make", [resnet_training, googlenet_training])
def test_training_gives_224_by_224_floats_from_any_size(make):
    for size in ((300, 500), (500, 300), (224, 224), (1, 1)):
        output = pickle.loads(pickle.dumps(make()))(noise_picture(*size))  # as loaders get it
        assert (output.shape, output.dtype) == ((3, 224, 224), torch.float32)


@pytest.mark.parametrize("make", [resnet_training, googlenet_training, transforms.prepare_test])
@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "1", "P", "RGBA", "CMYK"])
def test_pictures_of_every_mode_give_what_their_colours_give_and_stay(make, mode):
    picture = Image.fromarray(noise_picture().permute(1, 2, 0).numpy()).convert(mode)
    torch.manual_seed(3)
    output = make()(picture)
    torch.manual_seed(3)
    colours = v2.functional.pil_to_tensor(picture.convert("RGB"))
    before = colours.clone()
    expected = make()(colours)
    assert torch.equal(output, expected) and type(output) is torch.Tensor
    assert torch.equal(colours, before)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((300, 400), (256, 341)), ((400, 300), (341, 256)), ((64, 99), (256, 396))],
)
def test_the_shorter_side_is_256_and_nothing_is_cropped(size, expected):
    """Dark red, half green, no blue in a light frame, each with its own channel's numbers."""
    colour = torch.tensor([9, 128, 0], dtype=torch.uint8).view(3, 1, 1)
    picture = colour.expand(3, *size).clone()
    picture[0, 0], picture[0, -1], picture[0, :, 0], picture[0, :, -1] = 200, 200, 200, 200
    output = transforms.prepare_test()(picture)
    assert output.shape == (3, *expected)
    by_hand = [(9 / 255 - 0.485) / 0.229, (128 / 255 - 0.456) / 0.224, (0 - 0.406) / 0.225]
    inner = output[:, 9:-9, 9:-9]
    assert torch.allclose(inner, torch.tensor(by_hand).view(3, 1, 1).expand_as(inner), atol=1e-5)
    for rim in (output[0, 0], output[0, -1], output[0, :, 0], output[0, :, -1]):
        assert (255 * (rim * 0.229 + 0.485)).mean() > 90  # still there, blurred at most


# ---- ResNet --------------------------------------------------------------------------------------


def test_every_shorter_side_from_256_to_480_occurs():
    resize = step(resnet_training(), v2.RandomResize)
    drawn = {resize.make_params([])["size"][0] for _ in range(5_000)}
    assert drawn == set(range(256, 481))


def test_without_noise_the_resnet_crop_is_a_window_or_its_mirror_image(monkeypatch):
    """256 x 256 leaves 33 places in each direction: all are used, half of them mirrored."""
    monkeypatch.setattr(v2.RandomResize, "make_params", lambda *_: {"size": [256]})
    monkeypatch.setattr(transforms, "LIGHTING_SIGMA", 0.0)
    tops, lefts, mirrored = places(resnet_training, 400)
    assert tops == lefts == list(range(33)) and 150 < mirrored < 250


def test_each_draw_moves_along_its_eigenvector(monkeypatch):
    """All colours together, red against blue, green against both."""
    picture = torch.rand(3, 4, 5)
    for draw, eigenvalue, colour in (
        ([1.0, 0, 0], 0.2175, (-0.5675, -0.5808, -0.5836)),
        ([0, 1.0, 0], 0.0188, (0.7192, -0.0045, -0.6948)),
        ([0, 0, 1.0], 0.0045, (0.4009, -0.8140, 0.4203)),
    ):
        monkeypatch.setattr(torch, "randn", lambda *_, draw=draw: torch.tensor(draw))
        added = transforms.lighting_noise(picture) - picture
        expected = 0.1 * eigenvalue * torch.tensor(colour).view(3, 1, 1).expand(3, 4, 5)
        assert torch.allclose(added, expected, atol=1e-6)


def test_resnet_training_adds_the_noise_before_normalisation_and_once_per_picture(monkeypatch):
    picture, pipeline = torch.full((3, 30, 30), 250, dtype=torch.uint8), resnet_training()
    colours = {tuple(pipeline(picture)[:, 0, 0].tolist()) for _ in range(10)}
    assert len(colours) == 10  # each picture gets its own
    monkeypatch.setattr(torch, "randn", lambda *_: torch.tensor([-2.0, 0.0, 0.0]))
    colour = 2 * 0.1 * 0.2175 * torch.tensor([0.5675, 0.5808, 0.5836])  # of 0 to 1
    by_hand = (250 + 255 * colour).view(3, 1, 1)  # above 255, and not clipped
    output = pixels(pipeline(picture))
    assert torch.allclose(output, by_hand.expand(3, 224, 224), atol=1e-3)


def test_eigenvectors_are_orthonormal_and_say_that_the_published_deviation_is_another():
    """The covariance's own diagonal says 0.28 per channel, a quarter more than ``STD``."""
    vectors, values = np.array(transforms.EIGENVECTORS), np.array(transforms.EIGENVALUES)
    assert np.abs(vectors.T @ vectors - np.eye(3)).max() < 2e-4
    of_pixels = np.sqrt(np.diag(vectors @ np.diag(values) @ vectors.T))
    assert of_pixels.round(2) == pytest.approx([0.28, 0.28, 0.29])
    assert (of_pixels / np.array(transforms.STD)).round(1) == pytest.approx([1.2, 1.2, 1.3])


# ---- GoogLeNet -----------------------------------------------------------------------------------


def test_patches_and_colours_are_the_papers():
    """8 to 100 % of the area, ratio 3/4 to 4/3; colours times 0.5 to 1.5."""
    crop = step(googlenet_training(), v2.RandomResizedCrop)
    assert (crop.scale, crop.ratio) == ((0.08, 1.0), (3 / 4, 4 / 3))
    jitter = step(googlenet_training(), v2.ColorJitter)
    assert {jitter.brightness, jitter.contrast, jitter.saturation} == {(0.5, 1.5)}
    assert jitter.hue is None


def test_a_patch_is_cut_where_it_was_drawn_and_half_are_mirrored(monkeypatch):
    place = {"top": 10, "left": 20, "height": 224, "width": 224}
    monkeypatch.setattr(v2.RandomResizedCrop, "make_params", lambda *_: place)
    monkeypatch.setattr(v2.ColorJitter, "transform", lambda _, picture, params: picture)
    tops, lefts, mirrored = places(googlenet_training, 100)
    assert (tops, lefts) == ([10], [20]) and 30 < mirrored < 70
