"""The course's loop beside those that a user would take instead, on the same work.

Same net, start, images, batch, epochs and rates; every way tests after each epoch, and its clock
runs from the first batch on. Each is written as its users write it:

ours       ``train_one_epoch`` and ``evaluate`` over images that lie in memory
plain      PyTorch's own tutorial: a DataLoader over pictures with torchvision's transforms
d2l        the same with what "Dive into Deep Learning" adds: four loading processes, and loss and
           accuracy asked for and summed up in Python after every batch
lightning  the same as a LightningModule that logs, with a Trainer; needs ``pip install lightning``

Lines are those of the loop, its optimiser and its scores, without docstrings and without what reads
the pictures. Each run is a process of its own, so no round is lost on warming up; ``--rounds 1``
again and again adds up to more.
"""

import inspect
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from statistics import median

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim import SGD
from torch.optim.lr_scheduler import MultiStepLR
from torch.utils.data import DataLoader

from bench.loop import Pictures
from bench.rounds import alone, spread
from seminar_utils.experiments.job import Job, ResidualJob
from seminar_utils.training.batches import Batches
from seminar_utils.training.loop import (
    Recipe,
    evaluate,
    final_logits,
    make_optimizer,
    mean_score,
    schedule,
    train_one_epoch,
)

ROUNDS = 3
ENOUGH = 85  # % of the test images
JOB = ResidualJob(
    net="ResNet-8", depth=8, shortcut="A", seed=0, train_images=30_000, recipe=Recipe(epochs=4)
)
Loaders = tuple[DataLoader, DataLoader]
Errors = Iterator[float]  # in %, of the test, after each epoch


def ours(job: Job, model: torch.nn.Module) -> Errors:
    batches, test_batches = job.batches(torch.float32)
    optimizer = make_optimizer(model, job.recipe)
    scheduler = schedule(optimizer, job.recipe, job.recipe.steps(len(batches)))
    for _ in range(job.recipe.epochs):
        train_one_epoch(model, batches, optimizer, scheduler)
        yield evaluate(model, test_batches).error


def plain(job: Job, model: torch.nn.Module) -> Errors:
    loader, test_loader = loaders(job)
    optimizer, scheduler = optimizer_of(job, model, len(loader))
    for _ in range(job.recipe.epochs):
        model.train()
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            scheduler.step()
        model.eval()
        wrong = 0
        with torch.no_grad():
            for images, labels in test_loader:
                wrong += (model(images).argmax(1) != labels).sum().item()
        yield 100 * wrong / len(test_loader.dataset)


def d2l(job: Job, model: torch.nn.Module) -> Errors:
    loader, test_loader = loaders(job, num_workers=4)
    optimizer, scheduler = optimizer_of(job, model, len(loader))
    for _ in range(job.recipe.epochs):
        model.train()
        sums = [0.0] * 3  # loss, hits, images
        for images, labels in loader:
            logits = model(images)
            loss = F.cross_entropy(logits, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            news = float(loss) * len(labels), float(hits(logits, labels)), labels.numel()
            sums = [a + float(b) for a, b in zip(sums, news, strict=True)]
        model.eval()
        sums = [0.0] * 2  # hits, images
        with torch.no_grad():
            for images, labels in test_loader:
                news = float(hits(model(images), labels)), labels.numel()
                sums = [a + float(b) for a, b in zip(sums, news, strict=True)]
        yield 100 - 100 * sums[0] / sums[1]


def lightning(job: Job, model: torch.nn.Module) -> Errors:
    from lightning import LightningModule, Trainer

    loader, test_loader = loaders(job)
    found = []

    class Classifier(LightningModule):
        def __init__(self):
            super().__init__()
            self.model = model

        def configure_optimizers(self):
            optimizer, scheduler = optimizer_of(job, self.model, len(loader))
            return [optimizer], [{"scheduler": scheduler, "interval": "step"}]

        def training_step(self, batch, number):
            images, labels = batch
            logits = self.model(images)
            loss = F.cross_entropy(logits, labels)
            self.log("loss", loss)
            self.log("accuracy", hits(logits, labels) / len(labels), on_epoch=True)
            return loss

        def validation_step(self, batch, number):
            images, labels = batch
            share = hits(self.model(images), labels) / len(labels)
            self.log("test accuracy", share, batch_size=len(labels))

        def on_validation_epoch_end(self):
            found.append((time.perf_counter(), self.trainer.callback_metrics["test accuracy"]))

    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    quiet |= {"enable_model_summary": False, "num_sanity_val_steps": 0}
    trainer = Trainer(max_epochs=job.recipe.epochs, accelerator="cpu", **quiet)
    begun = time.perf_counter()
    trainer.fit(Classifier(), loader, test_loader)
    for at, share in found:
        yield 100 - 100 * float(share), at - begun


def optimizer_of(job: Job, model: torch.nn.Module, steps: int) -> tuple[SGD, MultiStepLR]:
    """Return the recipe's optimiser as a user writes it."""
    recipe = job.recipe
    kind = {"momentum": recipe.momentum, "weight_decay": recipe.weight_decay}
    optimizer = SGD(model.parameters(), recipe.learning_rate, **kind)
    milestones = [round(share * recipe.epochs * steps) for share in recipe.drops]
    return optimizer, MultiStepLR(optimizer, milestones)


def hits(logits: Tensor, labels: Tensor) -> Tensor:
    """Return how many answers are right."""
    return (logits.argmax(1) == labels).sum()


# Each way with what it calls of the course or of this file.
OUR_OWN = (train_one_epoch, evaluate, final_logits, mean_score, make_optimizer, schedule)
WAYS = {
    "ours": (ours, *OUR_OWN),
    "plain": (plain, optimizer_of),
    "d2l": (d2l, optimizer_of, hits),
    "lightning": (lightning, optimizer_of, hits),
}


def loaders(job: Job, num_workers: int = 0) -> Loaders:
    """Return what reads the training and the test pictures."""
    batches, test_batches = job.batches(torch.float32)
    images, labels = (torch.cat(parts) for parts in zip(*test_batches, strict=True))
    pixels = (images * batches.normalization.std + batches.normalization.mean).round().byte()
    tested = Pictures(Batches(pixels, labels, 1, batches.normalization, 0))
    del tested.transform.transforms[0]  # no random flip
    size = job.recipe.batch_size
    loader = DataLoader(Pictures(batches), size, True, num_workers=num_workers, drop_last=True)
    return loader, DataLoader(tested, size, num_workers=num_workers)


def lines(*functions: Callable) -> int:
    """Return how many lines of code functions have, without their docstrings."""
    count = 0
    for function in functions:
        source, document = inspect.getsource(function), function.__doc__ or ""
        code = [line for line in source.splitlines() if line.strip()]
        count += len(code) - len([line for line in document.splitlines() if line.strip()])
    return count


def measured(way: str, job: Job = JOB) -> dict[str, float]:
    """Train by one way in this process and return its figures."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    logging.disable()
    model = job.build()
    if way == "ours":
        model = model.to(memory_format=torch.channels_last)
    errors, begun, enough = WAYS[way][0](job, model), time.perf_counter(), float("inf")
    for error in errors:
        error, at = error if isinstance(error, tuple) else (error, time.perf_counter() - begun)
        if error <= 100 - ENOUGH:
            enough = min(enough, at)
    passed = job.recipe.epochs * (job.train_images + job.test_images)
    figures = {"images/s": passed / at, "seconds": enough, "error": error}
    with suppress(ImportError):  # Windows
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        figures["MB"] = peak / (1e6 if sys.platform == "darwin" else 1e3)
    return figures


def report(rounds: int) -> None:
    """Print a line for each way."""
    ways = [way for way in WAYS if way != "lightning" or find_spec("lightning")]
    if "lightning" not in ways:
        print("Lightning is not installed here: `pip install lightning` adds its line.")
    found = {way: [] for way in ways}
    for turn in range(rounds):
        for way in ways[:: -1 if turn % 2 else 1]:
            found[way].append(alone("bench.peers", way))
            print(f"{turn + 1}: {way} {json.dumps(found[way][-1])}", flush=True)
    show(found)


def show(found: dict[str, list[dict[str, float]]]) -> None:
    """Print the medians of each way, its speed as a ratio within rounds, and its lines."""
    print(f"way        images/s  ours/way                  s to {ENOUGH} %  MB  test error  lines")
    speeds = {way: [each["images/s"] for each in runs] for way, runs in found.items()}
    for way, runs in found.items():
        one = {key: median(each[key] for each in runs) for key in runs[0]}
        beside = spread(speeds["ours"], speeds[way])
        print(
            f"{way:<9} {one['images/s']:>9,.0f}  {beside:<27} {one['seconds']:>5.1f} "
            f"{one.get('MB', 0):>5,.0f} {one['error']:>9.1f} % {lines(*WAYS[way]):>6}"
        )


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
