"""Shortcut options A, B and C: the paper's ResNet-34 and our own nets."""

from collections.abc import Sequence
from statistics import mean

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.experiments.jobs import Record
from seminar_utils.experiments.shortcuts import PAIRS
from seminar_utils.experiments.verdicts import compare, errors
from seminar_utils.figures.curves import SHALLOW_AND_DEEP
from seminar_utils.figures.heads import draw_columns
from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["shortcut_options"]

OPTIONS = ("A", "B", "C")
DEPTHS = (20, 32)
SPLITS = ("early training", "test")


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
    for axis, split in zip(others, SPLITS, strict=True):
        for depth, color in zip(DEPTHS, SHALLOW_AND_DEEP, strict=True):
            columns = [
                list(errors(recorded, f"ResNet-{depth} {option}", split).values())
                for option in OPTIONS
            ]
            shift = -0.04 if depth == DEPTHS[0] else 0.04
            draw_columns(axis, columns, color, f"{depth} layers", shift)
            numbers = ", ".join(f"{mean(column):.1f}" for column in columns)
            means.append(f"{split} {depth} layers {numbers}")
        axis.set_title(f"ours: {split} error", fontsize=14)
        axis.set_xticks(range(len(OPTIONS)), OPTIONS, fontsize=13)
        axis.set_xlim(-0.3, len(OPTIONS) + 0.1)
    for axis in (left, *others):
        axis.set_xlabel("shortcut option", fontsize=13)
    left.set_ylabel("error (%)", fontsize=13)
    left.set_ylim(0, None)
    effects = [compare(recorded, *pair, split) for split in SPLITS for pair in PAIRS]
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
        axis.text(x, error + 1.2, f"{error:.2f}", color=color, fontsize=12, ha="center")
    axis.set_title("34 layers, ImageNet, top-1", fontsize=14)
    axis.set_xticks(range(len(published)), ["plain", *OPTIONS], fontsize=13)
    axis.set_xlim(-0.5, len(published) - 0.5)
