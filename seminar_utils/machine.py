"""The machine: threads of a process of the course, its device, and what its processor is called."""

import platform
from pathlib import Path

from seminar_utils.language import tr

__all__ = ["KERNEL", "ONE_THREAD", "device_of", "processor"]

KERNEL = "SEMINAR_KERNEL"  # variable of kernels that are "recorded", or "compared" by nbval

# Sums of floats come out the same whatever the number of cores, and a kernel takes nothing from
# the workers that train beside it.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def device_of(name: str) -> str:
    """Return "cuda", "mps" (an Apple GPU) or "cpu": what is named, or for "auto" the first here.

    Raises:
        ValueError: There is no such device here.
    """
    import torch  # JupyterLab is started without it

    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    here = [device for device, is_here in {**found, "cpu": True}.items() if is_here]
    if name not in ("auto", *here):
        said = {"name": name, "here": ", ".join(here)}
        raise ValueError(tr("There is no device {name!r} here: take one of auto, {here}.", **said))
    return here[0] if name == "auto" else name


def processor(device: str = "cpu") -> str:
    """Name the processor or GPU: rounding, and so every later digit of a run, depends on it."""
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    name = platform.processor()
    information = Path("/proc/cpuinfo")  # Linux leaves ``platform.processor`` empty
    if information.exists():
        lines = information.read_text(encoding="utf-8").splitlines()
        names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
        name = names[0] if names else name
    return f"{name or platform.machine()}, {torch.backends.cpu.get_cpu_capability()}"
