"""GoogLeNet against Table 1 and against torchvision."""

import warnings

import pytest
import torch
import torchvision
from torch import nn
from torch.nn import functional as F

from seminar_utils import paper
from seminar_utils.models.from_torchvision import load_torchvision
from seminar_utils.models.googlenet import (
    TABLE_1,
    TORCHVISION,
    GoogLeNet,
    LocalResponseNorm,
    NaiveInception,
    Outputs,
)
from tests.models.references import count, randomise, relative_difference, shapes_in


def small(**changes) -> GoogLeNet:
    return GoogLeNet(**{"num_classes": 7, "width": 1 / 8, "small_images": True} | changes)


def test_parameters():
    """The numbers at the head of ``googlenet.py``, and one head alone."""
    none, both = {"heads": ()}, {"heads": ("4a", "4d")}
    with torch.device("meta"):
        assert count(GoogLeNet(**both)) == 13_378_280
        assert count(GoogLeNet(**none)) == 6_998_552
        assert count(GoogLeNet(heads=("4a",))) == 6_998_552 + 3_188_840
        assert count(GoogLeNet(variant=TORCHVISION, **both)) == 13_004_888
        assert count(GoogLeNet(variant=TORCHVISION, **none)) == 6_624_904


def test_every_row_of_table_1_and_the_shapes_in_the_comments():
    """Filters, and weights and biases of each module, as printed and computed; the grids."""
    model = GoogLeNet().train()
    shapes = shapes_in(model, torch.zeros(1, 3, 224, 224))
    rows = {row.type: row for row in paper.googlenet_table1()}
    for name, filters in TABLE_1.items():
        row, module = rows[f"inception ({name})"], f"inception_{name}"
        height, width, channels = row.output_size
        assert filters == row.filters
        assert count(getattr(model, module)) == row.computed_params, name
        assert shapes.pop(module) == (channels, height, width)
    assert shapes == {
        "conv1": (64, 112, 112),
        **dict.fromkeys(["maxpool1", "norm1", "conv2"], (64, 56, 56)),
        **dict.fromkeys(["conv3", "norm2"], (192, 56, 56)),
        "maxpool2": (192, 28, 28),
        "maxpool3": (480, 14, 14),
        "head_4a": (1000,),
        "head_4d": (1000,),
        "maxpool4": (832, 7, 7),
        "avgpool": (1024, 1, 1),
        "dropout": (1024,),
        "fc": (1000,),
    }
    units = dict.fromkeys(("fc1", "relu", "dropout"), (1024,))
    head = {"pool": (512, 4, 4), "conv": (128, 4, 4), **units, "fc2": (1000,)}
    assert shapes_in(model.head_4a, torch.zeros(2, 512, 14, 14)) == head


def test_small_stem_gives_the_papers_grids():
    """28-pixel images: grids of 28, 14 and 7, and 4x4 left in the heads."""
    model = GoogLeNet(num_classes=10, in_channels=1, width=1 / 4, small_images=True).train()
    images = torch.randn(2, 1, 28, 28)
    shapes = shapes_in(model, images)
    modules = ("inception_3a", "inception_4a", "inception_5b")
    assert [shapes[name][-1] for name in modules] == [28, 14, 7]
    assert shapes_in(model.head_4a, torch.zeros(2, 128, 14, 14))["pool"] == (128, 4, 4)
    assert all(logits.shape == (2, 10) for logits in model(images))


def test_logits_in_evaluation_three_outputs_in_training():
    images = torch.randn(2, 3, 28, 28)
    model = small()
    assert isinstance(model.train()(images), Outputs)
    before = model.eval()(images)
    model.head_4a = model.head_4d = None
    assert before.shape == (2, 7) and torch.equal(model(images), before)
    assert small(heads=()).train()(images).shape == (2, 7)
    one = small(heads=("4d",)).train()(images)
    assert one.head_4a is None and one.head_4d.shape == (2, 7)
    with pytest.raises(ValueError, match="heads="):
        GoogLeNet(heads=("4b",))


@pytest.mark.parametrize(("heads", "training"), [(True, True), (True, False), (False, False)])
def test_logits_equal_torchvision(heads, training):
    with warnings.catch_warnings(action="ignore"):
        theirs = torchvision.models.googlenet(aux_logits=heads, init_weights=False)
    randomise(theirs)
    net = GoogLeNet(heads=("4a", "4d") if heads else (), variant=TORCHVISION)
    ours = load_torchvision(net, theirs.state_dict())
    for model in (theirs, ours):
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0
        model.train(training)
    images = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected, found = theirs(images), ours(images)
    if training:  # theirs: the later head comes first
        expected = expected.logits, expected.aux_logits1, expected.aux_logits2
    else:
        expected, found = [expected], [found]
    for ours, theirs in zip(found, expected, strict=True):
        assert relative_difference(ours, theirs) < 1e-4


def test_naive_inception_hands_on_its_input_channels():
    """Fig. 2a with the numbers of 3a: 64 + 128 + 32 + 192 = 416 channels."""
    module = NaiveInception(192, 64, 128, 32)
    x = torch.randn(1, 192, 7, 7)
    branches = (module.branch_1x1, module.branch_3x3, module.branch_5x5)
    parts = [branch(x) for branch in branches] + [F.max_pool2d(x, 3, 1, 1)]
    assert torch.equal(module(x), torch.cat(parts, dim=1))
    assert module.out_channels == module(x).shape[1] == 416


def test_constants_of_the_papers_net():
    """Sec. 5 and Fig. 3: where LRN stands, what is dropped, how the heads pool, how it starts."""
    model = GoogLeNet()
    norms = [m for m in model.modules() if isinstance(m, nn.LocalResponseNorm)]
    assert [(m.size, m.alpha, m.beta, m.k) for m in norms] == [(5, 1e-4, 0.75, 1.0)] * 2
    assert model.dropout.p == 0.4
    for head in (model.head_4a, model.head_4d):
        assert head.dropout.p == 0.7
        assert isinstance(head.pool, nn.AvgPool2d)
        assert (head.pool.kernel_size, head.pool.stride) == (5, 3)
    # He by fan-in, so that activations keep their size without batch norm.
    weight = model.inception_3b.branch_3x3[1].conv.weight  # 3x3, 128 -> 192
    assert weight.std().item() == pytest.approx((2 / (9 * 128)) ** 0.5, rel=0.01)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("size", [3, 5])
def test_local_response_norm_is_pytorchs(size, layout):
    """Outputs and gradients, in the precision of fingerprints; values that are divided."""
    options = {"alpha": 1e-2, "beta": 0.75, "k": 1.5}
    ours, theirs = LocalResponseNorm(size, **options), nn.LocalResponseNorm(size, **options)
    x = 30 * torch.randn(2, 9, 6, 5, dtype=torch.float64)
    x = x.to(memory_format=layout).requires_grad_()
    found, expected, weights = ours(x), theirs(x), torch.randn_like(x)
    assert (x / found).abs().max() > 2
    torch.testing.assert_close(found, expected, rtol=1e-14, atol=0)
    slopes = [torch.autograd.grad((y * weights).sum(), x)[0] for y in (found, expected)]
    torch.testing.assert_close(*slopes, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(ours(x.float()), theirs(x.float()), rtol=1e-6, atol=0)
