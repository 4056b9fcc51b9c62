"""Images in memory: Fashion-MNIST and six photographs, bundled with the course.

Shapes: N images, C channels, H x W pixels. Images are uint8 from 0 to 255: the smallest form, and
the one that augmentation and normalisation start from. Nothing here needs a network.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from torch.nn import functional

from seminar_utils import files

__all__ = ["CLASS_NAMES", "ImageData", "load", "load_cifar10", "photo", "photos"]

# Source: README of the data set (Xiao, Rasul and Vollgraf 2017), labels 0 to 9.
GARMENTS = "T-shirt/top, Trouser, Pullover, Dress, Coat, Sandal, Shirt, Sneaker, Bag, Ankle boot"
CLASS_NAMES = tuple(GARMENTS.split(", "))
SIDE = 28  # pixels
SPLITS = {"train": 60_000, "t10k": 10_000}  # images


@dataclass(frozen=True, eq=False)
class ImageData:
    """A labelled data set in memory, split into training and test images."""

    name: str
    train_images: torch.Tensor  # uint8 (N, C, H, W)
    train_labels: torch.Tensor  # int64 (N,)
    test_images: torch.Tensor  # uint8 (N, C, H, W)
    test_labels: torch.Tensor  # int64 (N,)
    class_names: tuple[str, ...]  # class_names[label]


def load(*, train: int | None = None, test: int | None = None, size: int = SIDE) -> ImageData:
    """Load Fashion-MNIST as tensors, checked against its published hashes.

    It has 60,000 training and 10,000 test images of clothes, 1 x 28 x 28 pixels.

    Args:
        train: take the first so many training images; None takes all.
        test: take the first so many test images; None takes all.
        size: average each image down to size x size pixels by whole blocks, rounded to uint8
            (halves to even); a divisor of 28.

    Returns:
        Tensors of your own: changing them does not change what the next call returns.

    Raises:
        ValueError: unknown count or size, or an altered file.
        FileNotFoundError: a missing file.

    Source: Xiao, Rasul and Vollgraf 2017, "Fashion-MNIST".
    """
    divisors = [side for side in range(1, SIDE + 1) if SIDE % side == 0]
    if size not in divisors:
        raise ValueError(
            f"size {size} does not divide {SIDE} into whole blocks; "
            f"choose one of {', '.join(map(str, divisors))}."
        )
    parts = []
    for argument, split, count in (("train", "train", train), ("test", "t10k", test)):
        if count is not None and not 1 <= count <= SPLITS[split]:
            raise ValueError(
                f"{argument}={count} images cannot be taken; "
                f"choose 1 to {SPLITS[split]:,}, or None for all."
            )
        kept = _fashion_mnist(split, count or SPLITS[split], SIDE // size)
        parts += [part.clone() for part in kept]
    return ImageData("fashion_mnist", *parts, CLASS_NAMES)


def load_cifar10(folder: Path) -> ImageData:
    """Load CIFAR-10 from where torchvision unpacked it; nothing is downloaded.

    It has 50,000 training and 10,000 test images, 3 x 32 x 32 pixels.

    Raises:
        FileNotFoundError: it is not there, or not whole.

    Source: Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images".
    """
    from torchvision.datasets import CIFAR10  # takes a second, which no other data set needs

    try:
        train, test = (CIFAR10(folder, train=train, download=False) for train in (True, False))
    except RuntimeError:
        raise FileNotFoundError(
            f"{folder} does not hold the whole of CIFAR-10: unpack cifar-10-python.tar.gz there, "
            "so that it has a folder cifar-10-batches-py."
        ) from None
    parts = []
    for part in (train, test):
        images = torch.from_numpy(part.data).permute(0, 3, 1, 2)  # (N, 3, 32, 32)
        parts += [images.contiguous(), torch.tensor(part.targets)]
    return ImageData("cifar10", *parts, tuple(train.classes))


def photos() -> dict[str, SimpleNamespace]:
    """Return file, title, credit, licence, source and sha256 of every bundled photograph, by name.

    Print ``credit`` wherever the picture is shown.
    """
    rows = files.read_rows("photos/photos.csv")
    return {row["file"].removesuffix(".jpg"): SimpleNamespace(**row) for row in rows}


def photo(name: str) -> torch.Tensor:
    """Return a bundled photograph as uint8 RGB (3, H, W), shorter side 300 to 400 pixels.

    Raises:
        ValueError: unknown name, or an altered file.
        FileNotFoundError: a missing file.
    """
    known = photos()
    if name not in known:
        raise ValueError(f"no photograph {name!r}; choose one of {', '.join(map(repr, known))}.")
    content = files.read_verified(f"photos/{known[name].file}")
    from PIL import Image  # workers need no photographs

    pixels = np.array(Image.open(BytesIO(content)).convert("RGB"))  # (H, W, 3)
    return torch.from_numpy(pixels).permute(2, 0, 1).contiguous()  # (3, H, W)


@cache
def _fashion_mnist(split: str, count: int, block: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Unpack a split's first images, (N, 1, 28 / block, 28 / block), and labels, once a process."""
    found = []
    # IDX format: a header of 16 bytes before the images, of 8 before the labels.
    for name, header, each in (("images-idx3", 16, SIDE**2), ("labels-idx1", 8, 1)):
        packed = BytesIO(files.read_verified(f"fashion_mnist/{split}-{name}-ubyte.gz"))
        content = gzip.GzipFile(fileobj=packed).read(header + count * each)
        found.append(torch.frombuffer(bytearray(content), dtype=torch.uint8)[header:])
    pixels, labels = found
    images = pixels.view(-1, 1, SIDE, SIDE)
    if block > 1:
        images = functional.avg_pool2d(images.float(), block).round().to(torch.uint8)
    return images, labels.long()
