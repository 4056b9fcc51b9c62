"""Width against error, of records whose numbers are all different."""

from statistics import mean

import pytest

from seminar_utils.experiments.job import Record
from seminar_utils.experiments.overfitting import jobs
from seminar_utils.figures.columns import width_and_errors
from seminar_utils.training.loop import History, Score
from tests.figures import BLACK, BLUE, ORANGE, color, labels, points

IMAGES = (500, 10_000)
SPLITS = {"training": BLUE, "test": ORANGE}


def record(job, training, test):
    train = [Score(80.0, 1.0), Score(training, 1.0)]
    return Record(job, History(train, [0.1, 0.1], Score(test, 1.0)), "", "", {}, "", "2026-01-01")


RECORDS = [
    record(job, 5 + 1.3 * number + 0.21 * seed, 12 + 2.1 * number + 0.4 * seed)
    for seed in range(3)
    for number, job in enumerate(jobs(seed))
]


def columns(images, split, records=RECORDS):
    """Return the errors of the seeds at each width."""
    chosen = [one for one in records if one.job.train_images == images]
    return [
        [
            (one.history.train[-1] if split == "training" else one.history.test).error
            for one in chosen
            if one.job.width == width
        ]
        for width in (8, 16, 32)
    ]


def axes(records=RECORDS):
    return zip(width_and_errors(records).figure.axes, IMAGES, strict=True)


def test_every_seed_is_a_dot_at_its_width():
    for axis, images in axes():
        for split, shade in SPLITS.items():
            dots = [o for o in axis.lines if o.get_marker() == "o" and color(o) == shade]
            assert [points(line) for line in dots] == [
                [(x, error) for error in column] for x, column in enumerate(columns(images, split))
            ]


def test_named_lines_go_through_the_means():
    for axis, images in axes():
        lines = [line for line in axis.lines if line.get_linestyle() == "-"]
        for line, (split, shade) in zip(lines, SPLITS.items(), strict=True):
            expected = [mean(column) for column in columns(images, split)]
            assert points(line) == [(x, pytest.approx(y)) for x, y in enumerate(expected)]
            name = labels(axis)[split]
            assert color(name) == color(line) == shade
            assert name.xy == pytest.approx((2, expected[-1]))


def test_gaps_are_dotted_and_written():
    for axis, images in axes():
        gaps = [line for line in axis.lines if line.get_linestyle() == ":"]
        assert len(gaps) == 3
        for x, line in enumerate(gaps):
            low, high = (mean(columns(images, split)[x]) for split in SPLITS)
            assert points(line) == [(x, pytest.approx(low)), (x, pytest.approx(high))]
            assert color(line) == BLACK
            number = labels(axis)[f"{high - low:.1f}"]
            place = number.get_position()
            assert x < place[0] < x + 0.2 and place[1] == pytest.approx((low + high) / 2)
