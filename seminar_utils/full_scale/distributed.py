"""One net, several processes: how they are started, and what one process alone is.

Each process has a device of its own (a GPU, or the CPU), a copy of the net, and its part of every
batch. DistributedDataParallel averages the gradients, so all copies take the same step. Batch norm
sees the images of its own process only, as in the papers: 8 x 32 on ImageNet, 2 x 64 on CIFAR-10.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed, nn
from torch.distributed import run as torchrun
from torch.distributed.elastic.multiprocessing import SignalException
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError, get_error_handler

__all__ = ["DistributedContext", "join", "launch", "parallel", "told_launcher"]


@dataclass(frozen=True)
class DistributedContext:
    """Where this process stands among the others."""

    rank: int  # from 0
    world_size: int  # processes
    device: torch.device


@contextmanager
def join() -> Iterator[DistributedContext]:
    """Join the processes that torchrun started; without torchrun, be the only one."""
    local = int(os.environ.get("LOCAL_RANK", 0))
    has_gpu = torch.cuda.is_available()
    device = torch.device("cuda", local) if has_gpu else torch.device("cpu")
    if has_gpu:
        torch.cuda.set_device(device)
    if "RANK" not in os.environ:
        yield DistributedContext(0, 1, device)
        return
    distributed.init_process_group("nccl" if has_gpu else "gloo")
    try:
        yield DistributedContext(distributed.get_rank(), distributed.get_world_size(), device)
    finally:
        distributed.destroy_process_group()


def launch(processes: int, module: str, *arguments: str) -> None:
    """Run a module in so many processes, as torchrun does; the first error ends them all.

    Raises:
        RuntimeError: In place of torchrun's tracebacks, the words of the error that came first.
    """
    logging.disable()  # of this process, which does nothing but start the others
    how = ("--standalone", f"--nproc-per-node={processes}", "-m", module, *arguments)
    try:
        torchrun.run(torchrun.parse_args(how))
    except ChildFailedError as error:
        told = error.get_first_failure()[1].message
        if isinstance(told, dict):  # what a process wrote down: type and words of an error
            raise RuntimeError(told["message"].partition(": ")[2]) from None
        lost = f"A process is lost ({told}). The same command goes on after the last whole epoch."
        raise RuntimeError(lost) from None
    except SignalException:
        raise KeyboardInterrupt from None


@contextmanager
def told_launcher() -> Iterator[None]:
    """Leave it to the launcher, if there is one, to say what a user can mend, once for all."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        if "TORCHELASTIC_ERROR_FILE" not in os.environ:
            raise
        get_error_handler().record_exception(error)
        sys.exit(1)


def parallel(model: nn.Module, context: DistributedContext) -> nn.Module:
    """Return the net so that its gradients are averaged over all processes."""
    if context.world_size == 1:
        return model
    devices = [context.device] if context.device.type == "cuda" else None
    return nn.parallel.DistributedDataParallel(model, device_ids=devices)
