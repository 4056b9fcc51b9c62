"""Training in bfloat16 against float32: how much faster, and do the results differ?

Weights, sums and the loss stay float32; autocast rounds what goes into convolutions and the linear
layer. A difference within the spread of the seeds says nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from statistics import mean, median

import torch
from torch import nn

from bench.rounds import Steps, ratio, take_turns
from seminar_utils.experiments import twins
from seminar_utils.experiments.job import ResidualJob
from seminar_utils.training.precision import InPrecision

ROUNDS, STEPS = 5, 2
SEEDS = (0, 1, 2)
# What processors call multiplying bfloat16; without one of them it is done in float32 anyway.
INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16")


class Bfloat16Job(ResidualJob):
    """A residual or plain net that is trained and tested in bfloat16."""

    def build(self, dtype: torch.dtype = torch.float32) -> nn.Module:
        return InPrecision(super().build(dtype), "cpu", "bfloat16")


def in_bfloat16(job: ResidualJob) -> Bfloat16Job:
    """Return the same job in bfloat16."""
    return Bfloat16Job.from_json(asdict(job))


def instructions() -> list[str]:
    """Return which instructions for bfloat16 this processor has."""
    capabilities = torch.cpu.get_capabilities()
    return [name for name in INSTRUCTIONS if capabilities.get(name)]


def report_speed(jobs: Sequence[ResidualJob], rounds: int) -> None:
    """Print how much faster each net trains."""
    print("net                          ms a step: float32  bfloat16  times as fast")
    for job in jobs:
        ways = {"float32": Steps(job), "bfloat16": Steps(in_bfloat16(job))}
        taken = take_turns({way: partial(steps, STEPS) for way, steps in ways.items()}, rounds)
        each = [1000 * median(of_rounds) / STEPS for of_rounds in taken.values()]
        faster = ratio(taken["float32"], taken["bfloat16"])
        print(f"{job.net:<28} {each[0]:>18.1f} {each[1]:>9.1f} {faster:>13.2f}x")


def errors(job: ResidualJob) -> dict[str, float]:
    """Return the last epoch's training error and the test error, in %."""
    _, record = job.train(torch.float32)
    history = record.history
    return {"training": history.train[-1].error, "test": history.test.error}


def report_results(net: str, seeds: Sequence[int]) -> None:
    """Print the errors of a twin in float32 and what bfloat16 changes, seed by seed."""
    jobs = [job for seed in seeds for job in twins.jobs(seed) if job.net == net]
    pairs = [(errors(job), errors(in_bfloat16(job))) for job in jobs]
    print(f"{net}, {jobs[0].epochs} epochs, seeds {', '.join(map(str, seeds))}: error in %")
    for split in ("training", "test"):
        full = [before[split] for before, _ in pairs]
        change = [after[split] - before[split] for before, after in pairs]
        print(f"{split:>8}: float32", *(f"{error:.2f}" for error in full), end="; ")
        print("bfloat16 minus float32", *(f"{points:+.2f}" for points in change), end=", ")
        print(f"mean {mean(change):+.2f} points")


def report(rounds: int) -> None:
    """Print speed and results, or why there is nothing to print."""
    found = instructions()
    if not found:
        print("This processor has no instructions for bfloat16: nothing to measure.")
        return
    print(f"instructions: {', '.join(found)}")
    small = [job for job in twins.jobs(0) if job.net in ("plain-32", "ResNet-32")]
    larger = [
        ResidualJob(
            net=f"{job.net}, width 16, 28 x 28",
            depth=job.depth,
            shortcut=job.shortcut,
            seed=0,
            width=16,
            size=28,
        )
        for job in small
    ]
    report_speed([*small, *larger], rounds)
    report_results("ResNet-8", SEEDS[:rounds])
