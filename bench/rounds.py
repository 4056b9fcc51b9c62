"""What all measurements share: competitors that take turns, training steps, a matrix product."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median

import torch
from torch import Tensor

from seminar_utils.experiments.job import Job
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.training.loop import make_optimizer

__all__ = [
    "PRODUCT",
    "Steps",
    "alone",
    "matrix_product",
    "multiply_adds",
    "quartiles",
    "ratio",
    "scatter",
    "seconds",
    "spread",
    "take_turns",
]

PRODUCT = 4 * 1024**3  # multiply-adds of ``matrix_product``


class Steps:
    """A job's net; each call takes so many training steps on one and the same batch."""

    def __init__(self, job: Job):
        self.job = job
        self.model = job.build().to(memory_format=torch.channels_last)
        # The batch comes again and again: at the recipe's rate its loss would soon be zero.
        recipe = replace(job.recipe, learning_rate=1e-3)
        self.optimizer = make_optimizer(self.model, recipe)
        one_batch = replace(job, train_images=recipe.batch_size, test_images=1)
        self.images, self.labels = next(iter(one_batch.batches(torch.float32)[0]))

    def __call__(self, count: int) -> None:
        self.model.train()
        for _ in range(count):
            loss = self.job.loss(self.model(self.images), self.labels)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

    def tensors(self) -> list[Tensor]:
        """Return all that is there between two steps: weights, statistics, momentum, batch."""
        momenta = [state["momentum_buffer"] for state in self.optimizer.state.values()]
        model = self.model
        return [*model.parameters(), *model.buffers(), *momenta, self.images, self.labels]


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return how long it takes."""
    start = clock()
    work()
    return clock() - start


def take_turns(
    ways: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Return the seconds of each way, one entry per round; every other round goes backwards.

    A round before them is not counted. With ``time.process_time`` a thread's waiting for a busy
    core is not counted either.
    """
    taken = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name in list(ways)[:: 1 if turn % 2 else -1]:
            taken[name].append(seconds(ways[name], clock))
    return {name: of_rounds[1:] for name, of_rounds in taken.items()}


def alone(module: str, *arguments: str, **variables: str) -> dict[str, float]:
    """Let a module measure in a process of its own; return the JSON that it prints last."""
    command = [sys.executable, "-m", module, *arguments]
    environment = os.environ | variables
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def ratio(over: list[float], under: list[float]) -> float:
    """Return the median of the ratios taken within a round."""
    return median(a / b for a, b in zip(over, under, strict=True))


def spread(over: list[float], under: list[float]) -> str:
    """Return the ratio's median, and between which values the middle half of the rounds lies."""
    first, middle, third = quartiles([a / b for a, b in zip(over, under, strict=True)])
    return f"{middle:.2f} ({first:.2f} to {third:.2f}, n={len(over)})"


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Return the median between two values that have a quarter of all beyond them."""
    ordered, quarter = sorted(values), len(values) // 4
    return ordered[quarter], median(ordered), ordered[-1 - quarter]


def scatter(of_rounds: list[float]) -> float:
    """Return how far a round lies from the median of all, as a share of it, in the median."""
    middle = median(of_rounds)
    return median(abs(each - middle) for each in of_rounds) / middle


def matrix_product() -> None:
    """Multiply four times 1024 x 1024: about the most that a core can calculate."""
    a, b = torch.ones(2, 1024, 1024)
    for _ in range(4):
        torch.mm(a, b)


def multiply_adds(job: Job) -> int:
    """Return the work of one training step: once forward, twice that for the two gradients."""
    layers = layer_table(job.build(), (1, job.size, job.size), training=True)
    return 3 * layers.multiply_adds * job.recipe.batch_size
