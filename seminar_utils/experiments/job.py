"""An experiment and its jobs: each is one net, one seed, one recipe.

An experiment's module says what its jobs are; a job says which net it trains on which images, and
what of it is measured. This module does the work and writes down what came out.
"""

import math
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.machine import processor
from seminar_utils.models.initialization import checksum, initialize
from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.training import checkpoints, data
from seminar_utils.training.batches import Batches, Normalization
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import History, Recipe, Score, fit
from seminar_utils.training.precision import allow_tf32

__all__ = ["Experiment", "Job", "Record", "ResidualJob", "fingerprint", "run_job", "run_of"]

Notify = Callable[[int, Score], None]  # called with the number of epochs done and the last score


@dataclass(frozen=True, kw_only=True)
class Job:
    """A net on Fashion-MNIST, small enough for a laptop."""

    net: str  # its name in tables and figures, such as "plain-32"
    seed: int
    train_images: int = 6000  # the first so many
    test_images: int = 10_000
    size: int = 14  # pixels, averaged down from 28
    recipe: Recipe = field(default_factory=Recipe)
    # How it is computed, which makes it no other job: "cpu", "cuda" or "mps"; of ``PRECISIONS``.
    device: str = field(default="cpu", compare=False)
    precision: str = field(default="float32", compare=False)

    tiny_steps = 8  # at most, of the run whose losses are the fingerprint
    look = None  # or a method that ``fit`` enters around each step, given the test batches first

    @classmethod
    def from_json(cls, content: dict) -> "Job":
        """Return the job that ``dataclasses.asdict`` turned into ``content``."""
        return cls(**{**_hashable(content), "recipe": Recipe(**_hashable(content["recipe"]))})

    def build(self, dtype: torch.dtype = torch.float32) -> nn.Module:
        """Return the net with its first weights, drawn in the precision in which it computes."""
        raise NotImplementedError

    def loss(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Return what is minimised: the cross-entropy, mean over the images."""
        return F.cross_entropy(outputs, labels)

    @classmethod
    def is_looked_into(cls) -> bool:
        """Whether more of the net is measured than its scores, so that it is trained by itself."""
        return cls.look is not Job.look or cls.measure is not Job.measure

    @property
    def cost(self) -> float:
        """How long an epoch takes beside an epoch of the experiment's other jobs."""
        return self.train_images

    @property
    def epochs(self) -> int:
        """How often progress is reported; the last epoch may be cut short."""
        per_epoch = self.train_images // self.recipe.batch_size
        return math.ceil(self.recipe.steps(per_epoch) / per_epoch)

    def tiny(self) -> "Job":
        """Return this job made so small that its losses can serve as a fingerprint."""
        few, recipe = self.recipe.batch_size, self.recipe
        steps = recipe.iterations and min(recipe.iterations, self.tiny_steps)
        recipe = replace(recipe, epochs=min(recipe.epochs, self.tiny_steps), iterations=steps)
        how = {"device": "cpu", "precision": "float32"}
        return replace(self, train_images=few, test_images=few, recipe=recipe, **how)

    def begin(self, dtype: torch.dtype, checkpoint: Checkpoint | None) -> tuple[nn.Module, float]:
        """Return the net that is going to be trained, and the seconds that it took already."""
        # Channels last: a tenth faster at depth 32 on a CPU.
        return self.build(dtype).to(self.device, memory_format=torch.channels_last), 0.0

    def train(
        self,
        dtype: torch.dtype,
        on_epoch: Notify = lambda epoch, score: None,
        checkpoint: Checkpoint | None = None,
    ) -> tuple[nn.Module, "Record"]:
        """Train, test and measure the net, and return it with its record."""
        train, test = self.batches(dtype)
        model, seconds = self.begin(dtype, checkpoint)
        first, measured = checksum(model), {}
        look = self.look and partial(self.look, test)
        history = fit(
            model, train, test, self.recipe, on_epoch, self.loss, checkpoint, look, measured
        )
        history.seconds += seconds
        record = Record.of_today(self, history, first, train.checksum, measured)
        self.measure(model, test, record)
        return model, record

    def measure(self, model: nn.Module, test_batches: list, record: "Record") -> None:
        """Add to the record what else is measured of the net."""

    def batches(
        self,
        dtype: torch.dtype,
        images: data.ImageData | None = None,
        rank: int = 0,
        processes: int = 1,
    ) -> tuple[Batches, list[tuple[Tensor, Tensor]]]:
        """Return a process's share of the training and test batches, on its device.

        Both are normalised by the training images: Fashion-MNIST's, or those that are given.
        """
        if images is None:
            images = data.load(train=self.train_images, test=self.test_images, size=self.size)
        normalization = Normalization(images.train_images, dtype).to(self.device)
        shown = images.train_images.to(self.device), images.train_labels.to(self.device)
        how = {"flip": self.recipe.flip, "pad": self.recipe.pad}
        sizes = self.recipe.batch_size, normalization, self.seed
        train_batches = Batches(*shown, *sizes, **how, rank=rank, processes=processes)
        tested = images.test_images, images.test_labels
        shares = (part[rank::processes].to(self.device).split(1000) for part in tested)
        parts = zip(*shares, strict=True)
        return train_batches, [(normalization(some), labels) for some, labels in parts]


@dataclass(frozen=True, kw_only=True)
class ResidualJob(Job):
    """A plain or residual net of 6n+2 layers."""

    depth: int  # layers with weights
    shortcut: str | None  # None, "A", "B" or "C"
    width: int = 8  # filters of the first stage
    pre_activation: bool = False

    def build(self, dtype: torch.dtype = torch.float32) -> nn.Module:
        """Return the net with He's weights for its seed."""
        kind = {"width": self.width, "pre_activation": self.pre_activation}
        model = cifar_resnet(self.depth, self.shortcut, in_channels=1, **kind)
        return initialize(model.to(dtype), self.seed, mode="fan_out")

    def begin(self, dtype: torch.dtype, checkpoint: Checkpoint | None) -> tuple[nn.Module, float]:
        """Return the net that is going to be trained; its ReLUs overwrite what they get.

        So a step takes a hundredth less. Not so where somebody looks at what they get, or where a
        block with pre-activation needs it again.
        """
        model, seconds = super().begin(dtype, checkpoint)
        for module in model.modules():
            if isinstance(module, nn.ReLU):
                module.inplace = not (self.is_looked_into() or self.pre_activation)
        return model, seconds

    @property
    def cost(self) -> float:
        """How long an epoch takes: about as the multiply-adds, in any unit; shortcuts add some."""
        layers = self.depth * (1.06 if self.shortcut else 1)
        return layers * self.width**2 * self.size**2 * self.train_images

    def tiny(self) -> "ResidualJob":
        """Return the job with 8 layers: a deep plain net blows rounding errors up."""
        return replace(super().tiny(), depth=8)


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
    measurements: dict = field(default_factory=dict)  # what the experiment looked at besides

    @classmethod
    def of_today(cls, job: Job, history: History, first: str, seen: str, found: dict) -> "Record":
        """Return what came out just now, on this machine.

        Checksums are of the first weights and of the batches seen; found is what was measured.
        """
        versions = {"python": platform.python_version(), "torch": torch.__version__}
        where, day = processor(job.device), date.today().isoformat()
        return cls(job, history, first, seen, versions, where, day, measurements=found)

    @classmethod
    def from_json(cls, content: dict, job_class: type[Job]) -> "Record":
        """Return the record that ``dataclasses.asdict`` turned into ``content``.

        In files of the first form, device and precision stood beside the job, if at all.
        """
        content = _hashable(content)
        beside = {key: content.pop(key) for key in ("device", "precision") if key in content}
        job = job_class.from_json(content["job"] | beside)
        return cls(**content | {"job": job, "history": History.from_json(content["history"])})


def _hashable(content: dict) -> dict:
    """Return what JSON has kept of a frozen dataclass, with tuples in place of lists."""
    return {key: tuple(one) if isinstance(one, list) else one for key, one in content.items()}


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question, and the jobs that answer it."""

    about: str  # "Name: the question?", and below it what is run and what the papers say
    job: type[Job] = ResidualJob  # the class of its jobs
    jobs: Callable[[int], Sequence[Job]]  # of a seed
    seeds: Mapping[str, Sequence[int]] = field(default_factory=lambda: {"seminar": range(3)})
    pairs: Sequence[tuple[str, str]] = ()  # nets, each with the one that it is compared with
    live: Sequence[str] = ()  # nets that a notebook runs today
    kept: Sequence[str] = ()  # nets whose trained weights, of seed 0, come with the course

    @property
    def question(self) -> str:
        """What is asked, in one line."""
        return self.about.partition(": ")[2].partition("\n")[0]


def run_job(
    job: Job,
    on_epoch: Notify = lambda epoch, score: None,
    unfinished: Path | None = None,
    weights: Path | None = None,
) -> Record:
    """Train and test one net, on this thread, with nothing left to chance but the seed.

    Args:
        job: What to train on what.
        on_epoch: Called after each epoch with its number, from 1, and its training score.
        unfinished: File to keep the state in after each epoch, and to go on from. With it the
            record carries a fingerprint.
        weights: File for the trained weights.
    """
    allow_tf32(job.precision)
    losses = fingerprint(job) if unfinished else ()
    checkpoint = Checkpoint(unfinished, run_of(job, losses)) if unfinished else None
    model, record = job.train(torch.float32, on_epoch, checkpoint)
    if weights is not None:
        checkpoints.write(weights, model.state_dict())
    return replace(record, machine=f"{record.machine}, one thread", fingerprint=losses)


def run_of(job: Job, losses: Sequence[float]) -> dict:
    """Return what a checkpoint notes of its run, so that no other run goes on from it."""
    return {"job": asdict(job), "fingerprint": list(losses)}


def fingerprint(job: Job) -> tuple[float, ...]:
    """Return the losses of a tiny run of the same job: one batch per epoch, float64.

    They change with the net's code, its start, the images, their order, the optimiser and the
    schedule, but not with a comment, a name or the processor: the first weights are drawn in
    float64, too, and what rounding adds to the losses stays below 1e-12.
    """
    _, record = job.tiny().train(torch.float64)
    return tuple(score.loss for score in (*record.history.train, record.history.test))
