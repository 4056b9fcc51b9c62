"""Twins: nets that start alike and see the same batches, plain and residual.

The paper's question (He et al. 2016, Fig. 4, Fig. 6 and Table 2) in a size that a laptop answers:
does a deeper plain net end with a larger training error, and does the shortcut change that?

    seminar  8 to 56 layers, width 8, 6,000 images of 14 x 14 pixels, seconds a net
    evening  20 and 56 layers, the paper's width 16, 60,000 images of 28 x 28, an hour a net
    figure-6 20 to 110 layers of that kind, the paper's 64,000 steps, for a machine with a GPU
    paper    the paper's own nets, images and schedules: ``full_scale/twins.py``
"""

from seminar_utils.experiments.job import Experiment, ResidualJob
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "jobs"]

FIGURE_6 = Recipe(iterations=64_000)  # He et al. 2016, Sec. 4.2, but images are not shifted
DEPTHS = (8, 14, 20, 32, 44, 56)
PAIRS = (
    *((f"{kind}-{depth}", f"{kind}-8") for kind in ("plain", "ResNet") for depth in DEPTHS[1:]),
    *((f"ResNet-{depth}", f"plain-{depth}") for depth in DEPTHS),
)


def jobs(seed: int, scale: str = "seminar") -> list[ResidualJob]:
    """Return plain and residual twins of each depth."""
    paper_like = {"width": 16, "train_images": 60_000, "size": 28}
    depths, larger = {
        "seminar": (DEPTHS, {}),
        "evening": ((20, 56), paper_like),
        "figure-6": ((20, 32, 44, 56, 110), {**paper_like, "recipe": FIGURE_6}),
    }[scale]
    return [
        ResidualJob(net=f"{kind}-{depth}", depth=depth, shortcut=shortcut, seed=seed, **larger)
        for depth in depths
        for kind, shortcut in (("plain", None), ("ResNet", "A"))
    ]


EXPERIMENT = Experiment(
    about=__doc__,
    jobs=jobs,
    seeds={"seminar": range(10), "evening": range(1), "figure-6": range(5)},
    pairs=PAIRS,
    live=("plain-8", "ResNet-8", "plain-32", "ResNet-32"),
    kept=tuple(f"{kind}-{depth}" for depth in (8, 20, 32, 56) for kind in ("plain", "ResNet")),
)
