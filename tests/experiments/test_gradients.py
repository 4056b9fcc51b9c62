"""Gradients: the looks against steps by hand, and nets that leave the range of numbers."""

import json
import math
from dataclasses import asdict, replace

import pytest
import torch
from torch import nn

from seminar_utils.experiments import gradients
from seminar_utils.experiments.gradients import GradientJob, reach, relative_steps
from seminar_utils.experiments.job import Record, ResidualJob, run_job
from seminar_utils.experiments.records import nearly_equal
from seminar_utils.measures.layers import activation_gradients, weights
from seminar_utils.training.loop import History, Recipe

# Three steps an epoch.
SMALL = {"depth": 8, "width": 4, "train_images": 96, "test_images": 100, "size": 7, "seed": 3}
RECIPE = Recipe(batch_size=32, drops=(), iterations=5)
JOB = GradientJob(net="plain-8", shortcut=None, recipe=RECIPE, looks=(1, 4, 5), **SMALL)


def train(job, on_epoch=lambda epoch, score: None):
    return job.train(torch.float64, on_epoch, None)


@pytest.fixture(scope="module")
def trained():
    return train(JOB)


def test_reach_is_a_power_of_ten_from_the_last_layer_to_the_first():
    looks = [
        {"step": 1, "gradients": {"conv1": 20.0, "between": 7.0, "last": 0.02}},
        {"step": 11, "gradients": {"conv1": 1e-6, "between": 7.0, "last": 1.0}},
        {"step": 51, "gradients": {"conv1": 0.0, "between": 0.0, "last": 1.0}},
        {"step": 101, "gradients": {"conv1": 0.0, "between": 0.0, "last": 0.0}},
        {"step": 200, "gradients": {"conv1": math.nan, "between": 1.0, "last": math.nan}},
    ]
    record = Record(JOB, History(), "", "", {}, "", "", measurements={"looks": looks})
    assert reach(record) == pytest.approx(3)
    assert reach(record, 11) == pytest.approx(-6)
    assert reach(record, 51) == reach(record, 101) == -math.inf
    assert math.isnan(reach(record, 200))


def test_relative_steps_are_those_of_the_step_from_the_first_layer_to_the_last():
    looks = [
        {"step": 1, "relative steps": {"conv1": 3.0, "between": 0.5, "last": 0.1}},
        {"step": 11, "relative steps": {"conv1": 0.2, "between": 0.1, "last": 0.3}},
    ]
    record = Record(JOB, History([], [], None), "", "", {}, "", "", measurements={"looks": looks})
    assert relative_steps(record, 1) == [3.0, 0.5, 0.1]
    assert relative_steps(record, 11) == [0.2, 0.1, 0.3]


@pytest.mark.parametrize("shortcut", [None, "A"])
@pytest.mark.parametrize("start", gradients.STARTS)
def test_nets_without_batch_norm_share_all_weights_with_those_with(shortcut, start):
    job = replace(JOB, shortcut=shortcut, initialization=start)
    with_norm, without = job.build(), replace(job, batch_norm=False).build()
    parameters = dict(without.named_parameters())
    assert [name.split(".")[-2][:4] for name in parameters] == ["conv"] * 7 + ["fc"] * 2
    for name, parameter in parameters.items():
        assert torch.equal(parameter, with_norm.get_parameter(name)), name
    assert not any(isinstance(module, nn.BatchNorm2d) for module in without.modules())
    assert sum(isinstance(module, nn.BatchNorm2d) for module in with_norm.modules()) == 7


@pytest.mark.parametrize(
    ("start", "variance"), [("fan_out", 2 / 144), ("xavier", 2 / 288), ("gaussian", 1e-4)]
)
def test_starts_are_what_they_are_called(start, variance):
    """3x3, 16 -> 16 channels: fan-in and fan-out are 144."""
    weight = replace(JOB, initialization=start).build().stages[2][0].conv2.weight
    assert weight.var().item() == pytest.approx(variance, rel=0.1)


def test_looks_are_of_the_net_before_a_step_and_of_that_step(trained):
    """SGD by hand in between, v <- 0.9 v + (gradient + 1e-4 w) and w <- w - 0.1 v."""
    batches, _ = JOB.batches(torch.float64)
    stream = [batch for _ in range(2) for batch in batches]
    model = JOB.build(torch.float64).train()
    velocities = [torch.zeros_like(parameter) for parameter in model.parameters()]
    looks, losses = [], []
    for step, (images, labels) in enumerate(stream[:5], start=1):
        gradients = activation_gradients(model, images, labels, JOB.loss)
        before = weights(model)
        loss = JOB.loss(model(images), labels)
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, v, g in zip(model.parameters(), velocities, slopes, strict=True):
                v.mul_(0.9).add_(g + 1e-4 * p)
                p.sub_(0.1 * v)
        after = weights(model)
        change = {
            name: ((after[name] - w).square().sum() / w.square().sum()).sqrt().item()
            for name, w in before.items()
        }
        looks.append({"step": step, "gradients": gradients, "relative steps": change})
    found = trained.measurements["looks"]
    for ours, expected in zip(found, [looks[0], looks[3], looks[4]], strict=True):
        assert ours["step"] == expected["step"]
        for what in ("gradients", "relative steps"):
            assert ours[what] == pytest.approx(expected[what], rel=1e-5)
    since_the_last_look = [losses[0], sum(losses[1:4]) / 3, losses[4]]
    assert [s.loss for s in trained.history.train] == pytest.approx(since_the_last_look, rel=1e-9)


def test_looking_does_not_disturb_the_run(trained):
    """The same steps without a look end at the same test, to the bit."""
    job = ResidualJob(net="plain-8", shortcut=None, recipe=RECIPE, **SMALL)
    unobserved = train(job)
    assert trained.history.test == unobserved.history.test
    assert trained.weights_checksum == unobserved.weights_checksum
    assert trained.batches_checksum == unobserved.batches_checksum


def test_each_look_is_an_epoch_of_the_history():
    heard = []
    history = train(JOB, lambda epoch, score: heard.append((epoch, score))).history
    assert heard == list(enumerate(history.train, start=1))
    assert len(heard) == JOB.epochs == len(JOB.looks)
    assert history.learning_rates == [0.1] * 3


def test_a_run_that_diverges_leaves_a_record_all_the_same():
    recipe = replace(RECIPE, learning_rate=1e12)
    record = run_job(replace(JOB, batch_norm=False, recipe=recipe))
    assert math.isfinite(record.history.train[0].loss)
    assert math.isnan(record.history.train[-1].loss) and math.isnan(record.history.test.loss)
    assert math.isnan(record.measurements["looks"][-1]["gradients"]["conv1"])
    text = json.dumps(asdict(record))
    again = Record.from_json(json.loads(text), GradientJob)
    assert again.job == record.job
    assert json.dumps(asdict(again)) == text  # NaN equals nothing, not even itself
    scores = zip(again.history.train, record.history.train, strict=True)
    assert all(nearly_equal(ours.loss, theirs.loss) for ours, theirs in scores)


def test_twelve_nets_of_a_seed():
    jobs = gradients.jobs(7)
    combinations = {(job.shortcut, job.batch_norm, job.initialization) for job in jobs}
    assert len(jobs) == len(combinations) == 12
    for job in jobs:
        kind = {None: "plain", "A": "ResNet"}[job.shortcut]
        norm = "batch norm" if job.batch_norm else "no batch norm"
        start = {"fan_out": "He", "xavier": "Xavier", "gaussian": "0.01"}[job.initialization]
        assert job.net == f"{kind}-56, {norm}, {start}"
        assert (job.depth, job.seed, job.looks) == (56, 7, (1, 11, 51, 101, 200))
        assert job.recipe == Recipe(drops=(), iterations=200)


@pytest.mark.parametrize(
    ("ratio", "word"),
    [(1001, "explodes"), (999, "neither"), (1 / 999, "neither"), (0.0009, "vanishes")],
)
def test_four_cells_say_vanish_explode_or_neither(ratio, word):
    """By the median of the seeds; a thousandfold is the limit either way."""
    records = []
    for kind in ("plain", "ResNet"):
        for norm in ("no batch norm", "batch norm"):
            asked = (kind, norm) == ("plain", "batch norm")
            for first in (ratio, ratio, 1.0) if asked else (1.0, 1.0, 1e9):
                job = replace(JOB, net=f"{kind}-56, {norm}, He")
                looks = [{"step": 1, "gradients": {"conv1": first, "last": 1.0}}]
                record = Record(job, History(), "", "", {}, "", "", measurements={"looks": looks})
                records.append(record)
    rows = gradients.four_cells(records).rows
    assert [cell.split()[0] for _, *row in rows for cell in row] == [
        *("neither", "neither"),
        *(word, "neither"),
    ]
    assert [row[0].split()[0] for row in rows] == ["without", "with"]
