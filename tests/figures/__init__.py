"""Figures are tested by what was drawn, never by pixels; here is what these tests share."""

from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from seminar_utils.experiments.job import Job, Record, ResidualJob
from seminar_utils.experiments.twins import EXPERIMENT
from seminar_utils.figures.picture import Picture
from seminar_utils.training.loop import History, Recipe, Score

BLUE, ORANGE, GREEN, BLACK = "#0072b2", "#d55e00", "#009e73", "#222222"
GREY = "#6a6a6a"


def points(line: Line2D) -> list[tuple[float, float]]:
    """Return the points of a line as they were drawn."""
    return list(zip(line.get_xdata(), line.get_ydata(), strict=True))


def color(line: Line2D) -> str:
    """Return the colour of a line."""
    return to_hex(line.get_color())


def lines(axis: Axes, **looks: object) -> list[Line2D]:
    """Return the lines that have these looks, such as marker="o"."""
    return [o for o in axis.lines if all(getattr(o, f"get_{k}")() == v for k, v in looks.items())]


def labels(axis: Axes) -> dict[str, object]:
    """Return the texts written into a plot by what they say."""
    return {text.get_text(): text for text in axis.texts}


def images(picture: Picture) -> list:
    """Return the picture of each axis in reading order, None for an empty place."""
    found = [axis.get_images() for axis in picture.figure.axes]
    assert all(len(drawn) <= 1 for drawn in found)
    return [drawn[0] if drawn else None for drawn in found]


def record_of(job: Job, train: list[float], test: float, **measurements: object) -> Record:
    """Return a record of a job with these errors in %, a training error per epoch."""
    history = History([Score(error, 1.0) for error in train], [0.1] * len(train), Score(test, 1.0))
    return Record(job, history, "", "", {}, "", "2026-01-01", measurements=measurements)


def record(net: str, seed: int, train: list[float], test: float) -> Record:
    """Return a record of a net of the twins with these errors, in %."""
    kind, depth = net.split("-")
    shortcut = "A" if kind == "ResNet" else None
    recipe = Recipe(epochs=len(train))
    job = ResidualJob(net=net, depth=int(depth), shortcut=shortcut, seed=seed, recipe=recipe)
    return record_of(job, train, test)


def recorded(seeds: int) -> list[Record]:
    """Return records of all twins, each curve and each end different from all others."""
    records = []
    for seed in range(seeds):
        for number, net in enumerate(EXPERIMENT.live):
            start = 40 + 10 * number + 0.7 * seed
            train = [start / epoch for epoch in range(1, Recipe().epochs + 1)]
            records.append(record(net, seed, train, train[-1] + 3 + 0.3 * seed))
    return records
