"""The GoogLeNet that a class trains: how its loss falls, and which pictures it gets wrong."""

import math
from collections.abc import Sequence
from statistics import mean

from seminar_utils.experiments.job import Record
from seminar_utils.figures.marks import draw_run
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.training.data import ImageData

__all__ = ["live_loss", "mistakes"]

CLASSES = 10
ROW = 6  # pictures, so that the longest name fits over each


@styled
def live_loss(recorded: Sequence[Record], live: Sequence[Record] = ()) -> Picture:
    """Draw the training loss per epoch: recorded seeds thin, the live seed bold.

    The loss is what is minimised, the main one and the heads' share. It is the mean over an epoch
    in which the weights change.

    Args:
        recorded: Runs of several seeds, of the experiment "classroom".
        live: The run of today, if there is one.
    """
    figure, (axis,) = new_figure(height=4.8)
    losses = [[score.loss for score in record.history.train] for record in recorded]
    for of_run in losses:
        draw_run(axis, of_run, COLORS["blue"])
    for record in live:
        draw_run(axis, [score.loss for score in record.history.train], COLORS["blue"], bold=3.2)
    job = recorded[0].job
    shares = 1 + job.head_weight * len(job.heads)
    guessing = shares * math.log(CLASSES)  # when the net and its heads give all classes alike
    axis.axhline(guessing, color=COLORS["black"], linestyle="--", linewidth=1.5)
    words = f"pure guessing: {shares:.1f} x ln {CLASSES} = {guessing:.2f}"
    axis.text(job.recipe.epochs, guessing + 0.06, words, ha="right", va="bottom")
    axis.text(1, 0.15, "thin: recorded seeds" + ("    bold: today" if live else ""))
    axis.set_title(f"Fashion-MNIST {job.size} x {job.size}, narrow {job.net}")
    axis.set_xlabel(f"epoch of {job.train_images:,} images")
    axis.set_ylabel("training loss, heads included (nats)")
    axis.set(xticks=range(1, job.recipe.epochs + 1), ylim=(0, guessing + 0.6))
    means = [mean(of_epoch) for of_epoch in zip(*losses, strict=True)]
    ends = [of_run[-1] for of_run in losses]
    line = (
        f"Training loss, guessing {guessing:.2f}, mean of {len(losses)} seeds, epoch by epoch: "
        f"{', '.join(f'{loss:.2f}' for loss in means)}; last epoch {min(ends):.2f} to "
        f"{max(ends):.2f}"
    )
    alt = (
        f"Training loss against epochs, one thin blue line for each of {len(losses)} recorded "
        f"seeds. Their mean begins at {means[0]:.2f}, beside a dashed line at {guessing:.2f}, the "
        f"loss of pure guessing, and ends at {means[-1]:.2f}; the single runs end between "
        f"{min(ends):.2f} and {max(ends):.2f}."
    )
    return Picture(figure, line, alt)


@styled
def mistakes(record: Record, images: ImageData, count: int = ROW) -> Picture:
    """Show the first test pictures that a net got wrong: what it is, not what the net said.

    Args:
        record: Of the experiment "classroom".
        images: Whose test images the net was tested on.
        count: How many, at most six.

    Raises:
        ValueError: So many do not fit, or the record is of other images.
    """
    if not 1 <= count <= ROW:
        raise ValueError(f"count={count}: take 1 to {ROW} pictures, so that their names fit.")
    shown = record.measurements["mistakes"][:count]
    if any(images.test_labels[index] != label for index, _, label in shown):
        raise ValueError(
            f"The record is not of these test images of {images.name}: take those that "
            "data.load() returns."
        )
    figure, axes = new_figure(len(shown), height=2.4)
    named = []
    for axis, (index, predicted, label) in zip(axes, shown, strict=True):
        truth, answer = images.class_names[label], images.class_names[predicted]
        axis.imshow(images.test_images[index, 0].numpy(), cmap="gray", vmin=0, vmax=255)
        axis.set_title(f"{truth},\nnot {answer}")
        axis.set_axis_off()
        named.append(f"{truth}, not {answer} ({index})")
    alt = (
        f"{len(shown)} grey pictures in a row that the net got wrong, each under what it is and "
        f"what the net said: {'; '.join(named)}. In brackets the place in the test set."
    )
    return Picture(figure, f"First mistakes: {'; '.join(named)}", alt)
