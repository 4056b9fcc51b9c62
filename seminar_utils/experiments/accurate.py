"""Accurate: how good does a small residual net get on these images?

The other experiments make nets small enough to compare in minutes. This one trains a net to be
used: ResNet-20 with the 16, 32 and 64 filters of He et al. 2016 (Sec. 4.2) on all 60,000 images of
28 x 28 pixels, shifted by up to 2 pixels and mirrored, for 15 epochs. Tested on the images as they
are, with their mirror images, and on ten crops of a frame that is 2 pixels wider on each side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.experiments.experiment import Experiment
from seminar_utils.experiments.job import Notify, ResidualJob, Trained
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.crops import error_with_crops, ten_crops
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "find_mistakes", "jobs"]

RECIPE = Recipe(epochs=15, pad=2)


def _framed_crops(images: Tensor) -> Tensor:
    """Cut ten crops of the images' own size out of a black frame. (N, C, H, W) -> (N, 10, ...)."""
    framed = F.pad(images, (2, 2, 2, 2), value=images.min().item())
    return ten_crops(framed, images.shape[-1])


CROPS = {
    "mirror images": lambda images: torch.stack([images, images.flip(-1)], dim=1),
    "ten crops": _framed_crops,
}


@dataclass(frozen=True, kw_only=True)
class _AccurateJob(ResidualJob):
    """A net to be used, of the paper's width, on the images at their full size."""

    net: str = "ResNet-20"
    depth: int = 20
    shortcut: str | None = "A"
    width: int = 16
    train_images: int = 60_000
    size: int = 28
    recipe: Recipe = RECIPE

    def tiny(self) -> "_AccurateJob":
        """Return the job with half the filters and three steps: in float64 each takes a second."""
        few = super().tiny()
        return replace(few, width=8, recipe=replace(few.recipe, epochs=3))

    def train(self, dtype: torch.dtype, on_epoch: Notify, checkpoint: Checkpoint | None) -> Trained:
        """Train and test the net, test it with crops, and list what it gets wrong."""
        trained = super().train(dtype, on_epoch, checkpoint)
        _, test_batches = self.batches(dtype)
        for name, crops in CROPS.items():
            found = error_with_crops(trained.model, test_batches, crops)
            trained.measurements[f"test error with {name}"] = found.error
        trained.measurements["mistakes"] = find_mistakes(trained.model, test_batches)
        return trained


@torch.inference_mode()
def find_mistakes(
    model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], most: int = 1000
) -> list[list[int]]:
    """Return the first images that a net gets wrong, each as [index, predicted, true label].

    Args:
        model: Returns logits in evaluation.
        batches: Images and labels; an index counts the images of all batches.
        most: How many to list; the search ends with the batch in which the last one is found.
    """
    model.eval()
    found, passed = [], 0
    for images, labels in batches:
        predicted = model(images).argmax(1)
        for i in (predicted != labels).nonzero().flatten().tolist():
            found.append([passed + i, predicted[i].item(), labels[i].item()])
        if len(found) >= most:
            break
        passed += len(labels)
    return found[:most]


def jobs(seed: int) -> list[_AccurateJob]:
    """Return the one net of a seed."""
    return [_AccurateJob(seed=seed)]


EXPERIMENT = Experiment(
    name="accurate", about=__doc__, job=_AccurateJob, jobs=jobs, kept=("ResNet-20",)
)
