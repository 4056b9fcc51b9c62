"""What the time of a training step goes to, in torch.profiler's view.

Shares of the sum over all operations; the profiler's own cost makes small operations look larger.
"""

import os
from statistics import median

from torch.profiler import ProfilerActivity, profile

from bench.rounds import Steps
from seminar_utils.experiments import heads, twins

ROUNDS, STEPS = 3, 5
NETS = {"ResNet-32": "ResNet-32", "both heads": "GoogLeNet, both heads"}
# The profiler's names for forward and backward, each with all that it calls.
PARTS = {
    "convolution": ("aten::conv2d", "ConvolutionBackward0"),
    "batch norm": ("aten::batch_norm", "NativeBatchNormBackward0"),
    "ReLU": ("aten::relu", "ReluBackward0"),
    "max pool": ("aten::max_pool2d", "MaxPool2DWithIndicesBackward0"),
    "optimizer": ("Optimizer.step#_PlainSGD.step",),
}


def profiled(steps: Steps, count: int) -> dict[str, float]:
    """Return the share of so many steps that each operation takes with all that it calls."""
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        steps(count)
    events = profiler.key_averages()
    everything = sum(event.self_cpu_time_total for event in events)
    return {event.key: event.cpu_time_total / everything for event in events}


def in_parts(operations: dict[str, float]) -> dict[str, float]:
    """Return the share of each part; what belongs to none is the rest."""
    found = {part: sum(operations.get(name, 0) for name in names) for part, names in PARTS.items()}
    return {**found, "rest": 1 - sum(found.values())}


def report(rounds: int) -> None:
    """Print a line of shares for a residual net and for a GoogLeNet without batch norm."""
    os.environ.setdefault("KINETO_LOG_LEVEL", "6")  # else it reports each start and stop
    print(f"{'net':<21}", *(f"{part:>12}" for part in [*PARTS, "rest"]))
    for job in [*twins.jobs(0), *heads.jobs(0)]:
        if job.net not in NETS:
            continue
        steps = Steps(job)
        steps(STEPS)
        found = [in_parts(profiled(steps, STEPS)) for _ in range(rounds)]
        medians = [median(of_round[part] for of_round in found) for part in found[0]]
        print(f"{NETS[job.net]:<21}", *(f"{share:>12.0%}" for share in medians))
