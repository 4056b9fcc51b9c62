"""Record an experiment: ``python -m seminar_utils.experiments twins --seeds 5``.

Finished nets are kept and never run again, so an interrupted recording goes on where it stopped.
"""

import argparse
import sys
from functools import partial

from seminar_utils.experiments import records
from seminar_utils.experiments.live import EXPERIMENTS
from seminar_utils.experiments.running import Run


def main() -> None:
    """Run what is missing and write each net's record as soon as it is there."""
    parser = argparse.ArgumentParser(
        prog="python -m seminar_utils.experiments", description=__doc__
    )
    parser.add_argument("experiment", choices=EXPERIMENTS, help="what to run")
    parser.add_argument(
        "--seeds", type=at_least_one, help="how many, from 0 on; as many as are recorded"
    )
    parser.add_argument("--workers", type=at_least_one, help="processes at a time; one per core")
    options = parser.parse_args()
    experiment = EXPERIMENTS[options.experiment]
    print(experiment.__doc__.strip())
    for seed in experiment.SEEDS if options.seeds is None else range(options.seeds):
        have = {record.job for record in records.load(options.experiment, seed)}
        missing = [job for job in experiment.jobs(seed) if job not in have]
        print(f"seed {seed}: {len(have)} nets recorded, {len(missing)} to run")
        if missing:
            keep = partial(records.save, options.experiment)
            Run(missing, options.workers, keep).result(timeout=24 * 3600)


def at_least_one(text: str) -> int:
    """Read a whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a whole number from 1 on")
    return number


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped. Finished nets are kept; the same command goes on from there.")
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(str(error))
