"""Record an experiment: ``python -m seminar_utils.experiments twins --seeds 5``.

A finished net is never run again, and an unfinished one goes on from its last whole epoch, so the
same command goes on where it was interrupted. Without a name the experiments are listed.
"""

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from seminar_utils.experiments import records
from seminar_utils.experiments.catalogue import EXPERIMENTS, experiment
from seminar_utils.experiments.job import Job
from seminar_utils.experiments.pool import Run
from seminar_utils.experiments.together import record_together
from seminar_utils.experiments.verdicts import SPLITS, compare, table
from seminar_utils.machine import device_of
from seminar_utils.training.precision import PRECISIONS


def main() -> None:
    """Run what is missing and write each net's record as soon as it is there."""
    options = _arguments()
    if options.experiment is None:
        for name, each in EXPERIMENTS.items():
            print(f"{name:12} {each.question}")
        return
    name, scale = options.experiment, options.scale
    found = experiment(name, scale)
    how = {"device": device_of(options.device), "precision": options.precision}
    is_looked_into = found.job.is_looked_into()
    if options.precision != "float32" and (is_looked_into or how["device"] != "cuda"):
        raise ValueError(
            f"--precision {options.precision} is for nets that train side by side on CUDA; those "
            f"of {name} on {how['device']} take float32: leave it out."
        )
    nets = [job.net for job in found.jobs(0)]
    if unknown := sorted(set(options.net or ()) - set(nets)):
        raise ValueError(f"--net {' '.join(unknown)}: take one of {', '.join(map(repr, nets))}.")
    print(found.about.strip())
    seeds = found.seeds[scale] if options.seeds is None else range(options.seeds)
    with records.locked(name, scale):
        for seed in seeds:
            jobs = [job for job in found.jobs(seed) if job.net in (options.net or nets)]
            missing = [job for job in jobs if not _is_recorded(name, job, scale)]
            print(f"seed {seed}: {len(jobs) - len(missing)} nets recorded, {len(missing)} to run")
            if not missing:
                continue
            _refuse_another_way(name, scale, how)
            missing = [replace(job, **how) for job in missing]
            if how["device"] != "cpu" and not is_looked_into:
                record_together(name, scale, missing)
                continue
            on_record = partial(records.save, name, scale=scale)
            files = partial(records.files_of, name, scale=scale)
            Run(name, missing, options.workers, on_record, files).result(timeout=math.inf)
    known = records.recorded(name, scale)
    seeds_of = defaultdict(set)
    for record in known:
        seeds_of[record.job.net].add(record.job.seed)
    pairs = [(net, other) for net, other in found.pairs if len(seeds_of[net] & seeds_of[other]) > 1]
    if pairs:
        print(table(*(compare(known, *pair, split) for pair in pairs for split in SPLITS)))
    for net in records.outdated(known):
        print(
            f"The record of {net} was made by another edition of the course, which trained it "
            f"differently: delete {records.folder(name, scale)} to record anew."
        )


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    command = "python -m seminar_utils.experiments"
    parser = argparse.ArgumentParser(prog=command, description=__doc__)
    add = parser.add_argument
    add("experiment", choices=EXPERIMENTS, nargs="?", help="what to run")
    scales = "seminar (minutes a seed); for twins, evening (hours) and figure-6 (a GPU)"
    add("--scale", default="seminar", help=scales)
    add("--seeds", type=at_least_one, help="how many, from 0 on; as many as are recorded")
    add("--workers", type=at_least_one, help="processes at a time; one per core")
    add("--net", nargs="+", help="only these nets, such as ResNet-20 plain-20")
    add("--device", default="cpu", help="cpu, cuda (nets side by side on a GPU), mps or auto")
    add("--precision", default="float32", choices=PRECISIONS, help="of convolutions on a GPU")
    return parser.parse_args()


def _refuse_another_way(name: str, scale: str, how: dict[str, str]) -> None:
    """Raise a ValueError if there are records that runs of this device do not belong to."""
    for job in (record.job for record in records.recorded(name, scale)):
        if {"device": job.device, "precision": job.precision} != how:
            raise ValueError(
                f"{records.folder(name, scale)} holds runs made on {job.device} in {job.precision},"
                f" and no other is ever compared with them: take --device {job.device} --precision "
                f"{job.precision}, or move that folder away to record anew."
            )


def _is_recorded(name: str, job: Job, scale: str) -> bool:
    """Return whether a job's record, and its weights if the course needs them, are there."""
    weights = records.files_of(name, job, scale)["weights"]
    jobs = [record.job for record in records.load(name, job.seed, scale)]
    return job in jobs and (weights is None or weights.exists())


def at_least_one(text: str) -> int:
    """Read a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def run_as_command(main: Callable[[], None], stopped: str) -> None:
    """Run a command; what a user can mend, and Ctrl-C, end it with one sentence."""
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(f"Stopped. {stopped}")
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    run_as_command(main, "Finished nets are kept; the same command goes on from there.")
