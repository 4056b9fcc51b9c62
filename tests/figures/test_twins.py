"""The paper's curves and ends, read here once more and independently, and every seed of ours."""

import csv
from functools import cache
from pathlib import Path
from statistics import mean

import pytest

from seminar_utils.figures import end_points, figure_1, figure_4
from seminar_utils.figures.palette import COLORS
from tests.figures import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SPLITS,
    color,
    ends,
    labels,
    points,
    record,
    recorded,
    words,
)

PAPER = Path(__file__).parents[2] / "data" / "paper"


@cache
def rows(name):
    with (PAPER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def published(figure, network, depth, split):
    """Return one curve's points in units of 10,000 iterations and %, of Figure 6 the left two."""
    key = {"figure": figure, "network": network, "depth": depth, "split": split}
    found = [
        (float(row["iteration"]) / 10_000, float(row["error_percent"]))
        for row in rows("resnet_training_curves.csv")
        if all(row[name] == str(value) for name, value in key.items()) and row["panel"] != "deep"
    ]
    assert len(found) > 30
    return found


def end(curve):
    """Return where a curve ends: the mean of its last five errors."""
    return mean(error for _, error in curve[-5:])


@pytest.mark.parametrize("named", [True, False])
def test_figure_1_draws_every_point(named):
    picture = figure_1(labels=named)
    for axis, split in zip(picture.figure.axes, ("train", "test"), strict=True):
        drawn = {color(line): points(line) for line in axis.lines}
        assert drawn == {c: published(1, "plain", n, split) for c, n in ((BLUE, 20), (ORANGE, 56))}
    for text in [*words(picture), picture.data, picture.alt]:
        assert named or ("20" not in text and "56" not in text)


def test_both_drawings_of_figure_1_have_the_same_axes():
    """The class compares them: a name must not move a curve."""

    def frames(picture):
        picture.png()
        return [(axis.get_position().bounds, axis.get_xlim()) for axis in picture.figure.axes]

    assert frames(figure_1(labels=False)) == frames(figure_1())


def test_figure_4_draws_every_point():
    for axis, network in zip(figure_4().figure.axes, ("plain", "resnet"), strict=True):
        assert {(color(o), o.get_linewidth() > 2): points(o) for o in axis.lines} == {
            (shade, split == "val"): published(4, network, depth, split)
            for shade, depth in ((BLUE, 18), (ORANGE, 34))
            for split in ("train", "val")
        }


def test_what_the_alt_text_says_of_the_curves_is_true():
    for key, deeper in (((1, "train"), (20, 56)), ((1, "test"), (20, 56)), ((4, "val"), (18, 34))):
        shallow, deep = (end(published(key[0], "plain", depth, key[1])) for depth in deeper)
        assert shallow < deep
    assert end(published(4, "resnet", 34, "val")) < end(published(4, "resnet", 18, "val"))

    def fall(curve, at):
        before = mean(error for x, error in curve if at - 2 <= x <= at)
        return before - mean(error for x, error in curve if at + 0.5 <= x <= at + 2.5)

    for key in [(n, d, s) for n in ("plain", "resnet") for d in (18, 34) for s in ("train", "val")]:
        curve = published(4, *key)
        assert min(fall(curve, 15), fall(curve, 30)) > 3 > 2 * fall(curve, 22)


TWINS = recorded(seeds=3)
NETS = ("plain-8", "plain-32", "ResNet-8", "ResNet-32")
TODAY = [record(net, 77, [50.0, 30.0 + n], 35.0 + n) for n, net in enumerate(NETS)]


def test_a_run_of_today_is_drawn_large_and_said_behind_what_is_recorded():
    before, after = end_points(TWINS), end_points(TWINS, TODAY)
    for axis, split in zip(after.figure.axes, SPLITS, strict=True):
        large = [line for line in axis.lines if line.get_markersize() > 10]
        assert [points(line) for line in large] == [
            [(pytest.approx(x), y)]
            for x, y in zip((-0.12, 0.88, 0.12, 1.12), ends(TODAY, split), strict=True)
        ]
        assert [color(line) for line in large] == [GREY, GREY, GREEN, GREEN]
        assert {line.get_markeredgecolor() for line in large} == {COLORS["black"]}
    errors = "plain-8 30.0, plain-32 31.0, ResNet-8 32.0, ResNet-32 33.0"
    assert after.data == f"{before.data}; today, training: {errors}"
    large = f"Large dots with a black rim are today's run, training {errors} %."
    assert after.description == f"{before.description} {large}"
    assert "small: recorded seeds    large: today" in labels(after.figure.axes[0])


def test_a_recorded_run_that_stands_in_is_not_called_today():
    picture = end_points(TWINS, [one for one in TWINS if one.job.seed == 0])
    assert "small: recorded seeds    large: recorded seed 0" in labels(picture.figure.axes[0])
    assert "; recorded seed 0, training: " in picture.data and "today" not in picture.alt
    assert "are those of recorded seed 0, training" in picture.description
