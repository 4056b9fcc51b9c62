"""Heads at the paper's scale: GoogLeNet on ImageNet, without and with its auxiliary classifiers.

Augmentation and loss are those of Szegedy et al. 2015 (Sec. 5 and 6).

Deviations: the paper gives no first rate, batch size, weight decay or length. Those of BVLC's Caffe
model stand in (rate 0.01, weight decay 2e-4, 60 epochs), with batches of 256 and two drops in place
of a slow decline. Neither asynchronous steps nor averaged weights are repeated.
"""

from seminar_utils.full_scale.runs import IMAGENET, PaperJob
from seminar_utils.training.loop import Recipe

__all__ = ["JOB", "KEPT", "LIVE", "PAIRS", "RECIPE", "SCALES", "jobs"]

JOB = PaperJob
SCALES = {"paper": range(1)}
LIVE = KEPT = PAIRS = ()
RECIPE = Recipe(epochs=60, batch_size=256, learning_rate=0.01, weight_decay=2e-4)


def jobs(seed: int, scale: str = "paper") -> list[PaperJob]:
    """Return both nets."""
    return [
        PaperJob(net=f"GoogLeNet, {heads}", seed=seed, recipe=RECIPE, **IMAGENET)
        for heads in ("no heads", "both heads")
    ]
