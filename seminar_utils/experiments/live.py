"""A run of today, or the record that stands in for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import ClassVar

from seminar_utils.experiments import records
from seminar_utils.experiments.catalogue import experiment
from seminar_utils.experiments.job import Job, Record
from seminar_utils.experiments.pool import Run
from seminar_utils.language import tr
from seminar_utils.machine import device_of

__all__ = ["Live", "Stopped", "live_jobs", "start"]


class Stopped(KeyboardInterrupt):
    """The user's own wish: it ends Run All like any interrupt, but needs no traceback."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows."""
        return [str(self)]


class Live(Run):
    """An experiment running in the background of a notebook; a new one ends the one before.

    Args:
        name: "twins", which is short enough for a lesson.
        seed: The run's seed; today's date without one, so each day's class sees a new run.
        live: False shows a recorded seed instead of running anything.
        device: "cpu", "cuda", "mps", or "auto" for the fastest of them here.

    Attributes:
        is_live: Whether ``result`` returned runs of today; None before it was asked.

    Raises:
        ValueError: There is no such experiment or device, or nothing of it is run live.
    """

    _newest: ClassVar[dict[str, "Live"]] = {}  # of each experiment, in this process

    def __init__(self, name: str, seed: int | None = None, live: bool = True, device: str = "cpu"):
        self.device, self.is_live = device_of(device), None
        jobs = live_jobs(name, int(f"{date.today():%Y%m%d}") if seed is None else seed)
        if name in self._newest:
            self._newest[name].stop()
        super().__init__(name, [replace(job, device=self.device) for job in jobs if live])
        self._newest[name] = self

    def result(
        self, timeout: float = 120.0, look: Callable[[], None] = lambda: None
    ) -> list[Record]:
        """Return the records, waiting for them with a progress line.

        When the run is late or failed, a sentence says so and recorded seed 0 stands in, so that a
        class can go on. The stop button ends the run, and the recording stands in from then on.

        Args:
            timeout: Seconds to wait at most.
            look: Called ten times a second meanwhile.

        Raises:
            Stopped: The stop button was pressed.
        """
        if self.jobs:
            try:
                found = super().result(timeout, look)
            except (TimeoutError, RuntimeError) as error:
                print(tr("No live result: {error} The recorded seed 0 stands in.", error=error))
            except KeyboardInterrupt:
                raise Stopped(
                    tr(
                        "You stopped the live run. Run this cell again for the recorded seed 0, "
                        "or start the run anew."
                    )
                ) from None
            else:
                self.is_live = True
                if self.device != "cpu":
                    said = {"device": self.device}
                    print(tr("Trained on {device}: not to be counted with recorded runs.", **said))
                return found
        self.is_live = False
        wanted = live_jobs(self.name, 0)
        found = {record.job: record for record in records.load(self.name, 0)}
        if missing := [job.net for job in wanted if job not in found]:
            raise ValueError(
                f"data/runs/{self.name} has no record of {', '.join(missing)} with seed 0: restore "
                f"the folder with git, or run `python -m seminar_utils.experiments {self.name}`."
            )
        return [found[job] for job in wanted]


start = Live


def live_jobs(name: str, seed: int) -> list[Job]:
    """Return the jobs of an experiment that a notebook runs."""
    found = experiment(name)
    if not found.live:
        raise ValueError(
            f"{name} takes too long for a lesson: experiments.recorded({name!r}) has its records."
        )
    return [job for job in found.jobs(seed) if job.net in found.live]
