"""The process that does jobs: ``python -m seminar_utils.experiments.worker``.

It reads each task as a line of JSON from its input, works on one thread, and answers in lines of
JSON: ``{"epoch": 3, "error": 21.5}`` after each epoch, then ``{"record": ...}``, or
``{"failure": "..."}`` and it ends. When its input closes, its parent is gone or wants it gone, and
it ends at once; so it ignores Ctrl-C, which reaches all processes of a terminal and is its parent's
business.
"""

import gc
import json
import os
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue

__all__ = ["main"]


def main() -> None:
    """Do the jobs on standard input and report on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Only reports may reach the parent: whatever else prints goes where nobody reads.
    answers, sys.stdout = sys.stdout, sys.stderr

    def report(**content: object) -> None:
        print(json.dumps(content), file=answers, flush=True)

    tasks: SimpleQueue[str] = SimpleQueue()
    tasks.put(sys.stdin.readline())
    try:
        # Imported before the thread below waits on the input: on Windows, loading a library while
        # another thread reads from a pipe can wait for ever (numpy/numpy#24290). What they make
        # stays: to look through it for garbage again and again takes a sixth of the time.
        gc.disable()
        import torch

        from seminar_utils.experiments.catalogue import experiment
        from seminar_utils.experiments.job import run_job

        gc.freeze()
        gc.enable()
        threading.Thread(target=_receive, args=(tasks,), daemon=True).start()
        torch.set_num_threads(1)
        while True:
            task = json.loads(tasks.get())
            job = experiment(task["experiment"]).job.from_json(task["job"])
            files = {kind: path and Path(path) for kind, path in task["files"].items()}
            record = run_job(job, lambda n, score: report(epoch=n, **asdict(score)), **files)
            report(record=asdict(record))
    except Exception as error:
        report(failure=f"{type(error).__name__}: {error}")


def _receive(tasks: SimpleQueue) -> None:
    """Take what comes in; when the input closes, end without any farewell."""
    for line in sys.stdin:
        tasks.put(line)
    os._exit(1)


if __name__ == "__main__":
    main()
