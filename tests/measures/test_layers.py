"""Looks into a net against forward passes and gradients written out by hand."""

import copy
from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.measures.layers import (
    activation_gradients,
    correlation_by_distance,
    layer_responses,
    receptive_fields,
    relative_change,
    weights,
)
from seminar_utils.models.googlenet import GoogLeNet
from seminar_utils.models.resnet import (
    REPEATS,
    BasicBlock,
    Bottleneck,
    ResNet,
    cifar_resnet,
    without_batch_norm,
)
from tests import refused
from tests.models.references import randomise

LAYERS = ["conv1", *(f"stages.{n}.0.conv{m}" for n in range(3) for m in (1, 2))]
NORMS = [name.replace("conv", "bn") for name in LAYERS]
IMAGES = torch.randn(6, 1, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(6)
SHORTCUTS = pytest.mark.parametrize("shortcut", [None, "A", "B", "C"])


def small_net(shortcut: str | None) -> ResNet:
    model = cifar_resnet(8, shortcut, width=4, in_channels=1).double()
    randomise(model)
    return model


def by_hand(model: ResNet, images: Tensor) -> tuple[list[Tensor], list[Tensor], Tensor]:
    """Return each layer's output before and after batch norm, and the logits."""
    convolved = [model.conv1(images)]
    normed = [model.bn1(convolved[0])]
    x = normed[0].relu()
    for block in (block for stage in model.stages for block in stage):
        convolved.append(block.conv1(x))
        normed.append(block.bn1(convolved[-1]))
        convolved.append(block.conv2(normed[-1].relu()))
        normed.append(block.bn2(convolved[-1]))
        carried = torch.zeros(()) if block.shortcut is None else block.shortcut(x)
        x = (normed[-1] + carried).relu()
    return convolved, normed, model.fc(x.mean((2, 3)))


def doubled(logits: Tensor, labels: Tensor) -> Tensor:
    """Return a loss that nobody takes by mistake."""
    return 2 * F.cross_entropy(logits, labels)


@SHORTCUTS
@pytest.mark.parametrize("batch_norm", [True, False])
def test_gradients_are_autograds_at_each_convolutions_output(shortcut, batch_norm):
    """Those of projections on shortcuts are left out."""
    model = small_net(shortcut)
    model = model if batch_norm else without_batch_norm(model)
    outputs, *_, logits = by_hand(copy.deepcopy(model).train(), IMAGES)
    for output in outputs:
        output.retain_grad()
    doubled(logits, LABELS).backward()
    found = activation_gradients(model.eval(), IMAGES, LABELS, doubled)
    expected = [output.grad.square().sum().sqrt().item() for output in outputs]
    assert list(found) == LAYERS == list(weights(model))
    assert list(found.values()) == pytest.approx(expected, rel=1e-5)
    assert len(set(found.values())) == len(found)


def test_looking_leaves_the_net_as_it_was():
    model = small_net("B").train()
    doubled(model(IMAGES), LABELS).backward()
    states = copy.deepcopy(model.state_dict())
    gradients = [parameter.grad.clone() for parameter in model.parameters()]
    activation_gradients(model, IMAGES, LABELS, doubled)
    layer_responses(model, IMAGES)
    assert all(module.training for module in model.modules())
    activation_gradients(model.eval(), IMAGES, LABELS, doubled)
    assert not any(module.training for module in model.modules())
    assert states["bn1.num_batches_tracked"] == 1
    for name, value in model.state_dict().items():
        assert torch.equal(value, states[name]), name
    for parameter, gradient in zip(model.parameters(), gradients, strict=True):
        assert torch.equal(parameter.grad, gradient)


def test_relative_change_is_the_length_of_the_step_over_that_of_the_weights():
    before = {"a": torch.tensor([3.0, 4.0]), "b": torch.ones(2, 2)}
    after = {"a": torch.tensor([3.0, 5.0]), "b": -torch.ones(2, 2)}
    assert relative_change(before, after) == {"a": 0.2, "b": 2.0}
    model = small_net(None)
    before = weights(model)  # copies
    with torch.no_grad():
        model.conv1.weight.mul_(1.5)
    assert relative_change(before, weights(model)) == dict.fromkeys(LAYERS, 0) | {"conv1": 0.5}


@SHORTCUTS
def test_responses_are_behind_batch_norm_and_before_relu_and_addition(shortcut):
    """In evaluation mode: the batch's own statistics would hide the layer's own scale."""
    model = small_net(shortcut)
    _, normed, logits = by_hand(copy.deepcopy(model).eval(), IMAGES)
    assert torch.equal(logits, model.eval()(IMAGES))
    found = layer_responses(model.train(), IMAGES)
    assert list(found) == NORMS
    assert list(found.values()) == pytest.approx([each.std().item() for each in normed], rel=1e-12)


def narrow_resnet(depth: int, make_block) -> ResNet:
    """Return a net of Table 1 with one filter: fields of view do not depend on the width."""
    return ResNet(make_block, REPEATS[depth], width=1, in_channels=1, num_classes=2)


def pixels_seen(model: nn.Module, side: int) -> dict[str, int]:
    """Return how wide the gradient of the middle output of each layer is in the image.

    With positive weights no two paths cancel; the mean of a window depends on all its pixels, as
    its maximum may.
    """
    model = copy.deepcopy(model).double().eval()
    for parameter in model.parameters():
        nn.init.constant_(parameter, 1 / parameter[0].numel())
    image = torch.ones(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    outputs = {}
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.MaxPool2d):
            sizes = (module.kernel_size, module.stride, module.padding, module.ceil_mode)
            module = nn.AvgPool2d(*sizes)
            model.set_submodule(name, module)
        if isinstance(module, (nn.Conv2d, nn.AvgPool2d)) and "shortcut" not in name:
            keep = partial(lambda name, _, __, output: outputs.update({name: output}), name)
            module.register_forward_hook(keep)
    model(image)
    seen = {}
    for name, output in outputs.items():
        middle = output[0, :, output.shape[2] // 2, output.shape[3] // 2].sum()
        (gradient,) = torch.autograd.grad(middle, image, retain_graph=True)
        across = gradient[0, 0].abs().sum(0).nonzero().flatten()
        assert across[0] > 0 and across[-1] < side - 1  # the image is large enough
        seen[name] = int(across[-1] - across[0]) + 1
        assert len(across) == seen[name]  # without gaps
    return seen


@pytest.mark.parametrize(
    ("model", "side", "last"),
    [
        *((cifar_resnet(20, option, width=1, in_channels=1), 128, 81) for option in (None, *"ABC")),
        *((narrow_resnet(18, partial(BasicBlock, shortcut=s)), 512, 435) for s in (None, "B")),
        (narrow_resnet(50, partial(Bottleneck, stride_on="1x1")), 576, 483),
        (narrow_resnet(50, partial(Bottleneck, stride_on="3x3")), 576, 427),
        (GoogLeNet(2, 1, width=1 / 64, small_images=True, heads=()), 192, 83),
    ],
    ids=["20", "20-A", "20-B", "20-C", "18", "18-B", "50", "50-3x3", "GoogLeNet"],
)
def test_receptive_fields_are_where_gradients_arrive(model, side, last):
    fields = receptive_fields(model)
    assert fields == pixels_seen(model, side)
    assert list(fields.values())[-1] == last


MAPS = torch.randn(3, 4, 5, 9, generator=torch.Generator().manual_seed(1)).cumsum(-1)


def test_correlations_are_numpys():
    found = correlation_by_distance(MAPS, furthest=6)
    expected = []
    for distance in range(7):
        left = [MAPS[:, c, :, : 9 - distance].flatten().numpy() for c in range(4)]
        right = [MAPS[:, c, :, distance:].flatten().numpy() for c in range(4)]
        pairs = zip(left, right, strict=True)
        expected.append(np.mean([abs(np.corrcoef(a, b)[0, 1]) for a, b in pairs]))
    assert found == pytest.approx(expected, rel=1e-5)
    assert found[0] == 1 and len(set(found)) == 7


def test_constant_channels_are_left_out():
    """Most of these constants have no exact mean: what is left over is no pattern."""
    constants = torch.arange(1, 41, dtype=torch.float64).view(1, 40, 1, 1) / 10
    both = torch.cat([constants.expand(3, 40, 5, 9), MAPS.double()], dim=1)
    assert correlation_by_distance(both, 6) == correlation_by_distance(MAPS, 6)
    edge = torch.zeros(3, 1, 5, 9)
    edge[..., 0] = torch.arange(5)  # constant but for one column
    found = correlation_by_distance(torch.cat([edge, MAPS], dim=1), 6)
    assert found[0] == 1 and found[1:] == correlation_by_distance(MAPS, 6)[1:]


def test_correlation_takes_large_offsets_whole_numbers_and_gradients_and_no_signs():
    assert correlation_by_distance(torch.tensor([0.0, 1.0] * 10).expand(1, 1, 2, 20), 1) == [1, 1]
    whole = (MAPS * 10).round()
    expected = correlation_by_distance(whole, 3)
    assert correlation_by_distance(whole.double() + 1e6, 3) == pytest.approx(expected, rel=1e-5)
    assert correlation_by_distance(whole.int(), 3) == expected
    assert correlation_by_distance(whole.requires_grad_(), 3) == expected


def test_maps_without_a_correlation_are_refused():
    refused(
        (lambda: correlation_by_distance(MAPS, 9), "take .N, C, H, W. with W > furthest"),
        (lambda: correlation_by_distance(MAPS, -1), "pixels -1 apart"),
        (lambda: correlation_by_distance(MAPS[0], 3), "take .N, C, H, W."),
        (lambda: correlation_by_distance(torch.ones(2, 3, 4, 5), 2), "All 3 channels are constant"),
    )
