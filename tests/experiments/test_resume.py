"""Killed, stopped or out of room: the same command again ends with the same bits.

Runs come to grief at the worst moments: one net's by an error that nothing catches, the command's
in real processes, with small nets.
"""

import itertools
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from seminar_utils.experiments import accurate, inception, records
from seminar_utils.experiments.gradients import GradientJob
from seminar_utils.experiments.heads import GoogLeNetJob
from seminar_utils.experiments.identity import IdentityJob
from seminar_utils.experiments.job import run_job
from seminar_utils.training import checkpoints
from seminar_utils.training import loop as training
from seminar_utils.training.loop import Recipe
from tests.experiments import SMALL as TINY
from tests.experiments.test_main import PLAIN, RESIDUAL, WHOLE, all_files, command, folder
from tests.experiments.test_pool import wait_until

__all__ = ["command", "folder"]  # fixtures

# Dropout's random numbers have to go on as well. (At half this width they change nothing, because
# what they would drop is zero.)
FEW = {"train_images": 48, "test_images": 50, "seed": 0, "width": 1 / 32}
RECIPE = Recipe(epochs=6, batch_size=8, learning_rate=0.02)
HEADS = GoogLeNetJob(net="both heads", heads=("4a", "4d"), recipe=RECIPE, **FEW)
# Three steps an epoch; for the gradients, two in the last one.
SMALL = {**TINY, "train_images": 96, "recipe": Recipe(batch_size=32, epochs=2)}
GRADIENTS = GradientJob(net="gradients", depth=8, shortcut=None, looks=(1, 4, 5, 8), **SMALL)
GRADIENTS = replace(GRADIENTS, recipe=Recipe(batch_size=32, drops=(), iterations=8))
IDENTITY = IdentityJob(net="identity", depth=14, start="identity", looked_at=5, **SMALL)
ACCURATE = replace(accurate.jobs(0)[0], depth=8, **SMALL)
INCEPTION = replace(inception.jobs(0)[0], recipe=replace(RECIPE, epochs=2, pad=1), **FEW)

# In turn for the same net: what a run dies of, and how many epochs its checkpoints have then.
SECOND_FILE, TEST = "before file 2", "before test 2"  # the first test is the fingerprint's
DEATHS = {
    PLAIN: [(SECOND_FILE, [1]), ("after file 2", [3]), (TEST, [8]), ("after file 1", [8])],
    HEADS: [(SECOND_FILE, [1]), (SECOND_FILE, [2])],
    GRADIENTS: [(SECOND_FILE, [1]), (TEST, [2])],
    IDENTITY: [
        (SECOND_FILE, [1]),  # in the second of the shallow net's two epochs
        (SECOND_FILE, [2]),  # in the net's own first epoch
        (SECOND_FILE, [1, 2]),  # in its second one
        ("after file 2", [2, 2]),  # with the weights kept and no report
    ],
    ACCURATE: [(SECOND_FILE, [1])],
    INCEPTION: [(SECOND_FILE, [1]), ("after file 2", [2])],
}


class Killed(BaseException):
    """Passes through all that catches errors."""


def dying(moment, real):
    """Return a function that ends the run before or after one of its calls, "after file 2"."""
    when, _, number = moment.split()
    calls = itertools.count(1)

    def call(*arguments):
        here = next(calls) == int(number)
        if here and when == "before":
            raise Killed
        result = real(*arguments)
        if here:
            raise Killed
        return result

    return call


def paths(job, folder):
    """Where the state of a job and its trained weights are kept."""
    return {kind: folder / kind / f"{job.net}.pt" for kind in ("unfinished", "weights")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Record and weights of each job, done in one go on this process's only thread."""
    threads, folder = torch.get_num_threads(), tmp_path_factory.mktemp("whole")
    torch.set_num_threads(1)
    done = {}
    for job in (*DEATHS, RESIDUAL):
        record = run_job(job, **paths(job, folder))
        done[job] = record, checkpoints.read(paths(job, folder)["weights"])
    yield done
    torch.set_num_threads(threads)


def assert_same_bits(record, weights, whole):
    """Compare a run's record and the file of its weights with those of a run in one go."""
    expected, expected_weights = whole[record.job]
    history = replace(record.history, seconds=expected.history.seconds)
    # As text, which has all digits, because a number that is none does not equal itself.
    assert repr(replace(record, history=history, day=expected.day)) == repr(expected)
    found = checkpoints.read(weights)
    assert found.keys() == expected_weights.keys()
    for name, tensor in found.items():
        assert torch.equal(tensor, expected_weights[name]), name


def test_the_net_with_heads_depends_on_dropout(whole, monkeypatch):
    """Otherwise the killed runs would not show that dropout goes on as it should."""
    real = training._dropout_of
    monkeypatch.setattr(training, "_dropout_of", lambda seed, epoch: real(seed + 1, epoch))
    assert run_job(HEADS).history.train != whole[HEADS][0].history.train


@pytest.mark.parametrize("job", DEATHS, ids=lambda job: job.net)
def test_a_run_killed_at_the_worst_moments_ends_with_the_same_bits(
    whole, tmp_path, monkeypatch, job
):
    places = paths(job, tmp_path)
    for moment, epochs in DEATHS[job]:
        module, name = (training, "evaluate") if "test" in moment else (os, "replace")
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(module, name, dying(moment, getattr(module, name)))
            run_job(job, **places)
        states = map(checkpoints.read, sorted(places["unfinished"].parent.iterdir()))
        assert [len(state["history"]["train"]) for state in states] == epochs, moment
    assert_same_bits(run_job(job, **places), places["weights"], whole)


# A worker that waits before the checkpoint after so many new epochs. Otherwise a net could be
# finished, and its checkpoint gone, before the other one has begun.
WAITING = """
import itertools, os, time
from seminar_utils.experiments.worker import main
files, replace = itertools.count(1), os.replace
def replace_or_wait(source, target):
    time.sleep(600 if next(files) > {} else 0)
    replace(source, target)
os.replace = replace_or_wait
main()
"""


def start_command(folder, epochs):
    """Start the command in a process group of its own, as a terminal does."""
    code = (
        "import runpy, signal, subprocess; from pathlib import Path;"
        "from seminar_utils.experiments import pool as running;"
        "from tests.experiments.test_main import make_small; real = subprocess.Popen;"
        f"make_small(Path({str(folder)!r}));"
        f"command = {[sys.executable, '-c', WAITING.format(epochs)]!r};"
        "running.subprocess.Popen = lambda _, **options: real(command, **options);"
        # A shell's background jobs ignore Ctrl-C, and so do their children.
        "signal.signal(signal.SIGINT, signal.default_int_handler);"
        "runpy.run_module('seminar_utils.experiments', run_name='__main__')"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, "twins", "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def wait_for_epochs(count):
    """Wait until both nets have a checkpoint of so many epochs."""
    for job in (PLAIN, RESIDUAL):
        path = records.files_of("twins", job)["unfinished"]
        assert wait_until(path.exists, 300)
        assert wait_until(
            lambda path=path: len(checkpoints.read(path)["history"]["train"]) == count, 300
        )


def test_a_command_killed_then_stopped_then_repeated_ends_with_the_same_bits(
    folder, command, whole
):
    psutil = pytest.importorskip("psutil")  # comes with ipykernel
    first = start_command(folder, epochs=1)
    wait_for_epochs(1)
    workers = psutil.Process(first.pid).children()
    assert len(workers) == 2 and all(worker.is_running() for worker in workers)
    first.kill()
    first.communicate()
    assert wait_until(lambda: not any(worker.is_running() for worker in workers))

    second = start_command(folder, epochs=2)
    wait_for_epochs(3)
    workers = psutil.Process(second.pid).children()
    os.killpg(second.pid, signal.SIGINT)
    _, err = second.communicate(timeout=60)
    assert len(workers) == 2 and not any(worker.is_running() for worker in workers)
    sentence = "Stopped. Finished nets are kept; the same command goes on from there.\n"
    assert (second.returncode, err) == (1, sentence)
    wait_for_epochs(3)
    assert not records.path_of("twins", 0).exists()

    code, out, err = command("twins", "--workers", "2")
    assert code == 0 and not err and "seed 0: 0 nets recorded, 2 to run" in out
    for record in records.recorded("twins"):
        assert_same_bits(record, records.files_of("twins", record.job)["weights"], whole)
    assert all_files(folder).keys() == WHOLE
