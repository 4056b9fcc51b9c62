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
from seminar_utils.widgets.nets import LOOK, SLIDER, Controlled

__all__ = ["TRANSFORMS", "Transform", "transform_explorer"]

STRONGEST = 10
SEEDS = 20  # the largest
SIDE = 160  # pixels of the shorter side, enough to look at


Made = tuple[v2.Transform, str]  # a transform, and the line of code that makes it


@dataclass(frozen=True)
class Transform:
    """One transform whose parameter goes from a value at strength 0 to another at strength 10."""

    weakest: float
    strongest: float
    make: Callable[[float], Made]  # from the parameter

    def at(self, strength: int) -> Made:
        """Return the transform of a strength; its parameter is rounded to what the line shows."""
        step = (self.strongest - self.weakest) / STRONGEST
        return self.make(round(self.weakest + step * strength, 2))


def call(kind: type[v2.Transform], *arguments: object, **options: object) -> Made:
    """Return a transform, and the line that makes it."""
    given = [*map(repr, arguments), *(f"{name}={value!r}" for name, value in options.items())]
    return kind(*arguments, **options), f"v2.{kind.__name__}({', '.join(given)})"


def crop(area: float, shape: float) -> Made:
    """Return a crop of a share of the area, so many times as wide as high."""
    sizes = {"scale": (area, area), "ratio": (shape, shape)}
    return call(v2.RandomResizedCrop, SIDE, **sizes)


TRANSFORMS = {
    "crop: kept area": Transform(1.0, 0.08, lambda x: crop(x, 1)),
    "crop: width over height": Transform(0.5, 2.0, lambda x: crop(0.3, x)),
    "mirror": Transform(0.0, 1.0, lambda x: call(v2.RandomHorizontalFlip, p=x)),
    "brightness": Transform(0.0, 2.0, lambda x: call(v2.ColorJitter, brightness=(x, x))),
    "contrast": Transform(0.0, 2.0, lambda x: call(v2.ColorJitter, contrast=(x, x))),
    "saturation": Transform(0.0, 2.0, lambda x: call(v2.ColorJitter, saturation=(x, x))),
    "hue": Transform(0.0, 0.5, lambda x: call(v2.ColorJitter, hue=(x, x))),
    "rotation": Transform(-90.0, 90.0, lambda x: call(v2.RandomRotation, (x, x))),
    "blur": Transform(0.1, 5.1, lambda x: call(v2.GaussianBlur, 21, sigma=x)),
    "erased area": Transform(
        0.0, 0.5, lambda x: call(v2.RandomErasing, p=1.0, scale=(x, x), ratio=(1, 1))
    ),
}


def transform_explorer() -> Controlled:
    """Return lists of photographs and transforms, and sliders, above picture and histogram."""
    photos = data.photos()
    controls = {
        "photo": ipywidgets.Dropdown(
            options=list(photos), value="coffee", description="photograph", **LOOK
        ),
        "transform": ipywidgets.Dropdown(
            options=list(TRANSFORMS), value="contrast", description="transform", **LOOK
        ),
        "strength": ipywidgets.IntSlider(8, max=STRONGEST, description="strength", **SLIDER),
        "seed": ipywidgets.IntSlider(0, max=SEEDS, description="seed", **SLIDER),
    }

    def draw(photo: str, transform: str, strength: int, seed: int) -> Picture:
        raw = v2.functional.resize(data.photo(photo), [SIDE])
        apply, line = TRANSFORMS[transform].at(strength)
        first, *others = (transformed(raw, apply, number) for number in range(SEEDS + 1))
        matters = any(not torch.equal(other, first) for other in others)
        controls["seed"].description = "seed" if matters else "seed: no effect"
        pictures = {"photograph": raw, "transformed": transformed(raw, apply, seed)}
        return pixel_histograms(pictures, title=line, credit=photos[photo].credit)

    return Controlled(draw, controls)


def transformed(picture: Tensor, transform: v2.Transform, seed: int) -> Tensor:
    """Apply a transform under a seed, and leave the random numbers as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return transform(picture)
