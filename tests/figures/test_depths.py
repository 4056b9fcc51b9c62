"""The depth series draws the ends of Figure 6's curves, read here once more, and every seed."""

import csv
from pathlib import Path
from statistics import mean

import pytest

from seminar_utils.figures import depth_series
from tests.figures import GREEN, GREY, SPLITS, color, ends, labels, lines, numbers, points, record

FILE = Path(__file__).parents[2] / "data" / "paper" / "resnet_training_curves.csv"
NETS = {"plain": GREY, "ResNet": GREEN}
DEPTHS = (8, 20, 44)
RECORDS = [
    record(f"{kind}-{depth}", seed, [60.0, end], end + 2 + 0.3 * seed)
    for seed in range(3)
    for number, kind in enumerate(NETS)
    for depth in reversed(DEPTHS)
    for end in [30 - 12 * number + depth / 7 + 1.1 * seed]
]
PICTURE = depth_series(RECORDS)


def published(network, split):
    """Return depth -> mean of the last five errors in the left two panels of Figure 6."""
    curves = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["figure"], row["panel"], row["split"]) == ("6", network.lower(), split):
                curves.setdefault(int(row["depth"]), []).append(float(row["error_percent"]))
    return {depth: mean(errors[-5:]) for depth, errors in curves.items()}


def of_seeds(kind, depth, split):
    """Return the final errors of a net, seed by seed."""
    return ends([one for one in RECORDS if one.job.net == f"{kind}-{depth}"], split)


def test_left_is_where_the_papers_curves_end():
    for axis, split in zip(PICTURE.figure.axes[::2], ("train", "test"), strict=True):
        assert len(axis.lines) == 2
        for line, (network, shade) in zip(axis.lines, NETS.items(), strict=True):
            expected = published(network, split)
            assert list(expected) == [20, 32, 44, 56] + [110] * (network == "ResNet")
            assert dict(points(line)) == pytest.approx(expected)
            assert color(line) == shade


def test_right_is_a_dot_per_seed():
    for axis, split in zip(PICTURE.figure.axes[1::2], SPLITS, strict=True):
        drawn = {(color(d), round(d.get_xdata()[0])): d for d in lines(axis, marker="o")}
        assert len(drawn) == len(lines(axis, marker="o")) == 6
        for (kind, shade), depth in ((net, depth) for net in NETS.items() for depth in DEPTHS):
            dots = drawn[shade, depth]
            assert list(dots.get_ydata()) == of_seeds(kind, depth, split)
            assert all(0 < abs(x - depth) < 0.5 for x in dots.get_xdata())


def test_right_lines_go_through_the_means_from_shallow_to_deep():
    for axis, split in zip(PICTURE.figure.axes[1::2], SPLITS, strict=True):
        for line, (kind, shade) in zip(lines(axis, marker="."), NETS.items(), strict=True):
            means = [mean(of_seeds(kind, depth, split)) for depth in DEPTHS]
            assert list(line.get_xdata()) == list(DEPTHS)
            assert list(line.get_ydata()) == pytest.approx(means)
            assert color(line) == shade


def test_names_stand_at_the_ends_of_their_lines():
    for axis in PICTURE.figure.axes:
        for line, kind in zip(lines(axis, marker="."), NETS, strict=True):
            (x, y), name = points(line)[-1], labels(axis)[kind]
            assert name.xy == (x + 1, y) and color(name) == color(line)


def test_both_errors_of_one_side_share_their_axes():
    top_left, top_right, left, right = PICTURE.figure.axes
    assert top_left.get_ylim() == left.get_ylim() != top_right.get_ylim() == right.get_ylim()
    for axis, deepest in ((left, 110), (right, 44)):
        assert axis.get_ylim()[0] == 0 and max(axis.get_xticks()) == deepest < axis.get_xlim()[1]


def test_what_the_paper_does_not_draw_is_said():
    assert "plain-110: above 60 %" in labels(PICTURE.figure.axes[0])


def test_data_line_has_every_end_and_the_description_the_outermost():
    left, right = [], []
    for split, short in zip(SPLITS, ("train", "test"), strict=True):
        for kind in NETS:
            left.append(list(published(kind, short).values()))
            right.append([mean(of_seeds(kind, depth, split)) for depth in DEPTHS])
    both = left + right
    assert numbers(PICTURE.data) == [f"{error:.1f}" for line in both for error in line]
    assert numbers(PICTURE.description) == [f"{line[end]:.1f}" for line in both for end in (0, -1)]
    assert "plain training 20: 1.3, 32: 1.2, 44: 2.7, 56: 5.6" in PICTURE.data
    assert "Ours, mean of 3 seeds" in PICTURE.data
    assert "ResNet test 8.8 % at 20 and 6.6 % at 110 layers" in PICTURE.alt
