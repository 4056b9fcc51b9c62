"""Overfitting: what does width do with few images and with many?

ResNet-8 at one, two and four times the width, on 500 and on 10,000 images, the same number of
steps. Szegedy et al. 2015 (Sec. 3) name overfitting as the first price of size. Both errors count:
a wider net may have the larger gap between them and still be the better one on new images.
"""

from seminar_utils.experiments.job import Experiment, ResidualJob
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "jobs"]

STEPS = 8 * (10_000 // 128)
PAIRS = tuple(
    (f"width x{times}, {images:,} images", f"width x1, {images:,} images")
    for images in (500, 10_000)
    for times in (2, 4)
)


def jobs(seed: int) -> list[ResidualJob]:
    """Return each width on each number of images."""
    return [
        ResidualJob(
            net=f"width x{times}, {images:,} images",
            depth=8,
            shortcut="A",
            seed=seed,
            width=8 * times,
            train_images=images,
            recipe=Recipe(epochs=STEPS // (images // 128)),
        )
        for images in (500, 10_000)
        for times in (1, 2, 4)
    ]


EXPERIMENT = Experiment(about=__doc__, jobs=jobs, pairs=PAIRS)
