"""Width against error, of records whose numbers are all different."""

from statistics import mean

import pytest

from seminar_utils.experiments.job import Record
from seminar_utils.experiments.overfitting import jobs
from seminar_utils.figures.columns import width_and_errors
from seminar_utils.training.loop import History, Score
from tests.figures import BLACK, BLUE, ORANGE, color, labels, numbers, points
from tests.output_rules import FIGURE_BYTES

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


def test_panels_have_titles_and_units_on_one_scale():
    left, right = width_and_errors(RECORDS).figure.axes
    assert (left.get_title(), right.get_title()) == ("500 images", "10,000 images")
    assert left.get_ylabel() == "error (%)" and left.get_ylim() == right.get_ylim()
    assert -1 < left.get_ylim()[0] <= 0
    for axis in (left, right):
        assert axis.get_xlabel() == "width"
        assert [tick.get_text() for tick in axis.get_xticklabels()] == ["x1", "x2", "x4"]


def test_data_line_and_alt_text_have_all_means():
    picture = width_and_errors(RECORDS)
    expected = [
        f"{mean(column):.1f}"
        for images in IMAGES
        for split in SPLITS
        for column in columns(images, split)
    ]
    assert numbers(picture.data) == numbers(picture.alt) == expected
    start = picture.data.index("10,000 images")
    assert picture.data.index("500 images") < start
    assert picture.data[start:].index("training") < picture.data[start:].index("test")


def test_another_error_changes_the_picture():
    first, *others = RECORDS
    after = width_and_errors([record(first.job, 44.0, 55.0), *others])
    drawn = {y for axis in after.figure.axes for line in axis.lines for _, y in points(line)}
    assert {44.0, 55.0} <= drawn
    assert after.data != width_and_errors(RECORDS).data


def test_picture_can_be_read():
    picture = width_and_errors(RECORDS)
    assert len(picture.png()) < FIGURE_BYTES
    for axis in picture.figure.axes:
        ticks = [*axis.get_xticklabels(), *axis.get_yticklabels()]
        for text in [*axis.texts, axis.title, axis.xaxis.label, axis.yaxis.label, *ticks]:
            assert not text.get_text() or text.get_fontsize() >= 12
