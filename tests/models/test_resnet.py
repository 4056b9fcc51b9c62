"""The residual nets against the paper's counts and torchvision's outputs."""

import pytest
import torch
import torchvision
from torch import nn

from seminar_utils import paper
from seminar_utils.models.from_torchvision import load_torchvision
from seminar_utils.models.initialization import checksum, initialize
from seminar_utils.models.resnet import (
    BasicBlock,
    Block,
    Bottleneck,
    ZeroPadShortcut,
    cifar_resnet,
    resnet,
    without_batch_norm,
)
from tests import refused
from tests.models.references import count, randomise, relative_difference

CIFAR_COUNTS = {20: 269_722, 32: 464_154, 44: 658_586, 56: 853_018, 110: 1_727_962}


@pytest.mark.parametrize("row", paper.resnet_table1(), ids=lambda row: str(row.layers))
def test_imagenet_nets_are_those_of_table_1(row):
    """Layers with weights, parameters, shortcuts and projections among them (Sec. 4.1)."""
    params_a, params_b = row.computed_params_a, row.computed_params_b
    for option, parameters, projections in (
        (None, params_a, 0),
        ("A", params_a, 0),
        ("B", params_b, row.projections_in_b),
        ("C", 22_716_840 if row.layers == 34 else None, row.shortcuts),
    ):
        with torch.device("meta"):
            model = resnet(row.layers, option)
        assert count(model) == (parameters or count(model))
        blocks = [m for m in model.modules() if isinstance(m, Block)]
        found = sum(isinstance(block.shortcut, nn.Sequential) for block in blocks)
        assert (len(blocks), found) == (row.shortcuts, projections)
        weighted = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
        assert len(weighted) == row.layers + found


def test_cifar_parameters():
    with torch.device("meta"):
        for depth, parameters in CIFAR_COUNTS.items():
            assert count(cifar_resnet(depth, None)) == count(cifar_resnet(depth)) == parameters


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_logits_equal_torchvision(depth):
    theirs = getattr(torchvision.models, f"resnet{depth}")()
    randomise(theirs)
    ours = load_torchvision(resnet(depth, "B", stride_on="3x3"), theirs.state_dict())
    images = torch.randn(2, 3, 96, 96, generator=torch.Generator().manual_seed(0))
    for training in (False, True):
        with torch.no_grad():
            expected = theirs.train(training)(images)
            found = ours.train(training)(images)
        assert relative_difference(found, expected) < 1e-4


def test_paper_and_torchvision_stride_in_different_places():
    """Same weights, other outputs: the two bottlenecks are not the same function."""
    paper, theirs = resnet(50, "B").eval(), resnet(50, "B", stride_on="3x3").eval()
    theirs.load_state_dict(paper.state_dict())
    images = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        assert relative_difference(paper(images), theirs(images)) > 1e-2
    with pytest.raises(ValueError, match='stride_on="3x3"'):
        load_torchvision(paper, torchvision.models.resnet50().state_dict())


@pytest.mark.parametrize(
    "block",
    [BasicBlock(8, 8), Bottleneck(8, 2, shortcut="A"), BasicBlock(8, 10, stride=2)],
    ids=["basic", "bottleneck", "larger"],
)
def test_relu_comes_after_the_addition(block):
    """out = relu(F(x) + x), and F itself ends without a ReLU (Fig. 2)."""
    randomise(block)
    block.eval()
    x = torch.randn(2, 8, 6, 6)
    residual = block.residual(x)
    carried = x if residual.shape == x.shape else torch.zeros(2, 10, 3, 3)
    if carried is not x:  # option A skips pixels and appends zero channels
        assert isinstance(block.shortcut, ZeroPadShortcut)
        carried[:, :8] = x[:, :, ::2, ::2]
    assert (residual < 0).any()
    assert torch.equal(block(x), torch.relu(residual + carried))
    block.shortcut = None
    assert torch.equal(block(x), torch.relu(residual))


def started(depth, shortcut, seed=3):
    return initialize(cifar_resnet(depth, shortcut), seed=seed, mode="fan_out")


def test_twins_share_every_initial_weight():
    plain, residual = started(20, None), started(20, "A")
    assert checksum(plain) == checksum(residual)
    assert checksum(started(20, None, seed=4)) != checksum(plain)
    assert checksum(cifar_resnet(20, None)) != checksum(cifar_resnet(20, None))
    # Nets of another depth share the weights that have the same name and shape.
    assert torch.equal(started(56, None).conv1.weight, residual.conv1.weight)
    first = residual.stages[0][0]
    assert not torch.equal(first.conv1.weight, first.conv2.weight)


def test_nets_start_with_he_initialisation_by_fan_out():
    weight = resnet(34, "A").stages[3][0].conv1.weight  # 256 -> 512: fan-out 4608, fan-in 2304
    assert weight.std().item() == pytest.approx((2 / 4608) ** 0.5, rel=0.01)


def test_mistakes_get_one_clear_sentence():
    refused(
        (lambda: resnet(19), "depth=19"),
        (lambda: cifar_resnet(21), "depth=21"),
        (lambda: cifar_resnet(8, width=0), "width=0: a stage needs at least one filter"),
        (lambda: resnet(18, "D"), "shortcut='D'"),
        (lambda: resnet(50, stride_on="5x5"), "stride_on='5x5'"),
        (lambda: cifar_resnet(8, None, pre_activation=True), 'keep clean: take "A", "B" or "C"'),
    )


def test_layout_and_lower_precision_do_not_change_what_is_drawn():
    plain = started(8, "A")
    model = cifar_resnet(8).to(dtype=torch.bfloat16, memory_format=torch.channels_last)
    initialize(model, seed=3, mode="fan_out")
    for name, parameter in model.named_parameters():
        assert torch.equal(parameter, plain.get_parameter(name).bfloat16()), name


@pytest.mark.parametrize("shortcut", [None, "A", "B", "C"])
def test_without_batch_norm_the_rest_stays(shortcut):
    """Same weights, and what batch norms that do nothing would give."""
    model = cifar_resnet(8, shortcut, width=4).double().eval()
    parameters = dict(model.named_parameters())
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 0.0  # with mean 0 and variance 1, evaluation changes nothing
    images = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    before = model(images)
    assert without_batch_norm(model) is model
    assert not any(isinstance(module, nn.BatchNorm2d) for module in model.modules())
    assert all(parameters[name] is parameter for name, parameter in model.named_parameters())
    assert torch.allclose(model.train()(images), before, rtol=1e-12, atol=1e-12)


def test_pre_activation_hands_the_sum_on_unchanged():
    """He et al., arXiv 1603.05027: the same convolutions, and nothing after the sum."""
    net = cifar_resnet(14, "A", width=4, in_channels=1, pre_activation=True).eval()
    original = cifar_resnet(14, "A", width=4, in_channels=1)
    convolutions = [name for name, _ in net.named_parameters() if "conv" in name]
    assert convolutions == [name for name, _ in original.named_parameters() if "conv" in name]
    x = torch.randn(2, 4, 8, 8)  # of both signs: a ReLU after the sum would be seen
    first, second = net.stages[0]
    expected = x + second.conv2(second.bn2(second.conv1(second.bn1(x).relu())).relu())
    assert torch.equal(second(x), expected) and (second(x) < 0).any()
    # The first block starts from the stem's activation, the classifier from a last one.
    assert isinstance(first.bn1, nn.Identity)
    assert [type(layer) for layer in net.last] == [nn.BatchNorm2d, nn.ReLU]
    assert net.last[0].num_features == 16 and original.last is None
