"""A photograph under one transform, and the line of code that does it to yours.

Strength goes from 0 to 10; every transform turns it into its own parameter. What holds chance is
drawn anew for each seed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets
import torch
from torch import Tensor
from torchvision.transforms import v2

from seminar_utils.figures.gallery import pixel_histograms
from seminar_utils.figures.picture import Picture
from seminar_utils.training import data
from seminar_utils.widgets.nets import LOOK, Controlled

__all__ = ["TRANSFORMS", "Transform", "transform_explorer"]

STRONGEST = 10
SEEDS = 20  # the largest
SIDE = 160  # pixels of the shorter side, enough to look at


@dataclass(frozen=True)
class Transform:
    """One transform whose parameter goes from a value at strength 0 to another at strength 10."""

    weakest: float
    strongest: float
    build: Callable[[float], v2.Transform]
    code: str  # the same as a line to paste; {x} stands for the parameter

    def value(self, strength: int) -> float:
        """Return the parameter, rounded to what the line of code shows."""
        step = (self.strongest - self.weakest) / STRONGEST
        return round(self.weakest + step * strength, 2)

    def line(self, strength: int) -> str:
        """Return the code for a strength."""
        return self.code.format(x=self.value(strength))


TRANSFORMS = {
    "crop: kept area": Transform(
        1.0,
        0.08,
        lambda x: v2.RandomResizedCrop(SIDE, scale=(x, x), ratio=(1, 1)),
        f"v2.RandomResizedCrop({SIDE}, scale=({{x}}, {{x}}), ratio=(1, 1))",
    ),
    "crop: width over height": Transform(
        0.5,
        2.0,
        lambda x: v2.RandomResizedCrop(SIDE, scale=(0.3, 0.3), ratio=(x, x)),
        f"v2.RandomResizedCrop({SIDE}, scale=(0.3, 0.3), ratio=({{x}}, {{x}}))",
    ),
    "mirror": Transform(
        0.0,
        1.0,
        lambda x: v2.RandomHorizontalFlip(p=x),
        "v2.RandomHorizontalFlip(p={x})",
    ),
    "brightness": Transform(
        0.0,
        2.0,
        lambda x: v2.ColorJitter(brightness=(x, x)),
        "v2.ColorJitter(brightness=({x}, {x}))",
    ),
    "contrast": Transform(
        0.0,
        2.0,
        lambda x: v2.ColorJitter(contrast=(x, x)),
        "v2.ColorJitter(contrast=({x}, {x}))",
    ),
    "saturation": Transform(
        0.0,
        2.0,
        lambda x: v2.ColorJitter(saturation=(x, x)),
        "v2.ColorJitter(saturation=({x}, {x}))",
    ),
    "hue": Transform(
        0.0,
        0.5,
        lambda x: v2.ColorJitter(hue=(x, x)),
        "v2.ColorJitter(hue=({x}, {x}))",
    ),
    "rotation": Transform(
        -90.0,
        90.0,
        lambda x: v2.RandomRotation((x, x)),
        "v2.RandomRotation(({x}, {x}))",
    ),
    "blur": Transform(
        0.1,
        5.1,
        lambda x: v2.GaussianBlur(21, sigma=x),
        "v2.GaussianBlur(21, sigma={x})",
    ),
    "erased area": Transform(
        0.0,
        0.5,
        lambda x: v2.RandomErasing(p=1.0, scale=(x, x), ratio=(1, 1)),
        "v2.RandomErasing(p=1.0, scale=({x}, {x}), ratio=(1, 1))",
    ),
}


def transform_explorer() -> Controlled:
    """Return lists of photographs and transforms, and sliders, above picture and histogram."""
    controls = {
        "photo": ipywidgets.Dropdown(
            options=list(data.photos()), value="coffee", description="photograph", **LOOK
        ),
        "transform": ipywidgets.Dropdown(
            options=list(TRANSFORMS), value="contrast", description="transform", **LOOK
        ),
        "strength": slider(8, STRONGEST, "strength"),
        "seed": slider(0, SEEDS, "seed"),
    }

    def draw(photo: str, transform: str, strength: int, seed: int) -> Picture:
        matters = seed_matters(photo, transform, strength)
        controls["seed"].description = "seed" if matters else "seed: no effect"
        return before_and_after(photo, transform, strength, seed)

    return Controlled(draw, controls)


def slider(value: int, largest: int, description: str) -> ipywidgets.IntSlider:
    """Return a slider from 0 that draws once, when it is let go."""
    return ipywidgets.IntSlider(
        value=value, max=largest, description=description, continuous_update=False, **LOOK
    )


def before_and_after(photo: str, transform: str, strength: int, seed: int) -> Picture:
    """Draw a photograph, small, and what a transform makes of it."""
    chosen = TRANSFORMS[transform]
    raw = v2.functional.resize(data.photo(photo), [SIDE])
    line = chosen.line(strength)
    after = transformed(raw, chosen.build(chosen.value(strength)), seed)
    pictures = {"photograph": raw, "transformed": after}
    return pixel_histograms(pictures, title=line, credit=data.photos()[photo].credit)


def seed_matters(photo: str, transform: str, strength: int) -> bool:
    """Tell whether any seed makes another picture than seed 0."""
    chosen = TRANSFORMS[transform]
    raw = v2.functional.resize(data.photo(photo), [SIDE])
    apply = chosen.build(chosen.value(strength))
    first = transformed(raw, apply, 0)
    return any(
        not torch.equal(transformed(raw, apply, seed), first) for seed in range(1, SEEDS + 1)
    )


def transformed(picture: Tensor, transform: v2.Transform, seed: int) -> Tensor:
    """Apply a transform under a seed, and leave the random numbers as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return transform(picture)
