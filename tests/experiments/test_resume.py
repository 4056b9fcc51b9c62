"""Killed, stopped or out of room: the same command again ends with the same bits.

Workers and commands are real processes here, with small nets; they come to grief at the worst
moments.
"""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import pytest
import torch

from seminar_utils.experiments import records
from seminar_utils.experiments.gradients import GradientJob
from seminar_utils.experiments.heads import GoogLeNetJob
from seminar_utils.experiments.identity import IdentityJob
from seminar_utils.experiments.job import Record, run_job
from seminar_utils.training import checkpoints
from seminar_utils.training import loop as training
from seminar_utils.training.loop import Recipe
from tests.experiments.test_main import PLAIN, RESIDUAL, WHOLE, all_files, command, folder
from tests.experiments.test_pool import wait_until

__all__ = ["command", "folder"]  # fixtures

# Dropout's random numbers have to go on as well. (At half this width they change nothing, because
# what they would drop is zero.)
FEW = {"train_images": 48, "test_images": 50, "seed": 0, "width": 1 / 32}
RECIPE = Recipe(epochs=6, batch_size=8, learning_rate=0.02)
HEADS = GoogLeNetJob(net="both heads", heads=("4a", "4d"), recipe=RECIPE, **FEW)
SMALL = {"width": 4, "train_images": 96, "test_images": 100, "size": 7, "seed": 3}
# Three steps an epoch; for the gradients, two in the last one.
SMALL |= {"recipe": Recipe(batch_size=32, drops=(), iterations=8)}
GRADIENTS = GradientJob(net="gradients", depth=8, shortcut=None, looks=(1, 4, 5, 8), **SMALL)
SMALL |= {"recipe": Recipe(batch_size=32, epochs=2)}
IDENTITY = IdentityJob(net="identity", depth=14, start="identity", looked_at=5, **SMALL)
NAME = {RESIDUAL: "twins", PLAIN: "twins", HEADS: "heads"}
NAME |= {GRADIENTS: "gradients", IDENTITY: "identity"}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
WORKER = "from seminar_utils.experiments.worker import main; main()"

# A worker counts how often it puts a file in its place, and how often it tests: the first test is
# the fingerprint's. Then it comes to grief.
COUNTED = """
import itertools, os, resource, signal
from seminar_utils.training import loop as training
files, tests = itertools.count(1), itertools.count(1)
replace, evaluate = os.replace, training.evaluate
def counted_replace(source, target):
    number = next(files)
    before_file(number, str(target))
    replace(source, target)
    after_file(number)
def counted_evaluate(*arguments):
    before_test(next(tests))
    return evaluate(*arguments)
os.replace, training.evaluate = counted_replace, counted_evaluate
before_file = after_file = before_test = lambda *_: None
def die(): os.kill(os.getpid(), signal.SIGKILL)
def die_in_the_next_write():  # the system ends a process that writes more than it may
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
"""
BEFORE_THE_SECOND_FILE = "before_file = lambda n, target: die() if n == 2 else None"
BEFORE_THE_TEST = "before_test = lambda n: die() if n == 2 else None"
# In turn for the same net, with the number of epochs that its checkpoints have afterwards.
DEATHS = {
    PLAIN: [
        # Between a whole new checkpoint and its place.
        (BEFORE_THE_SECOND_FILE, [1]),
        # In the middle of writing a checkpoint.
        ("after_file = lambda n: die_in_the_next_write() if n == 2 else None", [3]),
        # Between the last checkpoint and the test.
        (BEFORE_THE_TEST, [8]),
        # Between the weights and the report.
        ("after_file = lambda n: die()", [8]),
    ],
    HEADS: [(BEFORE_THE_SECOND_FILE, [1]), (BEFORE_THE_SECOND_FILE, [2])],
    GRADIENTS: [(BEFORE_THE_SECOND_FILE, [1]), (BEFORE_THE_TEST, [2])],
    IDENTITY: [
        (BEFORE_THE_SECOND_FILE, [1]),  # in the second of the shallow net's two epochs
        (BEFORE_THE_SECOND_FILE, [2]),  # in the net's own first epoch
        (BEFORE_THE_SECOND_FILE, [1, 2]),  # in its second one
        ("after_file = lambda n: die() if n == 2 else None", [2, 2]),
    ],
}


class Lost(Exception):
    """A worker ended without a record."""


def paths(job, folder):
    """Where the state of a job and its trained weights are kept."""
    return {kind: folder / kind / f"{job.net}.pt" for kind in ("unfinished", "weights")}


def kept_epochs(job, folder):
    """How many reports are in the checkpoint; reading it shows that it is whole."""
    path = paths(job, folder)["unfinished"]
    kept = checkpoints.read(path)["history"] if path.exists() else {"train": [], "measured": {}}
    return len(kept["measured"].get("looks", kept["train"]))


def work(job, folder, fault=""):
    """Let a worker do a job and return its record, or raise ``Lost``.

    A fault is program lines that run in it before it begins.
    """
    before, epochs = kept_epochs(job, folder), []
    process = subprocess.Popen(
        [sys.executable, "-c", f"{fault}\n{WORKER}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env=os.environ | ONE_THREAD,
    )
    files_of = {kind: str(path) for kind, path in paths(job, folder).items()}
    with process:
        task = {"experiment": NAME[job], "job": asdict(job), **files_of}
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        message = {}
        for line in process.stdout:
            message = json.loads(line) if line.endswith("\n") else {}
            epochs += [message["epoch"]] if "epoch" in message else []
    # It went on where the last one had come to, and did nothing twice.
    assert epochs == list(range(before + 1, before + 1 + len(epochs)))
    if "record" not in message:
        assert "failure" not in message, message
        raise Lost
    return Record.from_json(message["record"], type(job))


def killed_at_chosen_moments(job, folder):
    """Let a job's workers die one after another; return the last one's record and what was kept."""
    kept = []
    for fault, _ in DEATHS[job]:
        with pytest.raises(Lost):
            work(job, folder, fault=COUNTED + fault)
        states = map(checkpoints.read, sorted((folder / "unfinished").glob("*.pt")))
        kept.append([len(state["history"]["train"]) for state in states])
    return work(job, folder), kept


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Record and weights of each job, done in one go on this process's only thread."""
    threads, folder = torch.get_num_threads(), tmp_path_factory.mktemp("whole")
    torch.set_num_threads(1)
    done = {job: (run_job(job, **paths(job, folder)), weights(job, folder)) for job in NAME}
    torch.set_num_threads(threads)
    return done


@pytest.fixture(scope="module")
def endings(tmp_path_factory):
    """Killed runs, two at a time because a worker takes seconds to start."""
    folders = {job: tmp_path_factory.mktemp("killed") for job in DEATHS}
    with ThreadPoolExecutor(2) as pool:
        done = {job: pool.submit(killed_at_chosen_moments, job, folders[job]) for job in DEATHS}
        yield {job: (folders[job], done[job]) for job in DEATHS}


def weights(job, folder):
    """Return the weights that a job has left."""
    return checkpoints.read(paths(job, folder)["weights"])


def assert_same_bits(record, found, whole):
    """Compare record and weights of a run with those of a run in one go."""
    expected, expected_weights = whole[record.job]
    history = replace(record.history, seconds=expected.history.seconds)
    assert replace(record, history=history, day=expected.day) == expected
    assert found.keys() == expected_weights.keys()
    for name, tensor in found.items():
        assert torch.equal(tensor, expected_weights[name]), name


def test_the_net_with_heads_depends_on_dropout(whole, monkeypatch):
    """Otherwise the killed runs would not show that dropout goes on as it should."""
    real = training.dropout_of
    monkeypatch.setattr(training, "dropout_of", lambda seed, epoch: real(seed + 1, epoch))
    assert run_job(HEADS).history.train != whole[HEADS][0].history.train


@pytest.mark.parametrize("job", DEATHS, ids=NAME.get)
def test_a_worker_killed_at_the_worst_moments_ends_with_the_same_bits(endings, whole, job):
    folder, ending = endings[job]
    record, kept = ending.result()
    assert kept == [epochs for _, epochs in DEATHS[job]]
    assert_same_bits(record, weights(job, folder), whole)


def start_command(folder, epochs):
    """Start the command in a process group of its own, as a terminal does.

    Its workers wait, each for ever, before the checkpoint after so many new epochs. Otherwise a net
    could be finished, and its checkpoint gone, before the other one has begun.
    """
    wait = f"import time\nbefore_file = lambda n, target: time.sleep(600 * (n == {epochs + 1}))"
    worker = [sys.executable, "-c", f"{COUNTED}{wait}\n{WORKER}"]
    code = (
        "import runpy, signal, subprocess; from pathlib import Path;"
        "from seminar_utils.experiments import pool as running;"
        "from tests.experiments.test_main import make_small; real = subprocess.Popen;"
        f"make_small(Path({str(folder)!r}));"
        f"running.subprocess.Popen = lambda _, **options: real({worker!r}, **options);"
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
        path = records.unfinished_path("twins", job)
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
        kept = checkpoints.read(records.weights_path("twins", record.job.net))
        assert_same_bits(record, kept, whole)
    assert all_files(folder).keys() == WHOLE
