"""The four stems against the lists of layers, and against the whole net."""

import pytest
import torch
from torch import nn

from seminar_utils import paper
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import GoogLeNet
from seminar_utils.models.stems import stems

SIDES = {"AlexNet": 227, "Zeiler-Fergus": 224, "VGG-16": 224, "GoogLeNet": 224}
OUT = {
    "AlexNet": (96, 27, 27),
    "Zeiler-Fergus": (256, 26, 26),
    "VGG-16": (256, 28, 28),
    "GoogLeNet": (192, 28, 28),
}


@pytest.mark.parametrize("name", SIDES)
def test_output_shapes(name):
    layers = layer_table(stems()[name], (3, SIDES[name], SIDES[name]))
    assert layers[-1].output_shape == OUT[name]


@pytest.mark.parametrize("name", ["AlexNet", "VGG-16"])
def test_layers_are_those_of_the_published_lists(name):
    printed = [row for row in paper.layer_list(name) if row.kind != "local response norm"]
    kinds = {nn.Conv2d: "convolution", nn.MaxPool2d: "max pool"}
    layers = [layer for layer in stems()[name] if type(layer) in kinds]
    table = layer_table(stems()[name], (3, SIDES[name], SIDES[name]))
    counted = [layer for layer in table if layer.kind.startswith(("conv", "max pool"))]
    for layer, found, row in zip(layers, counted, printed, strict=False):
        assert kinds[type(layer)] == row.kind
        assert found.output_shape == (row.out_channels, row.out_size, row.out_size)
        assert (found.parameters, found.multiply_adds) == (row.parameters, row.multiply_adds)
        assert found.kind.endswith(f"{row.kernel}x{row.kernel}/{row.stride}")


def test_the_stem_of_googlenet_is_the_whole_nets_own():
    net, stem = GoogLeNet(heads=()).eval(), stems()["GoogLeNet"].eval()
    convs = [layer for layer in stem if isinstance(layer, nn.Conv2d)]
    for ours, theirs in zip(convs, (net.conv1, net.conv2, net.conv3), strict=True):
        ours.load_state_dict(theirs.conv.state_dict())
    images = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    whole = net.conv3(net.conv2(net.norm1(net.maxpool1(net.conv1(images)))))
    with torch.inference_mode():
        assert torch.equal(stem(images), net.maxpool2(net.norm2(whole)))
