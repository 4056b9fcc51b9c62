"""The explorer of transforms, driven from Python as a browser would drive it."""

from functools import cache

import pytest
import torch
from torchvision.transforms import v2

from seminar_utils.training import data
from seminar_utils.widgets import transforms as module
from seminar_utils.widgets.transforms import STRONGEST, TRANSFORMS, transform_explorer

PHOTO = v2.functional.resize(data.photo("coffee"), [64])
EVERY = pytest.mark.parametrize("name", TRANSFORMS)


@cache
def explorer():
    return transform_explorer()


@EVERY
@pytest.mark.parametrize("strength", [0, 3, STRONGEST])
def test_the_line_to_paste_does_what_the_picture_shows(name, strength):
    built, line = TRANSFORMS[name].at(strength)
    pasted = eval(line, {"v2": v2})
    assert torch.equal(module.transformed(PHOTO, pasted, 1), module.transformed(PHOTO, built, 1))


@EVERY
def test_strength_goes_from_one_end_to_the_other_and_matters(name):
    chosen = TRANSFORMS[name]
    ends = []
    for strength, value in ((0, chosen.weakest), (STRONGEST, chosen.strongest)):
        built, line = chosen.at(strength)
        assert line == chosen.make(value)[1] and str(value) in line
        ends.append(module.transformed(PHOTO, built, 0))
    assert ends[0].shape != ends[1].shape or not torch.equal(*ends)


def test_random_numbers_stay_as_they_were():
    before = torch.get_rng_state()
    crop = v2.RandomCrop(32)
    first, again, other = (module.transformed(PHOTO, crop, seed) for seed in (1, 1, 2))
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
    shown = moved.picture.figure.axes[1].get_images()[0].get_array()
    assert shown.shape == (160, 160, 3)


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
    apply, _ = TRANSFORMS[transform].at(strength)
    photo = v2.functional.resize(data.photo("coffee"), [module.SIDE])
    pictures = {module.transformed(photo, apply, seed).numpy().tobytes() for seed in range(21)}
    assert (len(pictures) > 1) is matters
    moved = explorer()
    moved.set(photo="coffee", transform=transform, strength=strength)
    seed = moved.controls["seed"]
    assert (seed.min, seed.max) == (0, 20)
    assert seed.description == ("seed" if matters else "seed: no effect")


def test_controls_offer_all_photographs_and_transforms():
    controls = explorer().controls
    assert list(controls["photo"].options) == list(data.photos())
    assert list(controls["transform"].options) == list(TRANSFORMS)
    assert (controls["strength"].min, controls["strength"].max) == (0, STRONGEST)
