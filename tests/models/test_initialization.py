"""Starts of a convolution: each mode against its formula, linear layers always alike."""

import pytest
import torch
from torch import nn

from seminar_utils.models.initialization import MODES, initialize
from seminar_utils.seeds import generator_for

# 3x3, 64 -> 128 channels: 73,728 weights, whose deviation is known to 0.3 %.
FAN_IN, FAN_OUT = 64 * 9, 128 * 9
VARIANCES = {
    "fan_out": 2 / FAN_OUT,
    "fan_in": 2 / FAN_IN,
    "xavier": 2 / (FAN_IN + FAN_OUT),
    "default": 1 / (3 * FAN_IN),
    "gaussian": 0.01**2,
}
# Of the modes that are uniform.
BOUNDS = {"xavier": (6 / (FAN_IN + FAN_OUT)) ** 0.5, "default": FAN_IN**-0.5}


def started(mode: str, seed: int = 0) -> nn.Sequential:
    net = nn.Sequential(nn.Conv2d(64, 128, 3), nn.BatchNorm2d(128), nn.Linear(100, 10))
    nn.init.ones_(net[0].bias)
    nn.init.constant_(net[1].weight, 3)
    return initialize(net, seed, mode=mode)


@pytest.mark.parametrize("mode", MODES)
def test_weights_are_drawn_by_the_formula_and_the_rest_is_fresh(mode):
    conv, norm, linear = started(mode)
    weight, variance = conv.weight.double(), VARIANCES[mode]
    assert weight.var().item() == pytest.approx(variance, rel=0.02)
    assert abs(weight.mean()) < 5 * (variance / weight.numel()) ** 0.5
    largest = weight.abs().max().item()
    if mode in BOUNDS:
        assert 0.999 * BOUNDS[mode] < largest <= BOUNDS[mode] * (1 + 1e-6)
    else:
        assert largest > 3.5 * variance**0.5
        within_one_deviation = (weight.abs() < variance**0.5).double().mean()
        assert within_one_deviation.item() == pytest.approx(0.6827, abs=0.01)
    assert not conv.bias.any() and not linear.bias.any() and not norm.bias.any()
    assert torch.equal(norm.weight, torch.ones(128))


def test_default_is_what_torch_starts_with():
    """To the bit, from the same stream."""
    torch.manual_seed(generator_for(7, "0.weight").initial_seed())
    theirs = nn.Conv2d(64, 128, 3)
    assert torch.equal(started("default", seed=7)[0].weight, theirs.weight)


def test_double_precision_is_drawn_in_double_precision():
    """Float32 weights differ between processors in their last digits, float64 ones hardly."""
    weight = initialize(nn.Conv2d(64, 128, 3).double(), 0, mode="fan_out").weight
    assert not torch.equal(weight, weight.float().double())
    assert weight.var().item() == pytest.approx(VARIANCES["fan_out"], rel=0.02)


def test_modes_and_seeds_differ_and_modes_leave_linear_layers_alone():
    nets = {(mode, seed): started(mode, seed) for mode in MODES for seed in (0, 1)}
    assert len({net[0].weight[0, 0, 0, 0].item() for net in nets.values()}) == 10
    weights = [nets[mode, 0][2].weight for mode in MODES]
    assert all(torch.equal(weight, weights[0]) for weight in weights)
    assert 0.09 < weights[0].abs().max() <= 0.1  # 1/sqrt(100)
    assert not torch.equal(nets["fan_in", 1][2].weight, weights[0])


def test_unknown_mode_gets_one_clear_sentence():
    with pytest.raises(ValueError, match=r"mode='he' is unknown: take one of \['default', .*'\]"):
        initialize(nn.Linear(1, 1), mode="he")
