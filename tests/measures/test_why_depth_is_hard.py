"""Measures of rival explanations against nets whose answer is known, and against autograd."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seminar_utils.measures import why_depth_is_hard as why
from seminar_utils.models.initialization import initialize
from seminar_utils.models.resnet import ResNet, ZeroPadShortcut, cifar_resnet, resnet
from tests import refused
from tests.models.references import randomise

IMAGES = torch.randn(40, 1, 8, 8, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(40) % 10
KINDS = pytest.mark.parametrize("shortcut", [None, "A", "B"], ids=["plain", "A", "B"])


def small_net(shortcut: str | None, depth: int = 14) -> ResNet:
    model = cifar_resnet(depth, shortcut, width=4, in_channels=1)
    randomise(initialize(model, seed=0, mode="fan_out"))
    with torch.no_grad():
        model.fc.bias -= model.eval()(IMAGES).mean(0)  # or one class would win everywhere
    return model


def error(model: nn.Module) -> float:
    with torch.no_grad():
        return 100 * (model.eval()(IMAGES).argmax(1) != LABELS).double().mean().item()


@KINDS
def test_a_block_left_out_hands_on_its_shortcut_or_its_input(shortcut):
    model = small_net(shortcut)
    expected = {}
    for stage, position in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]:
        if shortcut is None and (stage, position) in [(1, 0), (2, 0)]:
            continue  # nothing of the right size to hand on
        changed = copy.deepcopy(model)
        instead = changed.stages[stage][position].shortcut or nn.Identity()
        changed.stages[stage][position] = nn.Sequential(instead, nn.ReLU())
        expected[f"stages.{stage}.{position}"] = error(changed)
    assert why.errors_without_blocks(model, IMAGES, LABELS) == expected
    assert len(set(expected.values())) > 2


def test_shortcuts_come_and_go_and_the_weights_stay():
    plain, residual = small_net(None), small_net("A")
    plain.load_state_dict(residual.state_dict())
    assert not torch.equal(plain(IMAGES), residual(IMAGES))
    assert torch.equal(why.with_shortcuts(plain, "A")(IMAGES), residual(IMAGES))
    assert torch.equal(why.with_shortcuts(residual, None)(IMAGES), plain(IMAGES))
    assert isinstance(why.with_shortcuts(plain, "A").stages[1][0].shortcut, ZeroPadShortcut)
    assert isinstance(why.with_shortcuts(plain, "A").stages[1][1].shortcut, nn.Identity)


def test_reestimated_statistics_are_those_of_the_batch_and_the_rest_stays():
    """Then evaluation gives what training gives on the batch, but for n instead of n - 1."""
    found = why.reestimated(small_net("A").train(), IMAGES)
    assert not any(module.training for module in found.modules())
    assert found.fc.weight.dtype == found.bn1.running_var.dtype == torch.float32
    assert found.bn1.momentum == small_net("A").bn1.momentum is not None
    model = small_net("A", depth=8).double()
    images = IMAGES.double()
    model.train()(3 * images + 1)  # what it saw before does not count
    found = why.reestimated(model.eval(), images)
    first = model.conv1(images)
    assert torch.allclose(found.bn1.running_mean, first.mean((0, 2, 3)), rtol=1e-12)
    assert torch.allclose(found.bn1.running_var, first.var((0, 2, 3)), rtol=1e-12)
    trained_mode = copy.deepcopy(model).train()(images)
    assert torch.allclose(found(images), trained_mode, rtol=0.01, atol=0.01)
    assert not torch.allclose(found(images), model(images), rtol=0.1, atol=0.1)


def test_similarity_is_that_of_the_largest_logits_gradient():
    model = small_net(None).double()
    images = IMAGES[:6].double()
    directions = torch.randn(images.shape, generator=torch.Generator().manual_seed(5)).double()
    cosines = []
    for image, direction in zip(images, directions, strict=True):
        label = model(image[None]).argmax()
        beside = image + 0.2 * direction / direction.norm() * image.norm()
        gradients = []
        for x in (image, beside):
            x = x.clone().requires_grad_()
            model(x[None])[0, label].backward()
            gradients.append(x.grad.flatten())
        cosines.append(F.cosine_similarity(*gradients, dim=0).item())
    (found,) = why.gradient_similarity(model, images, [20], seed=5)
    assert found == pytest.approx(sum(cosines) / 6, rel=1e-9) and found < 0.99
    assert why.gradient_similarity(model, images, [20], seed=6) != [found]


def test_gradients_are_as_alike_as_both_pictures_are_near():
    found = why.gradient_similarity(small_net(None), IMAGES, [0, 1, 10, 100])
    assert found[0] == pytest.approx(1) and found == sorted(found, reverse=True)
    assert found[3] < 0.9


def test_condition_number_is_the_geometric_mean_of_each_pictures_jacobian():
    model, images = small_net("A").double(), IMAGES[:3].double()
    product = 1.0
    for image in images:
        jacobian = torch.autograd.functional.jacobian(model, image[None]).reshape(10, 64)
        values = torch.linalg.svdvals(jacobian - jacobian.mean(0))
        product *= (values[0] / values[8]).item()
    assert why.condition_number(model, images) == pytest.approx(product ** (1 / 3), rel=1e-9)


MEASURES = {
    "errors": lambda model: why.errors_without_blocks(model, IMAGES, LABELS),
    "shortcuts": lambda model: why.with_shortcuts(model, None)(IMAGES),
    "statistics": lambda model: why.reestimated(model, IMAGES),
    "similarity": lambda model: why.gradient_similarity(model, IMAGES, [1]),
    "condition": lambda model: why.condition_number(model, IMAGES),
}


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_taken_in_evaluation_mode_and_leaves_the_net_as_it_was(name):
    model = small_net("A").train()
    before, structure = copy.deepcopy(model.state_dict()), str(model)
    found = MEASURES[name](model)
    if name in ("errors", "similarity", "condition"):
        assert found == MEASURES[name](small_net("A"))
    assert model.training and str(model) == structure
    for key, value in model.state_dict().items():
        assert value.dtype == before[key].dtype and torch.equal(value, before[key]), key
    assert all(parameter.grad is None for parameter in model.parameters())


def test_nets_and_options_without_an_answer_are_refused():
    refused(
        (lambda: why.with_shortcuts(small_net("A"), "B"), "option='B' would need weights"),
        (lambda: why.with_shortcuts(resnet(50), None), "ResNet has no BasicBlock"),
        (lambda: why.errors_without_blocks(resnet(50), IMAGES, LABELS), "ResNet has no BasicBlock"),
    )
