"""Recorded runs: kept whole, found again, checked against today's code."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from math import isnan

import pytest
import torch

from seminar_utils import files
from seminar_utils.experiments import records, twins
from seminar_utils.experiments.catalogue import EXPERIMENTS
from seminar_utils.experiments.job import run_job
from seminar_utils.training.loop import evaluate
from tests.experiments import test_job

JOB = replace(test_job.JOB, train_images=128)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    return run_job(JOB, unfinished=tmp_path_factory.mktemp("runs") / "unfinished.pt")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "DATA", tmp_path / "자료")
    return tmp_path / "자료"


def test_saved_records_come_back(folder, record):
    records.save("twins", record)
    records.save("twins", replace(record, job=replace(JOB, net="plain-14", depth=14)))
    assert [r.job.net for r in records.load("twins", 3)] == ["ResNet-8", "plain-14"]
    assert records.load("twins", 3)[0].history == record.history
    assert records.load("twins", 4) == []


def test_saving_again_replaces(folder, record):
    records.save("twins", record)
    records.save("twins", replace(record, day="2000-01-01"))
    assert [r.day for r in records.load("twins", 3)] == ["2000-01-01"]


def test_saving_ends_what_was_unfinished_of_this_net_alone(folder, record):
    path = records.unfinished_path("twins", JOB)
    other = records.unfinished_path("twins", replace(JOB, seed=30))
    for each in (path, path.with_suffix(".shallow.pt"), other):
        files.write_atomically(each, b"")
    records.save("twins", record)
    assert list(path.parent.iterdir()) == [other]


@pytest.mark.parametrize("damage", ["{", '{"schema": 2, "records": []}', '{"schema": 1}'])
def test_a_damaged_file_gets_one_clear_sentence(folder, record, damage):
    records.save("twins", record)
    records.path_of("twins", 3).write_text(damage, encoding="utf-8")
    with pytest.raises(ValueError, match=r"seed-3\.json is not a record of runs.*git checkout"):
        records.load("twins", 3)


def test_a_record_is_current_until_the_code_does_something_else(folder, record):
    records.save("twins", record)
    (saved,) = records.load("twins", 3)
    assert records.is_current(saved)
    moved = (saved.fingerprint[0] * (1 + 1e-6), *saved.fingerprint[1:])
    assert not records.is_current(replace(saved, fingerprint=moved))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_is_recorded_whole(name):
    """Every job of every seed at the scale of the seminar, and nothing else."""
    found = EXPERIMENTS[name]
    for seed in found.seeds["seminar"]:
        assert [record.job for record in records.load(name, seed)] == found.jobs(seed)


def test_the_recorded_twins_are_twins():
    for seed in twins.EXPERIMENT.seeds["seminar"]:
        found = {record.job.net: record for record in records.load("twins", seed)}
        for depth in (8, 14, 20, 32, 44, 56):
            plain, residual = found[f"plain-{depth}"], found[f"ResNet-{depth}"]
            assert plain.weights_checksum == residual.weights_checksum
        assert len({record.batches_checksum for record in found.values()}) == 1


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_records_are_current(name):
    """Fails when code that made data/runs/ changes what it does: then record again."""
    assert records.outdated(records.recorded(name)) == []


COMPARE = """
from seminar_utils.experiments import records
for name, net in [("twins", "ResNet-8"), ("heads", "head 4a, batch norm"),
                  ("gradients", "ResNet-56, batch norm, 0.01"), ("identity", "identity, rate 0.1")]:
    (record,) = [record for record in records.load(name, 0) if record.job.net == net]
    found = records.fingerprint_today(record.job)
    print(max(abs(a / b - 1) for a, b in zip(found, record.fingerprint, strict=True)))
"""


@pytest.mark.parametrize("capability", ["default", "avx2"])
def test_records_are_current_on_every_processor(capability):
    """Other instructions change a loss by less than a thousandth of what is allowed.

    A processor that has none of these takes the best that it has.
    """
    done = subprocess.run(
        [sys.executable, "-c", COMPARE],
        env={**os.environ, "ATEN_CPU_CAPABILITY": capability, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    differences = [float(line) for line in done.stdout.split()]
    assert len(differences) == 4 and max(differences) < 1e-12, differences


KEPT = [(name, net) for name, each in EXPERIMENTS.items() for net in each.kept]
GOOGLENETS = [(name, net) for name, net in KEPT if name != "twins"]


@pytest.mark.parametrize(
    ("name", "net"),
    [pytest.param(*each, marks=[pytest.mark.slow] * (each in GOOGLENETS)) for each in KEPT],
)
def test_kept_weights_are_those_of_the_record(name, net):
    """The net gives the error of its record; another processor may turn a few pictures over."""
    (record,) = [record for record in records.load(name, 0) if record.job.net == net]
    images, labels = records.test_images(name)
    batches = zip(images.split(100), labels.split(100), strict=True)  # faster than by the thousand
    model = records.trained(name, net).to(memory_format=torch.channels_last)
    assert evaluate(model, batches).error == pytest.approx(record.history.test.error, abs=0.1)


@pytest.mark.parametrize(("name", "net"), GOOGLENETS)
def test_kept_weights_fit_a_sample(name, net):
    """On 500 test images chance moves the error by about two points; other nets are further off."""
    (record,) = [record for record in records.load(name, 0) if record.job.net == net]
    images, labels = records.test_images(name, 500)
    model = records.trained(name, net).to(memory_format=torch.channels_last)
    found = evaluate(model, zip(images.split(100), labels.split(100), strict=True))
    assert found.error == pytest.approx(record.history.test.error, abs=4)


def test_kept_weights_stay_small():
    size = sum(path.stat().st_size for path in (files.DATA / "checkpoints").rglob("*.pt"))
    assert size < 6_000_000


def test_recorded_files_have_the_schema():
    """Every run has one score per epoch, errors in per cent, a fingerprint, versions, a day."""
    for path in (files.DATA / "runs").rglob("seed-*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["schema"] == records.SCHEMA
        name, _, scale = path.parent.name.partition("-")
        seed = int(path.stem.removeprefix("seed-"))
        for record in records.load(name, seed, scale or "seminar"):
            scores = [*record.history.train, record.history.test]
            assert len(scores) == record.job.epochs + 1
            assert len(record.fingerprint) == record.job.tiny().epochs + 1
            assert all(
                0 <= score.error <= 100 and (score.loss > 0 or isnan(score.loss))
                for score in scores
            )
            assert record.history.seconds > 0 and record.machine and record.day
            assert set(record.versions) == {"python", "torch"}


def test_the_recorded_runs_stay_small():
    size = sum(path.stat().st_size for path in (files.DATA / "runs").rglob("*.json"))
    assert size < 10_000_000


def test_test_images_are_the_first_ones_as_the_nets_see_them():
    images, labels = records.test_images("twins", 1200)
    (job,) = [job for job in twins.jobs(0) if job.net == "plain-8"]
    _, batches = job.batches(torch.float32)
    assert images.shape == (1200, 1, 14, 14)
    assert torch.equal(images[:1000], batches[0][0]) and torch.equal(labels[:1000], batches[0][1])
    assert torch.equal(images[1000:], batches[1][0][:200])


@pytest.mark.parametrize("number", [0, 10_001])
def test_there_are_ten_thousand_test_images(number):
    with pytest.raises(ValueError, match=f"no first {number:,}: take 1 to 10,000"):
        records.test_images("twins", number)
