"""Nets of Figure 6's family side by side on a GPU, against a plain loop over the same batches.

The peak is that of a large matrix product in bfloat16; a share of it counts the multiply-adds of
convolutions and linear layers, forward and backward.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from statistics import median

import torch

from bench.rounds import multiply_adds
from seminar_utils.experiments import twins
from seminar_utils.experiments.together import Feed, Trainee
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import make_optimizer
from seminar_utils.training.precision import InPrecision

ROUNDS, STEPS = 5, 20
GROUPS = (("ResNet-20",), ("plain-20", "ResNet-20") * 3, ("plain-56", "ResNet-56") * 2)


def plain_loop(net: str, precision: str) -> Callable[[], int]:
    """Return a function that takes steps one by one and returns how many images passed."""
    job = replace(JOBS[net], precision=precision)
    model = InPrecision(job.build().to(job.device), job.device, precision).train()
    optimizer = make_optimizer(model, job.recipe)
    stream = chain.from_iterable(repeat(job.batches(torch.float32)[0]))

    def run() -> int:
        for _ in range(STEPS):
            images, labels = next(stream)
            loss = job.loss(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return STEPS * job.recipe.batch_size

    return run


def side_by_side(nets: tuple[str, ...], precision: str) -> Callable[[], int]:
    """Return a function that replays recorded steps and returns how many images passed."""
    nowhere = Checkpoint(Path(tempfile.gettempdir()) / "none", {})
    trainees = [Trainee(replace(JOBS[net], precision=precision), nowhere) for net in nets]
    feed = Feed(trainees[0].job, 0)
    for trainee in trainees:
        trainee.feed = feed
        trainee.record()
        trainee.begin_epoch()

    def run() -> int:
        for trainee in trainees:
            trainee.position.zero_()
        torch.cuda.synchronize()
        for _ in range(STEPS):
            for trainee in trainees:
                trainee.step()
        return len(nets) * STEPS * trainees[0].job.recipe.batch_size

    return run


def product() -> Callable[[], int]:
    """Return a function that multiplies 8192 x 8192 in bfloat16 and returns the multiply-adds."""
    matrix = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)

    def run() -> int:
        for _ in range(5):
            matrix @ matrix
        return 5 * 8192**3

    return run


JOBS = {job.net: replace(job, device="cuda") for job in twins.jobs(0, "figure-6")}


def report(rounds: int) -> None:
    """Print images per second of each way, or why there is nothing to print."""
    if not torch.cuda.is_available():
        print("There is no CUDA device here: nothing to measure.")
        return
    torch.backends.cudnn.benchmark = True
    ways = {("peak", "bfloat16"): product()}
    for nets in GROUPS:
        for precision in ("float32", "bfloat16"):
            ways["plain loop", nets[:1], precision] = plain_loop(nets[0], precision)
        ways["side by side", nets, "bfloat16"] = side_by_side(nets, "bfloat16")
    speeds = {way: [] for way in ways}
    for turn in range(rounds + 1):
        for way in list(ways)[:: 1 if turn % 2 else -1]:
            torch.cuda.synchronize()
            start = time.perf_counter()
            count = ways[way]()
            torch.cuda.synchronize()
            speeds[way].append(count / (time.perf_counter() - start))
    peak = median(speeds.pop(("peak", "bfloat16"))[1:])
    print(f"{torch.cuda.get_device_name()}: {2 * peak / 1e12:.0f} TFLOP/s in a matrix product")
    for (way, nets, precision), found in speeds.items():
        images = median(found[1:])
        share = images * multiply_adds(JOBS[nets[0]]) / JOBS[nets[0]].recipe.batch_size / peak
        name = f"{way} {len(nets)} x {nets[0]} {precision}"
        scatter = f"{min(found[1:]):,.0f} to {max(found[1:]):,.0f}"
        print(f"{name}: {images:,.0f} images/s ({scatter}), {share:.1%} of the peak")
