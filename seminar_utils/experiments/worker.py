"""The process around one job: ``python -m seminar_utils.experiments.worker``.

It reads the job as one line of JSON from its input, works on one thread, and answers in lines of
JSON: ``{"epoch": 3, "error": 21.5}`` after each epoch, then ``{"record": ...}`` or
``{"failure": "..."}``. When its input closes, its parent is gone or wants it gone, and it ends at
once; so it ignores Ctrl-C, which reaches all processes of a terminal and is its parent's business.
"""

import json
import os
import signal
import sys
import threading
from dataclasses import asdict

__all__ = ["main"]


def main() -> None:
    """Do the job on standard input and report on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    line = sys.stdin.readline()
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        report(record=work(json.loads(line)))
    except Exception as error:
        report(failure=f"{type(error).__name__}: {error}")


def work(description: dict) -> dict:
    """Run the described job and return its record, both in the form of JSON."""
    import torch

    from seminar_utils.experiments.jobs import as_json, job_from_json, run_job

    torch.set_num_threads(1)
    job = job_from_json(description)
    return as_json(run_job(job, lambda epoch, score: report(epoch=epoch, **asdict(score))))


def report(**content: object) -> None:
    """Write one line that the parent can read at once."""
    print(json.dumps(content), flush=True)


def end_with_parent() -> None:
    """Wait for the input to close, then end without any farewell."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
