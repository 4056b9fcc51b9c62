"""How fast the training loop is on this machine: ``make bench``.

Four things take turns in one run, so that whatever else the machine does hits all of them alike:

    trainer     ``train_one_epoch`` over ``Batches``, as every experiment runs it
    bare        forward, backward and step of the same net on one repeated batch: no loop is faster
    DataLoader  the usual way: PIL images, torchvision transforms, one by one, same step
    peak        a matrix product, the most that this core can calculate

Reported are medians of ratios within a round, never seconds against a limit.
"""

import subprocess
import sys
import time
from statistics import median

import torch
from PIL import Image
from torch.nn import functional as F
from torch.optim import SGD
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from seminar_utils import data
from seminar_utils.batches import Batches, Normalization
from seminar_utils.experiments.jobs import Job
from seminar_utils.experiments.twins import NETS
from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.summary import layer_table
from seminar_utils.training import Recipe, schedule, train_one_epoch

ROUNDS, STEPS = 9, 20
RECIPE = Recipe()


class Pictures(Dataset):
    """The same images, as a folder of files would hand them out."""

    def __init__(self, images: torch.Tensor, labels: torch.Tensor, normalization: Normalization):
        self.pictures = [Image.fromarray(image[0].numpy()) for image in images]
        self.labels = labels.tolist()
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


def seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bench_net(net: str) -> dict[str, list[float]]:
    """Return the seconds per step of each way, one entry per round."""
    depth, shortcut = NETS[net]
    job = Job(net, depth, shortcut, seed=0)
    count = STEPS * RECIPE.batch_size
    images = data.load("fashion_mnist", train=count, test=1, size=job.size)
    normalization = Normalization(images.train_images)
    pair = images.train_images, images.train_labels
    batches = Batches(*pair, RECIPE.batch_size, normalization, seed=0)
    loader = DataLoader(Pictures(*pair, normalization), RECIPE.batch_size, shuffle=True)
    model = cifar_resnet(depth, shortcut, width=job.width, in_channels=1)
    model = model.to(memory_format=torch.channels_last)
    optimizer = SGD(model.parameters(), 0.01, momentum=0.9, weight_decay=1e-4, fused=True)
    scheduler = schedule(optimizer, RECIPE, 10**9)
    repeated, labels = next(iter(batches))

    def bare() -> None:
        for _ in range(STEPS):
            loss = F.cross_entropy(model(repeated), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    ways = {
        "bare": bare,
        "trainer": lambda: train_one_epoch(model, batches, optimizer, scheduler),
        "DataLoader": lambda: train_one_epoch(model, loader, optimizer, scheduler),
    }
    model.train()
    bare()
    rounds = [{way: seconds(work) / STEPS for way, work in ways.items()} for _ in range(ROUNDS)]
    return {way: [taken[way] for taken in rounds] for way in ways}


def peak() -> float:
    """Return the most multiply-adds per second of this core, in billions."""
    a, b = torch.randn(2, 1024, 1024)
    torch.mm(a, b)
    return 1024**3 / min(seconds(lambda: torch.mm(a, b)) for _ in range(20)) / 1e9


def import_seconds() -> float:
    """Return what importing the package takes beyond starting Python, the median of nine."""
    run = [sys.executable, "-c"]
    return median(
        seconds(lambda: subprocess.run([*run, "import seminar_utils"], check=True))
        - seconds(lambda: subprocess.run([*run, "pass"], check=True))
        for _ in range(9)
    )


def main() -> None:
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, one thread, batch {RECIPE.batch_size}, {ROUNDS} rounds")
    print(f"import of seminar_utils: {import_seconds():.3f} s")
    billions = peak()
    print(f"matrix-product peak: {billions:.1f} billion multiply-adds a second\n")
    print(
        f"{'net':<10} {'bare images/s':>14} {'trainer/bare':>13} {'trainer/DataLoader':>19}", end=""
    )
    print(f" {'share of peak':>14}")
    for net in NETS:
        taken = bench_net(net)
        depth, shortcut = NETS[net]
        model = cifar_resnet(depth, shortcut, width=8, in_channels=1)
        # A step costs about three forward passes: one forward, two for the two gradients.
        work = 3 * layer_table(model, (1, 14, 14)).multiply_adds * RECIPE.batch_size / 1e9
        to_bare = median(b / t for b, t in zip(taken["bare"], taken["trainer"], strict=True))
        loader = median(d / t for d, t in zip(taken["DataLoader"], taken["trainer"], strict=True))
        step = median(taken["trainer"])
        images = RECIPE.batch_size / median(taken["bare"])
        print(f"{net:<10} {images:>14,.0f} {to_bare:>12.1%} {loader:>18.2f}x", end="")
        print(f" {work / step / billions:>13.0%}")


if __name__ == "__main__":
    main()
