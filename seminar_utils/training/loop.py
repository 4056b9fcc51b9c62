"""The training loop that every experiment of this course runs.

The recipe is the papers' (He et al. 2016, Sec. 3.4 and 4.2): SGD with momentum 0.9, weight decay
1e-4, a learning rate that falls by ten at fixed points. The loop takes any module and any iterable
of batches. Under ``torchrun`` it runs unchanged in each process: the net is wrapped in
DistributedDataParallel, each process has its own part of every batch, and scores are of all parts.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from inspect import unwrap
from itertools import islice
from statistics import mean

import torch
from torch import Tensor, distributed, nn
from torch.nn import functional as F
from torch.optim import SGD
from torch.optim.lr_scheduler import LRScheduler, MultiStepLR

from seminar_utils.seeds import generator_for
from seminar_utils.training.batches import SeededBatches
from seminar_utils.training.checkpoints import Checkpoint

__all__ = [
    "History",
    "Loss",
    "Recipe",
    "Score",
    "evaluate",
    "final_logits",
    "fit",
    "make_optimizer",
    "mean_of",
    "mean_score",
    "schedule",
    "train_one_epoch",
]

Loss = Callable[..., Tensor]  # of the net's outputs and the labels
# Is entered before a step and left after it: net, all that was measured, number from 1, batch.
Look = Callable[[nn.Module, dict, int, tuple[Tensor, Tensor]], AbstractContextManager]


@dataclass(frozen=True)
class Recipe:
    """How a net is trained."""

    epochs: int = 8
    batch_size: int = 128  # images, of all processes together
    learning_rate: float = 0.1
    drops: tuple[float, ...] = (0.5, 0.75)  # shares of the run after which the rate falls by ten
    momentum: float = 0.9
    weight_decay: float = 1e-4
    flip: bool = True  # mirror half of the training images
    pad: int = 0  # shift them by up to so many pixels
    iterations: int | None = None  # steps of the whole run, in place of ``epochs``

    def __post_init__(self):
        """Refuse values with which nothing can be trained."""
        for name in ("epochs", "batch_size", "iterations"):
            if (count := getattr(self, name)) is not None and count < 1:
                raise ValueError(f"{name}={count}: take a whole number from 1 on.")
        if not all(0 < share < 1 for share in self.drops):
            raise ValueError(f"drops={self.drops}: take shares of the run between 0 and 1.")

    def steps(self, steps_per_epoch: int) -> int:
        """Return the steps of the whole run."""
        return self.iterations or self.epochs * steps_per_epoch


@dataclass(frozen=True)
class Score:
    """Mean over the images of one pass."""

    error: float  # %
    loss: float  # nats, what was minimised


@dataclass
class History:
    """What a run leaves behind: one entry per epoch, and the test at the end."""

    train: list[Score] = field(default_factory=list)  # while the weights change, augmented images
    learning_rates: list[float] = field(default_factory=list)  # at the start of the epoch
    test: Score | None = None  # once, after the last epoch
    seconds: float = 0.0

    @classmethod
    def from_json(cls, content: dict) -> "History":
        """Return the history that ``dataclasses.asdict`` turned into ``content``."""
        train = [Score(**score) for score in content["train"]]
        test = content["test"] and Score(**content["test"])
        return cls(train, content["learning_rates"], test, content["seconds"])


class _PlainSGD(SGD):
    """PyTorch's SGD without the wrappers that import ``torch.compile``, a second a process."""

    add_param_group = unwrap(SGD.add_param_group)
    zero_grad = unwrap(SGD.zero_grad)
    step = torch.no_grad()(unwrap(SGD.step))


def make_optimizer(model: nn.Module, recipe: Recipe) -> SGD:
    """Return the recipe's SGD over all parameters."""
    return _PlainSGD(
        model.parameters(),
        recipe.learning_rate,
        momentum=recipe.momentum,
        weight_decay=recipe.weight_decay,
        fused=True,
    )


def schedule(optimizer: SGD, recipe: Recipe, steps: int) -> LRScheduler:
    """Return the schedule that divides the rate by ten after each of the recipe's drops."""
    milestones = [round(share * steps) for share in recipe.drops]
    return MultiStepLR(optimizer, milestones, gamma=0.1)


def train_one_epoch(
    model: nn.Module,
    batches: Iterable[tuple[Tensor, Tensor]],
    optimizer: SGD,
    scheduler: LRScheduler,
    loss_function: Loss = F.cross_entropy,
) -> Score:
    """Take one step per batch and return the mean error and loss of the images as they passed."""
    model.train()
    wrong, total_loss, count = 0, 0.0, 0
    for images, labels in batches:
        outputs = model(images)
        loss = loss_function(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        # Sums stay tensors: asking for a number in every step would make a GPU wait.
        wrong += (final_logits(outputs).argmax(1) != labels).sum()
        total_loss += loss.detach() * len(labels)
        count += len(labels)
    return mean_score(wrong, total_loss, count)


@torch.inference_mode()
def evaluate(model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]]) -> Score:
    """Return the mean error and loss over all images, with running statistics, no dropout."""
    model.eval()
    wrong, total_loss, count = 0, 0.0, 0
    for images, labels in batches:
        logits = model(images)
        wrong += (logits.argmax(1) != labels).sum()
        total_loss += F.cross_entropy(logits, labels, reduction="sum")
        count += len(labels)
    return mean_score(wrong, total_loss, count)


@contextmanager
def _dropout_of(seed: int, epoch: int) -> Iterator[None]:
    """Draw dropout from a stream named by seed, epoch and rank, on the CPU and all GPUs.

    So a resumed run drops the same; random numbers outside stay as they were.
    """
    rank = distributed.get_rank() if _is_distributed() else 0
    with torch.random.fork_rng():
        torch.manual_seed(generator_for(seed, f"dropout of epoch {epoch}, {rank}").initial_seed())
        yield


def _is_distributed() -> bool:
    """Return whether this is one of several processes that train one net."""
    return distributed.is_available() and distributed.is_initialized()


def final_logits(outputs: Tensor | tuple[Tensor | None, ...]) -> Tensor:
    """Return the logits that count as the net's answer: GoogLeNet's heads come behind them."""
    return outputs[0] if isinstance(outputs, tuple) else outputs


def mean_of(steps: Sequence[dict[str, float]]) -> Score:
    """Return the mean of equally large batches' scores, each as ``dataclasses.asdict`` has it."""
    return Score(mean(step["error"] for step in steps), mean(step["loss"] for step in steps))


def mean_score(wrong: Tensor | int, total_loss: Tensor | float, count: int) -> Score:
    """Turn sums over images, of all processes, into means."""
    if count == 0:
        raise ValueError("There was no batch to go through: check the images and the batch size.")
    # In float64, which not every device has.
    sums = torch.tensor([wrong.item(), total_loss.item(), count], dtype=torch.float64)
    if _is_distributed():
        sums = sums.to(wrong.device)
        distributed.all_reduce(sums)
    wrong, total_loss, count = sums.tolist()
    return Score(100 * wrong / count, total_loss / count)


def fit(
    model: nn.Module,
    train_batches: SeededBatches,
    test_batches: Iterable[tuple[Tensor, Tensor]],
    recipe: Recipe,
    on_epoch: Callable[[int, Score], None] = lambda epoch, score: None,
    loss_function: Loss = F.cross_entropy,
    checkpoint: Checkpoint | None = None,
    look: Look | None = None,
    measured: dict | None = None,
) -> History:
    """Train a net by its recipe, test it once at the end, and return what happened.

    Args:
        model: Is trained in place.
        train_batches: One pass is one epoch.
        test_batches: Every test image once.
        recipe: How to train.
        on_epoch: Called after each epoch with its number, from 1, and its training score.
        loss_function: Of the net's outputs and the labels.
        checkpoint: Where the state is kept after each whole epoch, and where to go on from.
        look: Looks at each step; an epoch's score is then the mean of its steps' scores.
        measured: Takes what looks measure, and the scores of "steps"; the checkpoint keeps it.
    """
    measured = {} if measured is None else measured
    steps_per_epoch = len(train_batches)
    steps = recipe.steps(steps_per_epoch)
    optimizer = make_optimizer(model, recipe)
    scheduler = schedule(optimizer, recipe, steps)
    # Without what DistributedDataParallel wraps around it.
    net = model.module if isinstance(model, nn.parallel.DistributedDataParallel) else model
    parts = {"model": net, "optimizer": optimizer, "scheduler": scheduler}
    history = History()
    if checkpoint is not None and (kept := checkpoint.restore(**parts)):
        history = History.from_json(kept)
        measured.update(kept.get("measured", {}))
        train_batches.skip(len(history.train))
    start = time.perf_counter() - history.seconds
    for done in range(len(history.train) * steps_per_epoch, steps, steps_per_epoch):
        history.learning_rates.append(optimizer.param_groups[0]["lr"])
        # All batches of the epoch, or as many as the run still has steps.
        left = steps - done
        batches = train_batches if left >= steps_per_epoch else islice(train_batches, left)
        with _dropout_of(train_batches.seed, len(history.train)):
            if look is None:
                score = train_one_epoch(model, batches, optimizer, scheduler, loss_function)
            else:
                steps_taken = measured.setdefault("steps", [])
                for step, batch in enumerate(batches, done + 1):
                    with look(model, measured, step, batch):
                        score = train_one_epoch(model, [batch], optimizer, scheduler, loss_function)
                        steps_taken.append(asdict(score))
                score = mean_of(steps_taken[done:])
        history.train.append(score)
        history.seconds = time.perf_counter() - start
        if checkpoint is not None and left >= steps_per_epoch:
            checkpoint.keep(asdict(history) | {"measured": measured}, **parts)
        on_epoch(len(history.train), history.train[-1])
    if _is_distributed():  # the running statistics of the first process, whose net is kept
        for statistics in net.buffers():
            distributed.broadcast(statistics, 0)
    history.test = evaluate(net, test_batches)
    history.seconds = time.perf_counter() - start
    return history
