"""Classroom: how does the paper's GoogLeNet leave pure guessing, before the eyes of a class?

One net for a lesson: the paper's GoogLeNet (both heads, no batch norm) at a sixteenth of its width
on few images of 28 x 28 pixels. It goes over them again and again, so that its loss has a point
every few seconds. The record lists which test pictures it still gets wrong.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seminar_utils.experiments.experiment import Experiment
from seminar_utils.experiments.heads import GoogLeNetJob
from seminar_utils.experiments.job import Report, Trained
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "ClassroomJob", "find_mistakes", "jobs"]

RECIPE = Recipe(epochs=9, batch_size=16, learning_rate=0.01, drops=(0.8,))


@dataclass(frozen=True, kw_only=True)
class ClassroomJob(GoogLeNetJob):
    """The narrow GoogLeNet that a class waits for."""

    net: str = "GoogLeNet"
    heads: tuple[str, ...] = ("4a", "4d")
    train_images: int = 1000
    recipe: Recipe = RECIPE

    def train(self, dtype: torch.dtype, on_epoch: Report, checkpoint: Checkpoint | None) -> Trained:
        """Train and test the net, then look at what it got wrong."""
        trained = super().train(dtype, on_epoch, checkpoint)
        _, test_batches = self.batches(dtype)
        trained.measurements["mistakes"] = find_mistakes(trained.model, test_batches)
        return trained


@torch.inference_mode()
def find_mistakes(
    model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], most: int = 60
) -> list[list[int]]:
    """Return the first images that a net gets wrong, each as [index, predicted, true label].

    Args:
        model: Returns logits in evaluation.
        batches: Images and labels; an index counts the images of all batches.
        most: How many to list; the search ends with the batch in which the last one is found.
    """
    model.eval()
    found, passed = [], 0
    for images, labels in batches:
        predicted = model(images).argmax(1)
        for i in (predicted != labels).nonzero().flatten().tolist():
            found.append([passed + i, predicted[i].item(), labels[i].item()])
        if len(found) >= most:
            break
        passed += len(labels)
    return found[:most]


def jobs(seed: int, scale: str = "seminar") -> list[ClassroomJob]:
    """Return the one net of a seed."""
    return [ClassroomJob(seed=seed)]


EXPERIMENT = Experiment(
    name="classroom",
    about=__doc__,
    job=ClassroomJob,
    jobs=jobs,
    seeds={"seminar": range(5)},
    live=("GoogLeNet",),
    kept=("GoogLeNet",),
)
