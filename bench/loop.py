"""The training loop against bare steps, against a DataLoader, and against a matrix product.

bare        forward, backward and step on one repeated batch: no loop is faster
trainer     ``train_one_epoch`` over ``Batches``, as every experiment runs it
DataLoader  the usual way: PIL images, torchvision transforms, one by one, same step
peak        a matrix product, the most that this core can calculate
"""

from collections.abc import Callable
from dataclasses import replace
from statistics import median

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from bench.rounds import PRODUCT, Steps, matrix_product, multiply_adds, ratio, take_turns
from seminar_utils.experiments import twins
from seminar_utils.experiments.job import Job
from seminar_utils.training.batches import Batches
from seminar_utils.training.loop import schedule, train_one_epoch

ROUNDS, STEPS = 7, 10


class Pictures(Dataset):
    """The same images, as a folder of files would hand them out."""

    def __init__(self, batches: Batches):
        self.pictures = [Image.fromarray(image[0].numpy()) for image in batches.images]
        self.labels = batches.labels.tolist()
        normalization = batches.normalization
        mean, std = normalization.mean.item() / 255, normalization.std.item() / 255
        self.transform = v2.Compose(
            [
                v2.RandomHorizontalFlip(),
                v2.ToImage(),
                v2.ToDtype(torch.float32, scale=True),
                v2.Normalize([mean], [std]),
            ]
        )

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.transform(self.pictures[index]), self.labels[index]


def ways(job: Job, count: int) -> dict[str, Callable[[], object]]:
    """Return the ways to take so many steps; they train one net in turns."""
    steps = Steps(job)
    size = job.recipe.batch_size
    batches, _ = replace(job, train_images=count * size, test_images=1).batches(torch.float32)
    loader = DataLoader(Pictures(batches), size, shuffle=True)
    scheduler = schedule(steps.optimizer, job.recipe, 10**9)
    trained = steps.model, steps.optimizer, scheduler
    return {
        "bare": lambda: steps(count),
        "trainer": lambda: train_one_epoch(trained[0], batches, *trained[1:]),
        "DataLoader": lambda: train_one_epoch(trained[0], loader, *trained[1:]),
        "peak": matrix_product,
    }


def report(rounds: int) -> None:
    """Print a line for each live twin."""
    print("net        images/s  trainer/bare  trainer/DataLoader  trainer: share of peak")
    for job in twins.jobs(0):
        if job.net not in twins.EXPERIMENT.live:
            continue
        taken = take_turns(ways(job, STEPS), rounds)
        images = STEPS * job.recipe.batch_size / median(taken["trainer"])
        to_bare = ratio(taken["bare"], taken["trainer"])
        to_loader = ratio(taken["DataLoader"], taken["trainer"])
        share = ratio(taken["peak"], taken["trainer"]) * STEPS * multiply_adds(job) / PRODUCT
        print(f"{job.net:<10} {images:>8,.0f} {to_bare:>13.1%} {to_loader:>18.2f}x {share:>23.0%}")
