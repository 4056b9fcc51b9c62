"""The layer table against torch's own counter and against gradients."""

from functools import cache

import pytest
import torch
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

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


def has_heads(name: str) -> bool:
    """Return whether the net has layers that run in training alone."""
    return "googlenet" in name


@cache
def table_of(name: str, training: bool = False) -> LayerTable:
    model, input_size = meta(name)
    return layer_table(model, input_size, training=training)


@pytest.mark.parametrize(
    ("name", "training"),
    [(name, False) for name in NETS] + [(name, True) for name in NETS if has_heads(name)],
)
def test_half_of_torchs_flop_counter(name, training):
    model, input_size = meta(name)
    with FlopCounterMode(display=False) as counter:
        model.train(training)(torch.empty(2, *input_size, device="meta"))
    assert table_of(name, training).multiply_adds * 2 * 2 == counter.get_total_flops()


@pytest.mark.parametrize("name", NETS)
def test_parameters_add_up(name):
    model, _ = meta(name)
    table = table_of(name, training=has_heads(name))
    assert table.parameters == sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("googlenet", 1_582_671_872),
        ("resnet-18-A", 1_794_805_760),
        ("resnet-18-B", 1_814_073_344),
        ("torchvision-resnet50", 4_089_184_256),
    ],
)
def test_multiply_adds_of_the_papers_nets(name, expected):
    assert table_of(name).multiply_adds == expected


@pytest.mark.parametrize(
    ("depth", "option_a", "option_b"),
    [
        (18, 1.795, 1.814),
        (34, 3.644, 3.664),
        (50, 3.498, 3.858),
        (101, 7.211, 7.570),
        (152, 10.923, 11.282),
    ],
)
def test_multiply_adds_of_resnets_in_billions(depth, option_a, option_b):
    for option, expected in (("A", option_a), ("B", option_b)):
        found = table_of(f"resnet-{depth}-{option}").multiply_adds
        assert round(found / 1e9, 3) == expected


def test_receptive_field_is_where_gradients_come_from():
    """The input pixels that can change one output pixel, found by differentiating."""
    model = GoogLeNet(10, 1, width=1 / 16, small_images=True, heads=())
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.MaxPool2d):  # a maximum hides all pixels but one
            average = nn.AvgPool2d(
                module.kernel_size, module.stride, module.padding, ceil_mode=module.ceil_mode
            )
            model.set_submodule(name, average)
        if isinstance(module, nn.Conv2d):
            nn.init.ones_(module.weight)
    images = torch.zeros(1, 1, 128, 128, dtype=torch.float64, requires_grad=True)
    outputs = {}
    model.inception_4d.register_forward_hook(lambda _m, _i, out: outputs.update(out=out))
    model.double().eval()(images + 1)
    outputs["out"][0, :, 32, 32].sum().backward()
    rows = images.grad[0, 0].abs().sum(dim=1).nonzero().flatten()
    table = {layer.name: layer for layer in layer_table(model, (1, 128, 128))}
    expected = table["inception_4d.branch_5x5.1.conv"].receptive_field
    assert rows.max() - rows.min() + 1 == expected


def test_the_model_is_left_as_it_was():
    model = cifar_resnet(8)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    model.train()
    layer_table(model, (3, 32, 32))
    assert model.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())


def test_wrong_input_gets_one_clear_sentence():
    with pytest.raises(ValueError, match=r"An input of \(1, 32, 32\)"):
        layer_table(cifar_resnet(8), (1, 32, 32))


def test_prints_as_a_table():
    lines = repr(layer_table(cifar_resnet(8), (3, 32, 32))).splitlines()
    assert lines[0].split() == ["name", "kind", "output", "parameters", "multiply-adds", "sees"]
    assert lines[1].split()[:4] == ["conv1", "conv", "3x3/1", "16"]
    assert "75,290" in lines[-1]


def test_a_linear_layer_sees_the_whole_map_before_it():
    """VGG-16: the last pool's outputs see 212 pixels, 32 apart, and there are 7 of them."""
    table = {layer.name: layer for layer in table_of("torchvision-vgg16")}
    assert (
        table["classifier.0"].receptive_field
        == 212 + 6 * 32
        == table["classifier.6"].receptive_field
    )


def test_long_dilated_and_grouped_kernels():
    model = nn.Sequential(
        nn.Conv2d(4, 4, (1, 7)), nn.Conv2d(4, 8, 3, dilation=4, groups=2), nn.AdaptiveAvgPool2d(1)
    )
    table = layer_table(model, (4, 32, 32))
    assert [layer.receptive_field for layer in table] == [7, 15, 32]
    assert [layer.kind for layer in table[:2]] == ["conv 1x7/1", "conv 3x3/1"]
    assert table[1].multiply_adds == 8 * 2 * 9 * 24 * 18


def test_a_layer_called_twice_has_its_parameters_once():
    shared = nn.Conv2d(3, 3, 3, padding=1)
    table = layer_table(nn.Sequential(shared, shared), (3, 8, 8))
    assert [layer.parameters for layer in table] == [84, 0] and table[1].multiply_adds == 81 * 64


def test_frozen_layers_stay_frozen():
    model = cifar_resnet(8).train()
    model.bn1.eval()
    layer_table(model, (3, 32, 32))
    assert model.training and not model.bn1.training


def test_unknown_layers_get_one_clear_sentence():
    with pytest.raises(ValueError, match="does not know how far a ConvTranspose2d sees"):
        layer_table(nn.ConvTranspose2d(3, 3, 2), (3, 8, 8))
