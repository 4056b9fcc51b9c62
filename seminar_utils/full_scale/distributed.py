"""One net, several processes: what ``torchrun`` starts, and what one process alone is.

Each process has a device of its own (a GPU, or the CPU), a copy of the net, and its part of every
batch. DistributedDataParallel averages the gradients, so all copies take the same step. Batch norm
sees the images of its own process only, as in the papers: 8 x 32 on ImageNet, 2 x 64 on CIFAR-10.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed, nn

__all__ = ["DistributedContext", "join", "parallel"]


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


def parallel(model: nn.Module, context: DistributedContext) -> nn.Module:
    """Return the net so that its gradients are averaged over all processes."""
    if context.world_size == 1:
        return model
    devices = [context.device] if context.device.type == "cuda" else None
    return nn.parallel.DistributedDataParallel(model, device_ids=devices)
