"""Errors by a choice: a dot per seed, and a line through the means."""

from collections.abc import Mapping, Sequence
from statistics import mean

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.shortcuts import PAIRS
from seminar_utils.experiments.verdicts import compare, errors
from seminar_utils.figures.picture import (
    COLORS,
    SHALLOW_AND_DEEP,
    SPLITS,
    Picture,
    draw_columns,
    new_figure,
    styled,
)

__all__ = ["shortcut_options", "weight_effects", "width_and_errors"]

EARLY_AND_TEST = ("early training", "test")
OPTIONS = ("A", "B", "C")
DEPTHS = (20, 32)
IMAGES, TIMES = (500, 10_000), (1, 2, 4)
WEIGHTS = {
    "0": "no heads",
    "0.1": "both heads, weight 0.1",
    "0.3": "both heads",
    "1.0": "both heads, weight 1.0",
}


@styled
def shortcut_options(recorded: Sequence[Record]) -> Picture:
    """Draw errors of the three options, He et al.'s ResNet-34 left and our nets right.

    Twelve comparisons at 95 % each: one of them may well be shown by chance.

    Args:
        recorded: Of the experiment "shortcuts".

    Source: He et al. 2016, Table 3 (top-1, 10-crop, ImageNet validation).
    """
    figure, (left, *others) = new_figure(3, sharey=True, height=4.8)
    table = paper.resnet_table(3)
    nets = ("plain-34", *(f"ResNet-34 {option}" for option in OPTIONS))
    published = {net: table[net]["top-1 err."] for net in nets}
    draw_table_3(left, list(published.values()))
    means = []
    for axis, split in zip(others, EARLY_AND_TEST, strict=True):
        for depth, color in zip(DEPTHS, SHALLOW_AND_DEEP, strict=True):
            columns = [
                list(errors(recorded, f"ResNet-{depth} {option}", split).values())
                for option in OPTIONS
            ]
            shift = -0.04 if depth == DEPTHS[0] else 0.04
            draw_columns(axis, columns, color, f"{depth} layers", shift)
            numbers = ", ".join(f"{mean(column):.1f}" for column in columns)
            means.append(f"{split} {depth} layers {numbers}")
        axis.set_title(f"ours: {split} error")
        axis.set_xticks(range(len(OPTIONS)), OPTIONS)
        axis.set_xlim(-0.3, len(OPTIONS) + 0.1)
    for axis in (left, *others):
        axis.set_xlabel("shortcut option")
    left.set_ylabel("error (%)")
    left.set_ylim(0, None)
    effects = [compare(recorded, *pair, split) for split in EARLY_AND_TEST for pair in PAIRS]
    shown = "; ".join(
        f"{effect.split} {effect.net} {effect.verdict} than {effect.baseline}"
        for effect in effects
        if effect.verdict in ("larger", "smaller")
    )
    table_line = ", ".join(f"{net} {error:.2f}" for net, error in published.items())
    line = (
        f"Table 3, top-1 (%): {table_line}. Ours, A, B, C (%): {'; '.join(means)}. "
        f"Shown: {shown or 'nothing'}"
    )
    alt = (
        "Three panels of error against shortcut option. Left, one dot a net, ImageNet: "
        f"{table_line} %. Right our nets, a dot per seed and a line through the means of A, B, C, "
        f"20 layers blue, 32 layers orange: {'; '.join(means)} %. Shown: {shown or 'nothing'}."
    )
    return Picture(figure, line, alt)


def draw_table_3(axis: Axes, published: Sequence[float]) -> None:
    """Draw the errors in % of plain-34 and of ResNet-34 with each option, each with its number."""
    shades = [COLORS["grey"]] + [COLORS["green"]] * len(OPTIONS)
    for x, (error, color) in enumerate(zip(published, shades, strict=True)):
        axis.plot(x, error, "o", color=color, markersize=9)
        axis.text(x, error + 1.2, f"{error:.2f}", color=color, ha="center")
    axis.set_title("34 layers, ImageNet, top-1")
    axis.set_xticks(range(len(published)), ["plain", *OPTIONS])
    axis.set_xlim(-0.5, len(published) - 0.5)


@styled
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
        axis.set_title(f"{images:,} images")
        axis.set_xticks(range(len(TIMES)), [f"x{times}" for times in TIMES])
        axis.set_xlim(-0.3, len(TIMES) - 0.3)
        axis.set_xlabel("width")
    axes[0].set_ylabel("error (%)")
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
        axis.text(x + 0.06, (low + high) / 2, f"{high - low:.1f}", va="center")


@styled
def weight_effects(recorded: Sequence[Record]) -> Picture:
    """Draw errors against the weight of the heads' losses, over the seeds that have all weights.

    The training error is taken with dropout and while the weights still move, so that it may lie
    above the test error; whether the gap between them changes is the question.

    Args:
        recorded: Of the experiment "heads".
    """
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    by_split = {
        split: shared([errors(recorded, net, split) for net in WEIGHTS.values()])
        for split in SPLITS
    }
    parts = []
    for (split, columns), color in zip(by_split.items(), SPLITS.values(), strict=True):
        draw_columns(axis, columns, color, split, shift=0.04 if split == "test" else -0.04)
        parts.append(f"{split} {', '.join(f'{mean(column):.1f}' for column in columns)}")
    gaps = [
        [test - training for training, test in zip(*columns, strict=True)]
        for columns in zip(*by_split.values(), strict=True)
    ]
    ranges = [f"{mean(gap):+.1f} ({min(gap):+.1f} to {max(gap):+.1f})" for gap in gaps]
    axis.set_xticks(range(len(WEIGHTS)), list(WEIGHTS))
    axis.set_xlim(-0.3, len(WEIGHTS) - 0.3)
    axis.set_ylim(0, None)
    axis.set_xlabel("weight of each head's loss")
    axis.set_ylabel("error (%)")
    axis.text(-0.2, 1.5, "training: with dropout, while the weights move")
    line = (
        f"Head weight {', '.join(WEIGHTS)}, mean of {len(gaps[0])} seeds (%): {'; '.join(parts)}; "
        f"gap test minus training {', '.join(ranges)}"
    )
    alt = (
        "Error against the heads' weight, a dot per seed, a line through the means: "
        f"{'; '.join(parts)} %. Training errors are taken with dropout, test errors without."
    )
    return Picture(figure, line, alt)


def shared(columns: Sequence[Mapping[int, float]]) -> list[list[float]]:
    """Return the errors of the seeds that all columns have, in the order of the seeds."""
    seeds = sorted(set.intersection(*(set(column) for column in columns)))
    return [[column[seed] for seed in seeds] for column in columns]
