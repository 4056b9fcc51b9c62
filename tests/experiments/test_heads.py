"""Heads: the loss by hand, nets of a seed that start alike, dropout that repeats."""

from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from seminar_utils.experiments import heads
from seminar_utils.models.googlenet import Outputs
from seminar_utils.seeds import generator_for
from seminar_utils.training.loop import Recipe

JOBS = {job.net: job for job in heads.jobs(0)}
# One step of one epoch.
SMALL = {"train_images": 8, "test_images": 8, "recipe": Recipe(epochs=1, batch_size=8)}
NO_HEADS = ["no heads", "no heads, batch norm", "no heads, xavier", "no heads, default"]


@pytest.mark.parametrize(
    ("net", "weight"),
    [("both heads", 0.3), ("both heads, weight 0.1", 0.1), ("both heads, weight 1.0", 1.0)],
)
def test_loss_is_the_main_one_and_a_share_of_each_heads(net, weight):
    outputs, labels = Outputs(*torch.randn(3, 6, 10)), torch.arange(6)
    main, head_4a, head_4d = (
        -logits.log_softmax(1)[range(6), labels].mean().item() for logits in outputs
    )
    loss = JOBS[net].loss
    assert loss(outputs, labels).item() == pytest.approx(main + weight * (head_4a + head_4d))
    for one, its_loss in (
        (outputs._replace(head_4a=None), head_4d),
        (outputs._replace(head_4d=None), head_4a),
    ):
        assert loss(one, labels).item() == pytest.approx(main + weight * its_loss)
    assert loss(outputs.logits, labels).item() == pytest.approx(main)


def test_the_heads_loss_is_what_training_minimises():
    """One step: the score is of the untouched net, with the run's own dropout."""
    job = replace(JOBS["both heads"], **SMALL)
    _, trained = job.train(torch.float32)
    ((images, labels),) = job.batches(torch.float32)[0]
    model = job.build().train()
    torch.manual_seed(generator_for(job.seed, "dropout of epoch 0, 0").initial_seed())
    outputs = model(images)
    main, *others = (F.cross_entropy(logits, labels).item() for logits in outputs)
    assert trained.history.train[0].loss == pytest.approx(main + 0.3 * sum(others), rel=1e-5)
    assert trained.history.train[0].error == 100 * (outputs[0].argmax(1) != labels).float().mean()


@pytest.mark.parametrize("without", NO_HEADS)
def test_nets_of_a_seed_share_the_weights_that_they_have_in_common(without):
    ours = dict(JOBS[without].build().named_parameters())
    both = replace(JOBS[without], heads=("4a", "4d"))
    theirs = dict(both.build().named_parameters())
    assert ours.keys() == {name for name in theirs if not name.startswith("head")}
    for name, parameter in ours.items():
        assert torch.equal(parameter, theirs[name]), name
    assert len(theirs) > len(ours)
    other = replace(JOBS[without], seed=1).build()
    assert not torch.equal(other.conv3.conv.weight, ours["conv3.conv.weight"])


def test_heads_change_gradients_below_them_alone_whatever_the_start():
    """Module 5b stands behind both heads, conv1 before them; the random stream stays as it was."""
    state = torch.get_rng_state()
    at_start = heads.gradients_at_start()
    assert torch.equal(torch.get_rng_state(), state)
    rules = ("default", "Xavier", "He")
    assert list(at_start) == [(r, loss) for r in rules for loss in ("main loss", "with heads")]
    names = {tuple(layers) for layers in at_start.values()}
    assert len(names) == 1 and not any("head" in name for name in names.pop())
    for rule in rules:
        main, both = at_start[rule, "main loss"], at_start[rule, "with heads"]
        last, first = "inception_5b.branch_1x1.conv", "conv1.conv"
        assert both[last] == pytest.approx(main[last], rel=1e-4)
        assert both[first] > 1.01 * main[first]
