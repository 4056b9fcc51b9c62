"""The explorer of transforms, driven from Python as a browser would drive it."""

import re
from functools import cache

import pytest
import torch
from torchvision.transforms import v2

from seminar_utils.training import data
from seminar_utils.widgets import transforms
from seminar_utils.widgets.transforms import STRONGEST, TRANSFORMS, line_of, transformed

PHOTO = v2.functional.resize(data.photo("coffee"), [64])
EVERY = pytest.mark.parametrize("name", TRANSFORMS)


@cache
def explorer():
    return transforms.transform_explorer()


@EVERY
def test_strength_goes_from_one_end_to_the_other_and_matters(name):
    *ends, _ = TRANSFORMS[name]
    shown = []
    for strength, value in zip((0, STRONGEST), ends, strict=True):
        line = line_of(name, strength)
        assert str(value) in line and "{" not in line
        shown.append(transformed(PHOTO, line, 0))
    assert shown[0].shape != shown[1].shape or not torch.equal(*shown)
    low, high = sorted(ends)
    assert low < float(re.findall(r"-?\d+\.\d+", line_of(name, 4))[-1]) < high


def test_random_numbers_stay_as_they_were():
    before = torch.get_rng_state()
    first, again, other = (transformed(PHOTO, "v2.RandomCrop(32)", seed) for seed in (1, 1, 2))
    assert torch.equal(before, torch.get_rng_state())
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_the_first_picture_shows_line_histograms_and_credit():
    picture = explorer().picture
    assert picture.data.startswith("v2.ColorJitter(contrast=(1.6, 1.6)); photograph: mean 0.39")
    assert picture.figure.get_suptitle() == "v2.ColorJitter(contrast=(1.6, 1.6))"
    assert picture.figure.get_supxlabel() == data.photos()["coffee"].credit
    assert picture.photograph


def test_the_picture_follows_its_controls():
    moved = explorer()
    moved.set(photo="retina", transform="crop: kept area", strength=STRONGEST, seed=3)
    line = "v2.RandomResizedCrop(160, scale=(0.08, 0.08), ratio=(1, 1))"
    assert moved.picture.figure.get_suptitle() == line and f"<p>{line}" in moved.image.value
    assert moved.picture.figure.axes[1].get_images()[0].get_array().shape == (160, 160, 3)


@pytest.mark.parametrize(
    "transform, strength, matters",
    [
        ("contrast", 8, False),
        ("rotation", 3, False),
        ("crop: kept area", 0, False),
        ("crop: kept area", 5, True),
        ("mirror", 0, False),
        ("mirror", 1, True),  # one seed of ten
        ("mirror", STRONGEST, False),
    ],
)
def test_the_seed_slider_says_when_it_has_no_effect(transform, strength, matters):
    line, photo = line_of(transform, strength), v2.functional.resize(data.photo("coffee"), [160])
    pictures = {transformed(photo, line, seed).numpy().tobytes() for seed in range(21)}
    assert (len(pictures) > 1) is matters
    moved = explorer()
    moved.set(photo="coffee", transform=transform, strength=strength)
    seed = moved.controls["seed"]
    assert (seed.min, seed.max) == (0, 20)
    assert seed.description == ("seed" if matters else "seed: no effect")


def test_controls_offer_all_photographs_and_transforms():
    controls = explorer().controls
    assert list(controls["photo"].options) == list(data.photos())
    assert controls["transform"].options == tuple((name, name) for name in TRANSFORMS)
    assert (controls["strength"].min, controls["strength"].max) == (0, STRONGEST)
