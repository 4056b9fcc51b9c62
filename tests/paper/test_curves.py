"""The curves of ResNet's Figures 1, 4, 6 and 7: ends, points, what is not drawn."""

from itertools import pairwise

import pytest

from seminar_utils import paper

FIGURE_4_ENDS = [  # network, depth, training error, validation error, below 50 % at
    ("plain", 18, 31.3, 31.4, 12.0e4),
    ("plain", 34, 32.4, 32.4, 15.5e4),
    ("resnet", 18, 30.5, 31.0, 4.5e4),
    ("resnet", 34, 24.8, 28.2, 4.0e4),
]
FIGURE_6_ENDS = [  # network, depth, training error, test error
    ("plain", 20, 1.3, 9.66),
    ("plain", 32, 1.2, 10.04),
    ("plain", 44, 2.7, 11.34),
    ("plain", 56, 5.6, 13.25),
    ("resnet", 20, 0.61, 8.83),
    ("resnet", 32, 0.25, 7.53),
    ("resnet", 44, 0.19, 7.14),
    ("resnet", 56, 0.10, 7.05),
    ("resnet", 110, 0.05, 6.57),
]


@pytest.mark.parametrize(("network", "depth", "train", "val", "below"), FIGURE_4_ENDS)
def test_figure_4_ends(network, depth, train, val, below):
    assert paper.curve(4, network, depth, "train").ends_at == pytest.approx(train, abs=0.05)
    curve = paper.curve(4, network, depth, "val")
    assert curve.ends_at == pytest.approx(val, abs=0.05)
    assert curve.first_below(50) == pytest.approx(below, abs=500)


@pytest.mark.parametrize(("network", "depth", "train", "test"), FIGURE_6_ENDS)
def test_figure_6_ends(network, depth, train, test):
    decimals = 0.05 if train > 1 else 0.005
    assert paper.curve(6, network, depth, "train").ends_at == pytest.approx(train, abs=decimals)
    assert paper.curve(6, network, depth, "test").ends_at == pytest.approx(test, abs=0.005)


@pytest.mark.parametrize(("depth", "train", "test"), [(20, 1.36, 9.65), (56, 5.59, 13.24)])
def test_figure_1_ends(depth, train, test):
    assert paper.curve(1, "plain", depth, "train").ends_at == pytest.approx(train, abs=0.005)
    assert paper.curve(1, "plain", depth, "test").ends_at == pytest.approx(test, abs=0.005)


@pytest.mark.parametrize(("figure", "count"), [(1, 4), (4, 8), (6, 22)])
def test_every_curve_is_whole(figure, count):
    curves = paper.curves(figure)
    assert len(curves) == len(set((c.panel, c.network, c.depth, c.split) for c in curves)) == count
    for curve in curves:
        assert curve.figure == figure
        assert len(curve.iterations) == len(curve.errors) >= 30
        assert all(left <= right for left, right in pairwise(curve.iterations))
        assert all(-0.02 < error < 63 for error in curve.errors)
        assert {"train": "train", "test": "test"}.get(curve.panel, curve.split) == curve.split


def test_all_points_are_there():
    points = [len(curve.errors) for figure in (1, 4, 6) for curve in paper.curves(figure)]
    assert sum(points) == 2241


def test_names_are_the_papers():
    assert paper.curve(4, "plain", 34, "val").name == "plain-34"
    assert paper.curve(4, "resnet", 34, "val").name == "ResNet-34"


def test_resnet_110_is_the_curve_over_the_whole_training():
    assert paper.curve(6, "resnet", 110, "test").panel == "resnet"
    assert paper.curve(6, "resnet", 110, "test").iterations[0] < 3_000
    assert paper.curve(6, "resnet", 1202, "test").panel == "deep"


SMALL = paper.Curve(
    1, "train", "plain", 20, "train", (10.0, 20.0, 20.0, 40.0), (8.0, 6.0, 4.0, 1.0)
)


@pytest.mark.parametrize(
    ("iteration", "error"), [(10, 8.0), (15, 7.0), (20, 6.0), (30, 2.5), (35, 1.75), (40, 1.0)]
)
def test_at_follows_the_straight_line(iteration, error):
    assert SMALL.at(iteration) == pytest.approx(error)


@pytest.mark.parametrize("iteration", [9.9, 40.1])
def test_at_does_not_guess_outside(iteration):
    with pytest.raises(ValueError, match=f"not drawn at iteration {iteration}.*from 10 to 40"):
        SMALL.at(iteration)


def test_first_below_is_strict_and_says_what_is_not_drawn():
    assert SMALL.first_below(8) == 20
    assert SMALL.first_below(6) == 20
    assert SMALL.first_below(4) == 40
    assert SMALL.first_below(1) is None
    with pytest.raises(ValueError, match=r"falls below 9 % outside Figure 1.*from 8\.0 % on"):
        SMALL.first_below(9)


def test_ends_at_is_the_mean_of_the_last_five_points():
    curve = paper.Curve(1, "train", "plain", 20, "train", tuple(range(7)), (90, 90, 1, 2, 3, 4, 10))
    assert curve.ends_at == 4


@pytest.mark.parametrize(
    ("network", "depth", "mean", "layers"),
    [
        ("plain", 20, 1.82, 19),
        ("resnet", 20, 1.62, 19),
        ("plain", 56, 1.52, 55),
        ("resnet", 56, 1.13, 54),
        ("resnet", 110, 0.99, 109),
    ],
)
def test_layer_responses(network, depth, mean, layers):
    responses = paper.layer_responses(network, depth)
    assert len(responses) == layers
    assert sum(responses.values()) / layers == pytest.approx(mean, abs=0.005)
    missing = set(range(1, depth)) - set(responses)
    assert missing == ({18} if (network, depth) == ("resnet", 56) else set())


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: paper.curves(2), "2 is not a figure .* choose one of 1, 4, 6"),
        (
            lambda: paper.curve(4, "plain", 50, "val"),
            r"\('plain', 50, 'val'\) is not a curve of Figure 4 .*\('resnet', 34, 'val'\)",
        ),
        (lambda: paper.layer_responses("plain", 110), r"\('plain', 110\) is not a net of Figure 7"),
    ],
)
def test_unknown_names_get_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
