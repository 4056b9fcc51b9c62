"""Heads: what do GoogLeNet's auxiliary classifiers do?

GoogLeNet at a sixteenth of its width on 28 x 28 images, so that the heads look at the paper's own
grids of 14 pixels: without heads, with the one on 4a, on 4d, and with both; with and without batch
norm (the paper has none); weights drawn in three ways; and heads that weigh less or more than 0.3.
Szegedy et al. 2015 (Sec. 5) report about half a per cent, and the same with one head as with two.
"""

from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from seminar_utils.experiments.job import Experiment, Job
from seminar_utils.measures.layers import activation_gradients
from seminar_utils.models.googlenet import PAPER, GoogLeNet, Outputs, total_loss
from seminar_utils.models.initialization import initialize
from seminar_utils.training import data
from seminar_utils.training.batches import Normalization
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "PAIRS", "GoogLeNetJob", "gradients_at_start", "jobs"]

# A rate of 0.05 leaves the net without heads and batch norm where it started, at ln 10 (seed 0).
RECIPE = Recipe(epochs=5, batch_size=32, learning_rate=0.02)


@dataclass(frozen=True, kw_only=True)
class GoogLeNetJob(Job):
    """A narrow GoogLeNet, heads and all."""

    heads: tuple[str, ...]  # any of "4a" and "4d"
    head_weight: float = 0.3  # of each head's loss
    batch_norm: bool = False
    initialization: str = "fan_in"
    width: float = 1 / 16
    size: int = 28
    recipe: Recipe = RECIPE
    variant = PAPER
    tiny_steps = 2  # in float64 each takes a second

    def build(self, dtype: torch.dtype = torch.float32) -> nn.Module:
        """Return the net with the first weights of its seed."""
        kind = {"heads": self.heads, "variant": replace(self.variant, batch_norm=self.batch_norm)}
        model = GoogLeNet(10, 1, width=self.width, small_images=True, **kind)
        return initialize(model.to(dtype), self.seed, mode=self.initialization)

    def loss(self, outputs: Tensor | Outputs, labels: Tensor) -> Tensor:
        """Return the main loss and the heads' share of it."""
        return total_loss(outputs, labels, self.head_weight)


PAIRS = (
    *(
        (f"{heads}{norm}", f"no heads{norm}")
        for norm in ("", ", batch norm")
        for heads in ("head 4a", "head 4d", "both heads")
    ),
    *((f"both heads, {start}", f"no heads, {start}") for start in ("xavier", "default")),
    *((f"no heads, {start}", "no heads") for start in ("xavier", "default")),
    *((f"both heads, weight {weight}", "both heads") for weight in (0.1, 1.0)),
)


def jobs(seed: int) -> list[GoogLeNetJob]:
    """Return the nets of one seed; starts and weights are compared on the first three seeds."""
    heads = {"no heads": (), "head 4a": ("4a",), "head 4d": ("4d",), "both heads": ("4a", "4d")}
    job = partial(GoogLeNetJob, seed=seed)
    found = [
        job(net=f"{name}{', batch norm' * norm}", heads=on, batch_norm=norm)
        for norm in (False, True)
        for name, on in heads.items()
    ]
    if seed < 3:
        found += [
            job(net=f"{name}, {start}", heads=heads[name], initialization=start)
            for start in ("xavier", "default")
            for name in ("no heads", "both heads")
        ]
        found += [
            job(net=f"both heads, weight {weight}", heads=heads["both heads"], head_weight=weight)
            for weight in (0.1, 1.0)
        ]
    return found


EXPERIMENT = Experiment(
    about=__doc__,
    job=GoogLeNetJob,
    jobs=jobs,
    seeds={"seminar": range(5)},
    pairs=PAIRS,
    kept=("both heads", "both heads, batch norm"),
)


def gradients_at_start() -> dict[tuple[str, str], dict[str, float]]:
    """Return the gradient's norm at each convolution of six new nets, by rule and loss.

    Three rules draw the first weights; the loss is the main one alone, or with both heads. Seed 0,
    the first 64 training images.
    """
    known = data.load(train=64)
    images = Normalization(known.train_images, torch.float32)(known.train_images)
    norms = {}
    for rule, mode in (("default", "default"), ("Xavier", "xavier"), ("He", "fan_in")):
        for label, weight in (("main loss", 0.0), ("with heads", 0.3)):
            job = GoogLeNetJob(
                net=rule, seed=0, heads=("4a", "4d"), head_weight=weight, initialization=mode
            )
            with torch.random.fork_rng():
                torch.manual_seed(0)  # the same units are dropped
                found = activation_gradients(job.build(), images, known.train_labels, job.loss)
            norms[rule, label] = {n: norm for n, norm in found.items() if "head" not in n}
    return norms
