"""How seconds and memory of a training step grow, and where they leave the straight line.

One number of a ResNet-20 of 8 filters on batches of 128 images of 14 x 14 is changed at a time; the
last panel is several processes that train one each. Memory is the most that tensors hold at one
moment of a step: weights, momentum, batch, what is kept for the backward pass, gradients, and
whatever lies between two operations. It is exact and the same on every machine; not counted are
what a single operation uses for itself, and Python with its libraries.

As both axes are logarithms, each line has the slope of what it should be proportional to: time of
layers, filters squared, pixels, images, and memory of the same but of filters as they are. It goes
through the largest point; several processes should take no longer than one, through which theirs
goes.
"""

import csv
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from bench import workers
from bench.rounds import Steps, quartiles, take_turns
from seminar_utils.experiments.job import ResidualJob
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.machine import processor

ROUNDS, STEPS = 7, 1
KEPT = Path(__file__).parent / "growth.csv"
LEAVES = 0.15  # share by which a point lies beside the line when it has left it
BASE = ResidualJob(net="ResNet-20", depth=20, shortcut="A", seed=0)


@dataclass(frozen=True)
class Dimension:
    """A number that is changed, and the powers of it with which time and memory should grow."""

    label: str
    values: Sequence[int]
    time: int = 1
    memory: int = 1
    through: int = -1  # index of the point through which the lines go


DIMENSIONS = {
    "depth": Dimension("layers", (8, 14, 20, 32, 56, 110)),
    "width": Dimension("filters", (4, 8, 16, 32, 64), time=2),
    "size": Dimension("pixels a side", (7, 14, 28), time=2, memory=2),
    "batch": Dimension("images in a batch", (16, 32, 64, 128, 256, 512)),
    "workers": Dimension("processes", workers.TOGETHER, time=0, through=0),
}


def job_of(dimension: str, value: int) -> ResidualJob:
    """Return the net in which one number is changed."""
    if dimension == "batch":
        return replace(BASE, recipe=replace(BASE.recipe, batch_size=value))
    return replace(BASE, **{dimension: value})


class Memory(TorchDispatchMode):
    """Counts the bytes of all tensors that come and go while it is active.

    Attributes:
        now, peak: Bytes held, now and at most.
    """

    def __init__(self, tensors: Sequence[Tensor]):
        super().__init__()
        self.now = self.peak = 0
        self.held: set[int] = set()
        for tensor in tensors:
            self.note(tensor)

    def note(self, tensor: Tensor) -> None:
        """Count a tensor's storage once, until it is freed."""
        storage = tensor.untyped_storage()
        if storage.data_ptr() in self.held or storage.nbytes() == 0:
            return
        self.held.add(storage.data_ptr())
        self.now += storage.nbytes()
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self.forget, storage.data_ptr(), storage.nbytes())

    def forget(self, address: int, size: int) -> None:
        """Take a freed storage off the count."""
        self.held.remove(address)
        self.now -= size

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for value in tree_leaves(result):
            if isinstance(value, Tensor):
                self.note(value)
        return result


def peak_bytes(steps: Steps) -> int:
    """Return the most bytes that tensors hold at one moment of a step."""
    steps(1)  # momentum comes with the first step
    steps.optimizer.zero_grad()
    with Memory(steps.tensors()) as memory:
        steps(1)
    return memory.peak


def measure(rounds: int) -> list[dict]:
    """Return a row for each value of each dimension: milliseconds, their quartiles, megabytes."""
    rows = []
    for dimension, of in DIMENSIONS.items():
        clock = time.process_time
        if dimension == "workers":
            clock = time.perf_counter
            ways, megabytes, stop = several_processes()
        else:
            nets = {value: Steps(job_of(dimension, value)) for value in of.values}
            megabytes = {value: peak_bytes(steps) / 1e6 for value, steps in nets.items()}
            ways = {value: partial(steps, STEPS) for value, steps in nets.items()}
            stop = nets.clear
        for value, seconds in take_turns(ways, rounds, clock).items():
            first, middle, third = (1000 * part / STEPS for part in quartiles(seconds))
            rows.append(
                {
                    "dimension": dimension,
                    "value": value,
                    "ms": f"{middle:.1f}",
                    "ms_first_quartile": f"{first:.1f}",
                    "ms_third_quartile": f"{third:.1f}",
                    "MB": f"{megabytes[value]:.2f}",
                    "n": rounds,
                    "machine": processor(),
                }
            )
        stop()
    return rows


def several_processes() -> tuple[dict[int, Callable], dict[int, float], Callable]:
    """Return for each number of processes what lets them train, and their tensors' megabytes."""
    started = [workers.start(BASE, threads=1) for _ in range(max(workers.TOGETHER))]
    for worker in started:
        worker.recv()
    one = peak_bytes(Steps(BASE)) / 1e6
    ways = {k: partial(workers.train_together, started[:k], STEPS) for k in workers.TOGETHER}
    return ways, {k: k * one for k in ways}, lambda: [worker.close() for worker in started]


def beside(rows: Sequence[Mapping], what: str) -> dict[int, float]:
    """Return by which share each point of a dimension lies above its line."""
    dimension = DIMENSIONS[rows[0]["dimension"]]
    power = dimension.memory if what == "MB" else dimension.time
    costs = {int(row["value"]): float(row[what]) / int(row["value"]) ** power for row in rows}
    through = costs[sorted(costs)[dimension.through]]
    return {value: cost / through - 1 for value, cost in costs.items()}


def sentence(name: str, rows: Sequence[Mapping]) -> str:
    """Say where a dimension's time and memory leave their lines."""
    parts = []
    for what, title in (("ms", "time"), ("MB", "memory")):
        offs = beside(rows, what).items()
        left = ", ".join(f"{value} ({off:+.0%})" for value, off in offs if abs(off) > LEAVES)
        parts.append(f"{title} {f'beside the line at {left}' if left else 'on the line'}")
    return f"{name}: {'; '.join(parts)}"


def kept() -> dict[str, list[dict]]:
    """Return the recorded rows of each dimension."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row for row in rows if row["dimension"] == name] for name in DIMENSIONS}


@styled
def picture() -> Picture:
    """Draw what was recorded: a panel for each dimension, time and memory over logarithms."""
    recorded, sentences = kept(), []
    figure, (*axes, key) = new_figure(3, 2, width=12.0, height=7.6)
    for axis, (name, rows) in zip(axes, recorded.items(), strict=True):
        dimension, values = DIMENSIONS[name], [int(row["value"]) for row in rows]
        for what, color, power in (
            ("ms", COLORS["blue"], dimension.time),
            ("MB", COLORS["orange"], dimension.memory),
        ):
            costs = [float(row[what]) for row in rows]
            at, anchor = values[dimension.through], costs[dimension.through]
            line = [anchor * (value / at) ** power for value in values]
            axis.plot(values, line, color=color, linewidth=1.5)
            for value, cost, off in zip(values, costs, beside(rows, what).values(), strict=True):
                face = "white" if abs(off) > LEAVES else color
                axis.plot(value, cost, "o", color=color, markerfacecolor=face, markersize=9)
        axis.set(xscale="log", yscale="log", title=name, xlabel=dimension.label)
        axis.set_xticks(values, [str(value) for value in values])
        axis.minorticks_off()
        sentences.append(sentence(name, rows))
    fewest = min(int(row["n"]) for rows in recorded.values() for row in rows)
    key.set_axis_off()
    for y, (text, color) in enumerate(
        (
            ("hollow: beside the line", COLORS["black"]),
            ("line: proportional", COLORS["black"]),
            ("memory, MB", COLORS["orange"]),
            ("time of a step, ms", COLORS["blue"]),
        )
    ):
        key.text(0.05, 0.25 + 0.15 * y, text, color=color, transform=key.transAxes)
    alt = (
        "Time and memory of a training step against depth, width, size of images, batch and number "
        "of processes, each with the line of what should be proportional; hollow points lie more "
        f"than {LEAVES:.0%} beside it. {'. '.join(sentences)}. "
        f"Medians of {fewest} or more on {rows[0]['machine']}."
    )
    return Picture(figure, "; ".join(sentences), alt)


def report(rounds: int) -> None:
    """Print a line for each point, keep them all, and say where they leave the lines."""
    rows = measure(rounds)
    with KEPT.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    for row in rows:
        print(
            f"{row['dimension']:<8} {row['value']:>4} {row['ms']:>8} ms "
            f"({row['ms_first_quartile']} to {row['ms_third_quartile']}) {row['MB']:>8} MB"
        )
    for name, of_dimension in kept().items():
        print(sentence(name, of_dimension))
