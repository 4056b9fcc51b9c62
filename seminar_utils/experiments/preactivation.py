"""Preactivation: what changes when the sum of a block reaches the next one unchanged?

Nets of 8 to 56 layers: plain, residual, and residual with batch norm and ReLU before each
convolution instead of after it, all trained as the twins are. He et al. 2016 (arXiv 1603.05027)
find the last kind easier to train, most of all with hundreds of layers.
"""

from seminar_utils.experiments.job import Experiment, ResidualJob

__all__ = ["EXPERIMENT", "jobs"]

DEPTHS = (8, 20, 32, 56)


def jobs(seed: int) -> list[ResidualJob]:
    """Return a net of each kind and depth."""
    return [
        ResidualJob(
            net=f"{kind}-{depth}",
            depth=depth,
            shortcut=None if kind == "plain" else "A",
            pre_activation=kind == "pre-activation",
            seed=seed,
        )
        for kind in ("plain", "ResNet", "pre-activation")
        for depth in DEPTHS
    ]


EXPERIMENT = Experiment(
    about=__doc__,
    jobs=jobs,
    seeds={"seminar": range(5)},
    pairs=tuple(
        (f"pre-activation-{depth}", f"{kind}-{depth}")
        for kind in ("plain", "ResNet")
        for depth in DEPTHS
    ),
)
