"""Class activation maps: where in an image a net finds evidence for a class.

A net that ends in a global average and one linear layer gives every place of its last feature map a
score for every class; the average of the scores, plus the bias, is the logit. Zhou et al. 2016,
"Learning Deep Features for Discriminative Localization", Sec. 2.

Shapes: N images, C channels, H x W pixels, K classes, h x w places of the last feature map.
"""

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.models.googlenet import AuxiliaryClassifier, GoogLeNet

__all__ = ["activation_maps", "share_on"]


@torch.no_grad()
def activation_maps(model: GoogLeNet, images: Tensor) -> Tensor:
    """Return the scores of all places for all classes. (N, C, H, W) -> (N, K, h, w)."""
    model = copy.deepcopy(model).eval()  # the caller's stays in its mode
    layers = (each for each in model.children() if not isinstance(each, AuxiliaryClassifier))
    *body, _, _, fc = layers  # ends in average, dropout, linear layer
    return torch.einsum("nchw,kc->nkhw", nn.Sequential(*body)(images), fc.weight)


def share_on(mask: Tensor, maps: Tensor) -> Tensor:
    """Return how much of a map's positive mass lies on a mask; NaN where it has none.

    Args:
        mask: bool, (N, 1, H, W).
        maps: (N, K, h, w), interpolated to the mask's size before they are added up.

    Returns:
        (N, K), each from 0 to 1.
    """
    positive = F.interpolate(maps, mask.shape[-2:], mode="bilinear").clamp(min=0)
    return (positive * mask).sum((2, 3)) / positive.sum((2, 3))
