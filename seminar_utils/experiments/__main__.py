"""Record an experiment: ``python -m seminar_utils.experiments twins --seeds 5``.

A finished net is never run again, and an unfinished one goes on from its last whole epoch, so the
same command goes on where it was interrupted. Without a name the experiments are listed.
"""

import argparse
import sys
from functools import partial

from seminar_utils.experiments import records
from seminar_utils.experiments.catalogue import EXPERIMENTS, experiment
from seminar_utils.experiments.job import Job
from seminar_utils.experiments.pool import Run
from seminar_utils.experiments.together import PRECISIONS, device_of, record_together
from seminar_utils.experiments.verdicts import effects

DAY = 24 * 3600  # seconds


def main() -> None:
    """Run what is missing and write each net's record as soon as it is there."""
    options = arguments()
    if options.experiment is None:
        for name, each in EXPERIMENTS.items():
            print(f"{name:12} {each.question}")
        return
    name, scale = options.experiment, options.scale
    found = experiment(name, scale)
    device = device_of(options.device)
    if device.type == "cpu" and options.precision != "float32":
        raise ValueError(
            f"--precision {options.precision}: on a CPU nets are trained in float32 only; leave it "
            "out, or take --device cuda on a machine with a GPU."
        )
    nets = [job.net for job in found.jobs(0, scale)]
    if unknown := sorted(set(options.net or ()) - set(nets)):
        raise ValueError(f"--net {' '.join(unknown)}: take one of {', '.join(map(repr, nets))}.")
    print(found.about.strip())
    seeds = found.seeds[scale] if options.seeds is None else range(options.seeds)
    with records.locked(name, scale):
        for seed in seeds:
            jobs = [job for job in found.jobs(seed, scale) if job.net in (options.net or nets)]
            missing = [job for job in jobs if not is_recorded(name, job, scale)]
            print(f"seed {seed}: {len(jobs) - len(missing)} nets recorded, {len(missing)} to run")
            if not missing:
                continue
            if device.type != "cpu":
                record_together(name, scale, missing, device, options.precision)
                continue
            Run(
                name,
                missing,
                options.workers,
                on_record=partial(records.save, name, scale=scale),
                unfinished=partial(records.unfinished_path, name, scale=scale),
                weights=lambda job: records.weights_path(name, job.net, job.seed, scale),
            ).result(timeout=30 * DAY)
    known = records.recorded(name, scale)
    for pair, comparisons in effects(known, found.pairs).items():
        print(f"{' - '.join(pair)}")
        for comparison in comparisons:
            print(f"  {comparison}")
    for net in records.outdated(known):
        print(
            f"The record of {net} was made by another edition of the course, which trained it "
            f"differently: delete {records.folder(name, scale)} to record anew."
        )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m seminar_utils.experiments", description=__doc__
    )
    parser.add_argument("experiment", choices=EXPERIMENTS, nargs="?", help="what to run")
    parser.add_argument(
        "--scale",
        default="seminar",
        help="seminar (minutes a seed); for twins, evening (hours) and figure-6 (a GPU)",
    )
    parser.add_argument(
        "--seeds", type=at_least_one, help="how many, from 0 on; as many as are recorded"
    )
    parser.add_argument("--workers", type=at_least_one, help="processes at a time; one per core")
    parser.add_argument("--net", nargs="+", help="only these nets, such as ResNet-20 plain-20")
    parser.add_argument(
        "--device", default="cpu", help="cpu, cuda (several nets at once on a GPU) or auto"
    )
    parser.add_argument(
        "--precision", default="float32", choices=PRECISIONS, help="of convolutions on a GPU"
    )
    return parser.parse_args()


def is_recorded(name: str, job: Job, scale: str) -> bool:
    """Return whether a job's record, and its weights if the course needs them, are there."""
    weights = records.weights_path(name, job.net, job.seed, scale)
    jobs = [record.job for record in records.load(name, job.seed, scale)]
    return job in jobs and (weights is None or weights.exists())


def at_least_one(text: str) -> int:
    """Read a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped. Finished nets are kept; the same command goes on from there.")
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(str(error))
