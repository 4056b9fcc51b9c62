"""The options' picture draws Table 3 and every seed of records that are all different."""

import pytest

from seminar_utils.experiments.job import Record
from seminar_utils.experiments.shortcuts import jobs
from seminar_utils.figures import shortcut_options
from seminar_utils.training.loop import History, Score
from tests.figures import BLUE, GREEN, ORANGE, color, labels, points

TABLE_3 = [28.54, 25.03, 24.52, 24.19]  # He et al. 2016: plain-34, ResNet-34 A, B, C
SPLITS = ("early training", "test")
PANELS = {(split, depth): None for split in SPLITS for depth in (20, 32)}


def record(job, early, test):
    """Return a record whose last epoch, at another learning rate, must not be drawn."""
    train = [Score(early + 1, 1.0), Score(early - 1, 1.0), Score(1.0, 1.0)]
    history = History(train, [0.1, 0.1, 0.01], Score(test, 1.0))
    return Record(job, history, "", "", {}, "", "2026-01-01")


RECORDS = [
    record(
        job, 30 + number + 0.2 * seed + 20 * (number == 5), 20 + number * (seed - 1) + 0.1 * seed
    )
    for seed in range(3)
    for number, job in enumerate(jobs(seed))
]
PICTURE = shortcut_options(RECORDS)


def columns(split, depth):
    """Return each option's errors, seed by seed."""
    found = {option: [] for option in "ABC"}
    for one in RECORDS:
        if one.job.depth == depth:
            early = (one.history.train[0].error + one.history.train[1].error) / 2
            error = one.history.test.error if split == "test" else early
            found[one.job.shortcut].append(error)
    return list(found.values())


def means(split, depth):
    return [sum(column) / 3 for column in columns(split, depth)]


def test_table_3_stands_left_with_its_numbers():
    left = PICTURE.figure.axes[0]
    assert [points(dot) for dot in left.lines] == [[(x, e)] for x, e in enumerate(TABLE_3)]
    assert [color(dot) == GREEN for dot in left.lines] == [False, True, True, True]
    assert [tick.get_text() for tick in left.get_xticklabels()] == ["plain", "A", "B", "C"]
    for x, error in enumerate(TABLE_3):
        assert labels(left)[f"{error:.2f}"].get_position()[0] == x


def test_a_dot_per_seed_and_a_line_through_the_means():
    for axis, split in zip(PICTURE.figure.axes[1:], SPLITS, strict=True):
        for depth, shade in ((20, BLUE), (32, ORANGE)):
            *dots, line = [line for line in axis.lines if color(line) == shade]
            for dot, column in zip(dots, columns(split, depth), strict=True):
                assert list(dot.get_ydata()) == pytest.approx(column)
            assert [round(dot.get_xdata()[0]) for dot in dots] == [0, 1, 2]
            assert list(line.get_ydata()) == pytest.approx(means(split, depth))
            assert color(labels(axis)[f"{depth} layers"]) == shade
        assert len(axis.lines) == 8
        assert [tick.get_text() for tick in axis.get_xticklabels()] == ["A", "B", "C"]


def test_what_the_seeds_show_is_said_and_nothing_else():
    """Early, each option lies the same above the one before; the test errors have no order."""
    shown = PICTURE.data.split("Shown: ")[1]
    assert "early training ResNet-32 C larger than ResNet-32 A" in shown
    assert shown.count("larger") == 6 and "test" not in shown and "smaller" not in shown
    assert PICTURE.alt.endswith(f"Shown: {shown}.")


def test_nothing_shown_is_said():
    noise = [
        record(job, 30 + seed * number % 3, 20)
        for seed in range(3)
        for number, job in enumerate(jobs(seed), start=1)
    ]
    assert shortcut_options(noise).data.endswith("Shown: nothing")
