"""From a photograph to what the two nets see: each paper's augmentation, and the test preparation.

Every transform takes a PIL image of any mode or a uint8 tensor (3, H, W) and returns float32, three
channels in the order R, G, B. All chance comes from PyTorch's global generator, so whoever seeds it
before each picture gets that picture's pixels again.

Deviations, in all three:
- The mean is one number per channel over ImageNet. He et al. subtract a mean image, pixel by pixel;
  Szegedy et al. only speak of "zero mean" (Sec. 5).
- Neither paper divides by a standard deviation; here ``STD`` does. GoogLeNet has no batch norm that
  would set the scale of its input right, and its initial weights here are made for values near 1.
- Neither paper names the interpolation. Here it is bilinear, on an image smoothed to fit
  ("antialias") where it shrinks.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torchvision.transforms import v2

__all__ = ["MEAN", "STD", "googlenet_training", "lighting_noise", "prepare_test", "resnet_training"]

# All over ImageNet's training images, pixels from 0 to 1, order R, G, B.
# Source: datasets/imagenet.lua of fb.resnet.torch (Facebook 2016).
MEAN = (0.485, 0.456, 0.406)
# Not the deviation of all pixels (0.28 by the eigenvalues below) but the mean of each image's own
# (github.com/pytorch/vision/pull/1965). Kept because torchvision's weights were trained with it.
STD = (0.229, 0.224, 0.225)
# Of the covariance of R, G and B: one row per colour, one column per eigenvalue.
EIGENVALUES = (0.2175, 0.0188, 0.0045)
EIGENVECTORS = (
    (-0.5675, 0.7192, 0.4009),
    (-0.5808, -0.0045, -0.8140),
    (-0.5836, -0.6948, 0.4203),
)
LIGHTING_SIGMA = 0.1  # Krizhevsky et al. 2012, Sec. 4.1


def lighting_noise(image: Tensor) -> Tensor:
    """Add one random colour to all pixels, drawn along the directions in which ImageNet varies.

    Each eigenvector of the colours' covariance is added a times its eigenvalue, where a is normal
    with deviation ``LIGHTING_SIGMA`` and drawn once per call. Nothing is clipped.

    An eigenvalue is a square, so the size of the noise depends on the unit of a pixel, which the
    paper does not state. Here, as in fb.resnet.torch, a pixel goes from 0 to 1.

    Shape: float (..., 3, H, W) -> (..., 3, H, W).
    Source: Krizhevsky et al. 2012, Sec. 4.1.
    """
    amounts = LIGHTING_SIGMA * torch.randn(3) * torch.tensor(EIGENVALUES)
    colour = torch.tensor(EIGENVECTORS) @ amounts
    return image + colour.view(3, 1, 1).to(image)


def resnet_training() -> v2.Transform:
    """Return the training augmentation of the ImageNet ResNets.

    Shape: (3, H, W) -> (3, 224, 224).
    Source: He et al. 2016, Sec. 3.4.
    """
    # The shorter side, 256 to 480: the upper end is not drawn. RandomShortestSize would round down
    # through a float, and give 255 or 479 where 256 or 480 was drawn.
    places = [v2.RandomResize(256, 481), v2.RandomCrop(224), v2.RandomHorizontalFlip()]
    return _pipeline(places, [lighting_noise])


def googlenet_training() -> v2.Transform:
    """Return the training augmentation that GoogLeNet's authors found to work well afterwards.

    A patch with 8 to 100 % of the area and an aspect ratio of 3/4 to 4/3, stretched to a square;
    then brightness, contrast and colour saturation, each times 0.5 to 1.5, in random order.

    Deviations: the paper does not state flips in training; they are here because it tests mirrored
    crops as well. It says "evenly" of the area and nothing of the ratio's distribution: here the
    ratio's logarithm is even, and a patch that does not fit into the picture is drawn again, up to
    ten times, so that very large patches are rarer than even. The paper names Howard's distortions
    without detail: his lighting noise, which is Krizhevsky's, is left out.

    Shape: (3, H, W) -> (3, 224, 224).
    Source: Szegedy et al. 2015, Sec. 6; Howard 2013, "Some Improvements on Deep Convolutional
    Neural Network Based Image Classification".
    """
    crop = v2.RandomResizedCrop(224, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3))
    colours = v2.ColorJitter(brightness=(0.5, 1.5), contrast=(0.5, 1.5), saturation=(0.5, 1.5))
    return _pipeline([crop, v2.RandomHorizontalFlip()], [colours])


def prepare_test() -> v2.Transform:
    """Return the preparation for tests, before crops: (3, H, W) to 256 on the shorter side."""
    return _pipeline([v2.Resize(256)], [])


def _pipeline(places: list[v2.Transform], colours: list[Callable[..., Tensor]]) -> v2.Transform:
    """Return what changes the places of uint8 pixels, then their colours from 0 to 1, as floats."""
    # 0 to 255 becomes 0 to 1, before the colours: those of uint8 would be rounded in each step.
    to_float = v2.ToDtype(torch.float32, scale=True)
    steps = [v2.RGB(), v2.PILToTensor(), *places, to_float, *colours, v2.Normalize(MEAN, STD)]
    return v2.Compose(steps)
