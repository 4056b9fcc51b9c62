"""Nets trained side by side: on a CPU they do what ``fit`` does, and so they go on after a stop."""

from contextlib import suppress
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest
import torch

from seminar_utils.experiments import records, together, twins
from seminar_utils.experiments.catalogue import EXPERIMENTS
from seminar_utils.experiments.job import run_job
from seminar_utils.experiments.together import record_together, train_together
from seminar_utils.machine import device_of
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import Recipe
from tests import refused
from tests.experiments import QUICK

RECIPE = Recipe(iterations=10)  # two epochs and a half of four steps each
RESIDUAL = replace(QUICK, train_images=512, recipe=RECIPE)
JOBS = [
    RESIDUAL,
    replace(RESIDUAL, net="plain-14", depth=14, shortcut=None),
    replace(RESIDUAL, net="ResNet-8 again", seed=4),
]
gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


class Stopped(Exception):
    pass


@pytest.fixture
def checkpoint(tmp_path):
    return lambda job: Checkpoint(tmp_path / f"{job.net}.pt", {"job": asdict(job)})


@pytest.fixture(scope="module")
def alone():
    return {job: run_job(job) for job in JOBS}


def trained(jobs, checkpoint, on_epoch=lambda *_: None, **how):
    jobs = [replace(job, **how) for job in jobs]
    return {record.job: record for _, record in train_together(jobs, checkpoint, on_epoch)}


def assert_as_alone(found, alone, rel=1e-5):
    """Same start, batches and rates; scores but for rounding."""
    assert list(found) == JOBS
    for job, ours in found.items():
        theirs = alone[job]
        assert ours.weights_checksum == theirs.weights_checksum
        assert ours.batches_checksum == theirs.batches_checksum
        assert ours.history.learning_rates == theirs.history.learning_rates
        losses, expected = (
            [score.loss for score in (*each.history.train, each.history.test)]
            for each in (ours, theirs)
        )
        assert losses == pytest.approx(expected, rel=rel)


def test_side_by_side_is_as_alone(checkpoint, alone):
    heard = []
    found = trained(JOBS, checkpoint, on_epoch=lambda job, epoch, score: heard.append((job, epoch)))
    assert heard == [(job, epoch) for epoch in (1, 2, 3) for job in JOBS]
    assert_as_alone(found, alone)


@pytest.mark.parametrize(
    ("stop_at", "lost"), [(2, []), (2, ["plain-14"]), (2, ["ResNet-8", "ResNet-8 again"]), (4, [])]
)
def test_a_stopped_run_goes_on(checkpoint, monkeypatch, alone, stop_at, lost):
    """Also after its last epoch, and when some nets were kept later than others, or not at all."""

    def stop(job, epoch, score):
        if (job, epoch) == (JOBS[-1], stop_at):
            raise Stopped

    monkeypatch.setattr(together, "KEEP_SECONDS", 0)
    with suppress(Stopped):
        trained(JOBS, checkpoint, on_epoch=stop)
    for net in lost:
        checkpoint(replace(RESIDUAL, net=net)).path.unlink()
    epochs = []
    found = trained(
        JOBS, checkpoint, on_epoch=lambda job, epoch, _: epochs.append((job.net, epoch))
    )
    assert (("plain-14", 1) in epochs) == ("plain-14" in lost)
    assert_as_alone(found, alone)


@gpu
@pytest.mark.parametrize(("precision", "rel"), [("float32", 0.01), ("bfloat16", 0.1)])
def test_a_gpu_does_the_same(checkpoint, alone, precision, rel):
    assert_as_alone(trained(JOBS, checkpoint, device="cuda", precision=precision), alone, rel)


def test_mistakes_get_one_clear_sentence(checkpoint):
    unlike = [RESIDUAL, replace(RESIDUAL, train_images=256)]
    apart = [RESIDUAL, replace(RESIDUAL, device="cuda")]
    refused(
        (lambda: trained(JOBS, checkpoint, precision="int8"), "precision='int8' is unknown"),
        (lambda: trained(unlike, checkpoint), "need the same recipe, images and device"),
        (lambda: trained(apart, checkpoint), "need the same recipe, images and device"),
    )


def test_records_name_device_and_precision_and_weights_are_kept(tmp_path, monkeypatch, capsys):
    """Also of nets whose recipes differ, which are trained after one another."""
    monkeypatch.setattr(records, "files", SimpleNamespace(DATA=tmp_path / "자료"))
    jobs = [replace(job, seed=0, precision="bfloat16") for job in JOBS[:2]]
    jobs.append(replace(jobs[0], net="ResNet-8 longer", recipe=Recipe(iterations=12)))
    small = replace(twins.EXPERIMENT, jobs=lambda seed: jobs)
    monkeypatch.setitem(EXPERIMENTS, "twins", small)
    monkeypatch.setattr("seminar_utils.experiments.job.processor", lambda device: f"a {device}")
    record_together("twins", "seminar", jobs)
    found = records.load("twins", 0)
    assert [record.job for record in found] == jobs
    assert {(each.machine, each.job.precision) for each in found} == {("a cpu", "bfloat16")}
    assert all(record.fingerprint for record in found) and records.outdated(found) == []
    assert "9/9" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "자료").rglob("*.pt")] == ["ResNet-8-seed-0.pt"]
    assert records.trained("twins", "ResNet-8").fc.weight.abs().sum() > 0


@pytest.mark.parametrize(
    ("cuda", "mps", "known"),
    [(True, False, "cuda, cpu"), (False, True, "mps, cpu"), (False, False, "cpu")],
)
def test_a_machines_devices_are_known(monkeypatch, cuda, mps, known):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    first = known.split(",")[0]
    assert [device_of(name) for name in ("auto", first, "cpu")] == [first, first, "cpu"]
    refused((lambda: device_of("tpu"), rf"no device 'tpu' here: take one of auto, {known}\."))
