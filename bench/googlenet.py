"""Training steps of the small GoogLeNet: what heads and batch norm cost."""

from functools import partial
from statistics import median

from bench.rounds import PRODUCT, Steps, matrix_product, multiply_adds, ratio, take_turns
from seminar_utils.experiments import heads

ROUNDS, STEPS = 9, 5
NETS = ("no heads", "both heads", "no heads, batch norm", "both heads, batch norm")


def report(rounds: int) -> None:
    """Print a line for each net."""
    jobs = {job.net: job for job in heads.jobs(0) if job.net in NETS}
    ways = {net: partial(Steps(job), STEPS) for net, job in jobs.items()}
    taken = take_turns({**ways, "peak": matrix_product}, rounds)
    print("net                     images/s  against no heads  share of peak")
    for net, job in jobs.items():
        images = STEPS * job.recipe.batch_size / median(taken[net])
        speed = ratio(taken["no heads"], taken[net])
        share = ratio(taken["peak"], taken[net]) * STEPS * multiply_adds(job) / PRODUCT
        print(f"{net:<23} {images:>8,.0f} {speed:>16.2f}x {share:>14.0%}")
