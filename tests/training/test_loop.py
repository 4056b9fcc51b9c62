"""The training loop against SGD written out by hand, and its schedule step by step."""

import subprocess
import sys

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.training import loop
from seminar_utils.training.batches import Batches, Normalization
from seminar_utils.training.loop import Recipe, Score, fit
from tests import refused

IMAGES = torch.randint(0, 256, (64, 1, 8, 8), dtype=torch.uint8)
LABELS = torch.randint(0, 10, (64,))
TEST = [(IMAGES.double(), LABELS)]


def batches(seed=0):
    return Batches(IMAGES, LABELS, 16, Normalization(IMAGES, torch.float64), seed)


def small_net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10)).double()


def test_evaluation_counts_every_image_once_in_evaluation_mode():
    model = cifar_resnet(8, in_channels=1, width=4).double()
    model.train()(torch.randn(8, 1, 8, 8, dtype=torch.float64))  # statistics that differ from 0, 1
    images = IMAGES.double()
    score = loop.evaluate(model, [(images[:50], LABELS[:50]), (images[50:], LABELS[50:])])
    logits = model.eval()(images)
    assert score.error == 100 * (logits.argmax(1) != LABELS).double().mean()
    assert score.loss == pytest.approx(F.cross_entropy(logits, LABELS).item())


def tripled(logits, labels):
    return 3 * F.cross_entropy(logits, labels)


def train_by_hand(rates):
    """Take one step at each rate; return the net and the score of each step.

    w <- w - lr * v, v <- 0.9 v + (gradient + 1e-4 w), in this order.
    """
    model = small_net()
    velocity = [torch.zeros_like(p) for p in model.parameters()]
    train_batches = batches()
    stream = [batch for _ in range(8) for batch in train_batches]
    scores = []
    for rate, (images, labels) in zip(rates, stream, strict=False):
        logits = model(images)
        loss = tripled(logits, labels)
        wrong = (logits.argmax(1) != labels).double().mean().item()
        scores.append(Score(100 * wrong, loss.item()))
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, v, g in zip(model.parameters(), velocity, gradients, strict=True):
                v.mul_(0.9).add_(g + 1e-4 * p)
                p.sub_(rate * v)
    return model, scores


@pytest.mark.parametrize(
    ("length", "rates"),
    [
        ({"iterations": 2, "drops": ()}, [0.1] * 2),
        ({"iterations": 6, "drops": (0.5,)}, [0.1] * 3 + [0.01] * 3),
        ({"iterations": 8, "drops": (0.75,)}, [0.1] * 6 + [0.01] * 2),
        ({"iterations": 10, "drops": (0.2, 0.9)}, [0.1] * 2 + [0.01] * 7 + [0.001]),
        ({"epochs": 8}, [0.1] * 16 + [0.01] * 8 + [0.001] * 8),  # the papers' halves and quarters
    ],
)
def test_a_run_ends_after_its_steps_and_drops_at_its_shares(length, rates):
    """Four steps an epoch, of thrice the usual loss; the weights are those of steps by hand."""
    recipe = Recipe(**{"epochs": 99, "batch_size": 16} | length)
    assert recipe.steps(4) == len(rates)
    model, heard = small_net(), []
    history = fit(model, batches(), TEST, recipe, lambda *report: heard.append(report), tripled)
    by_hand, scores = train_by_hand(rates)
    for ours, theirs in zip(model.parameters(), by_hand.parameters(), strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    assert heard == list(enumerate(history.train, start=1))
    assert len(heard) == -(-len(rates) // 4)
    last = scores[4 * (len(heard) - 1) :]
    assert history.train[-1].loss == pytest.approx(sum(score.loss for score in last) / len(last))
    assert history.train[-1].error == sum(score.error for score in last) / len(last)
    assert history.learning_rates == pytest.approx(rates[::4])
    assert history.test == loop.evaluate(model, TEST)  # the test stays cross-entropy


WITHOUT_COMPILER = """
import sys
import torch
from torch.optim import SGD
from seminar_utils.training.loop import _PlainSGD

def trained(kind):
    torch.manual_seed(0)
    net = torch.nn.Linear(9, 5)
    optimizer = kind(net.parameters(), 0.1, momentum=0.9, weight_decay=1e-4, fused=True)
    for _ in range(5):
        optimizer.zero_grad()
        net(torch.ones(3, 9)).square().sum().backward()
        optimizer.step()
    return torch.cat([each.flatten() for each in net.parameters()])

ours = trained(_PlainSGD)
print("torch._dynamo" in sys.modules, torch.equal(ours, trained(SGD)))
"""


def test_sgd_gives_the_same_bits_without_the_compiler():
    """To import it takes a second of each process that trains."""
    program = [sys.executable, "-c", WITHOUT_COMPILER]
    answer = subprocess.run(program, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "True"]


def test_recipes_with_which_nothing_can_be_trained_get_one_clear_sentence():
    refused(
        (lambda: Recipe(epochs=0), "epochs=0: take a whole number from 1 on"),
        (lambda: Recipe(batch_size=0), "batch_size=0: take a whole number from 1 on"),
        (lambda: Recipe(iterations=-3), "iterations=-3: take a whole number from 1 on"),
        (lambda: Recipe(drops=(0.5, 1.5)), r"drops=\(0.5, 1.5\): take shares .* between 0 and 1"),
        (lambda: Recipe(drops=(0.0,)), r"drops=\(0.0,\): take shares of the run"),
    )


def dropped(seed, global_seed):
    """Return what each of two epochs of one step drops."""
    found = []
    model = nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(64, 10)).double()
    model[1].register_forward_hook(lambda _m, _i, out: found.append(out == 0))
    torch.manual_seed(global_seed)
    before = torch.get_rng_state()
    train_batches = Batches(IMAGES, LABELS, 64, Normalization(IMAGES, torch.float64), seed)
    fit(model, train_batches, TEST, Recipe(epochs=2, batch_size=64))
    assert torch.equal(torch.get_rng_state(), before)
    return found[:2]


def test_dropout_hangs_on_seed_and_epoch_alone():
    """The global generator neither changes what is dropped nor is it changed."""
    ours, again = dropped(seed=0, global_seed=1), dropped(seed=0, global_seed=2)
    assert all(map(torch.equal, ours, again))
    assert 0.4 < ours[0].double().mean() < 0.6
    assert not torch.equal(ours[0], ours[1])
    assert not torch.equal(ours[0], dropped(seed=1, global_seed=1)[0])
