"""The training loop that every experiment of this course runs.

The recipe is the papers' (He et al. 2016, Sec. 3.4 and 4.2): SGD with momentum 0.9, weight decay
1e-4, a learning rate that falls by ten at fixed points. The loop takes any module and any iterable
of batches.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import SGD
from torch.optim.lr_scheduler import LRScheduler, MultiStepLR

from seminar_utils.batches import Batches

__all__ = ["History", "Recipe", "Score", "evaluate", "fit", "schedule", "train_one_epoch"]


@dataclass(frozen=True)
class Recipe:
    """How a net is trained."""

    epochs: int = 8
    batch_size: int = 128  # images
    learning_rate: float = 0.1
    drops: tuple[float, ...] = (0.5, 0.75)  # shares of the run after which the rate falls by ten
    momentum: float = 0.9
    weight_decay: float = 1e-4
    flip: bool = True  # mirror half of the training images


@dataclass(frozen=True)
class Score:
    """Mean over the images of one pass."""

    error: float  # %
    loss: float  # nats


@dataclass
class History:
    """What a run leaves behind: one entry per epoch, and the test at the end."""

    train: list[Score] = field(default_factory=list)  # while the weights change, augmented images
    learning_rates: list[float] = field(default_factory=list)  # at the start of the epoch
    test: Score | None = None  # once, after the last epoch
    seconds: float = 0.0


def schedule(optimizer: SGD, recipe: Recipe, steps: int) -> LRScheduler:
    """Return the schedule that divides the rate by ten after each of the recipe's drops.

    Args:
        optimizer: Carries the learning rate.
        recipe: Names the drops as shares of the run.
        steps: Steps of the whole run.
    """
    milestones = [round(share * steps) for share in recipe.drops]
    return MultiStepLR(optimizer, milestones, gamma=0.1)


def train_one_epoch(
    model: nn.Module,
    batches: Iterable[tuple[Tensor, Tensor]],
    optimizer: SGD,
    scheduler: LRScheduler,
) -> Score:
    """Take one step per batch and return the mean error and loss of the images as they passed."""
    model.train()
    wrong, total_loss, count = 0, 0.0, 0
    for images, labels in batches:
        logits = model(images)
        loss = F.cross_entropy(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        # Sums stay tensors: asking for a number in every step would make a GPU wait.
        wrong += (logits.argmax(1) != labels).sum()
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


def mean_score(wrong: Tensor | int, total_loss: Tensor | float, count: int) -> Score:
    """Turn sums over images into means."""
    if count == 0:
        raise ValueError("There was no batch to go through: check the images and the batch size.")
    return Score(100 * float(wrong) / count, float(total_loss) / count)


def fit(
    model: nn.Module,
    train_batches: Batches,
    test_batches: Iterable[tuple[Tensor, Tensor]],
    recipe: Recipe,
    on_epoch: Callable[[int, Score], None] = lambda epoch, score: None,
) -> History:
    """Train a net by its recipe, test it once at the end, and return what happened.

    Args:
        model: Is trained in place.
        train_batches: One pass is one epoch.
        test_batches: Every test image once.
        recipe: How to train.
        on_epoch: Called after each epoch with its number, from 1, and its training score.
    """
    history = History()
    start = time.perf_counter()
    optimizer = SGD(
        model.parameters(),
        recipe.learning_rate,
        momentum=recipe.momentum,
        weight_decay=recipe.weight_decay,
        fused=True,
    )
    scheduler = schedule(optimizer, recipe, recipe.epochs * len(train_batches))
    for epoch in range(1, recipe.epochs + 1):
        history.learning_rates.append(optimizer.param_groups[0]["lr"])
        score = train_one_epoch(model, train_batches, optimizer, scheduler)
        history.train.append(score)
        on_epoch(epoch, score)
    history.test = evaluate(model, test_batches)
    history.seconds = time.perf_counter() - start
    return history
