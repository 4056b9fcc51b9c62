"""The layer table against torch's own counter and against gradients."""

from functools import cache

import pytest
import torch
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from seminar_utils import paper
from seminar_utils.measures.layer_table import LayerTable, layer_table
from seminar_utils.models.googlenet import TORCHVISION, GoogLeNet
from seminar_utils.models.resnet import cifar_resnet, resnet

LARGE, SMALL = (3, 224, 224), (1, 28, 28)
NETS = {
    "googlenet": (lambda: GoogLeNet(), LARGE),
    "googlenet-tv": (lambda: GoogLeNet(variant=TORCHVISION), LARGE),
    "googlenet-small": (lambda: GoogLeNet(10, 1, width=1 / 4, small_images=True), SMALL),
    "plain-20": (lambda: cifar_resnet(20, None, in_channels=1), SMALL),
    "resnet-56-C": (lambda: cifar_resnet(56, "C"), (3, 32, 32)),
    **{
        f"resnet-{depth}-{option}": (lambda d=depth, o=option: resnet(d, o), LARGE)
        for depth in (18, 34, 50, 101, 152)
        for option in (None, "A", "B", "C")
    },
    "torchvision-googlenet": (lambda: torchvision.models.googlenet(init_weights=False), LARGE),
    "torchvision-resnet50": (torchvision.models.resnet50, LARGE),
    "torchvision-vgg16": (torchvision.models.vgg16, LARGE),
    "torchvision-alexnet": (torchvision.models.alexnet, LARGE),
}


def meta(name: str) -> tuple[nn.Module, tuple[int, int, int]]:
    build, input_size = NETS[name]
    with torch.device("meta"):
        return build(), input_size


@cache
def table_of(name: str, training: bool = False) -> LayerTable:
    model, input_size = meta(name)
    return layer_table(model, input_size, training=training)


@pytest.mark.parametrize("name", NETS)
def test_half_of_torchs_flop_counter_and_all_parameters(name):
    model, input_size = meta(name)
    for training in (False, True):  # GoogLeNet's heads run in training alone
        with FlopCounterMode(display=False) as counter:
            model.train(training)(torch.empty(2, *input_size, device="meta"))
        table = table_of(name, training)
        assert table.multiply_adds * 2 * 2 == counter.get_total_flops()
    assert table.parameters == sum(p.numel() for p in model.parameters())


def test_parameters_and_multiply_adds_are_those_of_the_papers_tables():
    for row in paper.resnet_table1():
        a, b = (table_of(f"resnet-{row.layers}-{option}") for option in "AB")
        assert (a.parameters, a.multiply_adds) == (row.computed_params_a, row.computed_macs_a)
        assert (b.parameters, b.multiply_adds) == (row.computed_params_b, row.computed_macs_b)
        assert b.multiply_adds == pytest.approx(row.printed_flops, rel=0.03)
    rows = paper.googlenet_table1()
    table = table_of("googlenet")
    assert table.parameters == sum(row.computed_params or 0 for row in rows)
    assert table.multiply_adds == sum(row.computed_macs or 0 for row in rows)


def test_the_model_is_left_as_it_was():
    model = cifar_resnet(8).train()
    model.bn1.eval()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    layer_table(model, (3, 32, 32))
    assert model.training and model.stages.training and not model.bn1.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())


def test_wrong_input_and_unknown_layers_get_one_clear_sentence():
    with pytest.raises(ValueError, match=r"An input of \(1, 32, 32\)"):
        layer_table(cifar_resnet(8), (1, 32, 32))
    with pytest.raises(ValueError, match="does not know how far a ConvTranspose2d sees"):
        layer_table(nn.ConvTranspose2d(3, 3, 2), (3, 8, 8))


def test_prints_as_a_table():
    net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.Flatten(), nn.Linear(576, 9))
    assert repr(layer_table(net, (3, 8, 8))).splitlines() == [
        "name      kind        output      parameters  multiply-adds  sees",
        "0         conv 3x3/1  16 x 6 x 6         448         15,552     3",
        "1         Flatten     576                  0              0     3",
        "2         linear      9                5,193          5,184     8",
        "3 layers                               5,641         20,736",
    ]


def test_a_linear_layer_sees_the_whole_map_before_it():
    """VGG-16: the last pool's outputs see 212 pixels, 32 apart, and there are 7 of them."""
    sees = {layer.name: layer.receptive_field for layer in table_of("torchvision-vgg16")}
    assert sees["classifier.0"] == sees["classifier.6"] == 212 + 6 * 32


def test_long_dilated_and_grouped_kernels():
    model = nn.Sequential(
        nn.Conv2d(4, 4, (1, 7)), nn.Conv2d(4, 8, 3, dilation=4, groups=2), nn.AdaptiveAvgPool2d(1)
    )
    table = layer_table(model, (4, 32, 32))
    assert [layer.receptive_field for layer in table] == [7, 15, 32]
    assert [layer.kind for layer in table[:2]] == ["conv 1x7/1", "conv 3x3/1"]
    assert table[1].multiply_adds == 8 * 2 * 9 * 24 * 18


def test_a_pool_to_a_size_has_the_window_and_the_stride_that_give_it():
    assert layer_table(nn.AdaptiveAvgPool2d(4), (3, 14, 14))[0].kind == "avg pool 5x5/3"


def test_a_layer_called_twice_has_its_parameters_once():
    shared = nn.Conv2d(3, 3, 3, padding=1)
    table = layer_table(nn.Sequential(shared, shared), (3, 8, 8))
    assert [layer.parameters for layer in table] == [84, 0] and table[1].multiply_adds == 81 * 64
