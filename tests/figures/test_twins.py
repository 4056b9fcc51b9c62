"""The twins' pictures of records whose numbers are all different, so that none can be mixed up."""

from statistics import mean

import pytest
from matplotlib.colors import to_hex

from seminar_utils.figures import end_points, training_curves
from tests.figures import (
    BLACK,
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
)

PANELS = (("plain-8", "plain-32"), ("ResNet-8", "ResNet-32"))
RECORDS = recorded(seeds=3)
LIVE = [record(net, 77, [50.0, 30.0 + n], 35.0 + n) for n, net in enumerate(sum(PANELS, ()))]


def of(net, records=RECORDS):
    return [one for one in records if one.job.net == net]


def curve(one):
    return list(enumerate((score.error for score in one.history.train), start=1))


def test_one_thin_line_per_seed_and_net():
    for axis, nets in zip(training_curves(RECORDS).figure.axes, PANELS, strict=True):
        for net, shade in zip(nets, (BLUE, ORANGE), strict=True):
            drawn = [points(line) for line in axis.lines if color(line) == shade]
            assert drawn == [curve(one) for one in of(net)]
        assert len(axis.lines) == 6
        assert all(line.get_linewidth() < 1 for line in axis.lines)


def test_live_runs_are_bold_and_come_on_top_of_the_recorded_ones():
    before = training_curves(RECORDS)
    for axis, nets in zip(training_curves(RECORDS, LIVE).figure.axes, PANELS, strict=True):
        bold = [line for line in axis.lines if line.get_linewidth() > 2]
        assert [points(line) for line in bold] == [curve(*of(net, LIVE)) for net in nets]
        assert [color(line) for line in bold] == [BLUE, ORANGE]
        assert len(axis.lines) == 6 + 2
    # Today's seed is a picture, never evidence.
    assert training_curves(RECORDS, LIVE).data == before.data


def test_names_stand_at_the_mean_end():
    for axis, nets in zip(training_curves(RECORDS).figure.axes, PANELS, strict=True):
        assert set(labels(axis)) - {"thin: recorded seeds"} == set(nets)
        for net, shade in zip(nets, (BLUE, ORANGE), strict=True):
            name = labels(axis)[net]
            assert name.xy == pytest.approx((8, mean(ends(of(net), "training"))))
            assert color(name) == shade


def test_curves_say_the_mean_ends():
    picture = training_curves(RECORDS)
    means = {net: mean(ends(of(net), "training")) for nets in PANELS for net in nets}
    assert "mean of 3 seeds (%)" in picture.data
    assert picture.data.endswith(", ".join(f"{net} {end:.1f}" for net, end in means.items()))
    plain_8, plain_32, residual_8, residual_32 = (f"{end:.0f} %" for end in means.values())
    assert f"end at {plain_8} (8 layers, blue) and {plain_32} (32 layers, orange)" in picture.alt
    assert f"residual nets at {residual_8} and {residual_32}" in picture.alt


def test_today_is_a_large_dot_with_a_black_rim_beside_the_recorded_seeds():
    axes = end_points(RECORDS, LIVE).figure.axes
    for axis, split in zip(axes, SPLITS, strict=True):
        large = [line for line in axis.lines if line.get_markersize() > 10]
        places, heights = zip(*(points(line)[0] for line in large), strict=True)
        assert list(heights) == ends(LIVE, split)
        assert places == (-0.12, 0.88, 0.12, 1.12)  # plain left, residual right of the seeds
        assert [color(line) for line in large] == [GREY, GREY, GREEN, GREEN]
        assert {to_hex(line.get_markeredgecolor()) for line in large} == {BLACK}
        assert all(line.get_markeredgewidth() >= 1.5 for line in large)


def test_without_a_run_of_today_all_dots_are_small():
    for axis in end_points(RECORDS).figure.axes:
        assert all(line.get_markersize() < 10 for line in axis.lines)
        assert set(labels(axis)) == {"plain", "residual"}


def test_today_is_said_behind_what_is_recorded():
    before, after = end_points(RECORDS), end_points(RECORDS, LIVE)
    errors = "plain-8 30.0, plain-32 31.0, ResNet-8 32.0, ResNet-32 33.0"
    assert after.data == f"{before.data}; today, training: {errors}"
    large = f"Large dots with a black rim are today's run, training {errors} %."
    assert after.description == f"{before.description} {large}"
    left, right = after.figure.axes
    assert "small: recorded seeds    large: today" in labels(left)
    assert set(labels(right)) == {"plain", "residual"}


def test_a_recorded_run_that_stands_in_is_not_called_today():
    seed_0 = [record for record in RECORDS if record.job.seed == 0]
    picture = end_points(RECORDS, seed_0)
    assert "small: recorded seeds    large: recorded seed 0" in labels(picture.figure.axes[0])
    assert "; recorded seed 0, training: " in picture.data and "today" not in picture.alt
    assert "are those of recorded seed 0, training" in picture.description
