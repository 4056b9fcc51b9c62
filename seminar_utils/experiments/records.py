"""The recorded runs in ``data/runs/``: one JSON file per experiment and seed.

A record holds what was done (net, recipe, seed), what came out (errors and losses per epoch) and
where and when, and the losses of a tiny run that tell whether today's code still does the same.
"""

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path

from seminar_utils.experiments.jobs import Job, Record, as_json, fingerprint, from_json
from seminar_utils.files import DATA, write_atomically

__all__ = ["is_current", "load", "path_of", "save"]

SCHEMA = 1  # of the files; a change of their form takes the next number


def path_of(experiment: str, seed: int) -> Path:
    """Return where the runs of one seed are kept."""
    return DATA / "runs" / experiment / f"seed-{seed}.json"


def load(experiment: str, seed: int) -> list[Record]:
    """Return the recorded runs of one seed; none if nothing was recorded.

    Raises:
        ValueError: The file is damaged or of another form.
    """
    path = path_of(experiment, seed)
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise ValueError(f"schema {content['schema']} instead of {SCHEMA}")
        return [from_json(entry) for entry in content["records"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is not a record of runs ({type(error).__name__}: {error}): restore it with "
            f"`git checkout -- {path.name}` in its folder, or delete it and record again."
        ) from error


def save(experiment: str, record: Record) -> None:
    """Add one record and its fingerprint to its seed's file, in place of one of the same job."""
    record = replace(record, fingerprint=fingerprint_today(record.job))
    records = [old for old in load(experiment, record.job.seed) if old.job != record.job]
    records = sorted([*records, record], key=lambda each: (each.job.depth, each.job.net))
    content = {"schema": SCHEMA, "records": [as_json(each) for each in records]}
    path = path_of(experiment, record.job.seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(content, indent=1) + "\n")


def is_current(record: Record) -> bool:
    """Return whether today's code would still do what was recorded (half a second)."""
    found = fingerprint_today(record.job)
    pairs = zip(found, record.fingerprint, strict=True)
    return all(math.isclose(now, then, rel_tol=1e-9) for now, then in pairs)


@cache
def fingerprint_today(job: Job) -> tuple[float, ...]:
    """Return a job's fingerprint, computed once in a process."""
    return fingerprint(job)
