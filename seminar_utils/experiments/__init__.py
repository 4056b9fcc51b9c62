"""Experiments: the same nets and recipe live in a cell, or recorded over several seeds.

run = experiments.start("twins")    in a notebook: in the background, today's seed
records = run.result(timeout=120)   wait for it

python -m seminar_utils.experiments twins    records; a finished net is never run again

twins     plain and residual nets that start alike (He et al. 2016, Fig. 4 and Table 2)
jobs      one net, one seed, one recipe: what a worker process does
worker    the process around a job: one thread, progress as lines of JSON
running   several jobs at once, in the background of a notebook
live      a run of today, or the record that stands in for it
records   the recorded runs in data/runs/, and whether they still hold
verdicts  what the recorded seeds show, and what they do not
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seminar_utils.experiments.live import Live

__all__ = ["start"]


def start(name: str, seed: int | None = None, live: bool = True) -> Live:
    """Start an experiment in the background and return at once.

    Args:
        name: "twins".
        seed: The run's seed; today's date without one, so each day's class sees a new run.
        live: False shows a recorded seed instead of running anything.

    Raises:
        ValueError: There is no such experiment.
    """
    # Imported here, because every worker process passes through this file, and torch takes seconds.
    from seminar_utils.experiments.live import EXPERIMENTS, Live

    if name not in EXPERIMENTS:
        raise ValueError(f"There is no experiment {name!r}: take one of {sorted(EXPERIMENTS)}.")
    return Live(name, seed, live)
