"""Batches of small images that live in memory as one uint8 tensor.

No files, no worker processes, no waiting: an epoch is a permutation of indices, and a batch is one
gather, one flip and one subtraction. Order and flips come from generators of their own, named by
seed and epoch, so two nets with the same seed see the same pixels in the same order, and a run
that stopped after epoch 3 goes on with exactly epoch 4.
"""

import hashlib
from collections.abc import Iterator

import torch
from torch import Tensor

from seminar_utils.models.initialization import generator_for

__all__ = ["Batches", "Normalization"]


class Normalization:
    """Subtract the training images' mean and divide by their standard deviation, per channel."""

    def __init__(self, train_images: Tensor, dtype: torch.dtype = torch.float32):
        pixels = train_images.double()
        # (1, C, 1, 1), in units of 0 to 255, over all pixels of all images.
        self.mean = pixels.mean(dim=(0, 2, 3), keepdim=True).to(dtype)
        self.std = pixels.std(dim=(0, 2, 3), keepdim=True).to(dtype)

    def __call__(self, images: Tensor) -> Tensor:
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

    Raises:
        ValueError: There are fewer images than one batch holds.
    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        batch_size: int,
        normalization: Normalization,
        seed: int,
        flip: bool = True,
    ):
        if len(images) < batch_size:
            raise ValueError(
                f"{len(images)} images do not fill one batch of {batch_size}: "
                "take more images or a smaller batch_size."
            )
        self.images, self.labels = images, labels
        self.batch_size, self.normalization = batch_size, normalization
        self.seed, self.flip = seed, flip
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
        order_generator = generator_for(self.seed, f"order of epoch {self.epoch}")
        flip_generator = generator_for(self.seed, f"flips of epoch {self.epoch}")
        order = torch.randperm(len(self.images), generator=order_generator)
        for indices in order.split(self.batch_size)[: len(self)]:
            images = self.images[indices]
            mirrored = torch.rand(len(indices), generator=flip_generator) < 0.5 * self.flip
            images = torch.where(mirrored.view(-1, 1, 1, 1), images.flip(3), images)
            self._seen.update(indices.numpy().tobytes() + mirrored.numpy().tobytes())
            yield self.normalization(images), self.labels[indices]
        self.epoch += 1
