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
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain, islice, repeat
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.transforms import v2

from seminar_utils.experiments.job import Job, Record, Trained, record_of
from seminar_utils.full_scale.distributed import DistributedContext, join, parallel
from seminar_utils.full_scale.folders import FolderBatches, TestBatches, image_folder
from seminar_utils.machine import processor
from seminar_utils.models.initialization import checksum
from seminar_utils.training import data, transforms
from seminar_utils.training.batches import Batches, Normalization
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.crops import predict, ten_crops
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

    def augment(self) -> v2.Transform:
        """Return what a training picture of ImageNet goes through."""
        return transforms.resnet_training()


class Averaged(nn.Module):
    """A net that sees all crops of a picture and answers once. (N, K, C, H, W) -> (N, classes)."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, crops: Tensor) -> Tensor:
        """Return the logarithm of the averaged probabilities."""
        return predict(self.model, crops).log()


def imagenet_batches(
    job: PaperJob, folder: Path, context: DistributedContext, loaders: int
) -> tuple[FolderBatches, TestBatches, TestBatches]:
    """Return training batches, the test on centre crops, and the test on ten crops."""
    pictures, tested = image_folder(folder / "train"), image_folder(folder / "val")
    prepare = transforms.prepare_test()
    centre = v2.Compose([prepare, v2.CenterCrop(224)])
    ten = v2.Compose([prepare, partial(ten_crops, size=224)])
    share = job.recipe.batch_size // context.world_size
    return (
        FolderBatches(pictures, job.augment(), job.recipe.batch_size, job.seed, context, loaders),
        TestBatches(tested, centre, share, context, loaders),
        TestBatches(tested, ten, max(1, share // 10), context, loaders),
    )


def cifar_batches(
    job: Job, folder: Path, context: DistributedContext
) -> tuple[Batches, list[tuple[Tensor, Tensor]]]:
    """Return training batches (pad 4, crop, flip) and the test on the images as they are."""
    images = data.load_cifar10(folder).to(context.device)
    normalization = Normalization(images.train_images)
    train_batches = Batches(
        images.train_images,
        images.train_labels,
        job.recipe.batch_size,
        normalization,
        job.seed,
        pad=4,
        rank=context.rank,
        processes=context.world_size,
    )
    mine = slice(context.rank, None, context.world_size)
    parts = zip(
        images.test_images[mine].split(1000), images.test_labels[mine].split(1000), strict=True
    )
    return train_batches, [(normalization(some), labels) for some, labels in parts]


def run(
    job: PaperJob,
    folder: Path,
    unfinished: Path,
    loaders: int = 0,
    trial: int | None = None,
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
        ten_crops = None
        if job.images == "CIFAR-10":
            train_batches, test_batches = cifar_batches(job, folder, context)
        else:
            train_batches, test_batches, ten_crops = imagenet_batches(job, folder, context, loaders)
        model = job.build().to(context.device, memory_format=torch.channels_last)
        first = checksum(model)
        net = parallel(model, context)
        if trial is not None:
            line = tried(job, net, train_batches, trial)
            if context.rank == 0:
                print(f"{line} on {context.world_size} x {machine(context)}")
            return None
        checkpoint = Checkpoint(unfinished, {"job": asdict(job), "processes": context.world_size})
        report = (
            Progress(job, len(train_batches)) if context.rank == 0 else lambda epoch, score: None
        )
        history = fit(net, train_batches, test_batches, job.recipe, report, job.loss, checkpoint)
        measured = {}
        if ten_crops is not None:
            measured["test on ten crops"] = asdict(evaluate(Averaged(model), ten_crops))
        if context.rank != 0:
            return None
        trained = Trained(model, history, first, "", measured)
        name = f"{context.world_size} x {machine(context)}"
        return record_of(job, trained, (), name, device=context.device.type)


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


def machine(context: DistributedContext) -> str:
    """Name what a process calculates on."""
    if context.device.type == "cuda":
        return torch.cuda.get_device_name(context.device)
    return processor()
