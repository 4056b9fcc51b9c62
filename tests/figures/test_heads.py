"""The pictures of the auxiliary heads, of records whose numbers are all different."""

from statistics import mean

import pytest
import torch

from seminar_utils.experiments.heads import PAIRS as ALL_PAIRS
from seminar_utils.experiments.heads import RECIPE, GoogLeNetJob, jobs
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import compare
from seminar_utils.figures.columns import weight_effects
from seminar_utils.figures.heads import gradients_by_layer, head_effects
from seminar_utils.measures.layers import activation_gradients
from seminar_utils.models.googlenet import TABLE_1, GoogLeNet, total_loss
from seminar_utils.training.loop import History, Score
from tests.figures import BLUE, GREEN, ORANGE, color, labels, numbers, points

GREY = "#6a6a6a"
PAIRS = ALL_PAIRS[:6]
WEIGHTS = ("no heads", "both heads, weight 0.1", "both heads", "both heads, weight 1.0")
SPLITS = ("training", "test")


def record(net, seed, training, test):
    job = GoogLeNetJob(net=net, seed=seed, heads=(), recipe=RECIPE)
    train = [Score(90.0 - epoch, 1.0) for epoch in range(4)] + [Score(training, 1.0)]
    history = History(train, [0.02] * 5, Score(test, 1.0))
    return Record(job, history, "", "", {}, "", "2026-01-01")


def some_records():
    """Return all nets of five seeds; heads help clearly in every second pair."""
    found = []
    for seed in range(5):
        for number, job in enumerate(jobs(seed)):
            heads_help = 12 * (number % 2)
            training = 40 + 0.37 * number - heads_help + 1.9 * (seed * (number + 2) % 5)
            found.append(record(job.net, seed, training, training - 3 - 0.21 * number - 0.1 * seed))
    return found


RECORDS = some_records()


def effects(split, records=RECORDS):
    return [compare(records, *pair, split) for pair in PAIRS]


def is_shown(effect):
    return abs(effect.mean) > effect.smallest_visible


def test_pairs_are_kinds_of_heads_against_none():
    assert [net for net, _ in PAIRS] == [
        f"{heads}{norm}"
        for norm in ("", ", batch norm")
        for heads in ("head 4a", "head 4d", "both heads")
    ]
    assert 0 < sum(map(is_shown, effects("training"))) < 6


def test_every_seed_is_a_dot_in_the_row_of_its_heads():
    for axis, split in zip(head_effects(RECORDS).figure.axes, SPLITS, strict=True):
        dots = [line for line in axis.lines if line.get_marker() == "o"]
        assert [tuple(line.get_xdata()) for line in dots] == [e.differences for e in effects(split)]
        for row, line in enumerate(dots):
            assert all(abs(y - row) < 0.3 for _, y in points(line))


def test_mean_is_a_thick_mark_in_its_interval():
    for axis, split in zip(head_effects(RECORDS).figure.axes, SPLITS, strict=True):
        marks = [line for line in axis.lines if line.get_marker() == "|"]
        intervals = [
            line for line in axis.lines if line.get_marker() == "None" and line.get_linewidth() == 2
        ]
        for row, effect in enumerate(effects(split)):
            ((x, y),) = points(marks[row])
            half = effect.smallest_visible
            assert x == pytest.approx(effect.mean) and abs(y - row) < 0.3
            assert marks[row].get_markeredgewidth() > 3
            expected = [effect.mean - half, effect.mean + half]
            assert list(intervals[row].get_xdata()) == pytest.approx(expected)
            shade = GREEN if is_shown(effect) else GREY
            assert color(marks[row]) == color(intervals[row]) == shade


def test_rows_have_names_and_zero_a_line():
    picture = head_effects(RECORDS)
    left, right = picture.figure.axes
    assert [tick.get_text() for tick in left.get_yticklabels()] == [net for net, _ in PAIRS]
    bottom, top = left.get_ylim()
    assert bottom > top  # the first row is on top
    for axis, split in ((left, "training"), (right, "test")):
        assert [0, 0] in [list(line.get_xdata()) for line in axis.lines]
        assert axis.get_title() == f"{split} error"
        assert axis.get_xlabel() == "with heads minus without (points)"
    side = {text: label.get_ha() for text, label in labels(left).items()}
    assert side == {"heads help ": "right", " heads harm": "left"}


def test_effects_data_line_and_alt_text():
    picture = head_effects(RECORDS)
    expected = []
    for split in SPLITS:
        for effect in effects(split):
            expected += [f"{effect.mean:+.1f}", f"{effect.smallest_visible:.1f}"]
            number = f"{effect.mean:+.1f} +- {effect.smallest_visible:.1f}"
            text = f"{effect.net} {number}"
            assert (f"{text}*" in picture.data) == is_shown(effect)
            assert text in picture.data
            shown = f"{split}, {effect.net} ({effect.verdict})"
            assert (shown in picture.alt) == is_shown(effect)
    assert numbers(picture.data) == expected


def test_nothing_shown_is_said():
    few = [
        record(net, seed, 30.0 + (seed % 2) * (number % 2), 30.0 + (seed % 2) * (number % 2))
        for seed in range(2)
        for number, net in enumerate(dict.fromkeys(net for pair in PAIRS for net in reversed(pair)))
    ]
    picture = head_effects(few)
    assert picture.alt.endswith("Shown: nothing.") and "*" not in picture.data.split(")", 1)[1]


def columns(split, seeds=range(3)):
    histories = {(one.job.net, one.job.seed): one.history for one in RECORDS}
    return [
        [
            (h.train[-1] if split == "training" else h.test).error
            for h in (histories[net, seed] for seed in seeds)
        ]
        for net in WEIGHTS
    ]


def test_weights_use_only_the_seeds_that_have_them_all():
    (axis,) = weight_effects(RECORDS).figure.axes
    dots = [line for line in axis.lines if line.get_marker() == "o"]
    lines = [line for line in axis.lines if line.get_marker() == "None"]
    assert len(dots) == 8
    for number, (split, shade) in enumerate(zip(SPLITS, (BLUE, ORANGE), strict=True)):
        own = dots[4 * number : 4 * number + 4]
        assert [list(line.get_ydata()) for line in own] == columns(split)
        assert [{round(x) for x, _ in points(line)} for line in own] == [{0}, {1}, {2}, {3}]
        assert [y for _, y in points(lines[number])] == pytest.approx(
            list(map(mean, columns(split)))
        )
        assert {color(line) for line in [*own, lines[number], labels(axis)[split]]} == {shade}
        assert labels(axis)[split].xy[1] == lines[number].get_ydata()[-1]


def test_dots_of_both_errors_do_not_hide_each_other():
    (axis,) = weight_effects(RECORDS).figure.axes
    dots = [line for line in axis.lines if line.get_marker() == "o"]
    places = {x for line in dots for x, _ in points(line)}
    assert len(places) == 8


def gradient_norms(scale=1.0):
    """Return norms of a layer tree such as GoogLeNet's, each of its own size."""
    layers = ["conv1.conv", "conv2.conv", "conv3.conv"]
    for name in TABLE_1:
        layers += [f"inception_{name}.branch_{n}.conv" for n in ("1x1", "3x3.0", "3x3.1")]
        layers += [f"head_{name}.conv.conv"] * (name in ("4a", "4d"))
    return {name: scale * 10 ** (-number / 7) for number, name in enumerate(layers)}


NORMS = {
    "small, main": gradient_norms(1e-5),
    "small, heads": gradient_norms(1.1e-5),
    "large, main": gradient_norms(),
    "large, heads": gradient_norms(1.02),
}
MODULES = ["conv1", "conv2", "conv3", *TABLE_1]


def module_lines(axis):
    return [line for line in axis.lines if line.get_marker() == "None"]


def test_gradient_lines_go_through_the_means_of_modules_without_heads():
    (axis,) = gradients_by_layer(NORMS).figure.axes
    assert [tick.get_text() for tick in axis.get_xticklabels()] == MODULES
    assert list(axis.get_xticks()) == list(range(12))
    assert axis.get_yscale() == "log"
    for line, norms in zip(module_lines(axis), NORMS.values(), strict=True):
        expected = [
            mean(
                norm
                for name, norm in norms.items()
                if name.split(".")[0] in (module, f"inception_{module}")
            )
            for module in MODULES
        ]
        assert points(line) == [(x, pytest.approx(y)) for x, y in enumerate(expected)]


def test_every_convolution_of_the_trunk_is_a_dot():
    (axis,) = gradients_by_layer(NORMS).figure.axes
    drawn = sorted(y for line in axis.lines if line.get_marker() == "." for _, y in points(line))
    trunk = [
        norm
        for norms in NORMS.values()
        for name, norm in norms.items()
        if not name.startswith("head_")
    ]
    assert drawn == sorted(trunk) and len(trunk) == 4 * 30


def test_labels_share_a_colour_by_what_stands_before_the_comma():
    (axis,) = gradients_by_layer(NORMS).figure.axes
    lines = module_lines(axis)
    assert [color(line) for line in lines] == [BLUE, BLUE, ORANGE, ORANGE]
    assert [line.get_linestyle() for line in lines] == ["-", "--", "-", "--"]
    for name, line in zip(NORMS, lines, strict=True):
        assert color(labels(axis)[name]) == color(line)


def test_names_stand_at_the_first_layer_and_never_on_each_other():
    picture = gradients_by_layer(NORMS)
    picture.png()
    (axis,) = picture.figure.axes
    boxes = {name: text.get_window_extent() for name, text in labels(axis).items()}
    assert set(boxes) == set(NORMS)
    low, high = axis.get_ylim()
    for name, text in labels(axis).items():
        x, y = text.get_position()
        assert x < 0 and text.get_ha() == "right" and low <= y <= high
        assert y >= NORMS[name]["conv1.conv"] * 0.999
        assert axis.get_window_extent().x0 <= boxes[name].x0
        assert boxes[name].y1 <= picture.figure.bbox.y1
        assert not any(box.overlaps(boxes[name]) for other, box in boxes.items() if other != name)


def test_gradients_data_line_prints_the_first_layer_of_every_label():
    picture = gradients_by_layer(NORMS)
    expected = "; ".join(f"{name} {norms['conv1.conv']:.1e}" for name, norms in NORMS.items())
    assert picture.data == f"Gradient norm at conv1: {expected}"
    assert expected in picture.alt
    other = gradients_by_layer({**NORMS, "large, heads": gradient_norms(3.0)})
    assert "3.0e+00" in other.data and "3.0e+00" not in picture.data


def test_a_gradient_of_zero_is_said_and_not_drawn():
    dead = dict.fromkeys(gradient_norms(), 0.0)
    picture = gradients_by_layer({"dead": dead, **NORMS})
    assert "dead 0.0e+00" in picture.data
    (axis,) = picture.figure.axes
    assert axis.get_ylim()[0] > 1e-12 and "dead" in labels(axis)
    assert picture.png()


def test_a_googlenet_gives_gradients_that_can_be_drawn():
    """The heads' convolutions are in the graph at weight 0, too, with a gradient of zero."""
    model = GoogLeNet(10, 1, width=1 / 16, small_images=True)
    images = torch.randn(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    found = {}
    for weight in (0.0, 0.3):
        torch.manual_seed(0)
        found[f"heads {weight}"] = activation_gradients(
            model,
            images,
            torch.tensor([1, 2]),
            lambda outputs, labels, weight=weight: total_loss(outputs, labels, weight),
        )
    without, with_heads = found.values()
    assert without["head_4a.conv.conv"] == 0 < with_heads["head_4a.conv.conv"]
    # With the same dropout, the heads change nothing behind them.
    behind = [name for name in without if name.startswith(("inception_4e", "inception_5"))]
    assert len(behind) == 18 and all(without[name] == with_heads[name] for name in behind)
    (axis,) = gradients_by_layer(found).figure.axes
    assert [tick.get_text() for tick in axis.get_xticklabels()] == MODULES
