"""A job: what it depends on, and what it does not."""

from dataclasses import replace
from functools import partial

import pytest
import torch
from torch import nn
from torch.optim import SGD
from torch.optim.lr_scheduler import MultiStepLR

from seminar_utils.experiments import heads
from seminar_utils.experiments.gradients import GradientJob
from seminar_utils.experiments.job import Job, ResidualJob, fingerprint, run_job, run_of
from seminar_utils.models import googlenet
from seminar_utils.training import batches, loop
from seminar_utils.training.loop import Recipe
from tests.experiments import QUICK

JOB = replace(QUICK, train_images=256)


@pytest.fixture(scope="module")
def record():
    return run_job(JOB)


@pytest.mark.parametrize(
    ("change", "same_start", "same_batches"),
    [({"shortcut": None}, True, True), ({"depth": 14}, False, True), ({"seed": 4}, False, False)],
    ids=["twins", "depths", "seeds"],
)
def test_who_starts_alike_and_sees_the_same_batches(record, change, same_start, same_batches):
    other = run_job(replace(JOB, **change))
    assert (other.weights_checksum == record.weights_checksum) is same_start
    assert (other.batches_checksum == record.batches_checksum) is same_batches
    assert other.history.train != record.history.train


def test_relus_that_overwrite_what_they_get_change_no_bit(monkeypatch, record):
    """Where a block needs that again they do not, nor where a gradient is measured before them."""
    looks = GradientJob(net="plain-56", seed=0, shortcut=None, batch_norm=False)
    kinds = ((JOB, True), (replace(JOB, pre_activation=True), False), (looks, False))
    only_looks = type("OnlyLooks", (ResidualJob,), {"look": GradientJob.look})
    assert only_looks.is_looked_into() and not ResidualJob.is_looked_into()
    for job, in_place in kinds:
        model, _ = job.begin(torch.float32, None)
        assert {m.inplace for m in model.modules() if isinstance(m, nn.ReLU)} == {in_place}
    monkeypatch.setattr(ResidualJob, "begin", Job.begin)
    again = run_job(JOB)
    assert (again.history.train, again.history.test) == (record.history.train, record.history.test)


def test_where_a_job_is_computed_makes_it_no_other_job_and_no_other_fingerprint():
    there = replace(JOB, device="cuda", precision="tf32")
    assert there == JOB and hash(there) == hash(JOB)
    assert (there.tiny().device, there.tiny().precision) == ("cpu", "float32")
    assert run_of(there, ()) != run_of(JOB, ())  # none goes on from a checkpoint of the other


def test_net_and_images_are_where_the_job_says():
    """On "meta", which is everywhere, there are shapes alone."""
    job = replace(JOB, device="meta")
    model, _ = job.begin(torch.float32, None)
    train, test = job.batches(torch.float32)
    tensors = [*model.parameters(), *model.buffers(), train.images, train.labels, *test[0]]
    assert {tensor.device.type for tensor in tensors} == {"meta"}


def test_what_a_start_took_counts(monkeypatch):
    monkeypatch.setattr(ResidualJob, "begin", lambda job, dtype, _: (job.build(dtype), 1e6))
    assert run_job(JOB).history.seconds > 1e6


def test_fingerprint_notices_what_matters():
    base = replace(JOB, recipe=Recipe(batch_size=32))
    changes = [{"seed": 4}, {"shortcut": None}, {"size": 14}, {"width": 5}]
    recipes = [{"drops": (0.5, 0.875)}, {"weight_decay": 2e-4}, {"momentum": 0.8}]
    recipes += [{"flip": False}, {"pad": 1}]
    changes += [{"recipe": replace(base.recipe, **change)} for change in recipes]
    prints = [fingerprint(replace(base, **change)) for change in [{}, *changes]]
    assert len(set(prints)) == len(prints)
    assert fingerprint(base) == prints[0]


GOOGLENET = replace(heads.jobs(0)[3], width=1 / 32)  # both heads


def other_order(seed, name):
    return torch.Generator().manual_seed(seed + len(name))


@pytest.mark.parametrize(
    ("job", "place", "name", "changed"),
    [
        (GOOGLENET, googlenet, "LocalResponseNorm", partial(nn.LocalResponseNorm, k=1.001)),
        (GOOGLENET, heads, "total_loss", lambda *given: googlenet.total_loss(*given[:2], 0.301)),
        (
            JOB,
            loop,
            "_PlainSGD",
            lambda *given, **named: SGD(*given, **named | {"momentum": 0.899}),
        ),
        (JOB, loop, "MultiStepLR", lambda *given, gamma: MultiStepLR(*given, gamma=0.101)),
        (JOB, loop, "MultiStepLR", lambda o, at, gamma: MultiStepLR(o, [at[0] + 1, at[1]])),
        (replace(JOB, recipe=Recipe(batch_size=64)), batches, "generator_for", other_order),
    ],
    ids=["LRN constant", "head weight", "momentum", "drop's size", "drop's time", "batch order"],
)
def test_fingerprint_notices_changed_code(monkeypatch, job, place, name, changed):
    """Each by far more than what the processor may change (1e-9)."""
    before = fingerprint(job)
    monkeypatch.setattr(place, name, changed)
    after = fingerprint(job)
    assert max(abs(a / b - 1) for a, b in zip(after, before, strict=True)) > 1e-8
