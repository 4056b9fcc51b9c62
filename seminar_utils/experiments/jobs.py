"""One net, one seed, one recipe: the unit of work of every experiment."""

import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import torch

from seminar_utils import data
from seminar_utils.batches import Batches, Normalization
from seminar_utils.models.initialization import checksum, initialize
from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.training import History, Recipe, Score, fit

__all__ = ["Job", "Record", "as_json", "fingerprint", "from_json", "job_from_json", "run_job"]


@dataclass(frozen=True)
class Job:
    """A 6n+2 net on Fashion-MNIST, small enough for a laptop."""

    net: str  # its name in tables and figures, such as "plain-32"
    depth: int  # layers with weights
    shortcut: str | None  # None, "A", "B" or "C"
    seed: int
    width: int = 8  # filters of the first stage
    train_images: int = 6000  # the first so many
    test_images: int = 10_000
    size: int = 14  # pixels, averaged down from 28
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(frozen=True)
class Record:
    """A job that was done: what came out, where and when."""

    job: Job
    history: History
    weights_checksum: str  # of all weights before the first step
    batches_checksum: str  # of order and flips of all training batches
    versions: dict[str, str]
    machine: str
    day: str  # ISO date
    fingerprint: tuple[float, ...] = ()  # of a recorded run, see ``fingerprint``


def run_job(job: Job, on_epoch: Callable[[int, Score], None] = lambda epoch, score: None) -> Record:
    """Train and test one net, on this thread, with nothing left to chance but the seed.

    Args:
        job: What to train on what.
        on_epoch: Called after each epoch with its number, from 1, and its training score.
    """
    history, weights_checksum, batches_checksum = train(job, on_epoch=on_epoch)
    return Record(
        job=job,
        history=history,
        weights_checksum=weights_checksum,
        batches_checksum=batches_checksum,
        versions={"python": platform.python_version(), "torch": torch.__version__},
        machine=f"{platform.machine()}, {torch.backends.cpu.get_cpu_capability()}, one thread",
        day=date.today().isoformat(),
    )


def train(
    job: Job,
    dtype: torch.dtype = torch.float32,
    on_epoch: Callable[[int, Score], None] = lambda epoch, score: None,
) -> tuple[History, str, str]:
    """Return the history and the checksums of initial weights and of all training batches."""
    images = data.load("fashion_mnist", train=job.train_images, test=job.test_images, size=job.size)
    normalization = Normalization(images.train_images, dtype)
    train_batches = Batches(
        images.train_images,
        images.train_labels,
        job.recipe.batch_size,
        normalization,
        job.seed,
        job.recipe.flip,
    )
    parts = zip(images.test_images.split(1000), images.test_labels.split(1000), strict=True)
    test_batches = [(normalization(some), labels) for some, labels in parts]
    model = cifar_resnet(job.depth, job.shortcut, width=job.width, in_channels=1)
    initialize(model, job.seed, mode="fan_out")
    # Channels last: a tenth faster at depth 32 on a CPU.
    model = model.to(dtype=dtype, memory_format=torch.channels_last)
    weights_checksum = checksum(model)
    history = fit(model, train_batches, test_batches, job.recipe, on_epoch)
    return history, weights_checksum, train_batches.checksum


def fingerprint(job: Job) -> tuple[float, ...]:
    """Return the losses of a tiny run of the same job: depth 8, one batch per epoch, float64.

    They change with the net's code, its start, the images, their order, the optimiser and the
    schedule, but not with a comment, a name or the machine: in float64 rounding errors stay below
    1e-12. (Not so in a deep plain net, where a few steps blow them up a millionfold.)
    """
    few = job.recipe.batch_size
    history, _, _ = train(
        replace(job, depth=8, train_images=few, test_images=few), dtype=torch.float64
    )
    return tuple(score.loss for score in [*history.train, history.test])


def as_json(record: Record) -> dict:
    """Turn a record into what ``json.dumps`` takes."""
    return asdict(record)


def from_json(content: dict) -> Record:
    """Turn what ``as_json`` returned back into a record."""
    train = [Score(**score) for score in content["history"]["train"]]
    test = Score(**content["history"]["test"])
    history = History(**{**content["history"], "train": train, "test": test})
    job, losses = job_from_json(content["job"]), tuple(content["fingerprint"])
    return Record(**{**content, "job": job, "history": history, "fingerprint": losses})


def job_from_json(content: dict) -> Job:
    """Turn a job's part of a record back into a job."""
    recipe = Recipe(**{**content["recipe"], "drops": tuple(content["recipe"]["drops"])})
    return Job(**{**content, "recipe": recipe})
