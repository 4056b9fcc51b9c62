"""Seconds and memory of one training step against depth: is it a straight line?

Batches of 128 images of 14 x 14, width 8. Memory is the most that tensors hold at one moment of a
step: weights, momentum, batch, what is kept for the backward pass, gradients, and whatever lies
between two operations. It is exact and the same on every machine; not counted are what a single
operation uses for itself, and Python with its libraries.
"""

import weakref
from collections.abc import Sequence
from functools import partial
from statistics import linear_regression, median

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from bench.rounds import Steps, ratio, scatter, take_turns
from seminar_utils.experiments.job import ResidualJob

ROUNDS, STEPS = 7, 3
DEPTHS = (8, 14, 20, 32, 44, 56, 110)
KINDS = {"plain": None, "ResNet": "A"}
STRAIGHT = 0.05  # share by which a measured point may lie beside the line


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


def beside_the_line(x: Sequence[float], y: Sequence[float]) -> list[float]:
    """Return by which share of itself each point lies above the straight line of least squares."""
    slope, intercept = linear_regression(x, y)
    return [(b - (intercept + slope * a)) / b for a, b in zip(x, y, strict=True)]


def verdict(what: str, unit: str, values: Sequence[float]) -> str:
    """Return a sentence on whether a straight line goes through the values of all depths."""
    slope, intercept = linear_regression(DEPTHS, values)
    beside = dict(zip(DEPTHS, beside_the_line(DEPTHS, values), strict=True))
    far = [f"depth {depth} {off:+.0%}" for depth, off in beside.items() if abs(off) > STRAIGHT]
    shape = f"not straight: {', '.join(far)}" if far else "straight"
    largest = max(abs(off) for off in beside.values())
    return (
        f"{what}: {intercept:+.2f} {unit} and {slope:.3f} {unit} per layer, "
        f"at most {largest:.1%} beside the line: {shape}"
    )


def report(rounds: int) -> None:
    """Print a line for each depth, then the lines through them."""
    nets = {
        (kind, depth): Steps(
            ResidualJob(net=f"{kind}-{depth}", depth=depth, shortcut=shortcut, seed=0)
        )
        for kind, shortcut in KINDS.items()
        for depth in DEPTHS
    }
    taken = take_turns({net: partial(steps, STEPS) for net, steps in nets.items()}, rounds)
    milliseconds = {net: 1000 * median(of_rounds) / STEPS for net, of_rounds in taken.items()}
    megabytes = {net: peak_bytes(steps) / 1e6 for net, steps in nets.items()}
    largest = max(scatter(of_rounds) for of_rounds in taken.values())
    print(f"the rounds of one net scatter by up to {largest:.1%}")
    print("depth   plain: ms     MB   ResNet: ms     MB   ResNet/plain: time  memory")
    for depth in DEPTHS:
        plain, residual = ("plain", depth), ("ResNet", depth)
        print(
            f"{depth:>5} {milliseconds[plain]:>11.1f} {megabytes[plain]:>6.2f} "
            f"{milliseconds[residual]:>12.1f} {megabytes[residual]:>6.2f} "
            f"{ratio(taken[residual], taken[plain]):>19.2f} "
            f"{megabytes[residual] / megabytes[plain]:>7.2f}"
        )
    for kind in KINDS:
        times, sizes = ([of[kind, depth] for depth in DEPTHS] for of in (milliseconds, megabytes))
        print(verdict(f"{kind}, time", "ms", times))
        print(verdict(f"{kind}, memory", "MB", sizes))
