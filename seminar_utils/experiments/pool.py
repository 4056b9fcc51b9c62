"""Run several jobs at once in the background, one process and one thread each.

Measured on two cores, two nets side by side train 40 % more images per second than one net on two
threads, and a net on one thread gives the same numbers however many cores there are.
Processes are started by ``subprocess``, not by ``multiprocessing``: the same on every system, and
nothing of the notebook is imported again.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from seminar_utils.experiments.catalogue import experiment
from seminar_utils.experiments.job import Job, Record
from seminar_utils.machine import ONE_THREAD
from seminar_utils.training.loop import Score

__all__ = ["Run"]


class Run:
    """Jobs that are running; ask for their ``result`` when you need it.

    Args:
        name: The experiment that they belong to.
        jobs: What to do; the longest come first.
        workers: Processes at a time, None for one per core.
        on_record: Called with each record as soon as it is there, one call at a time.
        unfinished, weights: Say for each job in which file its state is kept while it runs and its
            trained weights in the end; None keeps nothing.

    Attributes:
        scores: Of each job, the training scores of the epochs that came in, oldest first.
    """

    def __init__(
        self,
        name: str,
        jobs: Sequence[Job],
        workers: int | None = None,
        on_record: Callable[[Record], None] = lambda record: None,
        unfinished: Callable[[Job], Path | None] = lambda job: None,
        weights: Callable[[Job], Path | None] = lambda job: None,
    ):
        if workers is not None and workers < 1:
            raise ValueError(f"workers={workers}: at least one process has to do the work.")
        self.name = name
        self.jobs = list(dict.fromkeys(jobs))
        self._files = {"unfinished": unfinished, "weights": weights}
        self.failures: list[str] = []
        self._records: dict[Job, Record] = {}
        self._on_record = on_record
        self._one_at_a_time = threading.Lock()
        self._starting = threading.Lock()  # held while a process starts, and to stop all
        self._waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
        for job in sorted(self.jobs, key=lambda job: -job.cost * job.epochs):
            self._waiting.put(job)
        self._epochs = dict.fromkeys(self.jobs, 0)
        self.scores: dict[Job, list[Score]] = {job: [] for job in self.jobs}
        self._processes: list[subprocess.Popen] = []
        self._stopped = False
        workers = min(workers or os.cpu_count() or 1, len(self.jobs))
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> bool:
        """Whether nothing runs any more."""
        return not any(thread.is_alive() for thread in self._threads)

    def result(
        self, timeout: float = 600.0, look: Callable[[], None] = lambda: None
    ) -> list[Record]:
        """Wait for the jobs, showing progress, and return their records in the order of the jobs.

        Ctrl-C or the stop button ends all processes.

        Args:
            timeout: Seconds to wait at most.
            look: Called ten times a second meanwhile.

        Raises:
            TimeoutError: The jobs need longer; they go on.
            RuntimeError: A job failed or was stopped.
        """
        deadline = time.monotonic() + timeout
        try:
            self._wait(deadline, look)
        except KeyboardInterrupt:
            self.stop()
            raise
        if self.failures:
            raise RuntimeError("; ".join(failure.rstrip(".") for failure in self.failures) + ".")
        if missing := [job.net for job in self.jobs if job not in self._records]:
            raise RuntimeError(f"{', '.join(missing)}: stopped before the end.")
        return [self._records[job] for job in self.jobs]

    def stop(self) -> None:
        """End all processes now; what they had not finished is lost."""
        with self._starting:
            self._stopped = True
            for process in self._processes:
                process.kill()
        for thread in self._threads:
            thread.join(timeout=2)

    def _wait(self, deadline: float, look: Callable[[], None] = lambda: None) -> None:
        total = sum(job.epochs for job in self.jobs)
        before = self._trained()  # nothing is known of its speed
        # On stdout and without a bar, so that the line survives in a saved notebook.
        with tqdm(
            total=sum(job.epochs * job.cost for job in self.jobs),
            initial=before,
            file=sys.stdout,
            bar_format=self._line(total, before),
            mininterval=1,
            smoothing=0,  # else the seconds without an epoch would not count
        ) as progress:
            while not self.done and time.monotonic() < deadline:
                self._show(progress, total)
                look()
                time.sleep(0.1)
            self._show(progress, total)
        if not self.done:
            done = sum(self._epochs.values())
            raise TimeoutError(f"{done} of {total} epochs are trained; ask again later.")

    def _show(self, progress: tqdm, total: int) -> None:
        """Bring the progress line up to date; the time left is judged by work, not by epochs."""
        progress.bar_format = self._line(total, progress.initial)
        progress.update(self._trained() - progress.n)

    def _line(self, total: int, before: float) -> str:
        """Return the form of the progress line, given the work that was done before the wait."""
        done = sum(self._epochs.values())
        line = f"{done} of {total} epochs trained"
        if done == total:
            return line
        unknown = self._trained() == before
        return line + (", minutes left not known yet" if unknown else ", {remaining} min left")

    def _trained(self) -> float:
        """Return the work that is done."""
        return sum(job.cost * done for job, done in self._epochs.items())

    def _work(self) -> None:
        """Take jobs one after another, until none is left."""
        while not self._stopped:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._run(job)

    def _run(self, job: Job) -> None:
        """Do one job in a process of its own; whatever goes wrong becomes a failure's sentence."""
        try:
            with self._starting:
                if self._stopped:
                    return
                process = start_process()
                self._processes.append(process)
            # In this order: leaving ``process`` closes its pipes, which may be broken by then.
            with contextlib.suppress(BrokenPipeError), process:
                process.stdin.write(json.dumps(self._task(job)) + "\n")
                process.stdin.flush()
                for line in process.stdout:
                    self._hear(job, json.loads(line))
        except Exception as error:
            self.failures.append(f"{job.net} failed with {type(error).__name__}: {error}")
            return
        if job not in self._records and not self._stopped and not self.failures:
            self.failures.append(f"{job.net} ended with exit code {process.wait()}")

    def _task(self, job: Job) -> dict:
        """Return what a worker needs to know."""
        files = {kind: path_of(job) for kind, path_of in self._files.items()}
        paths = {kind: path and str(path) for kind, path in files.items()}
        return {"experiment": self.name, "job": asdict(job), **paths}

    def _hear(self, job: Job, message: dict) -> None:
        """Note what a process reports."""
        if "epoch" in message:
            self.scores[job].append(Score(message["error"], message["loss"]))
            self._epochs[job] = message["epoch"]
        elif "record" in message:
            record = Record.from_json(message["record"], experiment(self.name).job)
            with self._one_at_a_time:
                self._on_record(record)
                self._records[job] = record
        else:
            self.failures.append(f"{job.net} failed with {message['failure']}")


def start_process() -> subprocess.Popen:
    """Start a worker that waits for its job."""
    return subprocess.Popen(
        [sys.executable, "-m", "seminar_utils.experiments.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env=os.environ | ONE_THREAD,
        # Windows would open a black window for each worker.
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
