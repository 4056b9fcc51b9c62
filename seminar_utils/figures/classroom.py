"""The GoogLeNet that a class trains: how its loss falls, and which pictures it gets wrong."""

import math
from collections.abc import Sequence
from statistics import mean

from seminar_utils.experiments.job import Record
from seminar_utils.figures.marks import draw_run, in_a_row
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.training.data import ImageData

__all__ = ["live_loss", "mistakes"]

ROW = 6  # pictures, so that the longest name fits over each


@styled
def live_loss(recorded: Sequence[Record], live: Sequence[Record] = ()) -> Picture:
    """Draw the training loss per epoch: recorded seeds thin, the live seed, if any, bold.

    The loss is what is minimised, the main one and the heads' share. It is the mean over an epoch
    in which the weights change. Takes the records of "classroom".
    """
    figure, (axis,) = new_figure(height=4.8)
    for records, bold in ((recorded, 0), (live, 3.2)):
        for record in records:
            draw_run(axis, [s.loss for s in record.history.train], COLORS["blue"], bold)
    job = recorded[0].job
    shares = 1 + job.head_weight * len(job.heads)
    guessing = shares * math.log(10)  # when the net and its heads give all ten classes alike
    axis.axhline(guessing, color=COLORS["black"], linestyle="--", linewidth=1.5)
    words = f"pure guessing: {shares:.1f} x ln 10 = {guessing:.2f}"
    axis.text(job.recipe.epochs, guessing + 0.06, words, ha="right", va="bottom")
    axis.text(1, 0.15, "thin: recorded seeds" + ("    bold: today" if live else ""))
    axis.set_title(f"Fashion-MNIST {job.size} x {job.size}, narrow {job.net}")
    axis.set_xlabel(f"epoch of {job.train_images:,} images")
    axis.set_ylabel("training loss, heads included (nats)")
    axis.set(xticks=range(1, job.recipe.epochs + 1), ylim=(0, guessing + 0.6))
    epochs = zip(*([s.loss for s in record.history.train] for record in recorded), strict=True)
    *_, last = losses = list(epochs)
    means, low, high = list(map(mean, losses)), f"{min(last):.2f}", f"{max(last):.2f}"
    line = (
        f"Training loss, guessing {guessing:.2f}, mean of {len(recorded)} seeds, epoch by epoch: "
        f"{in_a_row(means, form='.2f')}; last epoch {low} to {high}"
    )
    alt = (
        f"Training loss against epochs, one thin blue line for each of {len(recorded)} recorded "
        f"seeds. Their mean begins at {means[0]:.2f}, beside a dashed line at {guessing:.2f}, the "
        f"loss of pure guessing, and ends at {means[-1]:.2f}; the single runs end between {low} "
        f"and {high}."
    )
    return Picture(figure, line, alt)


@styled
def mistakes(record: Record, images: ImageData) -> Picture:
    """Show the first test pictures that a net got wrong: what it is, not what the net said.

    Takes a record of "classroom" and the images on which its net was tested.

    Raises:
        ValueError: The record is of other images.
    """
    shown = record.measurements["mistakes"][:ROW]
    if any(images.test_labels[index] != label for index, _, label in shown):
        raise ValueError(
            f"The record is not of these test images of {images.name}: take those that "
            "data.load() returns."
        )
    figure, axes = new_figure(len(shown), height=2.4)
    named = []
    for axis, (index, *answers) in zip(axes, shown, strict=True):
        said, truth = (images.class_names[answer] for answer in answers)
        axis.imshow(images.test_images[index, 0].numpy(), cmap="gray", vmin=0, vmax=255)
        axis.set_title(f"{truth},\nnot {said}")
        axis.set_axis_off()
        named.append(f"{truth}, not {said} ({index})")
    alt = (
        f"{len(shown)} grey pictures in a row that the net got wrong, each under what it is and "
        f"what the net said: {'; '.join(named)}. In brackets the place in the test set."
    )
    return Picture(figure, f"First mistakes: {'; '.join(named)}", alt)
