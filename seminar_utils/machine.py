"""The machine: threads of a process of the course, name of the processor, how long a call takes."""

import platform
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

__all__ = ["KERNEL", "ONE_THREAD", "milliseconds", "processor"]

KERNEL = "SEMINAR_KERNEL"  # variable of kernels that are "recorded", or "compared" by nbval

# Sums of floats come out the same whatever the number of cores, and a kernel takes nothing from
# the workers that train beside it.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def processor(device: str = "cpu") -> str:
    """Name the processor or GPU: rounding, and so every later digit of a run, depends on it."""
    import torch  # JupyterLab is started without it

    if device != "cpu":
        return torch.cuda.get_device_name(device)
    name = platform.processor()
    information = Path("/proc/cpuinfo")  # Linux leaves ``platform.processor`` empty
    if information.exists():
        lines = information.read_text(encoding="utf-8").splitlines()
        names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
        name = names[0] if names else name
    return f"{name or platform.machine()}, {torch.backends.cpu.get_cpu_capability()}"


def milliseconds(call: Callable[[], object], rounds: int = 7) -> float:
    """Return how long a call takes here: the median of some rounds, after one that warms up."""
    seconds = []
    for _ in range(rounds + 1):
        start = perf_counter()
        call()
        seconds.append(perf_counter() - start)
    return 1000 * median(seconds[1:])
