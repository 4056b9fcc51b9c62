"""Does the figure that follows a live run slow its training?

The twins of a lesson, the same seed with the figure and without, one process for each core. The
pictures are drawn and encoded as in a kernel, and go nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from statistics import median
from types import SimpleNamespace
from unittest.mock import patch

from bench.rounds import ratio, scatter, take_turns
from seminar_utils import experiments, figures

ROUNDS = 5


@contextmanager
def cell(pictures: list[dict]) -> Iterator[None]:
    """Take the place of a kernel's cell; what it would show is added to ``pictures``."""
    screen = SimpleNamespace(update=lambda data, **options: pictures.append(data))
    kernel = SimpleNamespace(kernel=None)
    shows = {"get_ipython": lambda: kernel, "display": lambda data, **options: screen}
    with patch.dict(figures.watch.__globals__, shows), redirect_stdout(StringIO()):
        yield


def report(rounds: int) -> None:
    """Print the seconds of a run both ways, and how much longer the figure makes it."""
    recorded, pictures = experiments.recorded("twins"), []

    def followed() -> None:
        with cell(pictures):
            finish(figures.watch(run := experiments.start("twins", 0), recorded, 600), run)

    def alone() -> None:
        with cell([]):
            finish((run := experiments.start("twins", 0)).result(600), run)

    taken = take_turns({"with the figure": followed, "without": alone}, rounds)
    for name, of_rounds in taken.items():
        print(f"{name:<16} {median(of_rounds):6.1f} s (± {100 * scatter(of_rounds):.1f} %)")
    longer = 100 * (median(taken["with the figure"]) / median(taken["without"]) - 1)
    within = 100 * (ratio(*taken.values()) - 1)
    each = len(pictures) / (rounds + 1)
    print(f"{longer:+.1f} % by medians, {within:+.1f} % within rounds; {each:.0f} pictures a run")


def finish(records: list, run: object) -> None:
    """Make sure that nets of today were measured."""
    if not run.is_live:
        raise RuntimeError("the live run did not end in time or failed: nothing was measured.")
