"""What is said of the paper's curves, and the run of today beside those that are recorded."""

from itertools import product
from statistics import mean

import pytest

from seminar_utils.figures import end_points, figure_1
from seminar_utils.figures.palette import COLORS
from seminar_utils.paper import curve
from tests.figures import GREEN, GREY, color, labels, points, record, recorded


def test_both_drawings_of_figure_1_have_the_same_axes():
    """The class compares them: a name must not move a curve."""

    def frames(picture):
        picture.png()
        return [(axis.get_position().bounds, axis.get_xlim()) for axis in picture.figure.axes]

    assert frames(figure_1(labels=False)) == frames(figure_1())


def test_what_the_alt_text_says_of_the_curves_is_true():
    for figure, split, depths in (
        (1, "train", (20, 56)),
        (1, "test", (20, 56)),
        (4, "val", (18, 34)),
    ):
        shallow, deep = (curve(figure, "plain", depth, split).ends_at for depth in depths)
        assert shallow < deep
    assert curve(4, "resnet", 34, "val").ends_at < curve(4, "resnet", 18, "val").ends_at

    def fall(one, at):
        points = [*zip(one.iterations, one.errors, strict=True)]
        before = mean(error for x, error in points if at - 2e4 <= x <= at)
        return before - mean(error for x, error in points if at + 0.5e4 <= x <= at + 2.5e4)

    for net in product(("plain", "resnet"), (18, 34), ("train", "val")):
        one = curve(4, *net)
        assert min(fall(one, 15e4), fall(one, 30e4)) > 3 > 2 * fall(one, 22e4)


TWINS = recorded(seeds=3)
NETS = ("plain-8", "plain-32", "ResNet-8", "ResNet-32")
TODAY = [record(net, 77, [50.0, 30.0 + n], 35.0 + n) for n, net in enumerate(NETS)]


def test_a_run_of_today_is_drawn_large_and_said_behind_what_is_recorded():
    before, after = end_points(TWINS), end_points(TWINS, TODAY)
    places, least = [(-0.12, 0), (0.88, 1), (0.12, 2), (1.12, 3)], (30, 35)
    for axis, start in zip(after.figure.axes, least, strict=True):
        large = [line for line in axis.lines if line.get_markersize() > 10]
        drawn = [(pytest.approx(x), start + n) for x, n in places]
        assert [points(line) for line in large] == [[dot] for dot in drawn]
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
