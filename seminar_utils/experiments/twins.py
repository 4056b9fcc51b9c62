"""The twin experiment: four nets that start alike and see the same batches.

Plain and residual nets of 8 and 32 layers on small real images. The paper's question (He et al.
2016, Fig. 4 and Table 2) in a size that a laptop answers in under a minute: does a deeper plain
net end with a larger training error, and does the shortcut change that?
"""

from datetime import date

from seminar_utils.experiments import records
from seminar_utils.experiments.jobs import Job, Record
from seminar_utils.experiments.running import Run

__all__ = ["NETS", "SEEDS", "Live", "jobs", "recorded", "start"]

NETS = {"plain-8": (8, None), "ResNet-8": (8, "A"), "plain-32": (32, None), "ResNet-32": (32, "A")}
SEEDS = range(10)  # recorded


def jobs(seed: int) -> list[Job]:
    """Return the four jobs of one seed."""
    return [Job(net, depth, shortcut, seed) for net, (depth, shortcut) in NETS.items()]


def recorded() -> list[Record]:
    """Return the recorded runs of all seeds."""
    return [record for seed in SEEDS for record in records.load("twins", seed)]


class Live:
    """The twins running in the background, or the record that stands in for them.

    Attributes:
        is_live: Whether ``result`` returned runs of today; None before it was asked.
    """

    def __init__(self, seed: int, live: bool):
        self.seed = seed
        self.is_live: bool | None = None
        self._run = Run(jobs(seed)) if live else None

    def result(self, timeout: float = 120.0) -> list[Record]:
        """Return the four records, waiting for them with a progress line.

        When the run is late or failed, a sentence says so and the recorded seed 0 stands in, so
        that a class can go on.

        Args:
            timeout: Seconds to wait at most.
        """
        if self._run is not None:
            try:
                found = self._run.result(timeout)
                self.is_live = True
                return found
            except (TimeoutError, RuntimeError) as error:
                print(f"No live result: {error} The recorded seed 0 stands in.")
        self.is_live = False
        stand_in = {record.job: record for record in records.load("twins", seed=0)}
        return [stand_in[job] for job in jobs(seed=0)]

    def stop(self) -> None:
        """End the nets that still train."""
        if self._run is not None:
            self._run.stop()


def start(seed: int | None = None, live: bool = True) -> Live:
    """Start the four nets in the background and return at once.

    Args:
        seed: The run's seed; today's date without one, so each day's class sees a new run.
        live: False shows the recorded seed 0 instead of running anything.
    """
    return Live(int(f"{date.today():%Y%m%d}") if seed is None else seed, live)
