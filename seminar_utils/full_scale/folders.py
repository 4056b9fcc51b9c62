"""Batches of pictures that do not fit into memory: a folder per class, read as they are needed.

What ``Batches`` does for small images in memory, for torchvision's ``ImageFolder`` (or any data set
of pictures and labels) through a DataLoader. Each picture's augmentation has random numbers of its
own, named by seed, epoch and picture: neither the number of processes nor of loaders changes what
a net sees.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision.datasets import ImageFolder

from seminar_utils.full_scale.distributed import DistributedContext
from seminar_utils.seeds import generator_for

__all__ = ["FolderBatches", "image_folder", "share_of"]

Pictures = Sequence[tuple[Image.Image, int]]


def image_folder(path: Path) -> ImageFolder:
    """Open a folder of pictures, one folder inside for each class.

    Raises:
        FileNotFoundError: There is no such folder, or no picture in it.
    """
    try:
        return ImageFolder(path)
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{path} is no folder of pictures ({error}): it needs a folder for each class, such as "
            f"{path / 'n01440764'}, with the pictures of that class in it."
        ) from None


class _Transformed(Dataset):
    """Pictures by (epoch, index), each transformed with random numbers of its own in each epoch."""

    def __init__(self, pictures: Pictures, transform: Callable[..., Tensor], seed: int):
        self.pictures, self.transform, self.seed = pictures, transform, seed

    def __getitem__(self, which: tuple[int, int]) -> tuple[Tensor, int]:
        """Return a transformed picture and its label."""
        epoch, index = which
        picture, label = self.pictures[index]
        with torch.random.fork_rng(devices=[]):
            name = f"augmentation of picture {index} in epoch {epoch}"
            torch.manual_seed(generator_for(self.seed, name).initial_seed())
            return self.transform(picture), label


class FolderBatches:
    """Shuffled batches of augmented pictures, one epoch for each ``iter``.

    Args:
        pictures: Pairs of picture and label, such as an ``ImageFolder``.
        transform: From picture to (C, H, W), random.
        batch_size: Pictures per batch of all processes together; the rest of an epoch is dropped.
        seed: The run's seed.
        context: Which part of each batch this process has, and on which device.
        loaders: Processes that read pictures.

    Raises:
        ValueError: There are fewer pictures than one batch holds, or it cannot be shared out.
    """

    def __init__(
        self,
        pictures: Pictures,
        transform: Callable[..., Tensor],
        batch_size: int,
        seed: int,
        context: DistributedContext,
        loaders: int = 0,
    ):
        if len(pictures) < batch_size or batch_size % context.world_size:
            raise ValueError(
                f"{len(pictures)} pictures and {context.world_size} processes do not go with a "
                f"batch of {batch_size}: it must be filled, and shared out evenly."
            )
        self.data = _Transformed(pictures, transform, seed)
        self.batch_size, self.seed, self.context, self.loaders = batch_size, seed, context, loaders
        self.epoch = 0

    def __len__(self) -> int:
        """Batches per epoch."""
        return len(self.data.pictures) // self.batch_size

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield this process's part of each batch, then move on to the next epoch."""
        generator = generator_for(self.seed, f"order of epoch {self.epoch}")
        order = torch.randperm(len(self.data.pictures), generator=generator)
        mine = slice(self.context.rank, None, self.context.world_size)
        plan = [
            [(self.epoch, index) for index in batch[mine].tolist()]
            for batch in order.split(self.batch_size)[: len(self)]
        ]
        yield from _on_device(self.data, plan, self.context, self.loaders)
        self.epoch += 1

    def skip(self, epochs: int) -> None:
        """Go on after so many more epochs."""
        self.epoch += epochs


def share_of(
    pictures: Pictures,
    transform: Callable[..., Tensor],
    batch_size: int,
    context: DistributedContext,
    loaders: int = 0,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield this process's share of the test pictures, in batches.

    All processes together have every picture once; none is repeated to make shares equal.
    """
    mine = [(0, index) for index in range(context.rank, len(pictures), context.world_size)]
    plan = [mine[at : at + batch_size] for at in range(0, len(mine), batch_size)]
    yield from _on_device(_Transformed(pictures, transform, seed=0), plan, context, loaders)


def _on_device(
    data: Dataset, plan: list[list], context: DistributedContext, loaders: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Read the batches of a plan and hand them over on the device of this process."""
    pinned = context.device.type == "cuda"
    loader = DataLoader(
        data,
        batch_sampler=plan,
        num_workers=loaders,
        pin_memory=pinned,
        generator=torch.Generator(),  # or it would draw from everybody's
    )
    for batch in loader:
        yield tuple(part.to(context.device, non_blocking=pinned) for part in batch)
