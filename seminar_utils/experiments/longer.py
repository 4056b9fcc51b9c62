"""Longer: is a deeper plain net worse, or only slower?

The twins of 8 and 32 layers with three and five times as many epochs. He et al. 2016 (footnote 3)
say that three times as many iterations did not remove the degradation.
"""

from dataclasses import replace

from seminar_utils.experiments import twins
from seminar_utils.experiments.job import Experiment, ResidualJob
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "jobs"]

TWINS = ("plain-32", "plain-8"), ("ResNet-32", "ResNet-8"), ("ResNet-32", "plain-32")
PAIRS = tuple((f"{net} x{n}", f"{baseline} x{n}") for n in (3, 5) for net, baseline in TWINS)


def jobs(seed: int) -> list[ResidualJob]:
    """Return the four twins at each length; a name ends in how many times as long."""
    return [
        replace(job, net=f"{job.net} x{times}", recipe=Recipe(epochs=8 * times))
        for times in (3, 5)
        for job in twins.jobs(seed)
        if job.depth in (8, 32)
    ]


EXPERIMENT = Experiment(about=__doc__, jobs=jobs, pairs=PAIRS)
