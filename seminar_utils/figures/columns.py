"""Errors by a choice: a dot per seed, and a line through the means."""

from collections.abc import Sequence
from statistics import mean

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.shortcuts import PAIRS
from seminar_utils.experiments.verdicts import compare, errors
from seminar_utils.figures.marks import APART, draw_columns
from seminar_utils.figures.palette import COLORS, SHALLOW_AND_DEEP, SPLITS
from seminar_utils.figures.picture import Picture, new_figure, styled

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
    parts = []
    for axis, split in zip(others, EARLY_AND_TEST, strict=True):
        for depth, color, shift in zip(DEPTHS, SHALLOW_AND_DEEP, APART, strict=True):
            columns = [errors_of(recorded, f"ResNet-{depth} {name}", split) for name in OPTIONS]
            means = draw_columns(axis, columns, color, f"{depth} layers", shift)
            parts.append(f"{split} {depth} layers {in_a_row(means, ', ')}")
        axis.set(title=f"ours: {split} error", xlim=(-0.3, len(OPTIONS) + 0.1))
        axis.set_xticks(range(len(OPTIONS)), OPTIONS)
    for axis in (left, *others):
        axis.set_xlabel("shortcut option")
    left.set(ylabel="error (%)", ylim=(0, None))
    effects = [compare(recorded, *pair, split) for split in EARLY_AND_TEST for pair in PAIRS]
    shown = "; ".join(
        f"{effect.split} {effect.net} {effect.verdict} than {effect.baseline}"
        for effect in effects
        if effect.verdict in ("larger", "smaller")
    )
    table_line = ", ".join(f"{net} {error:.2f}" for net, error in published.items())
    line = (
        f"Table 3, top-1 (%): {table_line}. Ours, A, B, C (%): {'; '.join(parts)}. "
        f"Shown: {shown or 'nothing'}"
    )
    alt = (
        "Three panels of error against shortcut option. Left, one dot a net, ImageNet: "
        f"{table_line} %. Right our nets, a dot per seed and a line through the means of A, B, C, "
        f"20 layers blue, 32 layers orange: {'; '.join(parts)} %. Shown: {shown or 'nothing'}."
    )
    return Picture(figure, line, alt)


def errors_of(recorded: Sequence[Record], net: str, split: str) -> list[float]:
    """Return a net's error in % of each seed."""
    return list(errors(recorded, net, split).values())


def in_a_row(values: Sequence[float], between: str) -> str:
    """Return numbers with one decimal."""
    return between.join(f"{value:.1f}" for value in values)


def draw_table_3(axis: Axes, published: Sequence[float]) -> None:
    """Draw the errors in % of plain-34 and of ResNet-34 with each option, each with its number."""
    shades = [COLORS["grey"]] + [COLORS["green"]] * len(OPTIONS)
    for x, (error, color) in enumerate(zip(published, shades, strict=True)):
        axis.plot(x, error, "o", color=color, markersize=9)
        axis.text(x, error + 1.2, f"{error:.2f}", color=color, ha="center")
    axis.set(title="34 layers, ImageNet, top-1", xlim=(-0.5, len(published) - 0.5))
    axis.set_xticks(range(len(published)), ["plain", *OPTIONS])


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
            nets = [f"width x{times}, {images:,} images" for times in TIMES]
            columns = [errors_of(recorded, net, split) for net in nets]
            means[split] = draw_columns(axis, columns, color, split)
        for x, (low, high) in enumerate(zip(*means.values(), strict=True)):
            axis.plot([x, x], [low, high], ":", color=COLORS["black"], linewidth=1.5)
            axis.text(x + 0.06, (low + high) / 2, f"{high - low:.1f}", va="center")
        both = (f"{split} {in_a_row(values, ' -> ')}" for split, values in means.items())
        parts.append(f"{images:,} images: {', '.join(both)}")
        axis.set(title=f"{images:,} images", xlabel="width", xlim=(-0.3, len(TIMES) - 0.3))
        axis.set_xticks(range(len(TIMES)), [f"x{times}" for times in TIMES])
    axes[0].set(ylabel="error (%)", ylim=(-0.8, None))
    line = f"Width x1 -> x2 -> x4 (%): {'; '.join(parts)}"
    alt = (
        "Two panels of error against width, a dot per seed, lines through the means, the gap "
        f"between training (blue) and test (orange) dotted. {'; '.join(parts)} %."
    )
    return Picture(figure, line, alt)


@styled
def weight_effects(recorded: Sequence[Record]) -> Picture:
    """Draw errors against the weight of the heads' losses, over the seeds that have all weights.

    The training error is taken with dropout and while the weights still move, so that it may lie
    above the test error; whether the gap between them changes is the question.

    Args:
        recorded: Of the experiment "heads".
    """
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    by_split, parts = {}, []
    for (split, color), shift in zip(SPLITS.items(), APART, strict=True):
        found = [errors(recorded, net, split) for net in WEIGHTS.values()]
        seeds = sorted(set.intersection(*map(set, found)))
        by_split[split] = [[of_net[seed] for seed in seeds] for of_net in found]
        means = draw_columns(axis, by_split[split], color, split, shift)
        parts.append(f"{split} {in_a_row(means, ', ')}")
    gaps = [
        [test - training for training, test in zip(*columns, strict=True)]
        for columns in zip(*by_split.values(), strict=True)
    ]
    ranges = [f"{mean(gap):+.1f} ({min(gap):+.1f} to {max(gap):+.1f})" for gap in gaps]
    axis.set(xlabel="weight of each head's loss", ylabel="error (%)")
    axis.set(xlim=(-0.3, len(WEIGHTS) - 0.3), ylim=(0, None))
    axis.set_xticks(range(len(WEIGHTS)), list(WEIGHTS))
    axis.text(-0.2, 1.5, "training: with dropout, while the weights move")
    line = (
        f"Head weight {', '.join(WEIGHTS)}, mean of {len(seeds)} seeds (%): {'; '.join(parts)}; "
        f"gap test minus training {', '.join(ranges)}"
    )
    alt = (
        "Error against the heads' weight, a dot per seed, a line through the means: "
        f"{'; '.join(parts)} %. Training errors are taken with dropout, test errors without."
    )
    return Picture(figure, line, alt)
