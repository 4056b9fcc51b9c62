"""Testing as the papers do it: many crops of a picture, one averaged answer.

He et al. compare nets by ten crops (Sec. 3.4); Szegedy et al. go from 1 to 144 (Sec. 7, Table 3)
and average the probabilities, which they found better than the maximum over crops.

Every crop function takes one picture (C, H, W) or a batch of equal size (N, C, H, W) and puts the
crops of a picture into a new dimension in front of C; one that does not fit is a ValueError. An odd
rest around a centre crop is split as torchvision does: half a pixel goes to the even neighbour.

Shapes: N pictures, K crops of each, C channels, H x W pixels.
"""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor, nn

from seminar_utils.training.loop import Score, evaluate

__all__ = ["Averaged", "centre_crop", "error_with_crops", "googlenet_crops", "ten_crops"]

GOOGLENET_SCALES = (256, 288, 320, 352)  # pixels of the shorter side (Szegedy et al. 2015, Sec. 7)
CROPS_AT_ONCE = 256  # through the net; bounds the memory


def centre_crop(images: Tensor, size: int) -> Tensor:
    """Cut out the middle.

    Shape: (N, C, H, W) -> (N, 1, C, size, size).

    Raises:
        ValueError: The crop is larger than the picture.
    """
    return _five_crops(images, size)[-1].unsqueeze(-4)


def ten_crops(images: Tensor, size: int) -> Tensor:
    """Cut out the four corners and the middle, and mirror each.

    Order: top left, top right, bottom left, bottom right, centre; then the mirror image of each, in
    the same order. (torchvision's ``ten_crop`` crops the mirrored picture instead: its sixth is the
    mirror image of the top right, and its last may lie a pixel beside the middle.)

    Deviation: Krizhevsky et al. 2012 first cut the picture to its central square, 256 x 256
    (Sec. 2). He et al. do not say whether they do; here the corners are those of the whole picture,
    as in fb.resnet.torch.

    Shape: (N, C, H, W) -> (N, 10, C, size, size).

    Raises:
        ValueError: The crop is larger than the picture.
    Source: Krizhevsky et al. 2012, Sec. 4.1, which He et al. 2016, Sec. 3.4, cites.
    """
    return _with_mirror_images(_five_crops(images, size))


def googlenet_crops(
    image: Tensor, scales: tuple[int, ...] = GOOGLENET_SCALES, size: int = 224
) -> Tensor:
    """Cut out GoogLeNet's 144 crops: 4 scales x 3 squares x 6 views x 2 for the mirror images.

    Order, outermost first: the scales as given; the left, central and right square of a landscape,
    or the top, central and bottom square of a portrait; as they are and mirrored; top left, top
    right, bottom left, bottom right, centre, and the whole square resized. The three squares of a
    square picture are the same one, three times, which leaves the mean as it is.

    Deviation: the paper does not name the interpolation; here it is bilinear with antialias.

    Args:
        image: Float, at its full size, so that no scale is a copy of a smaller one.
        scales: Pixels of the shorter side.
        size: Pixels of a crop.

    Shape: (C, H, W) -> (144, C, 224, 224), 87 MB for three channels.

    Raises:
        ValueError: The crop is larger than the smallest scale.
    Source: Szegedy et al. 2015, Sec. 7.
    """
    from torchvision.transforms.v2 import functional as vision  # seconds that few need

    crops = []
    for scale in scales:
        resized = vision.resize(image, [scale])  # the shorter side; the longer one follows
        # A square as high as the picture has its top left corner where it has its bottom left one,
        # so the first of the five is the left square (in a portrait: the top one).
        first, _, _, last, centre = _five_crops(resized, scale)
        for square in (first, centre, last):
            views = _five_crops(square, size)
            crops.append(_with_mirror_images([*views, vision.resize(square, [size, size])]))
    return torch.cat(crops, dim=-4)


class Averaged(nn.Module):
    """A net that sees all crops of a picture and answers once. (N, K, C, H, W) -> (N, classes).

    In the mode that ``model`` is in, and with gradients; ``evaluate`` sets both for a test.
    """

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, crops: Tensor) -> Tensor:
        """Return the logarithm of class probabilities: each crop's softmax, averaged over crops."""
        if crops.ndim != 5:
            raise ValueError(
                f"crops have shape {tuple(crops.shape)}, but (pictures, crops, channels, height, "
                "width) is needed: for one picture alone, add the first dimension by unsqueeze(0)."
            )
        parts = crops.flatten(0, 1).split(CROPS_AT_ONCE)
        logits = torch.cat([self.model(part) for part in parts])  # (N * K, classes)
        return logits.softmax(1).unflatten(0, crops.shape[:2]).mean(1).log()


def error_with_crops(
    model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], crops: Callable[[Tensor], Tensor]
) -> Score:
    """Return the share of pictures whose most probable class, averaged over crops, is wrong.

    Args:
        model: Returns plain logits in evaluation mode, into which it is put.
        batches: Float images (N, C, H, W) and labels (N,), each image once; N may vary.
        crops: (N, C, H, W) -> (N, K, C, size, size), as ``partial(ten_crops, size=224)`` does.

    Raises:
        ValueError: There is no picture.
    """
    return evaluate(Averaged(model), ((crops(images), labels) for images, labels in batches))


def _five_crops(images: Tensor, size: int) -> list[Tensor]:
    """Cut out the four corners and the middle: five times (..., C, size, size)."""
    height, width = images.shape[-2:]
    if not 1 <= size <= min(height, width):
        raise ValueError(
            f"a crop of {size} x {size} pixels does not fit into a picture of {height} x {width}: "
            f"choose a size from 1 to {min(height, width)}, or make the picture larger."
        )
    down, right = height - size, width - size
    places = (0, 0), (0, right), (down, 0), (down, right), (round(down / 2), round(right / 2))
    return [images[..., y : y + size, x : x + size] for y, x in places]


def _with_mirror_images(views: Sequence[Tensor]) -> Tensor:
    """Stack views (..., C, H, W), then their mirror images, to (..., 2 * views, C, H, W)."""
    stack = torch.stack(views, dim=-4)
    return torch.cat([stack, stack.flip(-1)], dim=-4)
