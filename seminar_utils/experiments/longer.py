"""Longer: is a deeper plain net worse, or only slower?

The twins of 8 and 32 layers with three and five times as many epochs. He et al. 2016 (footnote 3)
say that three times as many iterations did not remove the degradation.
"""

from seminar_utils.experiments.experiment import Experiment
from seminar_utils.experiments.job import ResidualJob
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "jobs"]

PAIRS = tuple(
    pair
    for times in (3, 5)
    for pair in (
        (f"plain-32 x{times}", f"plain-8 x{times}"),
        (f"ResNet-32 x{times}", f"ResNet-8 x{times}"),
        (f"ResNet-32 x{times}", f"plain-32 x{times}"),
    )
)


def jobs(seed: int, scale: str = "seminar") -> list[ResidualJob]:
    """Return the four twins at each length; a name ends in how many times as long."""
    return [
        ResidualJob(
            net=f"{kind}-{depth} x{times}",
            depth=depth,
            shortcut=shortcut,
            seed=seed,
            recipe=Recipe(epochs=8 * times),
        )
        for times in (3, 5)
        for depth in (8, 32)
        for kind, shortcut in (("plain", None), ("ResNet", "A"))
    ]


EXPERIMENT = Experiment(
    name="longer",
    about=__doc__,
    job=ResidualJob,
    jobs=jobs,
    seeds={"seminar": range(3)},
    pairs=PAIRS,
)
