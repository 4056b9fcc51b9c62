"""Heads at the paper's scale: GoogLeNet on ImageNet, without and with its auxiliary classifiers.

Augmentation and loss are those of Szegedy et al. 2015 (Sec. 5 and 6).

Deviations: the paper gives no first rate, batch size, weight decay or length. Those of BVLC's Caffe
model stand in (rate 0.01, weight decay 2e-4, 60 epochs), with batches of 256 and two drops in place
of a slow decline. Neither asynchronous steps nor averaged weights are repeated.
"""

from dataclasses import dataclass

import torch
from torch import nn

from seminar_utils.experiments.job import Experiment
from seminar_utils.full_scale.runs import IMAGENET, PaperJob
from seminar_utils.models.googlenet import GoogLeNet, total_loss
from seminar_utils.models.initialization import initialize
from seminar_utils.training import transforms
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "jobs"]

RECIPE = Recipe(epochs=60, batch_size=256, learning_rate=0.01, weight_decay=2e-4)


@dataclass(frozen=True, kw_only=True)
class _HeadsJob(PaperJob):
    """GoogLeNet with any of its heads."""

    heads: tuple[str, ...]  # any of "4a" and "4d"
    loss = staticmethod(total_loss)
    augment = staticmethod(transforms.googlenet_training)

    def build(self, dtype: torch.dtype = torch.float32) -> nn.Module:
        """Return the net with the first weights of its seed."""
        return initialize(GoogLeNet(heads=self.heads).to(dtype), self.seed, mode="fan_in")


def jobs(seed: int) -> list[_HeadsJob]:
    """Return both nets."""
    return [
        _HeadsJob(net=f"GoogLeNet, {name}", seed=seed, heads=heads, recipe=RECIPE, **IMAGENET)
        for name, heads in (("no heads", ()), ("both heads", ("4a", "4d")))
    ]


EXPERIMENT = Experiment(about=__doc__, job=_HeadsJob, jobs=jobs, seeds={"paper": range(1)})
