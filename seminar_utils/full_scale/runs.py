r"""The papers' own experiments, for whoever has the images and the machines.

    python -m seminar_utils.full_scale twins --processes 8 \
        --net ResNet-34 --images /data/imagenet

trains on eight GPUs; on several machines, ``torchrun -m seminar_utils.full_scale`` starts the same
processes. ImageNet is a folder with ``train`` and ``val`` in it and a folder per class in each;
CIFAR-10 what torchvision's ``CIFAR10`` unpacks. The loop is that of the miniature, and so is what
happens to an interrupted run: the same command goes on after the last whole epoch.
``--precision bfloat16`` and ``--compile`` are what GPUs of today are made for; a run never changes
its precision halfway. ``--trial 20`` takes twenty steps, keeps nothing, and says how long the whole
run would take. ``twins.py`` and ``heads.py`` have the nets and recipes.
"""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import chain, islice, repeat
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.transforms import v2
from tqdm import tqdm

from seminar_utils.experiments.job import Job, Record
from seminar_utils.full_scale.distributed import DistributedContext, join, parallel
from seminar_utils.full_scale.folders import FolderBatches, image_folder, share_of
from seminar_utils.machine import processor
from seminar_utils.models.initialization import checksum
from seminar_utils.training import data, transforms
from seminar_utils.training.batches import Batches
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.crops import Averaged, ten_crops
from seminar_utils.training.loop import (
    Loss,
    Score,
    evaluate,
    fit,
    make_optimizer,
    schedule,
    train_one_epoch,
)
from seminar_utils.training.precision import InPrecision, allow_tf32

__all__ = ["CIFAR_10", "IMAGENET", "PaperJob", "run_paper_job"]

IMAGENET = {"images": "ImageNet", "train_images": 1_281_167, "test_images": 50_000, "size": 224}
CIFAR_10 = {"images": "CIFAR-10", "train_images": 50_000, "test_images": 10_000, "size": 32}


@dataclass(frozen=True, kw_only=True)
class PaperJob(Job):
    """A net of the papers on the images of the papers."""

    images: str  # "ImageNet" or "CIFAR-10"
    augment = staticmethod(transforms.resnet_training)  # of ImageNet's training pictures


def _batches(
    job: PaperJob, folder: Path, context: DistributedContext, loaders: int
) -> tuple[FolderBatches | Batches, Iterable, Iterable | None]:
    """Return training batches, the test (ImageNet's: centre crops), and its test on ten crops."""
    if job.images == "CIFAR-10":
        images, share = data.load_cifar10(folder), (context.rank, context.world_size)
        return *job.batches(torch.float32, images, *share), None
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


def run_paper_job(
    job: PaperJob,
    folder: Path,
    unfinished: Path,
    loaders: int = 0,
    trial: int | None = None,
    precision: str = "float32",
    compiled: bool = False,
) -> Record | None:
    """Train and test one net on the images in a folder, in as many processes as were started.

    The state after each epoch is kept in the file ``unfinished``; the rest is as in the command.

    Returns:
        The record, in the first process; None in all others, and after a trial.
    """
    with join() as context:
        is_first = context.rank == 0
        say = tqdm.write if is_first else lambda line: None
        job = replace(job, device=context.device.type, precision=precision)
        if is_first:
            print(f"{job.net}: looks for {job.images} in {folder}", flush=True)
        train_batches, test_batches, on_ten_crops = _batches(job, folder, context, loaders)
        model = job.build().to(context.device, memory_format=torch.channels_last)
        first = checksum(model)
        allow_tf32(precision)
        answering = InPrecision(model, context.device, precision)
        if compiled:
            answering.compile()
        net = parallel(answering, context)
        machine = f"{context.world_size} x {processor(str(context.device))}"
        line, loss = _with_progress(job, train_batches, is_first)
        if trial is not None:
            say(f"{_tried(job, net, train_batches, trial, loss)} on {machine}")
            return None
        checkpoint = Checkpoint(unfinished, {"job": asdict(job), "processes": context.world_size})

        def report(epoch: int, score: Score) -> None:
            say(f"{job.net}: epoch {epoch}, training error {score.error:.1f} %")

        history = fit(net, train_batches, test_batches, job.recipe, report, loss, checkpoint)
        line.update(line.total - line.n)  # of a run that had nothing left to train
        measured = {}
        if on_ten_crops is not None:
            measured["test on ten crops"] = asdict(evaluate(Averaged(answering), on_ten_crops))
        if not is_first:
            return None
        return replace(Record.of_today(job, history, first, "", measured), machine=machine)


def _with_progress(
    job: PaperJob, batches: FolderBatches | Batches, is_shown: bool
) -> tuple[tqdm, Loss]:
    """Return a line that says how many steps have passed and the time left, and the job's loss."""
    how = {"unit": " steps", "mininterval": 1, "disable": not is_shown}
    line = tqdm(desc=job.net, total=job.recipe.steps(len(batches)), **how)

    def loss(outputs: Tensor, labels: Tensor) -> Tensor:
        if line.n == 0:  # epochs of an earlier run, which say nothing about the time left
            line.n = line.initial = line.last_print_n = batches.epoch * len(batches)
        line.update()
        return job.loss(outputs, labels)

    return line, loss


def _tried(
    job: PaperJob, net: nn.Module, batches: FolderBatches | Batches, steps: int, loss: Loss
) -> str:
    """Take some steps and say how fast they were and how long the whole run would take."""
    optimizer = make_optimizer(net, job.recipe)
    scheduler = schedule(optimizer, job.recipe, job.recipe.steps(len(batches)))
    stream = chain.from_iterable(repeat(batches))
    train_one_epoch(net, islice(stream, 3), optimizer, scheduler, loss)  # warms up
    start = time.perf_counter()
    train_one_epoch(net, islice(stream, steps), optimizer, scheduler, loss)
    seconds = (time.perf_counter() - start) / steps
    total = job.recipe.steps(job.train_images // job.recipe.batch_size)
    return (
        f"{job.net}: {job.recipe.batch_size / seconds:,.0f} images/s over {steps} steps; at that "
        f"speed all {total:,} steps would take {total * seconds / 3600:,.1f} hours"
    )
