"""Pictures that one core decodes and augments a second, for training at the papers' scale.

The reference is torchvision's own recipe for ImageNet: ``ImageFolder``, a random crop stretched to
224 x 224, a flip, normalised, through a DataLoader. Beside it our reader with the same transforms,
which also names the random numbers of each picture, and with each paper's augmentation. Pictures
are the course's photographs as JPEGs of 500 x 375, ImageNet's usual size.
"""

import tempfile
from collections.abc import Iterable
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import torch
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2
from torchvision.transforms.functional import to_pil_image

from bench.rounds import spread, take_turns
from seminar_utils.full_scale.distributed import DistributedContext
from seminar_utils.full_scale.folders import FolderBatches
from seminar_utils.training import data
from seminar_utils.training.transforms import MEAN, STD, googlenet_training, resnet_training

ROUNDS, BATCH, PICTURES = 7, 16, 96
ALONE = DistributedContext(0, 1, torch.device("cpu"))


def reference() -> v2.Transform:
    """Return what torchvision's ``references/classification`` does with PIL pictures."""
    places = [v2.RandomResizedCrop(224), v2.RandomHorizontalFlip(), v2.PILToTensor()]
    return v2.Compose([*places, v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)])


def write_pictures(folder: Path) -> None:
    """Write the photographs again and again, each time another part of them."""
    cut = v2.RandomResizedCrop((375, 500), scale=(0.5, 1))
    for number, name in zip(range(PICTURES), cycle(data.photos()), strict=False):
        (folder / name).mkdir(exist_ok=True)
        picture = to_pil_image(cut(data.photo(name)))
        picture.save(folder / name / f"{number}.jpg", quality=90)


def read(batches: Iterable) -> None:
    """Read so many pictures."""
    for _ in islice(batches, PICTURES // BATCH):
        pass


def report(rounds: int) -> None:
    """Print a line for each way."""
    with tempfile.TemporaryDirectory() as name:
        write_pictures(folder := Path(name))
        ours = {
            "our reader, the same": reference(),
            "our reader, ResNet's": resnet_training(),
            "our reader, GoogLeNet's": googlenet_training(),
        }
        first = "torchvision's reference"
        ways = {first: DataLoader(ImageFolder(folder, reference()), BATCH, shuffle=True)}
        for way, transform in ours.items():
            ways[way] = FolderBatches(ImageFolder(folder), transform, BATCH, 0, ALONE)
        taken = take_turns({way: partial(read, each) for way, each in ways.items()}, rounds)
    print("                         pictures/s  time against the reference")
    for way, of_rounds in taken.items():
        speed = PICTURES / median(of_rounds)
        print(f"{way:<24} {speed:>10,.0f}  {spread(of_rounds, taken[first])}")
