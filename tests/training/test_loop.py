"""The training loop against SGD written out by hand, and its schedule step by step."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.training import loop
from seminar_utils.training.batches import Batches, Normalization
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import Recipe, Score, fit

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


def test_training_uses_and_moves_batch_statistics_also_after_an_evaluation():
    model = cifar_resnet(8, in_channels=1, width=4).double()
    loop.evaluate(model, TEST)
    before = model.bn1.running_mean.clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    loop.train_one_epoch(model, batches(), optimizer, loop.schedule(optimizer, Recipe(), 100))
    assert model.training and not torch.equal(model.bn1.running_mean, before)


def only_what_fit_asks_for(whole):
    class Few:
        seed, skip = whole.seed, staticmethod(whole.skip)

        def __len__(self):
            return len(whole)

        def __iter__(self):
            return iter(whole)

    return Few()


def test_fit_needs_no_more_of_its_batches_than_the_protocol_says(tmp_path):
    """Also when it goes on, here after the last epoch."""
    recipe = Recipe(epochs=2, batch_size=16)
    expected = fit(small_net(), batches(), TEST, recipe)
    for _ in range(2):
        few, checkpoint = only_what_fit_asks_for(batches()), Checkpoint(tmp_path / "kept.pt", {})
        history = fit(small_net(), few, TEST, recipe, checkpoint=checkpoint)
        assert (history.train, history.test) == (expected.train, expected.test)


def train_by_hand(rates, loss_function=F.cross_entropy):
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
        loss = loss_function(logits, labels)
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
    """Four steps an epoch; the weights are those of so many steps by hand."""
    recipe = Recipe(**{"epochs": 99, "batch_size": 16} | length)
    assert recipe.steps(4) == len(rates)
    model, heard = small_net(), []
    history = fit(model, batches(), TEST, recipe, lambda *report: heard.append(report))
    by_hand, scores = train_by_hand(rates)
    for ours, theirs in zip(model.parameters(), by_hand.parameters(), strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    assert heard == list(enumerate(history.train, start=1))
    assert len(heard) == -(-len(rates) // 4)
    last = scores[4 * (len(heard) - 1) :]
    assert history.train[-1].loss == pytest.approx(sum(score.loss for score in last) / len(last))
    assert history.train[-1].error == sum(score.error for score in last) / len(last)
    assert history.learning_rates == pytest.approx(rates[::4])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"epochs": 0}, "epochs=0: take a whole number from 1 on"),
        ({"batch_size": 0}, "batch_size=0: take a whole number from 1 on"),
        ({"iterations": -3}, "iterations=-3: take a whole number from 1 on"),
        ({"drops": (0.5, 1.5)}, r"drops=\(0.5, 1.5\): take shares of the run between 0 and 1"),
        ({"drops": (0.0,)}, r"drops=\(0.0,\): take shares of the run between 0 and 1"),
    ],
)
def test_recipes_with_which_nothing_can_be_trained_get_one_clear_sentence(wrong, words):
    with pytest.raises(ValueError, match=words):
        Recipe(**wrong)


def test_what_is_minimised_is_the_loss_function_and_the_test_stays_cross_entropy():
    def tripled(logits, labels):
        return 3 * F.cross_entropy(logits, labels)

    model = small_net()
    recipe = Recipe(epochs=1, batch_size=16, drops=())
    history = fit(model, batches(), TEST, recipe, loss_function=tripled)
    by_hand, scores = train_by_hand([0.1] * 4, tripled)
    assert torch.allclose(model[1].weight, by_hand[1].weight, rtol=1e-12, atol=1e-12)
    assert history.train[0].loss == pytest.approx(sum(score.loss for score in scores) / 4)
    with torch.no_grad():
        logits = model(IMAGES.double())
    assert history.test.loss == pytest.approx(F.cross_entropy(logits, LABELS).item())


class ThreeAnswers(nn.Linear):
    """Its first answer is right for labels below 5, its second never, and it has no third."""

    def forward(self, labels):
        right, wrong = F.one_hot(labels, 10), F.one_hot((labels + 1) % 10, 10)
        first = torch.where(labels[:, None] < 5, right, wrong)
        return first * self.weight, wrong * self.weight, None


def test_error_is_of_the_first_of_several_outputs():
    model = ThreeAnswers(1, 1)
    nn.init.ones_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    labels = torch.arange(10)
    loss = lambda outputs, labels: outputs[0].sum() + outputs[1].sum()  # noqa: E731
    scheduler = loop.schedule(optimizer, Recipe(), 100)
    assert loop.train_one_epoch(model, [(labels, labels)], optimizer, scheduler, loss).error == 50


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
