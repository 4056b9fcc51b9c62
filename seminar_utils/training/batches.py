"""Batches of small images that live in memory as one uint8 tensor.

No files, no worker processes, no waiting: an epoch is a permutation of indices, and a batch is one
gather, one flip and one subtraction. Order, flips and shifts come from generators of their own,
named by seed and epoch, so two nets with the same seed see the same pixels in the same order, and
a run that stopped after epoch 3 goes on with exactly epoch 4.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sized
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.seeds import generator_for

__all__ = ["Batches", "Normalization", "SeededBatches", "shifted"]


class SeededBatches(Sized, Iterable[tuple[Tensor, Tensor]], Protocol):
    """What ``fit`` takes: so many batches an epoch, each pass the next epoch of a seed."""

    seed: int

    def skip(self, epochs: int) -> None:
        """Go on after so many more epochs, as if their batches had come."""


class Normalization(nn.Module):
    """Subtract the training images' mean and divide by their standard deviation, per channel."""

    def __init__(self, train_images: Tensor, dtype: torch.dtype = torch.float32):
        super().__init__()
        pixels = train_images.double()
        # (1, C, 1, 1), in units of 0 to 255, over all pixels of all images.
        self.register_buffer("mean", pixels.mean(dim=(0, 2, 3), keepdim=True).to(dtype))
        self.register_buffer("std", pixels.std(dim=(0, 2, 3), keepdim=True).to(dtype))

    def forward(self, images: Tensor) -> Tensor:
        """Turn uint8 into mean 0 and deviation 1. (N, C, H, W) -> (N, C, H, W)."""
        return (images - self.mean) / self.std


class Batches:
    """Shuffled batches with a random horizontal flip, one epoch for each ``iter``.

    Args:
        images: uint8, (N, C, H, W).
        labels: int64, (N,).
        batch_size: Images per batch; what is left over at the end of an epoch is dropped.
        normalization: From uint8 to float.
        seed: The run's seed.
        flip: Mirror every image with probability one half.
        pad: Shift every image by up to so many pixels in both directions; what comes in from
            outside is the mean colour (4 for CIFAR-10: He et al. 2016, Sec. 4.2).
        rank, processes: This process has every ``processes``-th image of each batch, from its
            ``rank`` on; all of them together have the whole batch.

    Raises:
        ValueError: There are fewer images than one batch holds, or a batch cannot be shared out.
    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        batch_size: int,
        normalization: Normalization,
        seed: int,
        flip: bool = True,
        pad: int = 0,
        rank: int = 0,
        processes: int = 1,
    ):
        if len(images) < batch_size:
            raise ValueError(
                f"{len(images)} images do not fill one batch of {batch_size}: "
                "take more images or a smaller batch_size."
            )
        if batch_size % processes:
            raise ValueError(
                f"A batch of {batch_size} cannot be shared out evenly among {processes} processes: "
                "take a batch_size that they divide."
            )
        self.images, self.labels = images, labels
        self.rank, self.processes = rank, processes
        self.batch_size, self.normalization = batch_size, normalization
        self.seed, self.flip, self.pad = seed, flip, pad
        self.epoch = 0
        self._seen = hashlib.sha256()

    def __len__(self) -> int:
        """Batches per epoch."""
        return len(self.images) // self.batch_size

    @property
    def checksum(self) -> str:
        """A fingerprint of which images came so far, in which order, and how they were flipped."""
        return self._seen.hexdigest()[:16]

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (N, C, H, W) images and (N,) labels, then move on to the next epoch."""
        device = self.images.device
        for plan in self.plan():
            yield self.take(*(part[self.rank :: self.processes].to(device) for part in plan))
        self.epoch += 1

    def take(self, indices: Tensor, mirrored: Tensor, shifts: Tensor) -> tuple[Tensor, Tensor]:
        """Return the batch of a plan: (N, C, H, W) images and (N,) labels."""
        images = self.images[indices]
        images = torch.where(mirrored.view(-1, 1, 1, 1), images.flip(3), images)
        return shifted(self.normalization(images), shifts, self.pad), self.labels[indices]

    def skip(self, epochs: int) -> None:
        """Go on after so many more epochs, as if their batches had come."""
        for _ in range(epochs):
            for _ in self.plan():
                pass
            self.epoch += 1

    def plan(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Yield each batch's indices, which images are mirrored, and shifts, all on the CPU."""
        names = (f"{what} of epoch {self.epoch}" for what in ("order", "flips", "shifts"))
        for_order, for_flips, for_shifts = (generator_for(self.seed, name) for name in names)
        order = torch.randperm(len(self.images), generator=for_order)
        for indices in order.split(self.batch_size)[: len(self)]:
            n = len(indices)
            mirrored = torch.rand(n, generator=for_flips) < 0.5 * self.flip
            shifts = torch.randint(0, 2 * self.pad + 1, (n, 2), generator=for_shifts)
            plan = [indices, mirrored, shifts] if self.pad else [indices, mirrored]
            self._seen.update(b"".join(part.numpy().tobytes() for part in plan))
            yield indices, mirrored, shifts


def shifted(images: Tensor, shifts: Tensor, pad: int) -> Tensor:
    """Cut each image out of its padded self. (N, C, H, W), (N, 2) rows and columns -> the same.

    A shift of (0, 0) shows the upper left corner of the padded image, (pad, pad) the image itself.
    """
    if pad == 0:
        return images
    height, width = images.shape[2:]
    # (N, C, 2 pad + 1, 2 pad + 1, H, W), a view: every window onto each image
    windows = F.pad(images, (pad, pad, pad, pad)).unfold(2, height, 1).unfold(3, width, 1)
    each = torch.arange(len(images), device=images.device)
    return windows[each, :, shifts[:, 0], shifts[:, 1]]
