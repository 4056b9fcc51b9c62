"""Images in memory: Fashion-MNIST and six photographs, bundled with the course.

Shapes: N images, C channels, H x W pixels. Images are uint8 from 0 to 255: the smallest form, and
the one that augmentation and normalisation start from. Nothing here needs a network.
"""

from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from seminar_utils import files

__all__ = ["ImageData", "Photo", "load", "load_cifar10", "photo", "photos"]

# Source: README of the data set (Xiao, Rasul and Vollgraf 2017), labels 0 to 9.
CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

# SHA-256 of the unpacked files; data/fashion_mnist/README.md gives MD5 as well.
UNPACKED = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
SIDE = 28  # pixels


@dataclass(frozen=True, eq=False)
class ImageData:
    """A labelled data set in memory, split into training and test images."""

    name: str
    train_images: torch.Tensor  # uint8 (N, C, H, W)
    train_labels: torch.Tensor  # int64 (N,)
    test_images: torch.Tensor  # uint8 (N, C, H, W)
    test_labels: torch.Tensor  # int64 (N,)
    class_names: tuple[str, ...]  # class_names[label]

    def to(self, device: torch.device) -> "ImageData":
        """Return the same images and labels on a device."""
        tensors = {key: value for key, value in vars(self).items() if torch.is_tensor(value)}
        return replace(self, **{key: value.to(device) for key, value in tensors.items()})


@dataclass(frozen=True)
class Photo:
    """Where a bundled photograph comes from; print `credit` wherever the picture is shown."""

    file: str
    title: str
    credit: str
    licence: str
    source: str
    sha256: str


def load(
    *, train: int | None = None, test: int | None = None, size: int | None = None
) -> ImageData:
    """Load Fashion-MNIST as tensors, checked against its published hashes.

    It has 60,000 training and 10,000 test images of clothes, 1 x 28 x 28 pixels.

    Args:
        train: take the first so many training images; None takes all.
        test: take the first so many test images; None takes all.
        size: average each image down to size x size pixels by whole blocks, rounded to uint8
            (halves to even); a divisor of 28. None keeps 28.

    Returns:
        Tensors of your own: changing them does not change what the next call returns.

    Raises:
        ValueError: unknown count or size, or an altered file.
        FileNotFoundError: a missing file.

    Source: Xiao, Rasul and Vollgraf 2017, "Fashion-MNIST".
    """
    block = _block(SIDE if size is None else size)
    train_images, train_labels = _first(train, "train")
    test_images, test_labels = _first(test, "t10k")
    return ImageData(
        "fashion_mnist",
        _average_blocks(train_images, block),
        train_labels.clone(),
        _average_blocks(test_images, block),
        test_labels.clone(),
        CLASS_NAMES,
    )


def load_cifar10(folder: Path) -> ImageData:
    """Load CIFAR-10 from where torchvision unpacked it; nothing is downloaded.

    Args:
        folder: Holds `cifar-10-batches-py`.

    Returns:
        50,000 training and 10,000 test images of 3 x 32 x 32.

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


def photos() -> dict[str, Photo]:
    """Return title, credit and licence of every bundled photograph, keyed by name."""
    rows = files.read_rows("photos/photos.csv")
    return {row["file"].removesuffix(".jpg"): Photo(**row) for row in rows}


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
    pixels = np.array(Image.open(BytesIO(content)).convert("RGB"))  # (H, W, 3)
    return torch.from_numpy(pixels).permute(2, 0, 1).contiguous()  # (3, H, W)


def _block(size: int) -> int:
    divisors = [side for side in range(1, SIDE + 1) if SIDE % side == 0]
    if size not in divisors:
        raise ValueError(
            f"size {size} does not divide {SIDE} into whole blocks; "
            f"choose one of {', '.join(map(str, divisors))}."
        )
    return SIDE // size


def _first(count: int | None, split: str) -> tuple[torch.Tensor, torch.Tensor]:
    images, labels = _fashion_mnist(split)
    if count is not None and not 1 <= count <= len(images):
        argument = {"train": "train", "t10k": "test"}[split]
        raise ValueError(
            f"{argument}={count} images cannot be taken; "
            f"choose 1 to {len(images):,}, or None for all."
        )
    return images[:count], labels[:count]


@cache
def _fashion_mnist(split: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Unpack images (N, 1, 28, 28) and labels (N,) of one split, once per process."""
    # IDX format: 16 bytes of header before pixels, 8 before labels; the hash vouches for both.
    names = (f"{split}-images-idx3-ubyte", f"{split}-labels-idx1-ubyte")
    pixels, labels = map(_unpacked, names)
    return pixels[16:].view(-1, 1, SIDE, SIDE), labels[8:].long()


def _unpacked(file: str) -> torch.Tensor:
    content = files.unpack(f"fashion_mnist/{file}.gz", UNPACKED[file])
    return torch.frombuffer(bytearray(content), dtype=torch.uint8)


def _average_blocks(images: torch.Tensor, block: int) -> torch.Tensor:
    """Average (N, C, H, W) over block x block pixels; block 1 copies."""
    if block == 1:
        return images.clone()
    means = functional.avg_pool2d(images.float(), block)  # (N, C, H / block, W / block)
    return means.round().to(torch.uint8)
