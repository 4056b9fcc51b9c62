"""A run of today, or the record that stands in for it."""

from datetime import date

from seminar_utils.experiments import records, twins
from seminar_utils.experiments.jobs import Record
from seminar_utils.experiments.running import Run

__all__ = ["EXPERIMENTS", "Live"]

# What each experiment runs for one seed, and which seeds are recorded.
EXPERIMENTS = {"twins": twins}


class Live:
    """An experiment running in the background of a notebook.

    Attributes:
        is_live: Whether ``result`` returned runs of today; None before it was asked.
    """

    def __init__(self, name: str, seed: int | None = None, live: bool = True):
        self.name = name
        self.is_live: bool | None = None
        if seed is None:
            seed = int(f"{date.today():%Y%m%d}")
        self._run = Run(EXPERIMENTS[name].jobs(seed)) if live else None

    def result(self, timeout: float = 120.0) -> list[Record]:
        """Return the records, waiting for them with a progress line.

        When the run is late or failed, a sentence says so and recorded seed 0 stands in, so that a
        class can go on. The stop button ends the run.

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
        return recorded(self.name, seed=0)

    def stop(self) -> None:
        """End the nets that still train."""
        if self._run is not None:
            self._run.stop()


def recorded(name: str, seed: int) -> list[Record]:
    """Return the records of one seed in the order of its jobs.

    Raises:
        ValueError: Some job of today's recipe is not recorded.
    """
    found = {record.job: record for record in records.load(name, seed)}
    wanted = EXPERIMENTS[name].jobs(seed)
    if missing := [job.net for job in wanted if job not in found]:
        raise ValueError(
            f"data/runs/{name} has no record of {', '.join(missing)} with seed {seed}: restore the "
            f"folder with git, or run `python -m seminar_utils.experiments {name}`."
        )
    return [found[job] for job in wanted]
