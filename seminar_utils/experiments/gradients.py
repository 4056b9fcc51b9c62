"""Gradients: what do batch norm and shortcuts do to them?

56 layers with and without batch norm, with and without shortcuts, started in three ways, for the
first 200 steps at a constant rate. At steps 1, 11, 51, 101 and 200: the norm of the gradient at
each convolution's output, and how far the step moves its weights, relative to their size. He et al.
2016 (Sec. 4.1) say that gradients of plain nets with batch norm have healthy norms, and show none.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import torch
from torch import nn

from seminar_utils.experiments.job import Experiment, Record, ResidualJob
from seminar_utils.language import N_, Later
from seminar_utils.measures.layers import activation_gradients, relative_change, weights
from seminar_utils.models.initialization import initialize
from seminar_utils.models.resnet import without_batch_norm
from seminar_utils.tables import Table
from seminar_utils.training.loop import Recipe, mean_of

__all__ = [
    "EXPERIMENT",
    "LIMIT",
    "STARTS",
    "GradientJob",
    "four_cells",
    "jobs",
    "look_at",
    "reach",
    "relative_steps",
]

RECIPE = Recipe(drops=(), iterations=200)
LIMIT = 1000  # a gradient that grows more explodes, one that shrinks more vanishes


@dataclass(frozen=True, kw_only=True)
class GradientJob(ResidualJob):
    """A deep net of which only the first steps matter."""

    depth: int = 56
    batch_norm: bool = True
    initialization: str = "fan_out"
    recipe: Recipe = RECIPE
    looks: tuple[int, ...] = (1, 11, 51, 101, 200)  # steps that are looked at
    tiny_steps = 3

    def build(self, dtype: torch.dtype = torch.float32) -> nn.Module:
        """Return the net with the first weights of its seed."""
        model = super().build(dtype)
        if not self.batch_norm:
            model = without_batch_norm(model)
        return initialize(model, self.seed, mode=self.initialization)

    def tiny(self) -> "GradientJob":
        """Return the job with two looks."""
        return replace(super().tiny(), looks=(1, 3))

    @contextmanager
    def look(self, _, model: nn.Module, measured: dict, step: int, batch: tuple) -> Iterator[None]:
        """Look at the net before a step, and at how far the step moves it."""
        if step not in self.looks:
            yield
            return
        before, gradients = weights(model), activation_gradients(model, *batch, self.loss)
        yield
        change = relative_change(before, weights(model))
        look = {"step": step, "gradients": gradients, "relative steps": change}
        measured.setdefault("looks", []).append(look)

    def measure(self, model: nn.Module, test_batches: list, record: Record) -> None:
        """Give the history one score for each look: the mean of the steps since the last one."""
        steps = record.measurements.pop("steps")
        spans = [span for span in pairwise((0, *self.looks)) if span[1] <= len(steps)]
        record.history.train = [mean_of(steps[start:end]) for start, end in spans]
        record.history.learning_rates = [self.recipe.learning_rate] * len(spans)


STARTS = {"fan_out": "He", "xavier": "Xavier", "gaussian": "0.01"}
PAIRS = tuple(
    (f"{net}, {start}", f"{baseline}, {start}")
    for start in STARTS.values()
    for net, baseline in (
        ("ResNet-56, batch norm", "plain-56, batch norm"),
        ("plain-56, batch norm", "plain-56, no batch norm"),
        ("ResNet-56, batch norm", "ResNet-56, no batch norm"),
    )
)


def reach(record: Record, step: int = 1) -> float:
    """Return log10 of the first layer's gradient over the last's at a step that was looked at.

    Minus infinity when nothing arrives.
    """
    first, *_, last = look_at(record, step)["gradients"].values()
    return -math.inf if first == 0 else math.log10(first / last)


def four_cells(records: Sequence[Record]) -> Table:
    """Say what gradients do with and without batch norm, with and without shortcuts.

    Args:
        records: Of this experiment; the nets with He's start are looked at.

    Returns:
        Words for each cell, and by which factor, median over seeds, the gradient grows or shrinks
        from the last convolution to the first before the first step.
    """
    powers = defaultdict(list)
    for record in records:
        if record.job.initialization == "fan_out":
            powers[record.job.batch_norm, record.job.shortcut].append(reach(record))
    rows = [
        (row, *(_in_words(median(powers[batch_norm, shortcut])) for shortcut in (None, "A")))
        for row, batch_norm in ((N_("without batch norm"), False), (N_("with batch norm"), True))
    ]
    return Table((N_("56 layers"), N_("plain"), N_("residual")), rows)


def _in_words(power: float) -> str:
    limit, factor = math.log10(LIMIT), float(f"{10 ** abs(power):.1g}")
    word = N_("explodes") if power > limit else N_("vanishes") if power < -limit else N_("neither")
    if power > 0:
        return Later("{word} (grows {factor:,.0f}-fold)", word=word, factor=factor)
    return Later("{word} (shrinks {factor:,.0f}-fold)", word=word, factor=factor)


def relative_steps(record: Record, step: int) -> list[float]:
    """Return how far a step moved each layer's weights, as a share of their size, first to last."""
    return list(look_at(record, step)["relative steps"].values())


def look_at(record: Record, step: int) -> dict:
    """Return what was measured at a step."""
    (look,) = [look for look in record.measurements["looks"] if look["step"] == step]
    return look


def jobs(seed: int) -> list[GradientJob]:
    """Return every combination of shortcut, batch norm and start."""
    return [
        GradientJob(
            net=f"{kind}-56, {'batch norm' if norm else 'no batch norm'}, {name}",
            seed=seed,
            shortcut=shortcut,
            batch_norm=norm,
            initialization=start,
        )
        for start, name in STARTS.items()
        for kind, shortcut in (("plain", None), ("ResNet", "A"))
        for norm in (True, False)
    ]


EXPERIMENT = Experiment(about=__doc__, job=GradientJob, jobs=jobs, pairs=PAIRS)
