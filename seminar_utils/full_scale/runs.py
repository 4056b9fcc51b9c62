"""The papers' own experiments, for whoever has the images and the machines.

    torchrun --nproc-per-node 8 -m seminar_utils.full_scale twins \\
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
from seminar_utils.full_scale.distributed import Place, join, parallel
from seminar_utils.full_scale.folders import FolderBatches, TestBatches, image_folder
from seminar_utils.machine import processor
from seminar_utils.models.googlenet import GoogLeNet, total_loss
from seminar_utils.models.initialization import checksum, initialize
from seminar_utils.models.resnet import REPEATS, cifar_resnet, resnet
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

    def build(self, dtype: torch.dtype = torch.float32) -> nn.Module:
        """Return the net that the job is named after, with the first weights of its seed."""
        if self.net.startswith("GoogLeNet"):
            heads = () if self.net.endswith("no heads") else ("4a", "4d")
            return initialize(GoogLeNet(heads=heads).to(dtype), self.seed, mode="fan_in")
        kind, depth = self.net.split("-")
        build = resnet if int(depth) in REPEATS else cifar_resnet
        model = build(int(depth), {"plain": None, "ResNet": "A"}[kind])
        return initialize(model.to(dtype), self.seed, mode="fan_out")

    def loss(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Return the cross-entropy, with that of GoogLeNet's heads."""
        return total_loss(outputs, labels)


class Averaged(nn.Module):
    """A net that sees all crops of a picture and answers once. (N, K, C, H, W) -> (N, classes)."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, crops: Tensor) -> Tensor:
        """Return the logarithm of the averaged probabilities."""
        return predict(self.model, crops).log()


def imagenet_batches(
    job: Job, folder: Path, place: Place, loaders: int
) -> tuple[FolderBatches, TestBatches, TestBatches]:
    """Return training batches, the test on centre crops, and the test on ten crops."""
    pictures, tested = image_folder(folder / "train"), image_folder(folder / "val")
    is_googlenet = job.net.startswith("GoogLeNet")
    augment = transforms.googlenet_training() if is_googlenet else transforms.resnet_training()
    prepare = transforms.prepare_test()
    centre = v2.Compose([prepare, v2.CenterCrop(224)])
    ten = v2.Compose([prepare, partial(ten_crops, size=224)])
    share = job.recipe.batch_size // place.count
    return (
        FolderBatches(pictures, augment, job.recipe.batch_size, job.seed, place, loaders),
        TestBatches(tested, centre, share, place, loaders),
        TestBatches(tested, ten, max(1, share // 10), place, loaders),
    )


def cifar_batches(
    job: Job, folder: Path, place: Place
) -> tuple[Batches, list[tuple[Tensor, Tensor]]]:
    """Return training batches (pad 4, crop, flip) and the test on the images as they are."""
    images = data.load_cifar10(folder).to(place.device)
    normalization = Normalization(images.train_images)
    train_batches = Batches(
        images.train_images,
        images.train_labels,
        job.recipe.batch_size,
        normalization,
        job.seed,
        pad=4,
        rank=place.rank,
        processes=place.count,
    )
    mine = slice(place.rank, None, place.count)
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
    with join() as place:
        ten_crops = None
        if job.images == "CIFAR-10":
            train_batches, test_batches = cifar_batches(job, folder, place)
        else:
            train_batches, test_batches, ten_crops = imagenet_batches(job, folder, place, loaders)
        model = job.build().to(place.device, memory_format=torch.channels_last)
        first = checksum(model)
        net = parallel(model, place)
        if trial is not None:
            line = tried(job, net, train_batches, trial)
            if place.rank == 0:
                print(f"{line} on {place.count} x {machine(place)}")
            return None
        checkpoint = Checkpoint(unfinished, {"job": asdict(job), "processes": place.count})
        report = Progress(job, len(train_batches)) if place.rank == 0 else lambda epoch, score: None
        history = fit(net, train_batches, test_batches, job.recipe, report, job.loss, checkpoint)
        measured = {}
        if ten_crops is not None:
            measured["test on ten crops"] = asdict(evaluate(Averaged(model), ten_crops))
        if place.rank != 0:
            return None
        trained = Trained(model, history, first, "", measured)
        name = f"{place.count} x {machine(place)}"
        return record_of(job, trained, (), name, device=place.device.type)


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


def machine(place: Place) -> str:
    """Name what a process calculates on."""
    if place.device.type == "cuda":
        return torch.cuda.get_device_name(place.device)
    return processor()
