"""The command line, ``python -m seminar_utils.experiments``: what it says, runs and keeps.

It runs in this process, with two small nets in place of the twins and a folder of its own. For
workers that only have to answer, a few lines stand in that know the answers.
"""

import errno
import json
import os
import runpy
import sys
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from seminar_utils import files
from seminar_utils.experiments import catalogue, pool, records, together, twins
from seminar_utils.experiments.catalogue import EXPERIMENTS
from seminar_utils.experiments.job import run_job
from tests.experiments import QUICK as TINY

RESIDUAL = replace(TINY, seed=0, train_images=1024)
PLAIN = replace(RESIDUAL, net="plain-8", shortcut=None)
QUICK = [replace(job, train_images=128) for job in (PLAIN, RESIDUAL)]


def make_small(folder, jobs=(PLAIN, RESIDUAL), setattr=setattr):
    """Let the twins be two small nets of one seed, recorded into a folder."""
    small = replace(
        twins.EXPERIMENT,
        jobs=lambda seed: [replace(job, seed=seed) for job in jobs],
        seeds={"seminar": range(1)},
    )
    setattr(records, "files", SimpleNamespace(DATA=folder))
    setattr(catalogue, "EXPERIMENTS", {**EXPERIMENTS, "twins": small})


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """The records of both nets, as workers report them."""
    path = tmp_path_factory.mktemp("answers") / "unfinished.pt"
    return {job: asdict(run_job(job, unfinished=path.with_stem(job.net))) for job in QUICK}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the small twins are recorded."""
    make_small(tmp_path / "자료", setattr=monkeypatch.setattr)
    return tmp_path / "자료"


@pytest.fixture
def command(monkeypatch, capsys):
    """The command; it returns the exit code and what it wrote to stdout and stderr."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["experiments", *arguments])
        code = 0
        try:
            runpy.run_module("seminar_utils.experiments", run_name="__main__")
        except SystemExit as end:  # Python itself prints a text and ends with exit code 1
            code = 1 if isinstance(end.code, str) else end.code
            print(end.code, file=sys.stderr)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def started(folder, answers, monkeypatch):
    """The jobs that workers were given; they only know the answers."""
    make_small(folder, QUICK, monkeypatch.setattr)
    jobs = []

    def run(self, job, process):
        jobs.append(job)
        if weights := self._files(job)["weights"]:
            weights.parent.mkdir(parents=True, exist_ok=True)
            weights.touch()
        self._hear(job, {"record": answers[job]})
        return True

    monkeypatch.setattr(pool.Run, "_start", lambda self: nullcontext(self))
    monkeypatch.setattr(pool.Run, "_run", run)
    return jobs


def all_files(folder):
    """Everything in a folder and its folders, with its bytes; the lock apart."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


SEED = "runs/twins/seed-0.json"
WHOLE = {SEED, "checkpoints/twins/plain-8-seed-0.pt", "checkpoints/twins/ResNet-8-seed-0.pt"}


def test_without_a_name_all_experiments_are_listed(command):
    code, out, err = command()
    assert code == 0 and not err
    lines = [line.split(maxsplit=1) for line in out.splitlines()]
    assert [name for name, _ in lines] == list(EXPERIMENTS)
    assert all(len(words) > 20 for _, words in lines)


@pytest.fixture
def with_gpus(monkeypatch):
    """A machine that says it has both kinds of GPU; what would be trained there is returned."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    trained = {"together": [], "alone": []}

    def record_together(name, scale, jobs):
        trained["together"] += jobs

    def alone(name, jobs, *_, **__):
        trained["alone"] += jobs
        return SimpleNamespace(result=lambda timeout: [])

    monkeypatch.setattr(together, "record_together", record_together)
    monkeypatch.setattr(pool, "Run", alone)
    return trained


@pytest.mark.parametrize(
    ("arguments", "kind", "expected"),
    [
        ("twins --device auto", "together", ("cuda", "float32")),
        ("twins --device cuda --precision bfloat16", "together", ("cuda", "bfloat16")),
        ("twins --device mps", "together", ("mps", "float32")),
        ("twins", "alone", ("cpu", "float32")),
        # Who looks into its nets trains them one by one, wherever.
        ("gradients --device cuda", "alone", ("cuda", "float32")),
    ],
)
def test_every_experiment_goes_where_it_is_told(
    command, folder, with_gpus, arguments, kind, expected
):
    code, _, err = command(*arguments.split(), "--seeds", "1")
    assert code == 0 and not err, err
    assert {(job.device, job.precision) for job in with_gpus.pop(kind)} == {expected}
    assert list(with_gpus.values()) == [[]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("triplets", "'triplets'"),
        ("twins --scale night", "twins has no scale 'night': take one of"),
        ("twins --seeds 0", "0 is not a whole number from 1 on"),
        ("twins --workers many", "many is not a whole number from 1 on"),
        ("twins --epochs 3", "--epochs"),
        ("twins --net plain-8 plain-9", "--net plain-9: take one of 'plain-8', "),
        ("twins --device tpu", "no device 'tpu' here: take one of auto,"),
        ("twins --precision bfloat16", "those of twins on cpu take float32"),
        ("twins --device mps --precision tf32", "those of twins on mps take float32"),
        ("gradients --device cuda --precision bfloat16", "those of gradients on cuda take float32"),
    ],
)
def test_a_mistake_gets_one_clear_sentence(command, folder, with_gpus, arguments, words):
    code, out, err = command(*arguments.split())
    assert code != 0 and not out and "Traceback" not in err
    lines = err.splitlines()
    assert len(lines) == 1 or lines[0].startswith("usage:")  # argparse's come after its usage
    (_,) = [line for line in lines if words in line]
    assert list(with_gpus.values()) == [[], []]


def test_a_device_other_than_that_of_the_records_is_refused(command, folder, started, monkeypatch):
    """Before anything is trained; what is recorded already needs no device."""
    command("twins")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert command("twins", "--device", "cuda")[0] == 0
    code, _, err = command("twins", "--device", "cuda", "--seeds", "2")
    assert code == 1 and err.count("\n") == 1 and len(started) == 2
    assert "holds runs made on cpu in float32" in err and "--device cpu --precision float32" in err


def remove_weights(folder):
    (folder / "checkpoints" / "twins" / "plain-8-seed-0.pt").unlink()


def change_recipe(folder):
    content = json.loads((folder / SEED).read_text("utf-8"))
    content["records"][0]["job"]["recipe"]["learning_rate"] = 0.2
    (folder / SEED).write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "missing"), [(lambda folder: None, 0), (remove_weights, 1), (change_recipe, 1)]
)
def test_a_finished_net_is_not_run_again(command, folder, started, spoil, missing):
    code, out, err = command("twins")
    assert code == 0 and not err, err
    assert "seed 0: 0 nets recorded, 2 to run" in out and len(started) == 2
    spoil(folder)
    before = all_files(folder)
    code, out, err = command("twins", "--seeds", "1", "--workers", "1")
    assert code == 0 and not err and "seed 1" not in out
    assert f"seed 0: {2 - missing} nets recorded, {missing} to run" in out
    assert len(started) == 2 + missing and ("epochs trained" in out) == (missing > 0)
    after = all_files(folder)
    assert after == before if missing == 0 else after.keys() == WHOLE
    assert [record.job for record in records.load("twins", 0)] == QUICK


def test_seeds_that_two_nets_share_are_compared(command, folder, started, monkeypatch):
    command("twins")
    known = records.load("twins", 0)
    both = known + [replace(one, job=replace(one.job, seed=1)) for one in known]
    for found, rows in ((known, 0), (both, 3)):
        monkeypatch.setattr(records, "recorded", lambda name, scale, found=found: found)
        _, out, _ = command("twins")
        compared = [line for line in out.splitlines() if "ResNet-8  plain-8" in line]
        assert len(compared) == rows and ("95 % confidence" in out) == (rows > 0)


def test_outdated_records_are_announced(command, folder, started):
    command("twins")
    content = json.loads((folder / SEED).read_text("utf-8"))
    content["records"][1]["fingerprint"][0] *= 1 + 1e-6
    (folder / SEED).write_text(json.dumps(content), encoding="utf-8")
    code, out, err = command("twins")
    assert code == 0 and not err and len(started) == 2
    (line,) = [line for line in out.splitlines() if "another edition" in line]
    assert line.startswith("The record of ResNet-8 ")
    assert f"delete {(folder / SEED).parent} " in line


def test_a_full_disk_leaves_earlier_records_as_they_were(command, folder, started, monkeypatch):
    make_small(folder, QUICK[:1], monkeypatch.setattr)
    command("twins")
    make_small(folder, QUICK, monkeypatch.setattr)
    state = records.files_of("twins", QUICK[1])["unfinished"]
    state.write_bytes(b"eight epochs")
    before = all_files(folder)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full)
        code, _, err = command("twins")
    path = folder / SEED
    sentence = f"ResNet-8 failed with OSError: {path} cannot be written (No space left on device): "
    assert code == 1 and err.startswith(sentence) and err.count("\n") == 1
    assert err.endswith("do the same again; what was there before is untouched.\n")
    after = all_files(folder)
    assert after.pop("checkpoints/twins/ResNet-8-seed-0.pt") == b""
    assert after == before
    assert command("twins")[0] == 0 and not state.exists()
    assert [record.job for record in records.load("twins", 0)] == QUICK


def test_a_folder_where_nothing_may_be_written_gets_one_clear_sentence(
    command, folder, started, monkeypatch
):
    def refuse(path, *_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, _, err = command("twins")
    assert code == 1 and not started and err.count("\n") == 1
    assert f"{folder / 'runs' / 'twins'}" in err and "cannot be written (Permission denied)" in err
    assert "see that the disk has room and that you may write there" in err


def test_a_second_recording_is_refused_and_the_first_stays(command, folder, started):
    with records.locked("twins"):
        code, _, err = command("twins")
        assert code == 1 and not started and err.count("\n") == 1
        assert err.startswith("Another process is recording twins (seminar)")
        with pytest.raises(ValueError, match="Another process"), records.locked("twins"):
            pass  # the refused process did not open the lock of the first
        with records.locked("heads"):
            pass
    assert command("twins")[0] == 0 and len(started) == 2


def test_what_a_killed_process_had_half_written_is_removed(command, folder, started):
    unfinished = folder / "runs" / "twins" / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / ".plain-8-seed-0.pt.123.tmp").write_bytes(b"half")
    (unfinished / "plain-14-seed-0.pt").write_bytes(b"whole")
    assert command("twins")[0] == 0
    assert all_files(folder).keys() == WHOLE | {"runs/twins/unfinished/plain-14-seed-0.pt"}
