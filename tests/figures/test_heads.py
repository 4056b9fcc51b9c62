"""The pictures of the auxiliary heads, of records whose numbers are all different."""

from statistics import mean

import pytest
import torch
from seminar_utils.figures.heads import gradients_by_layer, head_effects

from seminar_utils.experiments.heads import RECIPE, GoogLeNetJob, jobs
from seminar_utils.experiments.verdicts import compare
from seminar_utils.measures.layers import activation_gradients
from seminar_utils.models.googlenet import TABLE_1, GoogLeNet, total_loss
from tests.figures import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SPLITS,
    color,
    labels,
    lines,
    numbers,
    points,
    record_of,
)

PAIRS = [
    (f"{heads}{norm}", f"no heads{norm}")
    for norm in ("", ", batch norm")
    for heads in ("head 4a", "head 4d", "both heads")
]


def record(net, seed, training, test):
    job = GoogLeNetJob(net=net, seed=seed, heads=(), recipe=RECIPE)
    return record_of(job, [90.0, training], test)


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


def test_every_seed_is_a_dot_in_the_row_of_its_heads():
    for axis, split in zip(head_effects(RECORDS).figure.axes, SPLITS, strict=True):
        dots = lines(axis, marker="o")
        assert [tuple(line.get_xdata()) for line in dots] == [e.differences for e in effects(split)]
        for row, line in enumerate(dots):
            assert all(abs(y - row) < 0.3 for _, y in points(line))


def test_mean_is_a_thick_mark_in_its_interval():
    for axis, split in zip(head_effects(RECORDS).figure.axes, SPLITS, strict=True):
        marks, intervals = lines(axis, marker="|"), lines(axis, marker="None", linewidth=2)
        for row, effect in enumerate(effects(split)):
            ((x, y),) = points(marks[row])
            half = effect.smallest_visible
            assert x == pytest.approx(effect.mean) and abs(y - row) < 0.3
            assert marks[row].get_markeredgewidth() > 3
            expected = [effect.mean - half, effect.mean + half]
            assert list(intervals[row].get_xdata()) == pytest.approx(expected)
            shade = GREEN if is_shown(effect) else GREY
            assert color(marks[row]) == color(intervals[row]) == shade
    assert 0 < sum(map(is_shown, effects("training"))) < len(PAIRS)


def test_rows_have_names_and_zero_a_line():
    picture = head_effects(RECORDS)
    left, right = picture.figure.axes
    assert [tick.get_text() for tick in left.get_yticklabels()] == [net for net, _ in PAIRS]
    bottom, top = left.get_ylim()
    assert bottom > top  # the first row is on top
    for axis in (left, right):
        assert [0, 0] in [list(line.get_xdata()) for line in axis.lines]
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
    assert (
        picture.description.endswith("Shown: nothing.") and "*" not in picture.data.split(")", 1)[1]
    )


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
