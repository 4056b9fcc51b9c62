"""What an experiment is: nets to compare, the seeds that are recorded, and what is kept of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from seminar_utils.experiments.job import Job, ResidualJob

__all__ = ["Experiment"]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question, and the jobs that answer it."""

    name: str  # of the command and of the folder in ``data/runs/``
    about: str  # "Name: the question?", and below it what is run and what the papers say
    job: type[Job] = ResidualJob  # the class of its jobs
    jobs: Callable[[int], Sequence[Job]]  # of a seed
    seeds: Mapping[str, Sequence[int]] = field(default_factory=lambda: {"seminar": range(3)})
    pairs: Sequence[tuple[str, str]] = ()  # nets, each with the one that it is compared with
    live: Sequence[str] = ()  # nets that a notebook runs today
    kept: Sequence[str] = ()  # nets whose trained weights, of seed 0, come with the course

    @property
    def question(self) -> str:
        """What is asked, in one line."""
        return self.about.partition(": ")[2].partition("\n")[0]
