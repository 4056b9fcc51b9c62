"""Errors by a choice, and what a choice adds to them: a dot per seed, and the means."""

from collections.abc import Sequence
from statistics import mean

from seminar_utils import paper
from seminar_utils.experiments import heads, shortcuts
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import compare, errors
from seminar_utils.figures.marks import APART, draw_columns, in_a_row, write
from seminar_utils.figures.palette import COLORS, KINDS, SHALLOW_AND_DEEP, SPLITS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["head_effects", "shortcut_options", "weight_effects", "width_and_errors"]

OPTIONS = ("A", "B", "C")
WEIGHTS = {
    "0": "no heads",
    "0.1": "both heads, weight 0.1",
    "0.3": "both heads",
    "1.0": "both heads, weight 1.0",
}


@styled
def shortcut_options(recorded: Sequence[Record]) -> Picture:
    """Draw errors of the options of "shortcuts", He et al.'s ResNet-34 left, our nets right.

    Twelve comparisons at 95 % each: one of them may well be shown by chance.

    Source: He et al. 2016, Table 3 (top-1, 10-crop, ImageNet validation).
    """
    figure, (left, *others) = new_figure(3, sharey=True, height=4.8)
    kinds = {"plain-34": "plain", **{f"ResNet-34 {option}": "ResNet" for option in OPTIONS}}
    published = {net: paper.resnet_table(3)[net]["top-1 err."] for net in kinds}
    for x, (net, error) in enumerate(published.items()):
        color = KINDS[kinds[net]]
        left.plot(x, error, "o", color=color, markersize=9)
        left.text(x, error + 1.2, f"{error:.2f}", color=color, ha="center")
    left.set(title="34 layers, ImageNet, top-1", xlabel="shortcut option", xlim=(-0.5, 3.5))
    left.set_xticks(range(4), ["plain", *OPTIONS])
    parts, verdicts = [], []
    for axis, split in zip(others, ("early training", "test"), strict=True):
        for depth, color, shift in zip((20, 32), SHALLOW_AND_DEEP, APART, strict=True):
            name, nets = f"{depth} layers", {o: f"ResNet-{depth} {o}" for o in OPTIONS}
            means = draw_columns(axis, recorded, nets, split, color, name, shift)
            parts.append(f"{split} {name} {in_a_row(means)}")
        axis.set(title=f"ours: {split} error", xlabel="shortcut option", xlim=(-0.3, 3.1))
        for effect in (compare(recorded, *pair, split) for pair in shortcuts.PAIRS):
            if effect.verdict in ("larger", "smaller"):
                verdicts.append(f"{split} {effect.net} {effect.verdict} than {effect.baseline}")
    left.set(ylabel="error (%)", ylim=(0, None))
    table = ", ".join(f"{net} {error:.2f}" for net, error in published.items())
    ours, shown = "; ".join(parts), "; ".join(verdicts) or "nothing"
    alt = (
        "Three panels of error against shortcut option. Left, one dot a net, ImageNet: "
        f"{table} %. Right our nets, a dot per seed and a line through the means of A, B, C, "
        f"20 layers blue, 32 layers orange: {ours} %. Shown: {shown}."
    )
    line = f"Table 3, top-1 (%): {table}. Ours, A, B, C (%): {ours}. Shown: {shown}"
    return Picture(figure, line, alt)


@styled
def width_and_errors(recorded: Sequence[Record]) -> Picture:
    """Draw both errors of "overfitting" against width, a panel for each number of images.

    A wider net may have the larger gap between both errors and still the smaller test error.
    """
    figure, axes = new_figure(2, sharey=True, height=4.8)
    parts = []
    for axis, images in zip(axes, ("500 images", "10,000 images"), strict=True):
        nets = {width: f"width {width}, {images}" for width in ("x1", "x2", "x4")}
        training, test = (
            draw_columns(axis, recorded, nets, split, color, split)
            for split, color in SPLITS.items()
        )
        for x, (low, high) in enumerate(zip(training, test, strict=True)):
            axis.plot([x, x], [low, high], ":", color=COLORS["black"], linewidth=1.5)
            axis.text(x + 0.06, (low + high) / 2, f"{high - low:.1f}", va="center")
        ends = f"training {in_a_row(training, ' -> ')}, test {in_a_row(test, ' -> ')}"
        parts.append(f"{images}: {ends}")
        axis.set(title=images, xlabel="width", xlim=(-0.3, 2.7))
    axes[0].set(ylabel="error (%)", ylim=(-0.8, None))
    both = "; ".join(parts)
    alt = (
        "Two panels of error against width, a dot per seed, lines through the means, the gap "
        f"between training (blue) and test (orange) dotted. {both} %."
    )
    return Picture(figure, f"Width x1 -> x2 -> x4 (%): {both}", alt)


@styled
def weight_effects(recorded: Sequence[Record]) -> Picture:
    """Draw errors of "heads" against the weight of the heads' losses, of seeds with all weights.

    The training error is taken with dropout and while the weights still move, so that it may lie
    above the test error; whether the gap between them changes is the question.
    """
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    seeds = set.intersection(*({*errors(recorded, net, "test")} for net in WEIGHTS.values()))
    complete = [record for record in recorded if record.job.seed in seeds]
    parts, ranges = [], []
    for (split, color), shift in zip(SPLITS.items(), APART, strict=True):
        means = draw_columns(axis, complete, WEIGHTS, split, color, split, shift)
        parts.append(f"{split} {in_a_row(means)}")
    for net in WEIGHTS.values():
        training, test = (errors(complete, net, split).values() for split in SPLITS)
        gaps = [high - low for low, high in zip(training, test, strict=True)]
        ranges.append(f"{mean(gaps):+.1f} ({min(gaps):+.1f} to {max(gaps):+.1f})")
    axis.set(xlabel="weight of each head's loss", ylabel="error (%)")
    axis.set(xlim=(-0.3, 3.7), ylim=(0, None))
    axis.text(-0.2, 1.5, "training: with dropout, while the weights move")
    both = "; ".join(parts)
    line = (
        f"Head weight {', '.join(WEIGHTS)}, mean of {len(seeds)} seeds (%): {both}; "
        f"gap test minus training {', '.join(ranges)}"
    )
    alt = (
        "Error against the heads' weight, a dot per seed, a line through the means: "
        f"{both} %. Training errors are taken with dropout, test errors without."
    )
    return Picture(figure, line, alt)


@styled
def head_effects(recorded: Sequence[Record]) -> Picture:
    """Draw what "heads" add to the error of the same net without heads, seed by seed.

    Two comparisons a row at 95 % each: of the twelve of all rows one may well be shown by chance.
    """
    jobs = {job.net: job for job in heads.jobs(0)}
    # Heads against none; the other pairs are about starts and weights.
    pairs = [
        (net, none)
        for net, none in heads.PAIRS
        if jobs[net].heads and not jobs[none].heads and jobs[net].initialization == "fan_in"
    ]
    figure, axes = new_figure(2, sharex=True, sharey=True, height=1.4 + 0.6 * len(pairs))
    parts, shown = [], []
    for axis, split in zip(axes, SPLITS, strict=True):
        numbers = []
        for row, pair in enumerate(pairs):
            effect = compare(recorded, *pair, split)
            seeds, half = effect.differences, effect.smallest_visible
            is_shown = effect.verdict in ("larger", "smaller")
            color = COLORS["green" if is_shown else "grey"]
            axis.plot(seeds, [row - 0.14] * len(seeds), "o", color=color, alpha=0.6, markersize=6)
            ends, height = [effect.mean - half, effect.mean + half], row + 0.14
            axis.plot(ends, [height] * 2, color=color, linewidth=2)
            axis.plot(effect.mean, height, "|", color=color, markersize=14, markeredgewidth=5)
            numbers.append(f"{effect.net} {effect.mean:+.1f} +- {half:.1f}{'*' * is_shown}")
            shown += [f"{split}, {effect.net} ({effect.verdict})"] * is_shown
        axis.axvline(0, color=COLORS["black"], linewidth=1)
        axis.set(title=f"{split} error", xlabel="with heads minus without (points)")
        parts.append(f"{split}: {'; '.join(numbers)}")
    names = [net if jobs[net].batch_norm else f"{net}, no batch norm" for net, _ in pairs]
    axes[0].set_yticks(range(len(pairs)), names)
    axes[0].set_ylim(len(pairs) - 0.5, -0.8)
    write(axes[0], 0, -0.55, "heads help ", "right")
    write(axes[0], 0, -0.55, " heads harm", "left")
    line = f"With heads minus without, points, 95 % interval (*: shown). {'. '.join(parts)}"
    alt = (
        "Two panels, training and test error. A row per kind of heads, without and with batch "
        "norm: a dot per seed, the mean as a thick mark, its 95 % interval as a line, green where "
        "it leaves out zero and grey elsewhere; left of zero the heads help. Shown: "
        f"{'; '.join(shown) or 'nothing'}."
    )
    return Picture(figure, line, alt)
