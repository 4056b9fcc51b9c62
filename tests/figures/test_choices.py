"""A chosen net's picture against counts written out by hand, norms and runs of its own."""

from dataclasses import replace
from functools import cache
from statistics import mean

import pytest

from seminar_utils.figures.choices import net_choice
from tests.figures import GREEN, GREY, color, labels, points, record

NETS = [(8, 8, None), (32, 8, "A"), (20, 16, "B"), (14, 32, "C")]
EVERY_NET = pytest.mark.parametrize(("depth", "width", "shortcut"), NETS)


def norms(depth):
    """Return gradient norms that are all different."""
    return {f"conv{number}": 3.3 / 1.07**number for number in range(depth - 1)}


def run(depth, width, shortcut, seed):
    """Return a record whose errors tell the net and the seed."""
    start = 40 + depth / 10 + width / 100 + 3 * "ABC".index(shortcut or "C") + 1.3 * seed
    one = record(f"plain-{depth}", seed, [start / epoch for epoch in (1, 2, 3)], 9.0)
    net = f"{shortcut}-{depth}-{width}"
    return replace(one, job=replace(one.job, net=net, width=width, shortcut=shortcut))


RECORDED = [
    run(*net, seed)
    for net in [(20, 8, None), (32, 8, None), (20, 8, "A"), (32, 8, "A"), (32, 8, "B")]
    for seed in range(3)
]
RECORDED += [run(32, 16, "A", seed) for seed in range(2)]


def draw(depth, width, shortcut, recorded=RECORDED):
    return net_choice(depth, width, shortcut, norms(depth), recorded)


@cache
def drawn(depth, width, shortcut):
    return draw(depth, width, shortcut)


def by_hand(depth, width, shortcut):
    """Return projections, parameters and multiply-adds at 14 x 14 pixels."""
    blocks = (depth - 2) // 6
    # For each 3x3 and 1x1: channels in and out, side of its output.
    threes, ones, channels = [(1, width, 14)], [], width
    for stage, side in enumerate((14, 7, 4)):
        for _ in range(blocks):
            out = width * 2**stage
            threes += [(channels, out, side), (out, out, side)]
            if shortcut == "C" or (shortcut == "B" and channels != out):
                ones.append((channels, out, side))
            channels = out
    weights = [(9 * a * b, b, side) for a, b, side in threes] + [(a * b, b, s) for a, b, s in ones]
    parameters = sum(weight + 2 * b for weight, b, _ in weights) + 10 * channels + 10
    multiply_adds = sum(weight * side**2 for weight, _, side in weights) + 10 * channels
    return len(ones), parameters, multiply_adds


@EVERY_NET
def test_bars_are_multiples_of_plain_20_with_8_filters(depth, width, shortcut):
    axis, *_ = drawn(depth, width, shortcut).figure.axes
    projections, parameters, multiply_adds = by_hand(depth, width, shortcut)
    _, *reference = by_hand(20, 8, None)
    ratios = [depth / 20, parameters / reference[0], multiply_adds / reference[1]]
    assert [bar.get_x() for bar in axis.patches] == [1, 1, 1]
    ends = [bar.get_x() + bar.get_width() for bar in axis.patches]
    assert ends == pytest.approx(ratios)
    besides = f" + {projections} projections" if projections else ""
    assert [text.get_text() for text in axis.texts] == [
        f"{depth} layers{besides}",
        f"x {ratios[0]:.3g}",
        f"{parameters:,} parameters",
        f"x {ratios[1]:.3g}",
        f"{multiply_adds / 1e6:.3g} M multiply-adds",
        f"x {ratios[2]:.3g}",
    ]
    assert bool(projections) == (shortcut in ("B", "C"))


@EVERY_NET
def test_norms_are_drawn_from_the_first_to_the_last_convolution(depth, width, shortcut):
    picture = drawn(depth, width, shortcut)
    axis = picture.figure.axes[1]
    (line,) = axis.lines
    assert points(line) == list(enumerate(norms(depth).values(), start=1))
    first, last = (list(norms(depth).values())[n] for n in (0, -1))
    assert f"gradient norm {first:.2g} at the first and {last:.2g} at the last" in picture.data
    (low, high), (best, worst) = (axis.get_ylim() for axis in picture.figure.axes[1:])
    assert (low, high, best, worst) == (1e-3, 1e8, 0, 90)  # for every net


@pytest.mark.parametrize(
    ("net", "seeds"), [((32, 8, None), 3), ((32, 8, "A"), 3), ((32, 8, "B"), 3), ((32, 16, "A"), 2)]
)
def test_runs_of_exactly_this_net_are_drawn(net, seeds):
    picture = drawn(*net)
    axis = picture.figure.axes[2]
    errors = [[s.error for s in run(*net, seed).history.train] for seed in range(seeds)]
    assert [points(line) for line in axis.lines] == [list(enumerate(e, start=1)) for e in errors]
    left, middle, right = picture.figure.axes
    shades = {color(o) for o in [*left.patches, *middle.lines, *right.lines]}
    assert shades == {GREEN if net[2] else GREY}
    end = mean(e[-1] for e in errors)
    sentence = f"training error in epoch 3, mean of {seeds} recorded seeds, {end:.1f} %"
    assert picture.data.endswith(sentence) and picture.alt.endswith(f"{sentence}.")


def test_a_run_that_two_experiments_recorded_is_drawn_once():
    again = [replace(one, job=replace(one.job, net="again")) for one in RECORDED]
    axes = [draw(32, 8, "A", runs).figure.axes[2] for runs in (RECORDED, [*again, *RECORDED])]
    lines = [[points(line) for line in axis.lines] for axis in axes]
    assert lines[0] == lines[1] and len(lines[0]) == 3


@pytest.mark.parametrize("net", [(32, 8, "C"), (44, 8, "A"), (20, 16, "A"), (20, 16, None)])
def test_what_is_not_recorded_is_said_with_what_is(net):
    picture = drawn(*net)
    axis = picture.figure.axes[2]
    assert not axis.lines
    (text,) = labels(axis)
    assert text.split("\n\n") == [
        "not recorded; recorded are",
        "plain, 8 filters:\n20, 32 layers",
        "option A, 8 filters:\n20, 32 layers",
        "option B, 8 filters:\n32 layers",
        "option A, 16 filters:\n32 layers",
    ]
    assert picture.data.endswith(
        "not recorded; recorded are plain, 8 filters: 20, 32 layers; option A, 8 filters: "
        "20, 32 layers; option B, 8 filters: 32 layers; option A, 16 filters: 32 layers"
    )


def test_no_records_are_said_to_be_none():
    assert draw(8, 8, "A", []).data.endswith("not recorded; recorded are none")


@pytest.mark.parametrize(
    ("net", "norms_of", "message"),
    [
        ((32, 8, "A"), 8, "7 convolutions are not those of 32 layers: give all 31"),
        ((9, 8, "A"), 9, "depth=9"),
        ((8, 0, "A"), 8, "width=0"),
        ((8, 8, "D"), 8, "shortcut='D'"),
    ],
)
def test_nets_that_do_not_exist_and_norms_of_others_are_refused(net, norms_of, message):
    with pytest.raises(ValueError, match=message):
        net_choice(*net, norms(norms_of), RECORDED)
