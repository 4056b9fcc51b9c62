"""The recorded runs in ``data/runs/``: one JSON file per experiment, scale and seed.

A record holds what was done (net, recipe, seed), what came out (errors and losses per epoch) and
where and when, and the losses of a tiny run that tell whether today's code still does the same.
Beside them, in ``unfinished/``, lies the state of nets that are not finished yet.
"""

import json
import re
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock, Timeout
from torch import Tensor, nn

from seminar_utils import files
from seminar_utils.experiments.catalogue import experiment
from seminar_utils.experiments.job import Job, Record, fingerprint
from seminar_utils.files import cannot_write, write_atomically
from seminar_utils.training import checkpoints

__all__ = [
    "files_of",
    "fingerprint_today",
    "folder",
    "load",
    "locked",
    "outdated",
    "path_of",
    "recorded",
    "save",
    "test_images",
    "trained",
]

SCHEMA = 2  # of the files; a change of their form takes the next number


def folder(name: str, scale: str = "seminar") -> Path:
    """Return where an experiment's runs are kept."""
    return files.DATA / "runs" / (name if scale == "seminar" else f"{name}-{scale}")


def path_of(name: str, seed: int, scale: str = "seminar") -> Path:
    """Return where the runs of one seed are kept."""
    return folder(name, scale) / f"seed-{seed}.json"


def files_of(name: str, job: Job, scale: str = "seminar") -> dict[str, Path | None]:
    """Return where the state of an ``unfinished`` net and its trained ``weights`` are kept.

    Of most nets the course needs no weights: None.
    """
    # Without blanks and commas, such as both-heads-batch-norm-seed-0.pt.
    file = f"{re.sub('[^0-9A-Za-z.]+', '-', job.net)}-seed-{job.seed}.pt"
    is_kept = scale == "seminar" and job.seed == 0 and job.net in experiment(name).kept
    return {
        "unfinished": folder(name, scale) / "unfinished" / file,
        "weights": files.DATA / "checkpoints" / name / file if is_kept else None,
    }


def load(name: str, seed: int, scale: str = "seminar") -> list[Record]:
    """Return the recorded runs of one seed; none if nothing was recorded.

    Raises:
        ValueError: The file is damaged or of another form.
    """
    path = path_of(name, seed, scale)
    if not path.exists():
        return []
    job_class = experiment(name, scale).job
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] not in range(1, SCHEMA + 1):
            raise ValueError(f"schema {content['schema']} instead of {SCHEMA}")
        return [Record.from_json(entry, job_class) for entry in content["records"]]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is not a record of runs ({type(error).__name__}: {error}): restore it with "
            f"`git checkout -- {path.name}` in its folder, or delete it and record again."
        ) from error


def recorded(name: str, scale: str = "seminar") -> list[Record]:
    """Return what is recorded of an experiment: all its seeds, and only jobs of today's recipe."""
    found = experiment(name, scale)
    records = (record for seed in found.seeds[scale] for record in load(name, seed, scale))
    return [record for record in records if record.job in found.jobs(record.job.seed)]


def save(name: str, record: Record, scale: str = "seminar") -> None:
    """Add one record to its seed's file, in place of one of the same net."""
    seed = record.job.seed
    records = [old for old in load(name, seed, scale) if old.job.net != record.job.net]
    order = [job.net for job in experiment(name, scale).jobs(seed)]
    records.append(record)
    records.sort(key=lambda each: order.index(each.job.net) if each.job.net in order else -1)
    content = {"schema": SCHEMA, "records": [asdict(each) for each in records]}
    write_atomically(path_of(name, seed, scale), json.dumps(content, indent=1) + "\n")
    unfinished = files_of(name, record.job, scale)["unfinished"]
    for path in unfinished.parent.glob(f"{unfinished.stem}.*"):  # also of a net trained before it
        path.unlink()


@contextmanager
def locked(name: str, scale: str = "seminar"):
    """Keep other processes from recording the same experiment.

    The operating system opens the lock when the process ends, in whatever way.

    Raises:
        ValueError: Another process records it.
        OSError: The disk is full, or the folder is not yours to write in.
    """
    path = folder(name, scale) / "unfinished" / "lock"
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise ValueError(
            f"Another process is recording {name} ({scale}) into {folder(name, scale)}: wait until "
            "it is done, or stop it; what it has finished is kept."
        ) from None
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        for left in path.parent.glob(".*.tmp"):  # by a process that was killed while it wrote
            left.unlink()
        yield
    finally:
        lock.release()


def trained(name: str, net: str) -> nn.Module:
    """Return a recorded net of seed 0 with its trained weights, in evaluation mode."""
    found = experiment(name)
    if net not in found.kept:
        kept = ", ".join(found.kept) or "none"
        raise ValueError(f"The weights of {net!r} of {name} are not kept: kept are {kept}.")
    job = next(job for job in found.jobs(0) if job.net == net)
    path = files_of(name, job)["weights"]
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is missing: restore it with git, or run "
            f"`python -m seminar_utils.experiments {name}`."
        )
    model = job.build()
    model.load_state_dict(checkpoints.read(path))
    return model.eval()


def test_images(name: str, number: int = 10_000) -> tuple[Tensor, Tensor]:
    """Return the first test images, as an experiment's nets see them, and their labels.

    Returns:
        Images (N, C, H, W), normalised by the training images; labels (N,).

    Raises:
        ValueError: There is no such experiment, or it has fewer test images.
    """
    job = experiment(name).jobs(0)[0]
    if not 1 <= number <= job.test_images:
        raise ValueError(
            f"{name} has {job.test_images:,} test images, so there are no first {number:,}: "
            f"take 1 to {job.test_images:,}."
        )
    _, batches = replace(job, test_images=number).batches(torch.float32)
    images, labels = zip(*batches, strict=True)
    return torch.cat(images), torch.cat(labels)


def outdated(records: Sequence[Record]) -> list[str]:
    """Return the nets, judged by one seed, whose records today's code would not make again.

    Half a second a net. Runs that leave the range of numbers are alike, too.
    """
    found = []
    for net, record in {each.job.net: each for each in records if each.fingerprint}.items():
        then, now = record.fingerprint, fingerprint_today(record.job)
        same_length = len(now) == len(then)
        if not (same_length and np.allclose(now, then, rtol=1e-9, atol=0, equal_nan=True)):
            found.append(net)
    return found


def fingerprint_today(job: Job) -> tuple[float, ...]:
    """Return a job's fingerprint, computed once for all nets that differ in depth alone."""
    return _cached_fingerprint(replace(job.tiny(), net=""))


_cached_fingerprint = cache(fingerprint)
