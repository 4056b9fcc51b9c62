"""A photograph under one transform, and the line of code that does it to yours."""

import torch
from ipywidgets import Dropdown, IntSlider
from torch import Tensor
from torchvision.transforms import v2

from seminar_utils.figures.images import pixel_histograms
from seminar_utils.figures.picture import Picture
from seminar_utils.language import N_, tr
from seminar_utils.training import data
from seminar_utils.widgets.nets import LOOK, SLIDER, Controlled

__all__ = ["TRANSFORMS", "line_of", "transform_explorer", "transformed"]

STRONGEST = 10
SEEDS = 20  # the largest
SIDE = 160  # pixels of the shorter side, enough to look at
# A parameter x at strength 0 and at strength 10, and the line of code that takes it.
TRANSFORMS = {
    N_("crop: kept area"): (1.0, 0.08, "v2.RandomResizedCrop(160, scale=({x}, {x}), ratio=(1, 1))"),
    N_("crop: width over height"): (
        0.5,
        2.0,
        "v2.RandomResizedCrop(160, scale=(0.3, 0.3), ratio=({x}, {x}))",
    ),
    N_("mirror"): (0.0, 1.0, "v2.RandomHorizontalFlip(p={x})"),
    N_("brightness"): (0.0, 2.0, "v2.ColorJitter(brightness=({x}, {x}))"),
    N_("contrast"): (0.0, 2.0, "v2.ColorJitter(contrast=({x}, {x}))"),
    N_("saturation"): (0.0, 2.0, "v2.ColorJitter(saturation=({x}, {x}))"),
    N_("hue"): (0.0, 0.5, "v2.ColorJitter(hue=({x}, {x}))"),
    N_("rotation"): (-90.0, 90.0, "v2.RandomRotation(({x}, {x}))"),
    N_("blur"): (0.1, 5.1, "v2.GaussianBlur(21, sigma={x})"),
    N_("erased area"): (0.0, 0.5, "v2.RandomErasing(p=1.0, scale=({x}, {x}), ratio=(1, 1))"),
}


def line_of(transform: str, strength: int) -> str:
    """Return the line that makes a transform of a strength from 0 to 10."""
    weakest, strongest, line = TRANSFORMS[transform]
    return line.format(x=round(weakest + (strongest - weakest) / STRONGEST * strength, 2))


def transformed(picture: Tensor, line: str, seed: int) -> Tensor:
    """Apply what a line makes under a seed, and leave the random numbers as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return eval(line, {"v2": v2})(picture)  # one of ours: what a student pastes is what runs


def transform_explorer() -> Controlled:
    """Return lists of photographs and transforms, and sliders, above picture and histogram."""
    photos = data.photos()
    names = [(tr(name), name) for name in TRANSFORMS]
    controls = {
        "photo": Dropdown(options=[*photos], value="coffee", description=tr("photograph"), **LOOK),
        "transform": Dropdown(options=names, value="contrast", description=tr("transform"), **LOOK),
        "strength": IntSlider(8, max=STRONGEST, description=tr("strength"), **SLIDER),
        "seed": IntSlider(0, max=SEEDS, description=tr("seed"), **SLIDER),
    }

    def draw(photo: str, transform: str, strength: int, seed: int) -> Picture:
        raw, line = v2.functional.resize(data.photo(photo), [SIDE]), line_of(transform, strength)
        first, *others = (transformed(raw, line, number) for number in range(SEEDS + 1))
        matters = any(not torch.equal(other, first) for other in others)
        controls["seed"].description = tr("seed") if matters else tr("seed: no effect")
        pictures = {"photograph": raw, "transformed": transformed(raw, line, seed)}
        return pixel_histograms(pictures, title=line, credit=photos[photo].credit)

    return Controlled(draw, controls)
