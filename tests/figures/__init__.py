"""Figures are tested by what was drawn, never by pixels; here is what these tests share."""

import re

from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from seminar_utils.experiments.job import Record, ResidualJob
from seminar_utils.experiments.twins import EXPERIMENT
from seminar_utils.figures.picture import Picture
from seminar_utils.training.loop import History, Recipe, Score

BLUE, ORANGE, GREEN, BLACK = "#0072b2", "#d55e00", "#009e73", "#222222"


def points(line: Line2D) -> list[tuple[float, float]]:
    """Return the points of a line as they were drawn."""
    return list(zip(line.get_xdata(), line.get_ydata(), strict=True))


def color(artist) -> str:
    """Return the colour of a line or a text."""
    return to_hex(artist.get_color())


def labels(axis: Axes) -> dict[str, object]:
    """Return the texts written into a plot by what they say."""
    return {text.get_text(): text for text in axis.texts}


def words(picture: Picture) -> list[str]:
    """Return every text of a picture but the numbers at the ticks."""
    texts = []
    for axis in picture.figure.axes:
        legend = axis.get_legend()
        inside = [*axis.texts, *(legend.get_texts() if legend else [])]
        around = [axis.xaxis.label, axis.yaxis.label, axis.title, axis._left_title]
        texts += [text.get_text() for text in [*inside, *around]]
    return [text for text in texts if text]


def numbers(text: str) -> list[str]:
    """Return all numbers with decimals in a text, as written."""
    return re.findall(r"[-+]?\d+\.\d+", text)


def record(net: str, seed: int, train: list[float], test: float) -> Record:
    """Return a record of a net of the twins with these errors per epoch, in %."""
    kind, depth = net.split("-")
    shortcut = "A" if kind == "ResNet" else None
    recipe = Recipe(epochs=len(train))
    job = ResidualJob(net=net, depth=int(depth), shortcut=shortcut, seed=seed, recipe=recipe)
    history = History([Score(error, 1.0) for error in train], [0.1] * len(train), Score(test, 1.0))
    return Record(job, history, "", "", {}, "", "2026-01-01")


def recorded(seeds: int) -> list[Record]:
    """Return records of all twins, each curve and each end different from all others."""
    records = []
    for seed in range(seeds):
        for number, net in enumerate(EXPERIMENT.live):
            start = 40 + 10 * number + 0.7 * seed
            train = [start / epoch for epoch in range(1, Recipe().epochs + 1)]
            records.append(record(net, seed, train, train[-1] + 3 + 0.3 * seed))
    return records
