"""Jobs in processes of their own: results, failures, the stop button, a parent that dies."""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, replace

import pytest
import torch

from seminar_utils import experiments, files
from seminar_utils.experiments import live, pool
from seminar_utils.experiments.job import ResidualJob, run_job
from seminar_utils.experiments.live import live_jobs
from seminar_utils.experiments.pool import Run, start_process

SMALL = {"seed": 3, "width": 4, "train_images": 128, "test_images": 100, "size": 7}
QUICK = ResidualJob(net="ResNet-8", depth=8, shortcut="A", **SMALL)
LONG = ResidualJob(net="plain-32", depth=32, shortcut=None, seed=0)
OTHER = replace(LONG, net="ResNet-32", shortcut="A")


def wait_until(condition, seconds=120.0):
    """Return whether a condition comes true; a busy machine gets its time."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_a_process_gives_the_same_numbers_as_this_one(capsys):
    other = replace(QUICK, net="plain-8", shortcut=None)
    heard = []
    done = Run("twins", [QUICK, other], on_record=heard.append).result(timeout=100)
    assert [record.job for record in done] == [QUICK, other]
    torch.set_num_threads(1)  # sums of floats depend on the number of threads
    assert done[0].history.train == run_job(QUICK).history.train
    assert len(heard) == 2
    out, err = capsys.readouterr()
    assert "16 of 16 epochs trained" in out and not err


def test_stop_ends_all_processes_at_once(capsys):
    run = Run("twins", [LONG, OTHER], workers=2)
    assert wait_until(lambda: len(run._processes) == 2)
    time.sleep(1)
    run.stop()
    assert all(process.poll() is not None for process in run._processes)
    with pytest.raises(RuntimeError, match="stopped before the end"):
        run.result(timeout=5)


def test_an_interrupt_while_waiting_stops_the_run(monkeypatch):
    run = Run("twins", [LONG], workers=1)
    assert wait_until(lambda: len(run._processes) == 1)

    def interrupt(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(pool.time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run.result(timeout=60)
    monkeypatch.undo()
    assert wait_until(lambda: run._processes[0].poll() is not None)


def test_late_results_raise_and_go_on():
    run = Run("twins", [LONG], workers=1)
    with pytest.raises(TimeoutError, match="0 of 8 epochs"):
        run.result(timeout=0.2)
    assert not run.done
    run.stop()


def test_a_failure_is_reported_in_one_sentence():
    broken = replace(LONG, net="ResNet-9", depth=9)
    with pytest.raises(
        RuntimeError, match=r"ResNet-9 failed with ValueError: depth=9 is not 6n\+2"
    ):
        Run("twins", [broken]).result(timeout=60)


@pytest.mark.parametrize("workers", [1, 2])
def test_one_net_that_fails_fails_the_run(workers):
    """The other one's record is kept all the same, but half a run never passes for a whole one."""
    broken = replace(QUICK, net="ResNet-9", depth=9)
    heard = []
    run = Run("twins", [QUICK, broken], workers, on_record=heard.append)
    with pytest.raises(RuntimeError, match="ResNet-9 failed with ValueError"):
        run.result(timeout=120)
    assert wait_until(lambda: run.done) and [record.job for record in heard] == [QUICK]
    with pytest.raises(RuntimeError, match="ResNet-9 failed"):
        run.result(timeout=120)


def test_one_net_that_ends_without_a_record_fails_the_run(monkeypatch):
    """Whether it was killed or ended by itself, and whatever the others did."""
    silent = [sys.executable, "-c", "input()"]  # ends with exit code 0 and says nothing
    real, started = pool.start_process, []

    def start():
        started.append(1)
        if len(started) == 1:
            return real()
        return subprocess.Popen(silent, stdin=-1, stdout=-1, encoding="utf-8")

    monkeypatch.setattr(pool, "start_process", start)
    other = replace(QUICK, net="plain-8", shortcut=None)
    run = Run("twins", [QUICK, other], workers=1)
    with pytest.raises(RuntimeError, match="plain-8 ended with exit code 0"):
        run.result(timeout=120)


def test_a_process_that_is_killed_is_reported():
    run = Run("twins", [LONG], workers=1)
    assert wait_until(lambda: len(run._processes) == 1)
    run._processes[0].kill()
    with pytest.raises(RuntimeError, match="plain-32 ended with exit code"):
        run.result(timeout=120)


def test_a_process_ends_when_its_parent_is_gone():
    process = start_process()
    task = {"experiment": "twins", "job": asdict(LONG), "unfinished": None, "weights": None}
    process.stdin.write(json.dumps(task) + "\n")
    process.stdin.close()
    assert process.wait(timeout=120) != 0


def test_no_process_outlives_a_killed_notebook():
    code = (
        "import time; from tests.experiments.test_pool import LONG, Run, wait_until;"
        "run = Run('twins', [LONG], workers=1); wait_until(lambda: run._processes);"
        "print(run._processes[0].pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    psutil = pytest.importorskip("psutil")  # comes with ipykernel
    assert wait_until(
        lambda: not psutil.pid_exists(worker) or psutil.Process(worker).status() == "zombie"
    )


def test_recorded_runs_stand_in_for_a_late_live_run(capsys):
    live = experiments.start("twins", seed=0)
    found = live.result(timeout=0.1)
    live.stop()
    assert live.is_live is False
    assert [record.job for record in found] == live_jobs("twins", 0)
    assert "The recorded seed 0 stands in." in capsys.readouterr().out


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
    assert all("epochs trained" in part or "min left" in part or not part for part in progress)
    assert line.startswith("You stopped the live run. Run this cell again")


def test_after_the_stop_button_the_recording_stands_in(monkeypatch):
    live = experiments.start("twins", seed=0)
    run = live._run

    def interrupt(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(pool.time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        live.result()
    monkeypatch.undo()
    assert wait_until(lambda: run.done)
    assert [record.job for record in live.result()] == live_jobs("twins", 0)
    assert live.is_live is False


def test_live_false_runs_nothing(monkeypatch):
    monkeypatch.setattr(pool, "start_process", lambda: pytest.fail("a process was started"))
    live = experiments.start("twins", live=False)
    assert [record.job for record in live.result()] == live_jobs("twins", 0)
    assert live.is_live is False


def test_unknown_experiment_gets_one_clear_sentence():
    with pytest.raises(ValueError, match="no experiment 'triplets': take one of"):
        experiments.start("triplets")


def test_stop_right_after_the_start_leaves_no_process():
    for _ in range(10):
        run = Run("twins", [LONG, OTHER], workers=2)
        run.stop()
        assert run.done and all(process.poll() is not None for process in run._processes)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("print('not JSON', flush=True)", "JSONDecodeError"),
        ("import sys; sys.stdin.close(); sys.exit(3)", "exit code 3"),
    ],
)
def test_a_broken_worker_is_a_sentence_and_not_a_hang(monkeypatch, program, words):
    real = subprocess.Popen
    command = [sys.executable, "-c", program]
    monkeypatch.setattr(pool.subprocess, "Popen", lambda _, **options: real(command, **options))
    with pytest.raises(RuntimeError, match=words):
        Run("twins", [LONG]).result(timeout=30)


def test_a_record_that_cannot_be_kept_is_a_sentence():
    def full(record):
        raise OSError("disk full")

    with pytest.raises(RuntimeError, match="ResNet-8 failed with OSError: disk full"):
        Run("twins", [QUICK], on_record=full).result(timeout=60)


def test_missing_records_get_one_clear_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "DATA", tmp_path)
    with pytest.raises(ValueError, match="data/runs/twins has no record of plain-8, ResNet-8"):
        experiments.start("twins", live=False).result()


def test_a_new_start_ends_the_old_run(monkeypatch):
    """The start cell of a notebook is run three times: the workers of one run remain."""
    monkeypatch.setattr(live, "live_jobs", lambda name, seed: [LONG, OTHER])
    runs = [experiments.start("twins") for _ in range(3)]
    elsewhere = Run("twins", [LONG], workers=1)
    try:
        assert all(old._run.done for old in runs[:2])
        workers = [process for old in runs[:2] for process in old._run._processes]
        assert all(process.poll() is not None for process in workers)
        assert not runs[2]._run.done and not elsewhere.done
        experiments.start("twins", live=False)
        assert runs[2]._run.done and not elsewhere.done
    finally:
        runs[2].stop()
        elsewhere.stop()


def test_a_wrong_start_leaves_the_old_run_alone(monkeypatch):
    monkeypatch.setattr(live, "live_jobs", lambda name, seed: [LONG])
    old = experiments.start("twins")
    monkeypatch.undo()
    with pytest.raises(ValueError, match="no experiment 'triplets'"):
        experiments.start("triplets")
    assert not old._run.done
    old.stop()


@pytest.fixture
def progress(monkeypatch):
    """Return a function that shows the progress of a run whose nets have trained so many epochs."""

    def show(*epochs):
        run = Run("twins", [])
        run.jobs = [LONG]
        steps = iter(epochs)
        run._epochs = {LONG: next(steps)}

        def sleep(_):
            clock[0] += 30
            run._epochs[LONG] = next(steps, LONG.epochs)

        clock = [1000.0]
        monkeypatch.setattr(pool.time, "sleep", sleep)
        monkeypatch.setattr("tqdm.std.time", lambda: clock[0])
        done = property(lambda self: self._epochs[LONG] == LONG.epochs)
        monkeypatch.setattr(Run, "done", done)
        run._wait(float("inf"))

    return show


def lines(capsys):
    return [line.strip() for line in capsys.readouterr().out.split("\r") if line.strip()]


def test_the_progress_line_makes_sense_from_the_first_second_to_the_last(progress, capsys):
    progress(0, 0, 1, 7)
    assert lines(capsys)[:-1] == [
        "0 of 8 epochs trained, minutes left not known yet",
        "0 of 8 epochs trained, minutes left not known yet",
        "1 of 8 epochs trained, 07:00 min left",
        "7 of 8 epochs trained, 00:12 min left",
        "8 of 8 epochs trained",
    ]


def test_what_was_trained_before_the_wait_makes_nothing_look_faster(progress, capsys):
    progress(6, 7)
    assert lines(capsys)[:2] == [
        "6 of 8 epochs trained, minutes left not known yet",
        "7 of 8 epochs trained, 00:30 min left",
    ]


def test_a_run_that_has_ended_has_no_minutes_left(progress, capsys):
    progress(8)
    assert set(lines(capsys)) == {"8 of 8 epochs trained"}
