"""Jobs in processes of their own: results, failures, the stop button, a parent that dies."""

import math
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest
import torch

from seminar_utils import experiments, files
from seminar_utils.experiments import live, pool
from seminar_utils.experiments.job import ResidualJob, run_job
from seminar_utils.experiments.live import live_jobs
from seminar_utils.experiments.pool import Run
from seminar_utils.training import checkpoints
from tests.experiments import QUICK

BROKEN = replace(QUICK, net="ResNet-9", depth=9)
LONG = ResidualJob(net="plain-32", depth=32, shortcut=None, seed=0)
OTHER = replace(LONG, net="ResNet-32", shortcut="A")


def wait_until(condition, seconds=120.0):
    """Return whether a condition comes true; a busy machine gets its time."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def interrupt(seconds):
    raise KeyboardInterrupt


@pytest.fixture
def started(monkeypatch):
    """The workers' processes."""
    real, processes = subprocess.Popen, []

    def start(*command, **options):
        process = real(*command, **options)
        if "seminar_utils.experiments.worker" in command[0]:  # not what asks for the processor
            processes.append(process)
        return process

    monkeypatch.setattr(pool.subprocess, "Popen", start)
    return processes


def ended(processes):
    return all(process.poll() is not None for process in processes)


def test_a_process_gives_the_same_numbers_as_this_one_in_all_that_it_does(
    capsys, started, tmp_path
):
    other = replace(QUICK, net="plain-8", shortcut=None)
    heard = []
    kept = {QUICK: {"unfinished": tmp_path / "state.pt", "weights": tmp_path / "weights.pt"}}
    done = Run("twins", [QUICK, other], 1, heard.append, lambda job: kept.get(job, {})).result()
    assert checkpoints.read(tmp_path / "weights.pt").keys() == QUICK.build().state_dict().keys()
    assert [record.job for record in done] == [QUICK, other]
    torch.set_num_threads(1)  # sums of floats depend on the number of threads
    for record in done:
        assert record.history.train == run_job(record.job).history.train
    assert len(heard) == 2 and len(started) == 1 and ended(started)
    out, err = capsys.readouterr()
    assert "16 of 16 epochs trained" in out and not err


@pytest.mark.parametrize("turned", [1, -1])
def test_the_longest_nets_come_first_so_that_two_workers_end_together(monkeypatch, turned):
    given = []
    monkeypatch.setattr(Run, "_start", lambda run: nullcontext(run))
    monkeypatch.setattr(Run, "_run", lambda run, job, process: given.append(job.net) or True)
    run = Run("twins", live_jobs("twins", 0)[::turned], workers=1)
    assert wait_until(lambda: run.done)
    assert given == ["ResNet-32", "plain-32", "ResNet-8", "plain-8"]


def test_late_results_raise_and_go_on_until_they_are_stopped(started):
    run = Run("twins", [LONG, OTHER], workers=2)
    with pytest.raises(TimeoutError, match="0 of 16 epochs"):
        run.result(timeout=0.2)
    assert not run.done and wait_until(lambda: len(started) == 2)
    run.stop()
    assert ended(started)
    with pytest.raises(RuntimeError, match=r"plain-32, ResNet-32: stopped before the end"):
        run.result(timeout=5)


def test_stop_right_after_the_start_leaves_no_process(started):
    for _ in range(10):
        run = Run("twins", [LONG, OTHER], workers=2)
        run.stop()
        assert run.done and ended(started)


@pytest.mark.parametrize("workers", [1, 2])
def test_one_net_that_fails_fails_the_run(workers):
    """The other one's record is kept all the same, but half a run never passes for a whole one."""
    heard = []
    run = Run("twins", [QUICK, BROKEN], workers, on_record=heard.append)
    sentence = r"ResNet-9 failed with ValueError: depth=9 is not 6n\+2"
    with pytest.raises(RuntimeError, match=sentence):
        run.result()
    assert wait_until(lambda: run.done) and [record.job for record in heard] == [QUICK]
    with pytest.raises(RuntimeError, match=sentence):
        run.result()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("print('not JSON', flush=True)", "JSONDecodeError"),
        ("import sys; sys.stdin.close(); sys.exit(3)", "plain-32 ended with exit code 3"),
        ("input()", "plain-32 ended with exit code 0"),  # and says nothing
        ("import os; os.kill(os.getpid(), 9)", "plain-32 ended with exit code -9"),
    ],
)
def test_a_worker_that_breaks_is_a_sentence_and_not_a_hang(monkeypatch, program, words):
    real = subprocess.Popen
    command = [sys.executable, "-c", program]
    monkeypatch.setattr(pool.subprocess, "Popen", lambda _, **options: real(command, **options))
    with pytest.raises(RuntimeError, match=words):
        Run("twins", [LONG]).result()


UNKNOWN = "minutes left not known yet"


@pytest.mark.parametrize(
    ("epochs", "lefts"),
    [
        # Between two epochs the time left falls.
        ((0, 1, 1, 7), [UNKNOWN, "03:30 min left", "03:00 min left", "00:12 min left"]),
        # What was trained before the wait makes nothing look faster.
        ((6, 7), [UNKNOWN, "00:30 min left"]),
        ((8,), []),
    ],
)
def test_the_progress_line_makes_sense_from_first_to_last(monkeypatch, capsys, epochs, lefts):
    """Half a minute passes between two looks at how many epochs are trained."""
    run, steps, clock = Run("twins", []), iter(epochs), [1000.0]
    run.jobs, run._epochs = [LONG], {LONG: next(steps)}

    def sleep(_):
        clock[0] += 30
        run._epochs[LONG] = next(steps, LONG.epochs)

    monkeypatch.setattr(pool, "time", SimpleNamespace(sleep=sleep, monotonic=lambda: clock[0]))
    monkeypatch.setattr(Run, "done", property(lambda self: self._epochs[LONG] == LONG.epochs))
    run._wait(math.inf, lambda: None)
    shown = [line.strip() for line in capsys.readouterr().out.split("\r") if line.strip()]
    begun = [f"{n} of 8 epochs trained" for n in epochs if n < 8]
    expected = [f"{line}, {left}" for line, left in zip(begun, lefts, strict=True)]
    assert shown == [*expected, "8 of 8 epochs trained", "8 of 8 epochs trained"]


# ---- in a notebook -------------------------------------------------------------------------------


def is_recording(records):
    return [record.job for record in records] == live_jobs("twins", 0)


STOPPED = """\
import time
from seminar_utils import experiments
live = experiments.start("twins", seed=0)
def interrupt(seconds):
    raise KeyboardInterrupt
time.sleep = interrupt
live.result()
"""


def test_the_stop_button_leaves_one_line(tmp_path):
    """In IPython as in a notebook: an error, so that Run All ends as well, but no traceback."""
    outcome = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=nocolor", "-c", STOPPED],
        env=os.environ | {"IPYTHONDIR": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    assert outcome.returncode != 0
    *progress, line = outcome.stdout.splitlines()
    assert all("epochs trained" in part or not part for part in progress)
    assert line.startswith("You stopped the live run. Run this cell again")


def test_the_recording_stands_in_for_a_late_run_and_after_the_stop_button(
    monkeypatch, started, capsys
):
    run = experiments.start("twins", seed=0)
    assert is_recording(run.result(timeout=0.1)) and run.is_live is False
    assert "The recorded seed 0 stands in." in capsys.readouterr().out
    monkeypatch.setattr(pool.time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run.result()
    monkeypatch.undo()
    assert wait_until(lambda: ended(started))
    assert is_recording(run.result()) and run.is_live is False


def test_live_false_runs_nothing(started, tmp_path, monkeypatch):
    run = experiments.start("twins", live=False)
    assert is_recording(run.result()) and run.is_live is False and not started
    monkeypatch.setattr(files, "DATA", tmp_path)
    with pytest.raises(ValueError, match="data/runs/twins has no record of plain-8, ResNet-8"):
        run.result()


def test_a_new_start_ends_the_old_run_and_a_wrong_one_leaves_it_alone(monkeypatch, started):
    """The start cell of a notebook is run twice: the workers of one run remain."""
    real = live.live_jobs
    monkeypatch.setattr(live, "live_jobs", lambda name, seed: [LONG])
    elsewhere = Run("twins", [LONG], workers=1)
    first, second = (experiments.start("twins") for _ in range(2))
    try:
        assert first.done and not second.done
        monkeypatch.setattr(live, "live_jobs", real)
        for name, words in (("triplets", "no experiment 'triplets': take"), ("heads", "too long")):
            with pytest.raises(ValueError, match=words):
                experiments.start(name)
        assert not second.done
        experiments.start("twins", live=False)
        assert second.done and not elsewhere.done
    finally:
        second.stop()
        elsewhere.stop()
    assert ended(started)


def test_a_live_run_goes_to_the_device_that_is_asked_for(monkeypatch, started, capsys):
    monkeypatch.setattr(live, "live_jobs", lambda name, seed: [QUICK])
    refused = "no device 'mps' here: take one of auto, "
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(ValueError, match=refused):
        experiments.start("twins", device="mps")
    assert not started
    (record,) = experiments.start("twins", device="cpu").result()
    assert record.job.device == "cpu" and "Trained on" not in capsys.readouterr().out
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    sent = []

    def do(run, job, process):
        sent.append(job)
        run._hear(job, {"record": asdict(replace(record, job=job))})
        return True

    monkeypatch.setattr(Run, "_run", do)
    (there,) = experiments.start("twins", device="auto").result()
    assert there.job.device == sent[0].device == "mps"
    assert "Trained on mps: not to be counted with recorded runs." in capsys.readouterr().out


def test_a_task_tells_a_worker_its_device(started):
    """Which the worker does not have."""
    run = Run("twins", [replace(QUICK, device="cuda")])
    with pytest.raises(RuntimeError, match=r"ResNet-8 failed with .*(CUDA|NVIDIA)"):
        run.result()
