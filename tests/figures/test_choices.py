"""A chosen net's picture against counts written out by hand, norms and runs of its own."""

from dataclasses import replace

import pytest

from seminar_utils.figures.choices import net_choice
from tests.figures import record

NETS = [(8, 8, None), (32, 8, "A"), (20, 16, "B"), (14, 32, "C")]


def norms(depth):
    """Return gradient norms that are all different."""
    return {f"conv{number}": 3.3 / 1.07**number for number in range(depth - 1)}


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


@pytest.mark.parametrize(("depth", "width", "shortcut"), NETS)
def test_bars_are_multiples_of_plain_20_with_8_filters(depth, width, shortcut):
    axis, *_ = net_choice(depth, width, shortcut, norms(depth), []).figure.axes
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


def test_runs_of_exactly_this_net_are_drawn():
    nets = [(32, 8, None), (32, 8, "A"), (20, 8, "A"), (32, 16, "A"), (32, 8, "B")]
    runs = []
    for number, (depth, width, shortcut) in enumerate(nets):
        for seed in (0, 1):
            one = record("plain-32", seed, [9.0 + number, 5.0 + seed], 3.0)
            job = replace(one.job, depth=depth, width=width, shortcut=shortcut)
            runs.append(replace(one, job=job))
    for number, net in enumerate(nets):
        axis = net_choice(*net, norms(net[0]), runs).figure.axes[2]
        drawn = [list(line.get_ydata()) for line in axis.lines]
        assert drawn == [[9.0 + number, 5.0], [9.0 + number, 6.0]]


def test_no_records_are_said_to_be_none():
    assert net_choice(8, 8, "A", norms(8), []).data.endswith("not recorded; recorded are none")


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
        net_choice(*net, norms(norms_of), [])
