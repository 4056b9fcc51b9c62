"""Our own twins beside the paper's: curves as in Figure 4, ends as in Table 2 and Figure 6."""

from collections.abc import Sequence
from statistics import mean

from seminar_utils import paper
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import errors
from seminar_utils.figures.marks import APART, draw_columns, draw_run, in_a_row, write_at_end
from seminar_utils.figures.palette import COLORS, KINDS, SHALLOW_AND_DEEP, SPLITS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.language import N_, Later, tr

__all__ = ["PANELS", "depth_series", "end_points", "training_curves"]

PAPERS_SPLITS = {"training": "train", "test": "test"}
PANELS = {"plain": ("plain-8", "plain-32"), "residual": ("ResNet-8", "ResNet-32")}


@styled
def training_curves(recorded: Sequence[Record]) -> Picture:
    """Draw the twins' training error per epoch, a thin line for each of several seeds."""
    figure, axes = new_figure(2, sharey=True, height=4.8)
    means = {}
    for axis, (kind, nets) in zip(axes, PANELS.items(), strict=True):
        ends = {net: mean(errors(recorded, net, "training").values()) for net in nets}
        for color, (net, end) in zip(SHALLOW_AND_DEEP, ends.items(), strict=True):
            for record in (record for record in recorded if record.job.net == net):
                draw_run(axis, record.history.train, color)
            raised = 8 if end == max(ends.values()) else -8
            write_at_end(axis, recorded[0].job.recipe.epochs, end, net, color, raised)
        axis.set(title=f"Fashion-MNIST 14 x 14, {kind} nets", xlabel="epoch", xlim=(0.8, 10))
        means |= ends
    axes[0].text(1.2, 2, "thin: recorded seeds")
    axes[0].set(ylabel="training error (%)", ylim=(0, None))
    seeds = len({record.job.seed for record in recorded})
    numbers = ", ".join(f"{net} {value:.1f}" for net, value in means.items())
    plain_8, plain_32, *residual = (f"{value:.0f} %" for value in means.values())
    alt = (
        f"Two panels of training error against epochs. Plain nets end at {plain_8} (8 layers, "
        f"blue) and {plain_32} (32 layers, orange); residual nets at {' and '.join(residual)}."
    )
    return Picture(figure, f"Training error at the end, mean of {seeds} seeds (%): {numbers}", alt)


@styled
def end_points(recorded: Sequence[Record], live: Sequence[Record] = ()) -> Picture:
    """Draw each net's final error, training left and test right: one dot per seed.

    Args:
        recorded: Runs of several seeds; lines go through their means.
        live: The run of today, or the recorded one that stands in for it, as large dots.
    """
    figure, axes = new_figure(2, sharey=True, height=4.8)
    parts, today = [], []
    rim = {"markersize": 12, "markeredgecolor": COLORS["black"], "markeredgewidth": 2}
    for axis, split in zip(axes, SPLITS, strict=True):
        for (kind, nets), color, shift in zip(PANELS.items(), KINDS.values(), APART, strict=True):
            columns = dict(zip(("8 layers", "32 layers"), nets, strict=True))
            means = draw_columns(axis, recorded, columns, split, color, kind, shift, space=0.16)
            parts.append(f"{tr(split)} {tr(kind)} {in_a_row(means, ' -> ')}")
            for x, net in enumerate(nets if live else ()):
                (error,) = errors(live, net, split).values()
                axis.plot(x + 3 * shift, error, "o", color=color, **rim)
                today += [f"{net} {error:.1f}"] * (split == "training")
        axis.set(title=f"{split} error", xlim=(-0.3, 1.6))
    axes[0].set(ylabel="error (%)", ylim=(0, None))
    said = ", ".join(parts)
    line = tr("8 -> 32 layers (%): {said}", said=said)
    alt = tr(
        "Final error against depth, one dot per seed, a line through the means. {said} %.",
        said=said,
    )
    if live:
        stands_in, ends = all(one in recorded for one in live), ", ".join(today)
        seed = Later("recorded seed {seed}", seed=live[0].job.seed)
        whose = seed if stands_in else N_("today")
        axes[0].text(-0.2, 1.5, f"small: recorded seeds    large: {whose}")
        run = Later("those of {whose}", whose=whose) if stands_in else N_("today's run")
        line += "; " + tr("{whose}, training: {ends}", whose=whose, ends=ends)
        alt += " "
        alt += tr("Large dots with a black rim are {run}, training {ends} %.", run=run, ends=ends)
    return Picture(figure, line, alt)


@styled
def depth_series(recorded: Sequence[Record]) -> Picture:
    """Draw final error against depth, the ends of Figure 6 left and those of "twins" right.

    The paper draws one curve a net; ours are a dot per seed and a line through the means.

    Source: He et al. 2016, Sec. 4.2 and Figure 6 (whose caption says that plain-110 ends above
    60 % and is not displayed).
    """
    figure, axes = new_figure(2, 2, height=6.0, sharex="col", sharey="col")
    depths = sorted({record.job.depth for record in recorded})
    every, outer = ([], []), ([], [])  # of the paper and of us: all ends, first and last ends
    for (split, theirs), *panels in zip(PAPERS_SPLITS.items(), axes[::2], axes[1::2], strict=True):
        panels[0].set_ylabel(f"{split} error (%)")
        for (kind, color), shift in zip(KINDS.items(), (-0.4, 0.4), strict=True):
            curves = [curve for curve in paper.curves(6) if curve.panel == kind.lower()]
            published = {c.depth: c.ends_at for c in curves if c.split == theirs}
            seeds = {n: errors(recorded, f"{kind}-{n}", split).values() for n in depths}
            means = {depth: mean(values) for depth, values in seeds.items()}
            for side, ends in enumerate((published, means)):
                (shallowest, first), *_, (deepest, last) = ends.items()
                panels[side].plot(ends.keys(), ends.values(), ".-", color=color)
                write_at_end(panels[side], deepest + 1, last, kind, color, raised=8)
                said = ", ".join(f"{depth}: {error:.1f}" for depth, error in ends.items())
                every[side].append(f"{kind} {split} {said}")
                said = f"{first:.1f} % at {shallowest} and {last:.1f} % at {deepest} layers"
                outer[side].append(f"{kind} {split} {said}")
            for depth, values in seeds.items():
                panels[1].plot([depth + shift] * len(values), values, "o", color=color, alpha=0.5)
    axes[0].set_title("Figure 6: CIFAR-10")
    axes[0].text(110, 12, "plain-110: above 60 %", ha="right")
    axes[1].set_title("our twins: Fashion-MNIST 14 x 14")
    for axis, ticks in zip(axes[2:], ((20, 32, 44, 56, 110), depths), strict=True):
        axis.set(xlabel="layers", xticks=ticks, xlim=(0, 1.18 * max(ticks)), ylim=(0, None))
    number = len({record.job.seed for record in recorded})
    left, right = map("; ".join, every)
    line = f"Figure 6 (%): {left}. Ours, mean of {number} seeds (%): {right}"
    alt = (
        "Four panels of error against depth, training above and test below, plain nets grey, "
        f"residual nets green. Left the paper's Figure 6: {', '.join(outer[0])}. Right our twins, "
        f"a dot per seed and a line through the means: {', '.join(outer[1])}."
    )
    return Picture(figure, line, alt)
