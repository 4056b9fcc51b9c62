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
    PAPER,
    TABLE_1,
    TORCHVISION,
    AuxiliaryClassifier,
    GoogLeNet,
    LocalResponseNorm,
    NaiveInception,
    Outputs,
    total_loss,
)
from tests.models.references import count, randomise, relative_difference


def torchvision_googlenet(aux_logits: bool) -> nn.Module:
    return torchvision.models.googlenet(aux_logits=aux_logits, init_weights=False)


@pytest.mark.parametrize(
    ("variant", "heads", "expected"),
    [
        (PAPER, ("4a", "4d"), 13_378_280),
        (PAPER, (), 6_998_552),
        (PAPER, ("4a",), 6_998_552 + 3_188_840),
        (PAPER, ("4d",), 6_998_552 + 3_190_888),
        (TORCHVISION, ("4a", "4d"), 13_004_888),
        (TORCHVISION, (), 6_624_904),
    ],
)
def test_parameters(variant, heads, expected):
    assert count(GoogLeNet(heads=heads, variant=variant)) == expected


def test_every_row_of_table_1():
    """Weights and biases of each module, as computed from the printed columns, and the grids."""
    rows = {row.type: row for row in paper.googlenet_table1()}
    model, shapes = GoogLeNet(), {}
    for name in TABLE_1:
        model.get_submodule(f"inception_{name}").register_forward_hook(
            lambda _m, _i, out, name=name: shapes.update({name: tuple(out.shape[1:])})
        )
    model.eval()(torch.zeros(1, 3, 224, 224))
    for name in TABLE_1:
        row = rows[f"inception ({name})"]
        height, width, channels = row.output_size
        assert count(getattr(model, f"inception_{name}")) == row.computed_params, name
        assert shapes[name] == (channels, height, width)
    assert count(model.conv1) == 9_472
    assert count(model.conv2) + count(model.conv3) == 114_944
    assert count(model.fc) == 1_025_000


def test_stage_shapes():
    """The comments in ``GoogLeNet.forward``, but for those of the modules."""
    model, shapes = GoogLeNet().train(), {}
    for name, module in model.named_children():
        module.register_forward_hook(
            lambda _m, _i, out, name=name: shapes.update({name: tuple(out.shape[1:])})
        )
    model(torch.zeros(1, 3, 224, 224))
    assert {name: shape for name, shape in shapes.items() if "inception" not in name} == {
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


@pytest.mark.parametrize(("channels", "grid"), [(512, 14), (528, 14)])
def test_head_shapes(channels, grid):
    """The comments in ``AuxiliaryClassifier.forward``."""
    head = AuxiliaryClassifier(channels, 1000)
    shapes = []
    for module in head.children():
        module.register_forward_hook(lambda _m, _i, out: shapes.append(tuple(out.shape[1:])))
    head(torch.zeros(2, channels, grid, grid))
    assert shapes == [(channels, 4, 4), (128, 4, 4), (1024,), (1024,), (1024,), (1000,)]


def test_small_stem_gives_the_papers_grids():
    """28-pixel images: grids of 28, 14 and 7, and 4x4 left in the heads."""
    model = GoogLeNet(num_classes=10, in_channels=1, width=1 / 4, small_images=True).train()
    grids = {}
    for name in ("inception_3a", "inception_4a", "inception_5b", "head_4a.pool", "head_4d.pool"):
        model.get_submodule(name).register_forward_hook(
            lambda _m, _i, out, name=name: grids.update({name: out.shape[-1]})
        )
    logits, head_4a, head_4d = model(torch.randn(2, 1, 28, 28))
    assert list(grids.values()) == [28, 14, 4, 4, 7]
    assert logits.shape == head_4a.shape == head_4d.shape == (2, 10)


def test_logits_in_evaluation_three_outputs_in_training():
    model = GoogLeNet(num_classes=7, width=1 / 8, small_images=True)
    images = torch.randn(2, 3, 28, 28)
    assert isinstance(model.train()(images), Outputs)
    assert model.eval()(images).shape == (2, 7)
    without = GoogLeNet(num_classes=7, width=1 / 8, small_images=True, heads=())
    assert without.train()(images).shape == (2, 7)
    one = GoogLeNet(num_classes=7, width=1 / 8, small_images=True, heads=("4d",)).train()(images)
    assert one.head_4a is None and one.head_4d.shape == (2, 7)


def test_deleting_the_heads_changes_no_logit():
    model = GoogLeNet(num_classes=7, width=1 / 8, small_images=True).eval()
    images = torch.randn(2, 3, 28, 28)
    before = model(images)
    model.head_4a = model.head_4d = None
    assert torch.equal(model(images), before)


@pytest.mark.parametrize("aux_logits", [True, False])
@pytest.mark.parametrize("training", [True, False])
def test_logits_equal_torchvision(aux_logits, training):
    with warnings.catch_warnings(action="ignore"):
        theirs = torchvision_googlenet(aux_logits)
    randomise(theirs)
    heads = ("4a", "4d") if aux_logits else ()
    ours = load_torchvision(GoogLeNet(heads=heads, variant=TORCHVISION), theirs.state_dict())
    for model in (theirs, ours):
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0
        model.train(training)
    images = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected, found = theirs(images), ours(images)
    if aux_logits and training:
        assert relative_difference(found.head_4a, expected.aux_logits1) < 1e-4
        assert relative_difference(found.head_4d, expected.aux_logits2) < 1e-4
        found, expected = found.logits, expected.logits
    elif training:
        expected = getattr(expected, "logits", expected)
    assert relative_difference(found, expected) < 1e-4


def test_naive_inception_hands_on_its_input_channels():
    """Fig. 2a with the numbers of 3a: 64 + 128 + 32 + 192 = 416 channels."""
    module = NaiveInception(192, 64, 128, 32)
    x = torch.randn(1, 192, 7, 7)
    assert module.out_channels == 416
    assert module(x).shape == (1, 416, 7, 7)
    branches = (module.branch_1x1, module.branch_3x3, module.branch_5x5)
    parts = [branch(x) for branch in branches] + [F.max_pool2d(x, 3, 1, 1)]
    assert torch.equal(module(x), torch.cat(parts, dim=1))


@pytest.mark.parametrize("variant", [PAPER, TORCHVISION], ids=["paper", "torchvision"])
def test_gradients_reach_every_parameter(variant):
    model = GoogLeNet(10, 1, width=1 / 4, small_images=True, variant=variant).train()
    outputs = model(torch.randn(16, 1, 28, 28))
    sum(output.square().sum() for output in outputs).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


def test_nets_start_with_he_initialisation_by_fan_in():
    """So that activations keep their size without batch norm."""
    weight = GoogLeNet(heads=()).inception_3b.branch_3x3[1].conv.weight  # 3x3, 128 -> 192
    assert weight.std().item() == pytest.approx((2 / (9 * 128)) ** 0.5, rel=0.01)


def test_unknown_head_gets_one_clear_sentence():
    with pytest.raises(ValueError, match="heads="):
        GoogLeNet(heads=("4b",))


def test_constants_of_the_papers_net():
    """Sec. 5 and Fig. 3: where LRN stands, what is dropped, how the heads pool."""
    model = GoogLeNet()
    norms = [m for m in model.modules() if isinstance(m, nn.LocalResponseNorm)]
    assert [(m.size, m.alpha, m.beta, m.k) for m in norms] == [(5, 1e-4, 0.75, 1.0)] * 2
    assert model.dropout.p == 0.4
    for head in (model.head_4a, model.head_4d):
        assert head.dropout.p == 0.7
        assert isinstance(head.pool, nn.AvgPool2d)
        assert (head.pool.kernel_size, head.pool.stride) == (5, 3)


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


def test_total_loss_is_the_papers():
    """Sec. 5: the heads count 0.3 each, and not at all in evaluation."""
    logits, labels = torch.randn(3, 5, 10), torch.arange(5)
    main, head_4a, head_4d = (F.cross_entropy(each, labels).item() for each in logits)
    assert total_loss(logits[0], labels).item() == pytest.approx(main)
    for outputs, expected in (
        (Outputs(*logits), main + 0.3 * head_4a + 0.3 * head_4d),
        (Outputs(logits[0], logits[1], None), main + 0.3 * head_4a),
        (Outputs(logits[0], None, logits[2]), main + 0.3 * head_4d),
    ):
        assert total_loss(outputs, labels).item() == pytest.approx(expected)
