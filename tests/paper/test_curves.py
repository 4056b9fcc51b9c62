"""The curves of ResNet's Figures 1, 4, 6 and 7: ends, points, what is not drawn."""

from itertools import pairwise

import pytest

from seminar_utils import paper
from tests import refused

# Figure, network, depth, training error, test or validation error, as many decimals as are exact.
ENDS = [
    (1, "plain", 20, "1.36", "9.65"),
    (1, "plain", 56, "5.59", "13.24"),
    (4, "plain", 18, "31.3", "31.4"),
    (4, "plain", 34, "32.4", "32.4"),
    (4, "resnet", 18, "30.5", "31.0"),
    (4, "resnet", 34, "24.8", "28.2"),
    (6, "plain", 20, "1.3", "9.66"),
    (6, "plain", 56, "5.6", "13.25"),
    (6, "resnet", 20, "0.61", "8.83"),
    (6, "resnet", 56, "0.10", "7.05"),
    (6, "resnet", 110, "0.05", "6.57"),
]
BELOW_50 = {("plain", 18): 12.0e4, ("plain", 34): 15.5e4}
BELOW_50 |= {("resnet", 18): 4.5e4, ("resnet", 34): 4.0e4}


@pytest.mark.parametrize(("figure", "network", "depth", "train", "test"), ENDS)
def test_ends_of_curves(figure, network, depth, train, test):
    for split, end in (("train", train), ("val" if figure == 4 else "test", test)):
        curve = paper.curve(figure, network, depth, split)
        decimals = len(end.partition(".")[2])
        assert curve.ends_at == pytest.approx(float(end), abs=0.5 * 10**-decimals)
        assert curve.name == f"{'ResNet' if network == 'resnet' else network}-{depth}"
    if figure == 4:
        assert curve.first_below(50) == pytest.approx(BELOW_50[network, depth], abs=500)


@pytest.mark.parametrize(("figure", "count", "points"), [(1, 4, 214), (4, 8, 838), (6, 22, 1189)])
def test_every_curve_is_whole(figure, count, points):
    curves = paper.curves(figure)
    assert len(curves) == len(set((c.panel, c.network, c.depth, c.split) for c in curves)) == count
    assert sum(len(curve.errors) for curve in curves) == points
    for curve in curves:
        assert curve.figure == figure
        assert len(curve.iterations) == len(curve.errors) >= 30
        assert all(left <= right for left, right in pairwise(curve.iterations))
        assert all(-0.02 < error < 63 for error in curve.errors)
        assert {"train": "train", "test": "test"}.get(curve.panel, curve.split) == curve.split


def test_resnet_110_is_the_curve_over_the_whole_training():
    assert paper.curve(6, "resnet", 110, "test").panel == "resnet"
    assert paper.curve(6, "resnet", 110, "test").iterations[0] < 3_000
    assert paper.curve(6, "resnet", 1202, "test").panel == "deep"


def small(iterations, errors):
    return paper.Curve(1, "train", "plain", 20, "train", iterations, errors)


SMALL = small((10.0, 20.0, 20.0, 40.0), (8.0, 6.0, 4.0, 1.0))


def test_at_follows_the_straight_line_and_does_not_guess_outside():
    for iteration, error in ((10, 8.0), (15, 7.0), (20, 6.0), (30, 2.5), (35, 1.75), (40, 1.0)):
        assert SMALL.at(iteration) == pytest.approx(error)
    for iteration in (9.9, 40.1):
        with pytest.raises(ValueError, match=f"not drawn at iteration {iteration}.*from 10 to 40"):
            SMALL.at(iteration)


def test_first_below_is_strict_and_says_what_is_not_drawn():
    assert [SMALL.first_below(percent) for percent in (8, 6, 4, 1)] == [20, 20, 40, None]
    with pytest.raises(ValueError, match=r"falls below 9 % outside Figure 1.*from 8\.0 % on"):
        SMALL.first_below(9)


def test_ends_at_is_the_mean_of_the_last_five_points():
    assert small(tuple(range(7)), (90, 90, 1, 2, 3, 4, 10)).ends_at == 4


def test_layer_responses():
    means = {("plain", 20): 1.82, ("resnet", 20): 1.62, ("plain", 56): 1.52}
    means |= {("resnet", 56): 1.13, ("resnet", 110): 0.99}
    for (network, depth), mean in means.items():
        responses = paper.layer_responses(network, depth)
        assert sum(responses.values()) / len(responses) == pytest.approx(mean, abs=0.005)
        missing = set(range(1, depth)) - set(responses)
        assert missing == ({18} if (network, depth) == ("resnet", 56) else set())


def test_unknown_names_get_one_sentence():
    refused(
        (lambda: paper.curves(2), "2 is not a figure .* choose one of 1, 4, 6"),
        (
            lambda: paper.curve(4, "plain", 50, "val"),
            r"\('plain', 50, 'val'\) is not a curve of Figure 4 .*\('resnet', 34, 'val'\)",
        ),
        (lambda: paper.layer_responses("plain", 110), r"\('plain', 110\) is not a net of Figure 7"),
    )
