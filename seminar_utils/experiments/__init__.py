"""Experiments: the same nets and recipe live in a cell, or recorded over several seeds.

run = experiments.start("twins")    in a notebook: in the background, today's seed
records = run.result(timeout=120)   wait for it
experiments.recorded("twins")       what was recorded, all seeds
experiments.trained(name, net)      a recorded net with its weights
experiments.test_images("twins")    what the nets were tested on

python -m seminar_utils.experiments twins    records; a finished net is never run again

twins        plain and residual nets that start alike (He et al. 2016, Fig. 4, Fig. 6, Table 2)
longer       the twins with more epochs: worse, or only slower?
gradients    what batch norm and shortcuts do to gradients
heads        what GoogLeNet's auxiliary heads do
identity     a deep plain net that starts as good as the shallow one
shortcuts    options A, B and C
preactivation  batch norm and ReLU before each convolution
overfitting  width, with few images and with many
accurate     a residual net that is good enough to be used
inception    a GoogLeNet that is, and where it looks

experiment   what an experiment is
catalogue    all of them by name
job          one net, one seed, one recipe: what a worker process does
worker       the process around a job: one thread, progress as lines of JSON
pool         several jobs at once, in the background of a notebook
together     several nets at once on one GPU
live         a run of today, or the record that stands in for it
records      the recorded runs in data/runs/, and whether they still hold
verdicts     what the recorded seeds show, and what they do not
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

    from seminar_utils.experiments.job import Record
    from seminar_utils.experiments.live import Live

__all__ = ["recorded", "start", "test_images", "trained"]

# Imports stand in the functions, because every worker process passes through this file first.


def start(name: str, seed: int | None = None, live: bool = True) -> Live:
    """Start an experiment in the background and return at once; an earlier start of it is stopped.

    Args:
        name: "twins", which is short enough for a lesson.
        seed: The run's seed; today's date without one, so each day's class sees a new run.
        live: False shows a recorded seed instead of running anything.

    Raises:
        ValueError: There is no such experiment, or nothing of it is run live.
    """
    from seminar_utils.experiments.live import Live

    return Live(name, seed, live)


def recorded(name: str, scale: str = "seminar") -> list[Record]:
    """Return what is recorded of an experiment, all its seeds.

    Raises:
        ValueError: There is no such experiment or scale, or a file is damaged.
    """
    from seminar_utils.experiments import records

    return records.recorded(name, scale)


def trained(name: str, net: str, seed: int = 0) -> nn.Module:
    """Return a recorded net with its trained weights, in evaluation mode.

    Raises:
        ValueError: The weights of that net do not come with the course.
    """
    from seminar_utils.experiments import records

    return records.trained(name, net, seed)


def test_images(name: str, number: int = 10_000) -> tuple[Tensor, Tensor]:
    """Return the first test images, as an experiment's nets see them, and their labels.

    Args:
        name: Of an experiment with one kind of images.
        number: How many.

    Returns:
        Images (N, C, H, W), normalised by the training images; labels (N,).

    Raises:
        ValueError: There is no such experiment, or it has fewer test images.
    """
    from seminar_utils.experiments import records

    return records.test_images(name, number)
