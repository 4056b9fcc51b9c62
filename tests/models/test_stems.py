"""The four stems against the lists of layers, and against the whole net."""

import pytest
import torch
from torch import nn

from seminar_utils import paper
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import GoogLeNet
from seminar_utils.models.stems import stems

OUT = {"AlexNet": 27, "Zeiler-Fergus": 26, "VGG-16": 28, "GoogLeNet": 28}


@pytest.mark.parametrize(("name", "channels"), [*zip(OUT, (96, 256, 256, 192), strict=True)])
def test_layers_are_those_of_the_published_lists(name, channels):
    side = 227 if name == "AlexNet" else 224
    table = layer_table(stems()[name], (3, side, side))
    assert table[-1].output_shape == (channels, OUT[name], OUT[name])
    if name not in ("AlexNet", "VGG-16"):
        return
    printed = [row for row in paper.layer_list(name) if row.kind != "local response norm"]
    counted = [layer for layer in table if layer.kind.startswith(("conv", "max pool"))]
    for found, row in zip(counted, printed, strict=False):
        assert found.kind[:4] == row.kind[:4]
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
