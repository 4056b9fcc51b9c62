"""The training loop against SGD written out by hand, and its schedule step by step."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seminar_utils.batches import Batches, Normalization
from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.training import Recipe, evaluate, fit, schedule, train_one_epoch

IMAGES = torch.randint(0, 256, (64, 1, 8, 8), dtype=torch.uint8)
LABELS = torch.randint(0, 10, (64,))


def batches(seed=0):
    return Batches(IMAGES, LABELS, 16, Normalization(IMAGES, torch.float64), seed)


def small_net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10)).double()


def test_steps_equal_sgd_by_hand():
    """w <- w - lr * v, v <- 0.9 v + (gradient + 1e-4 w), in this order."""
    model, by_hand = small_net(), small_net()
    velocity = [torch.zeros_like(p) for p in by_hand.parameters()]
    for images, labels in batches():
        loss = F.cross_entropy(by_hand(images), labels)
        gradients = torch.autograd.grad(loss, list(by_hand.parameters()))
        with torch.no_grad():
            for p, v, g in zip(by_hand.parameters(), velocity, gradients, strict=True):
                v.mul_(0.9).add_(g + 1e-4 * p)
                p.sub_(0.1 * v)
    fit(model, batches(), [(IMAGES.double(), LABELS)], Recipe(epochs=1, batch_size=16, drops=()))
    for ours, theirs in zip(model.parameters(), by_hand.parameters(), strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_learning_rate_falls_where_the_recipe_says():
    """Step by step: 0.1 in the first half, 0.01 to three quarters, then 0.001."""
    recipe = Recipe()
    optimizer = torch.optim.SGD(small_net().parameters(), recipe.learning_rate)
    scheduler = schedule(optimizer, recipe, steps=8)
    rates = []
    for _ in range(8):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert rates == pytest.approx([0.1] * 4 + [0.01] * 2 + [0.001] * 2)


def test_fit_drops_the_rate_after_half_and_three_quarters_of_the_epochs():
    history = fit(small_net(), batches(), [(IMAGES.double(), LABELS)], Recipe(batch_size=16))
    assert history.learning_rates == pytest.approx([0.1] * 4 + [0.01] * 2 + [0.001] * 2)
    assert len(history.train) == 8


def test_training_score_is_of_the_images_as_they_passed():
    model = small_net()
    before = copy.deepcopy(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    scheduler = schedule(optimizer, Recipe(), 100)
    score = train_one_epoch(model, batches(), optimizer, scheduler)
    logits = torch.cat([before(images) for images, _ in batches()])
    labels = torch.cat([labels for _, labels in batches()])
    assert score.error == 100 * (logits.argmax(1) != labels).double().mean()
    assert score.loss == pytest.approx(F.cross_entropy(logits, labels).item())


def test_evaluation_counts_every_image_once_in_evaluation_mode():
    model = cifar_resnet(8, in_channels=1, width=4).double()
    model.train()(torch.randn(8, 1, 8, 8, dtype=torch.float64))  # statistics that differ from 0, 1
    images = IMAGES.double()
    score = evaluate(model, [(images[:50], LABELS[:50]), (images[50:], LABELS[50:])])
    logits = model.eval()(images)
    assert score.error == 100 * (logits.argmax(1) != LABELS).double().mean()
    assert score.loss == pytest.approx(F.cross_entropy(logits, LABELS).item())


def test_same_seed_same_weights_to_the_bit():
    results = []
    for _ in range(2):
        model = small_net()
        fit(model, batches(seed=5), [(IMAGES.double(), LABELS)], Recipe(epochs=2, batch_size=16))
        results.append(model[1].weight.detach())
    assert torch.equal(*results)


def test_epochs_are_reported_as_they_end():
    heard = []
    recipe = Recipe(epochs=3, batch_size=16)
    report = lambda epoch, score: heard.append((epoch, score))  # noqa: E731
    history = fit(small_net(), batches(), [(IMAGES.double(), LABELS)], recipe, report)
    assert heard == list(enumerate(history.train, start=1))


def test_no_batch_gets_one_clear_sentence():
    with pytest.raises(ValueError, match="no batch"):
        evaluate(small_net(), [])


def test_training_uses_and_moves_batch_statistics_also_after_an_evaluation():
    model = cifar_resnet(8, in_channels=1, width=4).double()
    evaluate(model, [(IMAGES.double(), LABELS)])
    before = model.bn1.running_mean.clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    train_one_epoch(model, batches(), optimizer, schedule(optimizer, Recipe(), 100))
    assert model.training and not torch.equal(model.bn1.running_mean, before)
