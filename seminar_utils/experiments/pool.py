"""Run several jobs at once in the background, each on one thread in a process of its own.

Measured on two cores, two nets side by side train 40 % more images per second than one net on two
threads, and a net on one thread gives the same numbers however many cores there are.
Processes are started by ``subprocess``, not by ``multiprocessing``: the same on every system, and
nothing of the notebook is imported again. A process that is done takes the next job, because to
start one and load PyTorch takes seconds.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from seminar_utils.experiments.job import Job, Record
from seminar_utils.language import tr
from seminar_utils.machine import ONE_THREAD
from seminar_utils.training.loop import Score

__all__ = ["Run"]


class Run:
    """Jobs that are running; ask for their ``result`` when you need it.

    Args:
        name: The experiment that they belong to.
        jobs: What to do, of one seed; the longest come first.
        workers: Processes at a time, None for one per core.
        on_record: Called with each record as soon as it is there, one call at a time.
        files: Says for each job where ``run_job`` keeps what is ``unfinished``, and ``weights``;
            nothing is kept without it.

    Attributes:
        scores: Of each net, the training scores of the epochs that came in, oldest first.
    """

    def __init__(
        self,
        name: str,
        jobs: Sequence[Job],
        workers: int | None = None,
        on_record: Callable[[Record], None] = lambda record: None,
        files: Callable[[Job], dict[str, Path | None]] = lambda job: {},
    ):
        self.name, self.jobs = name, list(jobs)
        self._on_record, self._files = on_record, files
        self.scores: dict[str, list[Score]] = {job.net: [] for job in jobs}
        self._epochs = dict.fromkeys(jobs, 0)
        self._records: dict[Job, Record] = {}
        self._failures: list[str] = []
        self._stopped = False
        self._processes: list[subprocess.Popen] = []
        self._lock = threading.Lock()  # held to start a process, to stop all, and to keep a record
        # The longest first, so that none is left for the end.
        self._waiting = iter(sorted(jobs, key=lambda job: -job.cost * job.epochs))
        count = min(workers or os.cpu_count() or 1, len(jobs))
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
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
        try:
            self._wait(timeout, look)
        except KeyboardInterrupt:
            self.stop()
            raise
        if self._failures:
            raise RuntimeError("; ".join(failure.rstrip(".") for failure in self._failures) + ".")
        if missing := [job.net for job in self.jobs if job not in self._records]:
            raise RuntimeError(tr("{nets}: stopped before the end.", nets=", ".join(missing)))
        return [self._records[job] for job in self.jobs]

    def stop(self) -> None:
        """End all processes now; what they had not finished is lost."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                process.kill()
        for thread in self._threads:
            thread.join(timeout=2)

    def _wait(self, timeout: float, look: Callable[[], None]) -> None:
        begun, before, shown, ended = time.monotonic(), self._trained(), "", False
        work, reached = before, 0.0  # of the last epoch that came in
        try:
            while not ended and (seconds := time.monotonic() - begun) <= timeout:
                ended = self.done
                if self._trained() > work:
                    work, reached = self._trained(), seconds
                if (line := self._progress(work - before, reached, seconds)) != shown:
                    print("\r" + line.ljust(len(shown)), end="", flush=True)
                    shown = line
                look()
                if not ended:
                    time.sleep(0.1)
        finally:
            print(f"\r{shown}")
        if not ended:
            done, total = self._counts()
            sentence = "{done} of {total} epochs are trained; ask again later."
            raise TimeoutError(tr(sentence, done=done, total=total))

    def _progress(self, work: float, reached: float, seconds: float) -> str:
        """Return the progress line; ``work`` and ``seconds`` since the wait began.

        ``reached``: When the last epoch came in. The time left is judged by work, not by epochs.
        """
        done, total = self._counts()
        line = tr("{done} of {total} epochs trained", done=done, total=total)
        if done == total:
            return line
        if not work:
            return tr("{line}, minutes left not known yet", line=line)
        left = sum(job.cost * job.epochs for job in self.jobs) - self._trained()
        left = max(left * reached / work - (seconds - reached), 0)
        return tr("{line}, {time} min left", line=line, time=tqdm.format_interval(left))

    def _counts(self) -> tuple[int, int]:
        """Return how many epochs are trained, of how many."""
        return sum(self._epochs.values()), sum(job.epochs for job in self.jobs)

    def _trained(self) -> float:
        """Return the work that is done."""
        return sum(job.cost * done for job, done in self._epochs.items())

    def _work(self) -> None:
        """Take jobs one after another until none is left, in one process as long as it lives."""
        for job in self._waiting:
            try:
                if not (process := self._start()):
                    return
                # In this order: leaving ``process`` closes its pipes, which may be broken by then.
                with contextlib.suppress(BrokenPipeError), process:
                    while job is not None and self._run(job, process):
                        job = next(self._waiting, None)
                if job is not None and not self._stopped and not self._failures:
                    self._failures.append(f"{job.net} ended with exit code {process.wait()}")
            except Exception as error:
                self._failures.append(f"{job.net} failed with {type(error).__name__}: {error}")

    def _start(self) -> subprocess.Popen | None:
        """Start a worker that waits for its first job, unless the run was stopped."""
        with self._lock:
            if self._stopped:
                return None
            process = subprocess.Popen(
                [sys.executable, "-m", "seminar_utils.experiments.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                env=os.environ | ONE_THREAD,
                # Windows would open a black window for each worker.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            self._processes.append(process)
            return process

    def _run(self, job: Job, process: subprocess.Popen) -> bool:
        """Let a process do a job and return whether its record came."""
        task = {"experiment": self.name, "job": asdict(job), "files": self._files(job)}
        process.stdin.write(json.dumps(task, default=str) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            self._hear(job, message := json.loads(line))
            if "epoch" not in message:
                break
        return job in self._records

    def _hear(self, job: Job, message: dict) -> None:
        """Note what a process reports."""
        if "epoch" in message:
            self.scores[job.net].append(Score(message["error"], message["loss"]))
            self._epochs[job] = message["epoch"]
        elif "record" in message:
            record = Record.from_json(message["record"], type(job))
            with self._lock:
                self._on_record(record)
                self._records[job] = record
        else:
            self._failures.append(f"{job.net} failed with {message['failure']}")
