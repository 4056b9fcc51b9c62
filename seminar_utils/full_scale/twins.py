"""Twins at the paper's scale: Figure 4 and Figure 6 themselves.

    Figure 4  plain and residual nets of 18 and 34 layers (option A) on ImageNet: batch 256, rate
              0.1 divided by ten at 150,000 and 300,000 of 600,000 iterations, weight decay 1e-4
              (He et al. 2016, Sec. 3.4; the drops are where the curves of Fig. 4 have them)
    Figure 6  plain and residual nets of 20 to 110 layers on CIFAR-10: batch 128, rate 0.1 divided
              by ten at 32,000 and 48,000 of 64,000 iterations, pad 4, crop, flip (Sec. 4.2)

Deviations: one mean and deviation per channel instead of a mean per pixel; the nets of 110 layers
start at 0.1 without the warm-up at 0.01 (the paper's footnote 5: the residual one then starts later
and ends alike).
"""

from dataclasses import dataclass

import torch
from torch import nn

from seminar_utils.experiments.job import Experiment
from seminar_utils.full_scale.runs import CIFAR_10, IMAGENET, PaperJob
from seminar_utils.models.initialization import initialize
from seminar_utils.models.resnet import cifar_resnet, resnet
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "TwinJob", "jobs"]

FIGURE_4 = Recipe(batch_size=256, drops=(0.25, 0.5), iterations=600_000)
FIGURE_6 = Recipe(batch_size=128, drops=(0.5, 0.75), iterations=64_000, pad=4)


@dataclass(frozen=True, kw_only=True)
class TwinJob(PaperJob):
    """A plain or residual net: for ImageNet of Table 1, for CIFAR-10 of 6n+2 layers."""

    depth: int  # layers with weights
    shortcut: str | None  # None or "A"

    def build(self, dtype: torch.dtype = torch.float32) -> nn.Module:
        """Return the net with the first weights of its seed."""
        build = resnet if self.images == "ImageNet" else cifar_resnet
        model = build(self.depth, self.shortcut)
        return initialize(model.to(dtype), self.seed, mode="fan_out")


def jobs(seed: int) -> list[TwinJob]:
    """Return the nets of both figures."""
    figures = (
        ((18, 34), {**IMAGENET, "recipe": FIGURE_4}),
        ((20, 32, 44, 56, 110), {**CIFAR_10, "recipe": FIGURE_6}),
    )
    return [
        TwinJob(net=f"{kind}-{depth}", seed=seed, depth=depth, shortcut=shortcut, **preset)
        for depths, preset in figures
        for depth in depths
        for kind, shortcut in (("plain", None), ("ResNet", "A"))
    ]


EXPERIMENT = Experiment(about=__doc__, job=TwinJob, jobs=jobs, seeds={"paper": range(1)})
