"""Train one net of the papers: ``python -m seminar_utils.full_scale twins --net ResNet-34``.

On images that you have. The same command goes on where it was interrupted.
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path

from seminar_utils.experiments import records
from seminar_utils.experiments.__main__ import at_least_one, run_as_command
from seminar_utils.experiments.catalogue import AT_PAPER_SCALE, experiment
from seminar_utils.full_scale import runs
from seminar_utils.full_scale.distributed import launch, told_launcher
from seminar_utils.training.precision import PRECISIONS


def main() -> None:
    """Train the net and write its record; each of several processes comes through here again."""
    parser = argparse.ArgumentParser(prog="python -m seminar_utils.full_scale", description=__doc__)
    add = parser.add_argument
    add("experiment", choices=AT_PAPER_SCALE, help="what to run")
    add("--net", help="which of its nets, such as ResNet-34")
    add("--images", type=Path, help="folder of ImageNet or CIFAR-10")
    add("--seed", type=int, default=0, help="of first weights and batches")
    add("--loaders", type=int, default=0, help="processes that read pictures, for each that trains")
    add("--processes", type=at_least_one, default=1, help="that train together, one for each GPU")
    add("--precision", default="float32", choices=PRECISIONS, help="of convolutions")
    add("--compile", action="store_true", help="let torch.compile join operations (needs C++)")
    trial = "take so many steps, keep nothing, estimate the hours"
    add("--trial", type=at_least_one, help=trial)
    options = parser.parse_args()
    if options.processes > 1 and "RANK" not in os.environ:
        launch(options.processes, "seminar_utils.full_scale", *sys.argv[1:])
    else:
        _train(options)


@told_launcher()
def _train(options: argparse.Namespace) -> None:
    """Do this process's part."""
    name, seed = options.experiment, options.seed
    jobs = {job.net: job for job in experiment(name, "paper").jobs(seed)}
    if options.net not in jobs:
        raise ValueError(f"--net {options.net}: take one of {', '.join(map(repr, jobs))}.")
    if options.images is None:
        raise ValueError(f"--images is missing: where is {jobs[options.net].images}?")
    is_first = os.environ.get("RANK", "0") == "0"
    with records.locked(name, "paper") if is_first else contextlib.nullcontext():
        job = jobs[options.net]
        unfinished = records.files_of(name, job, "paper")["unfinished"]
        how = {"precision": options.precision, "compiled": options.compile, "trial": options.trial}
        record = runs.run_paper_job(job, options.images, unfinished, options.loaders, **how)
        if record is not None:
            records.save(name, record, "paper")


if __name__ == "__main__":
    run_as_command(main, "The same command goes on after the last whole epoch.")
