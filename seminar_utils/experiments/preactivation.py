"""Preactivation: what changes when the sum of a block reaches the next one unchanged?

Nets of 8 to 56 layers with batch norm and ReLU before each convolution instead of after it, trained
as the twins are; the twins of the same seeds are the plain and the original residual nets to hold
against them. He et al. 2016 (arXiv 1603.05027) find such nets easier to train, most of all with
hundreds of layers.
"""

from seminar_utils.experiments.experiment import Experiment
from seminar_utils.experiments.job import ResidualJob

__all__ = ["EXPERIMENT", "jobs"]


def jobs(seed: int, scale: str = "seminar") -> list[ResidualJob]:
    """Return one net of each depth."""
    return [
        ResidualJob(
            net=f"pre-activation-{depth}",
            depth=depth,
            shortcut="A",
            pre_activation=True,
            seed=seed,
        )
        for depth in (8, 20, 32, 56)
    ]


EXPERIMENT = Experiment(
    name="preactivation",
    about=__doc__,
    job=ResidualJob,
    jobs=jobs,
    seeds={"seminar": range(5)},
    pairs=tuple((f"pre-activation-{depth}", "pre-activation-8") for depth in (20, 32, 56)),
)
