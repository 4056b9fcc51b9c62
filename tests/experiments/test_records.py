"""Recorded runs: kept whole, found again, checked against today's code."""

import json
from dataclasses import replace

import pytest

from seminar_utils.experiments import records, twins
from seminar_utils.experiments.jobs import Job, run_job

JOB = Job("ResNet-8", 8, "A", seed=3, width=4, train_images=128, test_images=100, size=7)


@pytest.fixture(scope="module")
def record():
    return run_job(JOB)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "DATA", tmp_path / "자료")
    return tmp_path / "자료"


def test_saved_records_come_back(folder, record):
    records.save("trial", record)
    records.save("trial", replace(record, job=replace(JOB, net="other", depth=14)))
    assert [r.job.net for r in records.load("trial", 3)] == ["ResNet-8", "other"]
    assert records.load("trial", 3)[0].history == record.history
    assert records.load("trial", 4) == []


def test_saving_again_replaces(folder, record):
    records.save("trial", record)
    records.save("trial", replace(record, day="2000-01-01"))
    assert [r.day for r in records.load("trial", 3)] == ["2000-01-01"]


@pytest.mark.parametrize("damage", ["{", '{"schema": 2, "records": []}', '{"schema": 1}'])
def test_a_damaged_file_gets_one_clear_sentence(folder, record, damage):
    records.save("trial", record)
    records.path_of("trial", 3).write_text(damage, encoding="utf-8")
    with pytest.raises(ValueError, match=r"seed-3\.json is not a record of runs.*git checkout"):
        records.load("trial", 3)


def test_a_record_is_current_until_the_code_does_something_else(folder, record):
    records.save("trial", record)
    (saved,) = records.load("trial", 3)
    assert records.is_current(saved)
    moved = (saved.fingerprint[0] * (1 + 1e-6), *saved.fingerprint[1:])
    assert not records.is_current(replace(saved, fingerprint=moved))


def test_the_recorded_twins_are_complete_and_twins():
    for seed in twins.SEEDS:
        found = {record.job.net: record for record in records.load("twins", seed)}
        assert [found[job.net].job for job in twins.jobs(seed)] == twins.jobs(seed)
        for depth in (8, 32):
            plain, residual = found[f"plain-{depth}"], found[f"ResNet-{depth}"]
            assert plain.weights_checksum == residual.weights_checksum
        assert len({record.batches_checksum for record in found.values()}) == 1


@pytest.mark.parametrize("job", twins.jobs(seed=0), ids=lambda job: job.net)
def test_the_recorded_twins_are_current(job):
    """Fails when code that made data/runs/twins changes what it does: then record again."""
    (record,) = [r for r in records.load("twins", 0) if r.job == job]
    assert records.is_current(record)


def test_recorded_files_have_the_schema():
    """Every run has one score per epoch, errors in per cent, a fingerprint, versions, a day."""
    for path in (records.DATA / "runs").rglob("seed-*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["schema"] == records.SCHEMA
        for record in records.load(path.parent.name, int(path.stem.removeprefix("seed-"))):
            scores = [*record.history.train, record.history.test]
            assert len(scores) == record.job.recipe.epochs + 1 == len(record.fingerprint)
            assert all(0 <= score.error <= 100 and score.loss > 0 for score in scores)
            assert record.history.seconds > 0 and record.machine and record.day
            assert set(record.versions) == {"python", "torch"}


def test_the_recorded_runs_stay_small():
    size = sum(path.stat().st_size for path in (records.DATA / "runs").rglob("*.json"))
    assert size < 10_000_000
