"""The machine: how many threads a process of the course takes, and what its processor is called."""

import platform
from pathlib import Path

__all__ = ["KERNEL", "ONE_THREAD", "processor"]

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
