"""Accurate: how good does a small residual net get on these images?

The other experiments make nets small enough to compare in minutes. This one trains a net to be
used: ResNet-20 with the 16, 32 and 64 filters of He et al. 2016 (Sec. 4.2) on all 60,000 images of
28 x 28 pixels, shifted by up to 2 pixels and mirrored, for 15 epochs. Tested on the images as they
are, with their mirror images, and on ten crops of a frame that is 2 pixels wider on each side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.experiments.job import Experiment, Record, ResidualJob
from seminar_utils.training.crops import error_with_crops, ten_crops
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "find_mistakes", "jobs"]


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

    tiny_steps = 3  # in float64 each takes a second

    def tiny(self) -> "_AccurateJob":
        """Return the job with half the filters, too."""
        return replace(super().tiny(), width=8)

    def measure(self, model: nn.Module, test_batches: list, record: Record) -> None:
        """Test the net with crops, and list what it gets wrong."""
        for name, crops in CROPS.items():
            found = error_with_crops(model, test_batches, crops)
            record.measurements[f"test error with {name}"] = found.error
        record.measurements["mistakes"] = find_mistakes(model, test_batches)


@torch.inference_mode()
def find_mistakes(model: nn.Module, batches: Sequence[tuple[Tensor, Tensor]]) -> list[list[int]]:
    """Return what a net gets wrong in evaluation, each as [index, predicted, true label].

    An index counts the images of all batches.
    """
    model.eval()
    predicted = torch.cat([model(images).argmax(1) for images, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    wrong = (predicted != labels).nonzero().flatten()
    return torch.stack([wrong, predicted[wrong], labels[wrong]], dim=1).tolist()


def jobs(seed: int) -> list[_AccurateJob]:
    """Return the one net of a seed."""
    net = {"net": "ResNet-20", "depth": 20, "shortcut": "A", "width": 16}
    recipe = Recipe(epochs=15, pad=2)
    return [_AccurateJob(**net, seed=seed, train_images=60_000, size=28, recipe=recipe)]


EXPERIMENT = Experiment(about=__doc__, job=_AccurateJob, jobs=jobs, kept=("ResNet-20",))
