"""W-1 and W-2: the normalisation of a batch, and the standard deviation that it divides by.

Shapes: N images, C channels, H x W pixels.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from seminar_utils.exercises.exercise import Case, compare

__all__ = ["channel_std", "normalize", "normalize_mistake", "std_mistake"]


def normalize(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Turn uint8 (N, C, H, W) into float; mean and std are (C,), in units of 0 to 1."""
    return (images / 255 - mean[:, None, None]) / std[:, None, None]


def by_channel(formula: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a normalisation whose mean and std have the shape (C, 1, 1)."""
    return lambda images, mean, std: formula(images, mean[:, None, None], std[:, None, None])


NORMALIZE_MISTAKES = {
    "The pixels still go from 0 to 255, but mean and std belong to pixels from 0 to 1: divide by "
    "255 first.": [
        by_channel(lambda x, mean, std: (x - mean) / std),
    ],
    "You divided by 255 twice: the picture is nearly black, and nothing complains.": [
        by_channel(lambda x, mean, std: (x / 255 / 255 - mean) / std),
    ],
    "The mean is taken off before the division by 255, when the pixels still go to 255: divide "
    "first.": [
        by_channel(lambda x, mean, std: (x - mean) / 255 / std),
        by_channel(lambda x, mean, std: (x - mean) / (255 * std)),
    ],
    "You multiplied by std: dividing by it makes the deviation 1.": [
        by_channel(lambda x, mean, std: (x / 255 - mean) * std),
    ],
    "You divided by std before the mean was taken off: (x - mean) / std, with brackets.": [
        by_channel(lambda x, mean, std: x / 255 / std - mean),
        by_channel(lambda x, mean, std: x / 255 - mean / std),
    ],
    "This is the way back, from normalised to 0 to 1: subtract and divide here.": [
        by_channel(lambda x, mean, std: x / 255 * std + mean),
    ],
    "The mean is gone, but std is missing: divide by it.": [
        by_channel(lambda x, mean, std: x / 255 - mean),
    ],
    "The mean is still there: subtract it before you divide by std.": [
        by_channel(lambda x, mean, std: x / 255 / std),
    ],
    "You took mean and std of these few images: take those handed over, which were counted on all "
    "training images.": [
        lambda x, mean, std: (x / 255 - (x / 255).mean()) / (x / 255).std(),
        lambda x, mean, std: (
            (x / 255 - (x / 255).mean((0, 2, 3), keepdim=True))
            / (x / 255).std((0, 2, 3), keepdim=True)
        ),
        lambda x, mean, std: (
            (x / 255 - (x / 255).mean((2, 3), keepdim=True)) / (x / 255).std((2, 3), keepdim=True)
        ),
    ],
    "Mean and std went along the columns of the picture: they belong to the channels, so give "
    "them the shape (C, 1, 1).": [
        lambda x, mean, std: (x / 255 - mean) / std,
    ],
}


def normalize_mistake(answer: object) -> str:
    """Compare on two images as wide as they have channels, then on other sizes."""
    mean, std = torch.tensor([0.1, 0.2, 0.15]), torch.tensor([0.2, 0.25, 0.3])
    wide = "Right for 3 x 3 pixels and not for 4 x 6: mean and std need the shape (C, 1, 1)."
    one = "Right with three channels and not with one: take as many as mean has."
    cases = [
        Case((bright_pictures(2, 3, 3, 3), mean, std)),
        Case((bright_pictures(2, 3, 4, 6), mean, std), wide),
        Case((bright_pictures(2, 1, 5, 5), mean[:1], std[:1]), one),
    ]
    return compare(answer, normalize, cases, NORMALIZE_MISTAKES)


def bright_pictures(*shape: int) -> Tensor:
    """Return uint8 images above their mean: close to it, rounding would look like a mistake."""
    return torch.randint(100, 256, shape, dtype=torch.uint8)


def channel_std(images: Tensor) -> Tensor:
    """Return each channel's standard deviation over all pixels, (C,), in units of 0 to 1."""
    return (images / 255).std(dim=(0, 2, 3))


STD_MISTAKES = {
    "This is the mean of each image's own deviation: it leaves out that some images are brighter "
    "than others, and comes out too small. Take all pixels of all images at once.": [
        lambda x: (x / 255).std((2, 3)).mean(0),
        lambda x: (x / 255).std((2, 3), correction=0).mean(0),
    ],
    "The unit is 0 to 255 here: divide the pixels by 255 first.": [
        lambda x: x.float().std((0, 2, 3)),
    ],
    "This is the variance: its root is the standard deviation.": [
        lambda x: (x / 255).var((0, 2, 3)),
    ],
    "This is the mean of each channel: asked for is how far its pixels are spread around it.": [
        lambda x: (x / 255).mean((0, 2, 3)),
    ],
    "All channels went into one number: each channel keeps its own.": [
        lambda x: (x / 255).std(),
        lambda x: (x / 255).std().expand(x.shape[1]),
    ],
    "There is one row for each image: the images go into the count, too, only the channels stay.": [
        lambda x: (x / 255).std((2, 3)),
    ],
    "The numbers are right, but three empty axes are left: the result has the shape (C,).": [
        lambda x: (x / 255).std((0, 2, 3), keepdim=True),
    ],
    "This is how much the images' means differ from each other: take the pixels, not one mean an "
    "image.": [
        lambda x: (x / 255).mean((2, 3)).std(0),
    ],
    "This is the deviation of the mean image's pixels: an average image is smoother than any "
    "image.": [
        lambda x: (x / 255).mean(0).std((1, 2)),
    ],
    "This is the spread at each pixel, averaged: take all pixels of a channel at once.": [
        lambda x: (x / 255).std(0).mean((1, 2)),
    ],
}


def std_mistake(answer: object) -> str:
    """Compare on images of different brightness; with so many pixels n or n - 1 is the same."""
    cases = [Case((pictures(64, 3, 56, 56),)), Case((pictures(96, 1, 56, 40),))]
    return compare(answer, channel_std, cases, STD_MISTAKES)


def pictures(*shape: int) -> Tensor:
    """Return uint8 images (N, C, H, W), each as bright as chance will have it."""
    brightest = torch.rand(shape[0], shape[1], 1, 1)
    return (255 * brightest * torch.rand(shape)).to(torch.uint8)
