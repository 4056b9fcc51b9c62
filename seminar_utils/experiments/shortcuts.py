"""Shortcuts: does it matter how the input gets past a block?

Options A (zero channels), B (projections where the size changes) and C (projections everywhere) at
20 and 32 layers (He et al. 2016, Table 3, finds B a little better than A and C than B).
"""

from seminar_utils.experiments.job import Experiment, ResidualJob

__all__ = ["EXPERIMENT", "PAIRS", "jobs"]

PAIRS = tuple(
    (f"ResNet-{depth} {better}", f"ResNet-{depth} {worse}")
    for depth in (20, 32)
    for better, worse in (("B", "A"), ("C", "A"), ("C", "B"))
)


def jobs(seed: int) -> list[ResidualJob]:
    """Return each depth with each option."""
    return [
        ResidualJob(net=f"ResNet-{depth} {option}", depth=depth, shortcut=option, seed=seed)
        for depth in (20, 32)
        for option in ("A", "B", "C")
    ]


EXPERIMENT = Experiment(about=__doc__, jobs=jobs, pairs=PAIRS)
