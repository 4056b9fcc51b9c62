"""Figures 1 and 4 draw the points of the CSV file, read here once more and independently."""

import csv
from functools import cache
from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from seminar_utils.figures import figure_1, figure_4
from tests.figures import BLUE, ORANGE, color, labels, numbers, points, words

FILE = Path(__file__).parents[2] / "data" / "paper" / "resnet_training_curves.csv"


@cache
def published(figure, network, depth, split):
    """Return one curve's points in units of 10,000 iterations and %."""
    key = (str(figure), network, str(depth), split)
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            (float(row["iteration"]) / 10_000, float(row["error_percent"]))
            for row in csv.DictReader(file)
            if (row["figure"], row["network"], row["depth"], row["split"]) == key
        ]
    assert len(rows) > 30
    return rows


def end(curve):
    """Return where a curve ends: its last iteration and the mean of its last five errors."""
    return curve[-1][0], mean(error for _, error in curve[-5:])


@pytest.mark.parametrize("with_labels", [True, False])
def test_figure_1_draws_every_point(with_labels):
    axes = figure_1(labels=with_labels).figure.axes
    for axis, split in zip(axes, ("train", "test"), strict=True):
        shallow, deep = axis.lines
        assert points(shallow) == published(1, "plain", 20, split)
        assert points(deep) == published(1, "plain", 56, split)
        assert (color(shallow), color(deep)) == (BLUE, ORANGE)


def test_figure_4_draws_every_point():
    for axis, network in zip(figure_4().figure.axes, ("plain", "resnet"), strict=True):
        drawn = {(color(line), line.get_linewidth() > 2): points(line) for line in axis.lines}
        assert len(axis.lines) == 4
        assert drawn == {
            (BLUE, False): published(4, network, 18, "train"),
            (BLUE, True): published(4, network, 18, "val"),
            (ORANGE, False): published(4, network, 34, "train"),
            (ORANGE, True): published(4, network, 34, "val"),
        }


@pytest.mark.parametrize("names", [("plain-20", "plain-56"), ("A", "B")])
def test_figure_1_names_stand_at_the_ends(names):
    axes = figure_1(labels=names[0] != "A").figure.axes
    for axis, split in zip(axes, ("train", "test"), strict=True):
        found = labels(axis)
        assert set(found) == set(names)
        for name, depth, shade in zip(names, (20, 56), (BLUE, ORANGE), strict=True):
            assert found[name].xy == pytest.approx(end(published(1, "plain", depth, split)))
            assert color(found[name]) == shade


def test_figure_4_names_stand_at_the_ends():
    for axis, network in zip(figure_4().figure.axes, ("plain", "resnet"), strict=True):
        for depth, shade in ((18, BLUE), (34, ORANGE)):
            name = labels(axis)[f"{network.replace('resnet', 'ResNet')}-{depth}"]
            assert name.xy == pytest.approx(end(published(4, network, depth, "val")))
            assert color(name) == shade


def test_figure_1_without_labels_does_not_tell_the_depths():
    picture = figure_1(labels=False)
    for text in [*words(picture), picture.data, picture.alt]:
        assert "20" not in text and "56" not in text
    assert "20" in figure_1().data and "56" in figure_1().data


def test_alt_texts_are_true():
    """What the descriptions say of the curves, checked against the CSV file."""
    for split in ("train", "test"):
        assert end(published(1, "plain", 56, split))[1] > end(published(1, "plain", 20, split))[1]
    for split in ("train", "val"):
        plain, residual = (
            [end(published(4, network, depth, split))[1] for depth in (18, 34)]
            for network in ("plain", "resnet")
        )
        assert plain[1] > plain[0] and residual[1] < residual[0]
    for picture in (figure_1(), figure_1(labels=False), figure_4()):
        assert set(numbers(picture.data)) <= set(numbers(picture.alt))
    assert "training error of plain-20 (blue) ends at 1.4 %" in figure_1().alt
    assert "that of B (orange) at 13.2 %" in figure_1(labels=False).alt
    assert "18 layers blue, 34 layers orange" in figure_4().alt
    assert "near 150,000 and 300,000 iterations" in figure_4().alt


@pytest.mark.parametrize("network", ["plain", "resnet"])
def test_curves_of_figure_4_step_down_where_its_alt_text_says(network):
    def fall(curve, at):
        before = mean(error for x, error in curve if at - 2 <= x <= at)
        return before - mean(error for x, error in curve if at + 0.5 <= x <= at + 2.5)

    for depth in (18, 34):
        for split in ("train", "val"):
            curve = published(4, network, depth, split)
            assert min(fall(curve, 15), fall(curve, 30)) > 3 > 2 * fall(curve, 22)


NAMES = {"plain": "plain", "resnet": "ResNet"}
SPLITS = {"train": "training", "val": "validation"}
READ_AT = pytest.mark.parametrize("at", [0, 15_000, 30_000, 240_000, 600_000])
read = cache(figure_4)


def readings(network, at):
    """Return for each curve of a panel its colour, its error (None: not drawn), and it in words."""
    found = {}
    for depth, shade in ((18, BLUE), (34, ORANGE)):
        for split, name in SPLITS.items():
            x, y = zip(*published(4, network, depth, split), strict=True)
            error, text = None, "above the frame" if at / 10_000 < x[0] else "after its end"
            if x[0] <= at / 10_000 <= x[-1]:
                error = float(np.interp(at / 10_000, x, y))
                text = f"{error:.1f}"
            found[f"{NAMES[network]}-{depth}, {name}"] = shade, error, text
    return found


def dots(axis):
    return [line for line in axis.lines if line.get_marker() == "o"]


@READ_AT
def test_an_iteration_is_marked_on_every_curve_that_is_drawn_there(at):
    for axis, network in zip(read(at).figure.axes, NAMES, strict=True):
        drawn = [(shade, y) for shade, y, _ in readings(network, at).values() if y is not None]
        assert [color(dot) for dot in dots(axis)] == [shade for shade, _ in drawn]
        assert [points(dot) for dot in dots(axis)] == [
            [(at / 10_000, pytest.approx(y))] for _, y in drawn
        ]
        for dot in dots(axis):
            assert axis.get_ylim()[0] < dot.get_ydata()[0] < axis.get_ylim()[1]
        (vertical,) = axis.lines[4 : len(axis.lines) - len(drawn)]
        assert vertical.get_xdata() == [at / 10_000] * 2


@READ_AT
def test_all_eight_errors_are_written_beside_the_curves_and_in_the_data(at):
    picture = read(at)
    parts = []
    for axis, network in zip(picture.figure.axes, NAMES, strict=True):
        found = labels(axis)
        assert f"at iteration {at:,}" in found
        for name, (shade, _, text) in readings(network, at).items():
            assert color(found[f"{name}: {text}"]) == shade
            bold = found[f"{name}: {text}"].get_fontweight() == "bold"
            assert bold == name.endswith("validation")
        texts = [text for _, _, text in readings(network, at).values()]
        parts += [f"{NAMES[network]}-18 {texts[0]}/{texts[1]}"]
        parts += [f"{NAMES[network]}-34 {texts[2]}/{texts[3]}"]
    where = f"t iteration {at:,} in % (training/validation): {', '.join(parts)}"
    assert picture.data == f"Figure 4, a{where}"
    assert f"A vertical line and dots mark one iteration. A{where}. All curves" in picture.alt


def test_readings_change_between_iterations_and_include_what_is_not_drawn():
    assert "plain-34 above the frame/62.3, ResNet-18" in read(30_000).data
    assert "ResNet-34 55.7/50.8" in read(30_000).data
    assert "ResNet-34 after its end/after its end" in read(600_000).data


def test_the_words_hide_no_curve():
    for axis, network in zip(read(0).figure.axes, NAMES, strict=True):
        places = [axis.texts[n].get_position() for n in range(len(axis.texts))]
        words_at = [(x, y) for x, y in places if (x, y) != (3, 21) and y > 50]
        assert len(words_at) == 5
        left, bottom = min(x for x, _ in words_at) - 0.5, min(y for _, y in words_at) - 1
        for depth in (18, 34):
            for split in SPLITS:
                for x, y in published(4, network, depth, split):
                    assert x < left or y < bottom


def test_without_an_iteration_figure_4_is_the_papers():
    picture = figure_4()
    for axis in picture.figure.axes:
        assert len(axis.lines) == 4 and axis.get_ylim() == (20, 60)
        assert not any("training: " in text or "iteration " in text for text in labels(axis))
    assert "iteration " not in picture.data and "vertical" not in picture.alt


@pytest.mark.parametrize("at", [-5_000, 600_001])
def test_iterations_outside_the_training_are_refused(at):
    with pytest.raises(ValueError, match=f"at={at} .*from 0 to 600,000"):
        figure_4(at)
