"""Gradients: the looks against steps by hand, and nets that leave the range of numbers."""

import itertools
import json
import math
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from torch import nn

from seminar_utils.experiments import gradients
from seminar_utils.experiments.gradients import GradientJob, reach, relative_steps
from seminar_utils.experiments.job import Record, ResidualJob, run_job
from seminar_utils.measures.layers import activation_gradients, relative_change, weights
from seminar_utils.training.loop import History, Recipe
from tests.experiments import SMALL as TINY

# Three steps an epoch.
SMALL = {**TINY, "depth": 8, "train_images": 96}
RECIPE = Recipe(batch_size=32, drops=(), iterations=5)
JOB = GradientJob(net="plain-8", shortcut=None, recipe=RECIPE, looks=(1, 4, 5), **SMALL)


def record_of(looks, **fields):
    """Return a record with nothing but looks: step -> layer -> number."""
    looks = [{"step": n, "gradients": x, "relative steps": x} for n, x in looks.items()]
    job = replace(JOB, **fields)
    return Record(job, History(), "", "", {}, "", "", measurements={"looks": looks})


@pytest.fixture(scope="module")
def trained():
    return JOB.train(torch.float64)[1]


def test_a_look_after_the_last_step_never_comes():
    history = replace(JOB, looks=(1, 5, 6)).train(torch.float64)[1].history
    assert len(history.train) == len(history.learning_rates) == 2


@pytest.mark.parametrize(
    ("first", "last", "power"),
    [(20.0, 0.02, 3), (1e-6, 1.0, -6), (0.0, 1.0, -math.inf), (0.0, 0.0, -math.inf),
     (math.nan, math.nan, math.nan)],
)  # fmt: skip
def test_reach_is_a_power_of_ten_from_the_last_layer_to_the_first(first, last, power):
    layers = {"conv1": first, "between": 7.0, "last": last}
    record = record_of({1: layers, 11: {"conv1": 1.0, "last": 10.0}})
    assert reach(record) == pytest.approx(power, nan_ok=True)
    assert reach(record, 11) == pytest.approx(-1)
    assert relative_steps(record, 1) == pytest.approx([first, 7.0, last], nan_ok=True)


@pytest.mark.parametrize("start", gradients.STARTS)
def test_nets_without_batch_norm_share_all_weights_with_those_with(start):
    job = replace(JOB, initialization=start)
    with_norm, without = job.build(), replace(job, batch_norm=False).build()
    parameters = dict(without.named_parameters())
    assert [name.split(".")[-2][:4] for name in parameters] == ["conv"] * 7 + ["fc"] * 2
    for name, parameter in parameters.items():
        assert torch.equal(parameter, with_norm.get_parameter(name)), name
    assert not any(isinstance(module, nn.BatchNorm2d) for module in without.modules())


def test_looks_are_of_the_net_before_a_step_and_of_that_step(trained):
    """The same steps by PyTorch's own SGD."""
    batches, _ = JOB.batches(torch.float64)
    stream = [batch for _ in range(2) for batch in batches]
    model = JOB.build(torch.float64).train()
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=1e-4)
    looks, losses = [], []
    for step, (images, labels) in enumerate(stream[:5], start=1):
        gradients, before = activation_gradients(model, images, labels, JOB.loss), weights(model)
        optimizer.zero_grad()
        loss = JOB.loss(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        change = relative_change(before, weights(model))
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
    _, unobserved = job.train(torch.float64)
    assert trained.history.test == unobserved.history.test
    assert trained.weights_checksum == unobserved.weights_checksum
    assert trained.batches_checksum == unobserved.batches_checksum
    assert trained.history.learning_rates == [0.1] * 3


def test_a_run_that_diverges_leaves_a_record_all_the_same():
    recipe = replace(RECIPE, learning_rate=1e12)
    record = run_job(replace(JOB, batch_norm=False, recipe=recipe))
    losses = [score.loss for score in (*record.history.train, record.history.test)]
    assert np.isfinite(losses).tolist() == [True, False, False, False]
    assert math.isnan(record.measurements["looks"][-1]["gradients"]["conv1"])
    text = json.dumps(asdict(record))
    again = Record.from_json(json.loads(text), GradientJob)
    assert again.job == record.job
    assert json.dumps(asdict(again)) == text  # NaN equals nothing, not even itself


@pytest.mark.parametrize(
    ("ratio", "word"),
    [(1001, "explodes"), (999, "neither"), (1 / 999, "neither"), (0.0009, "vanishes")],
)
def test_four_cells_say_vanish_explode_or_neither(ratio, word):
    """By the median of the seeds; a thousandfold is the limit either way. Names do not count."""
    records = [
        record_of({1: {"conv1": first, "last": 1.0}}, shortcut=shortcut, batch_norm=norm)
        for shortcut, norm in itertools.product((None, "A"), (True, False))
        for first in ((ratio, ratio, 1.0) if (shortcut, norm) == (None, True) else (1.0, 1.0, 1e9))
    ]
    other_starts = [
        replace(each, job=replace(each.job, initialization="xavier"), measurements={})
        for each in records
    ]
    rows = gradients.four_cells([*other_starts, *records]).rows
    words = [cell.split()[0] for _, *row in rows for cell in row]
    assert words == ["neither", "neither", word, "neither"]
    assert [row[0].split()[0] for row in rows] == ["without", "with"]
