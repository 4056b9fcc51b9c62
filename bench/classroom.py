"""The live run of a lesson: what its steps and tests would gain from other ways, and its length.

Each way against the code as it is, in one and the same round; below 1 it is faster. "Same" says
whether the numbers stay the same to the last bit.
"""

import copy
import json
import shutil
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torch.optim import SGD

from bench.rounds import (
    PRODUCT,
    Steps,
    alone,
    matrix_product,
    multiply_adds,
    seconds,
    spread,
    take_turns,
)
from bench.watch import finish
from seminar_utils import experiments
from seminar_utils.experiments import twins
from seminar_utils.experiments.job import Job
from seminar_utils.models.resnet import ResNet
from seminar_utils.training.loop import evaluate

ROUNDS, STEPS = 9, 3
NETS = ("ResNet-32", "ResNet-8")
# For a processor without AVX-512, as far as one that has it can stand for that.
AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
}
KINDS = {"as it is": {}, "told to use AVX2": AVX2}
LIVE = [job for job in twins.jobs(0) if job.net in twins.EXPERIMENT.live]


def in_place(steps: Steps) -> None:
    """Let ReLU overwrite its input."""
    for module in steps.model.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = True


def channels_first(steps: Steps) -> None:
    """Leave weights and images as PyTorch makes them."""
    steps.model.to(memory_format=torch.contiguous_format)


def optimizer_by(steps: Steps, **kind: bool) -> None:
    """Take another of PyTorch's implementations of SGD."""
    first = steps.optimizer.param_groups[0]
    how = {name: first[name] for name in ("lr", "momentum", "weight_decay")}
    steps.optimizer = SGD(steps.model.parameters(), **how, **kind)


def compiled(steps: Steps) -> None:
    """Let torch.compile join batch norm and ReLU."""
    steps.model.compile()


WAYS = {
    "as it is": lambda steps: None,
    "as it is, once more": lambda steps: None,
    "ReLU in place": in_place,
    "not channels last": channels_first,
    "SGD foreach": partial(optimizer_by, foreach=True),
    "SGD one by one": partial(optimizer_by, foreach=False),
    "torch.compile": compiled,
}


def folded(model: ResNet) -> ResNet:
    """Return the net for tests alone, each batch norm folded into the convolution before it."""
    model = copy.deepcopy(model).eval()
    for part in [model, *(block for blocks in model.stages for block in blocks)]:
        for number in ("1", "2"):
            if convolution := getattr(part, f"conv{number}", None):
                fused = fuse_conv_bn_eval(convolution, getattr(part, f"bn{number}"))
                setattr(part, f"conv{number}", fused)
                setattr(part, f"bn{number}", nn.Identity())
    return model.to(memory_format=torch.channels_last)


def tests_of(job: Job, model: ResNet) -> dict[str, Callable]:
    """Return ways to test a net on all test images."""
    _, batches = job.batches(torch.float32)
    ways = {"as it is": partial(evaluate, model, batches)}
    ways["as it is, once more"] = ways["as it is"]
    ways["batch norm folded"] = partial(evaluate, folded(model), batches)
    for size in (250, 5000):
        images, labels = (torch.cat(parts).split(size) for parts in zip(*batches, strict=True))
        ways[f"{size} at a time"] = partial(evaluate, model, [*zip(images, labels, strict=True)])
    return ways


def compare(title: str, ways: dict[str, Callable], results: dict, rounds: int) -> float:
    """Print a table of ratios; return the seconds of the first way."""
    taken = take_turns(ways, rounds, time.process_time)
    first = next(iter(ways))
    print(f"{title}: {1000 * median(taken[first]):.0f} ms as it is; time against that, same bits?")
    for way in list(ways)[1:]:
        same = "same" if results[way] == results[first] else "not the same"
        print(f"  {way:<22} {spread(taken[way], taken[first]):<29} {same}")
    return median(taken[first])


def steps_of(job: Job) -> tuple[dict[str, Callable], dict]:
    """Return ways to take steps, and the sum of all weights after some by each."""
    ways, results = {}, {}
    for name, change in WAYS.items():
        if change is compiled and not any(map(shutil.which, ("c++", "g++", "clang++"))):
            print("There is no C++ compiler here: torch.compile is left out.")
            continue
        steps = Steps(job)
        change(steps)
        took = seconds(partial(steps, 3))
        if change is compiled:
            print(f"{job.net}: torch.compile takes {took:.0f} s before it is of use")
        results[name] = [weight.double().sum().item() for weight in steps.model.parameters()]
        ways[name] = partial(steps, STEPS)
    return ways, results


def report(rounds: int) -> None:
    """Print both tables for a deep and a shallow net, then the whole run."""
    for job in (job for job in LIVE if job.net in NETS):
        ways, results = steps_of(job)
        compare(f"{job.net}, {STEPS} steps", ways, results, rounds)
        tests = tests_of(job, Steps(job).model)
        compare(f"{job.net}, test", tests, {way: test() for way, test in tests.items()}, rounds)
    runs = {kind: [] for kind in KINDS}
    for turn in range(min(rounds, 3)):
        for kind in list(KINDS)[:: -1 if turn % 2 else 1]:
            runs[kind].append(alone("bench.classroom", **KINDS[kind]))
    print("four nets, and that against their steps on two cores at the speed of a matrix product:")
    for kind, found in runs.items():
        took, ideal = ([each[part] for each in found] for part in ("seconds", "ideal"))
        print(f"  {kind:<22} {median(took):.1f} s, {spread(took, ideal)} times")


def live_run() -> dict[str, float]:
    """Return the seconds of the four nets, and of their steps if each were a matrix product."""
    torch.set_num_threads(1)
    peak = median(take_turns({"peak": matrix_product}, 5)["peak"])
    steps = [job.recipe.steps(job.train_images // job.recipe.batch_size) for job in LIVE]
    work = sum(count * multiply_adds(job) for count, job in zip(steps, LIVE, strict=True))
    took = seconds(lambda: finish((run := experiments.start("twins", 0)).result(600), run))
    return {"seconds": took, "ideal": peak * work / PRODUCT / 2}


if __name__ == "__main__":
    print(json.dumps(live_run()))
