r"""The papers' own experiments, for whoever has the images and the machines.

    torchrun --nproc-per-node 8 -m seminar_utils.full_scale twins \
        --net ResNet-34 --images /data/imagenet

trains on eight GPUs; without torchrun, one process does it all. ImageNet is a folder with ``train``
and ``val`` in it and a folder per class in each; CIFAR-10 what torchvision's ``CIFAR10`` unpacks.
The loop is that of the miniature, and so is what happens to an interrupted run: the same command
goes on after the last whole epoch. ``--trial 20`` takes twenty steps, keeps nothing, and says how
long the whole run would take. ``twins.py`` and ``heads.py`` have the nets and recipes.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain, islice, repeat
from pathlib import Path

import torch
from torch import nn
from torchvision.transforms import v2

from seminar_utils.experiments.job import Job, Record, Trained, record_of
from seminar_utils.full_scale.distributed import DistributedContext, join, parallel
from seminar_utils.full_scale.folders import FolderBatches, image_folder, share_of
from seminar_utils.machine import processor
from seminar_utils.models.initialization import checksum
from seminar_utils.training import data, transforms
from seminar_utils.training.batches import Batches
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.crops import Averaged, ten_crops
from seminar_utils.training.loop import (
    Score,
    evaluate,
    fit,
    make_optimizer,
    schedule,
    train_one_epoch,
)

__all__ = ["CIFAR_10", "IMAGENET", "PaperJob", "run"]

IMAGENET = {"images": "ImageNet", "train_images": 1_281_167, "test_images": 50_000, "size": 224}
CIFAR_10 = {"images": "CIFAR-10", "train_images": 50_000, "test_images": 10_000, "size": 32}


@dataclass(frozen=True, kw_only=True)
class PaperJob(Job):
    """A net of the papers on the images of the papers."""

    images: str  # "ImageNet" or "CIFAR-10"
    augment = staticmethod(transforms.resnet_training)  # of ImageNet's training pictures


def batches(
    job: PaperJob, folder: Path, context: DistributedContext, loaders: int
) -> tuple[FolderBatches | Batches, Iterable, Iterable | None]:
    """Return training batches, the test, and the test on ten crops.

    CIFAR-10 is tested on its images as they are, ImageNet on centre crops, then on ten of them.
    """
    if job.images == "CIFAR-10":
        images, share = data.load_cifar10(folder), (context.rank, context.world_size)
        return *job.batches(torch.float32, context.device, images, *share), None
    pictures, tested = image_folder(folder / "train"), image_folder(folder / "val")
    prepare = transforms.prepare_test()
    centre = v2.Compose([prepare, v2.CenterCrop(224)])
    ten = v2.Compose([prepare, partial(ten_crops, size=224)])
    share = job.recipe.batch_size // context.world_size
    return (
        FolderBatches(pictures, job.augment(), job.recipe.batch_size, job.seed, context, loaders),
        share_of(tested, centre, share, context, loaders),
        share_of(tested, ten, max(1, share // 10), context, loaders),
    )


def run(
    job: PaperJob, folder: Path, unfinished: Path, loaders: int = 0, trial: int | None = None
) -> Record | None:
    """Train one net of the papers, alone or together with the other processes of torchrun.

    Args:
        job: Which net.
        folder: Its images.
        unfinished: File for the state after each epoch.
        loaders: Processes that read pictures, for each process that trains.
        trial: Take so many steps only, keep nothing, and print how long the run would take.

    Returns:
        The record, in the first process; None in all others, and after a trial.
    """
    with join() as context:
        train_batches, test_batches, on_ten_crops = batches(job, folder, context, loaders)
        model = job.build().to(context.device, memory_format=torch.channels_last)
        first = checksum(model)
        net, is_first = parallel(model, context), context.rank == 0
        machine = f"{context.world_size} x {processor(str(context.device))}"
        if trial is not None:
            line = tried(job, net, train_batches, trial)
            if is_first:
                print(f"{line} on {machine}")
            return None
        checkpoint = Checkpoint(unfinished, {"job": asdict(job), "processes": context.world_size})
        report = Progress(job, len(train_batches)) if is_first else lambda epoch, score: None
        history = fit(net, train_batches, test_batches, job.recipe, report, job.loss, checkpoint)
        measured = {}
        if on_ten_crops is not None:
            measured["test on ten crops"] = asdict(evaluate(Averaged(model), on_ten_crops))
        if not is_first:
            return None
        trained = Trained(model, history, first, "", measured)
        return record_of(job, trained, (), machine, device=context.device.type)


def tried(job: PaperJob, net: nn.Module, batches: FolderBatches | Batches, steps: int) -> str:
    """Take some steps and say how fast they were and how long the whole run would take."""
    optimizer = make_optimizer(net, job.recipe)
    scheduler = schedule(optimizer, job.recipe, job.recipe.steps(len(batches)))
    stream = chain.from_iterable(repeat(batches))
    train_one_epoch(net, islice(stream, 3), optimizer, scheduler, job.loss)  # warms up
    start = time.perf_counter()
    train_one_epoch(net, islice(stream, steps), optimizer, scheduler, job.loss)
    seconds = (time.perf_counter() - start) / steps
    total = job.recipe.steps(job.train_images // job.recipe.batch_size)
    return (
        f"{job.net}: {job.recipe.batch_size / seconds:,.0f} images/s over {steps} steps; at that "
        f"speed all {total:,} steps would take {total * seconds / 3600:,.1f} hours"
    )


class Progress:
    """Prints a line after each epoch."""

    def __init__(self, job: PaperJob, steps_per_epoch: int):
        self.net = job.net
        self.epochs = math.ceil(job.recipe.steps(steps_per_epoch) / steps_per_epoch)
        self.begun, self.before = time.monotonic(), None

    def __call__(self, epoch: int, score: Score) -> None:
        """Print the training error and the time that is left."""
        self.before = epoch - 1 if self.before is None else self.before
        per_epoch = (time.monotonic() - self.begun) / (epoch - self.before)
        hours = (self.epochs - epoch) * per_epoch / 3600
        print(
            f"{self.net}: epoch {epoch} of {self.epochs}, training error {score.error:.1f} %, "
            f"{hours:.1f} hours left",
            flush=True,
        )
