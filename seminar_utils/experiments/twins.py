"""The twin experiment: four nets that start alike and see the same batches.

Plain and residual nets of 8 and 32 layers on small real images. The paper's question (He et al.
2016, Fig. 4 and Table 2) in a size that a laptop answers in under a minute: does a deeper plain
net end with a larger training error, and does the shortcut change that?
"""

from seminar_utils.experiments import records
from seminar_utils.experiments.jobs import Job, Record

__all__ = ["NETS", "SEEDS", "jobs", "recorded"]

NETS = {"plain-8": (8, None), "ResNet-8": (8, "A"), "plain-32": (32, None), "ResNet-32": (32, "A")}
SEEDS = range(10)  # recorded


def jobs(seed: int) -> list[Job]:
    """Return the four jobs of one seed."""
    return [Job(net, depth, shortcut, seed) for net, (depth, shortcut) in NETS.items()]


def recorded() -> list[Record]:
    """Return the recorded runs of all seeds."""
    return [
        record
        for seed in SEEDS
        for record in records.load("twins", seed)
        if record.job in jobs(seed)
    ]
