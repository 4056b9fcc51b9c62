"""Width against error, with few images and with many: what overfitting does and does not do."""

from collections.abc import Sequence
from statistics import mean

from matplotlib.axes import Axes

from seminar_utils.experiments.jobs import Record
from seminar_utils.experiments.verdicts import errors
from seminar_utils.figures.heads import SPLITS, draw_columns
from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["width_and_errors"]

IMAGES = (500, 10_000)
TIMES = (1, 2, 4)


def width_and_errors(recorded: Sequence[Record]) -> Picture:
    """Draw training and test error against width, a panel for each number of images.

    A wider net may have the larger gap between both errors and still the smaller test error.

    Args:
        recorded: Of the experiment "overfitting".
    """
    figure, axes = new_figure(2, sharey=True, height=4.8)
    parts = []
    for axis, images in zip(axes, IMAGES, strict=True):
        means = {}
        for split, color in SPLITS.items():
            columns = [
                list(errors(recorded, f"width x{times}, {images:,} images", split).values())
                for times in TIMES
            ]
            means[split] = [mean(column) for column in columns]
            draw_columns(axis, columns, color, split)
        draw_gaps(axis, *means.values())
        both = (f"{split} {arrows(values)}" for split, values in means.items())
        parts.append(f"{images:,} images: {', '.join(both)}")
        axis.set_title(f"{images:,} images", fontsize=14)
        axis.set_xticks(range(len(TIMES)), [f"x{times}" for times in TIMES], fontsize=13)
        axis.set_xlim(-0.3, len(TIMES) - 0.3)
        axis.set_xlabel("width", fontsize=13)
    axes[0].set_ylabel("error (%)", fontsize=13)
    axes[0].set_ylim(-0.8, None)
    line = f"Width x1 -> x2 -> x4 (%): {'; '.join(parts)}"
    alt = (
        "Two panels of error against width, a dot per seed, lines through the means, the gap "
        f"between training (blue) and test (orange) dotted. {'; '.join(parts)} %."
    )
    return Picture(figure, line, alt)


def arrows(values: Sequence[float]) -> str:
    """Return numbers in a row."""
    return " -> ".join(f"{value:.1f}" for value in values)


def draw_gaps(axis: Axes, training: Sequence[float], test: Sequence[float]) -> None:
    """Draw a dotted line between both means at each width, with its length in points."""
    for x, (low, high) in enumerate(zip(training, test, strict=True)):
        axis.plot([x, x], [low, high], ":", color=COLORS["black"], linewidth=1.5)
        axis.text(x + 0.06, (low + high) / 2, f"{high - low:.1f}", fontsize=12, va="center")
