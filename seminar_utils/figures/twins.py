"""Our own twins beside the paper's: curves as in Figure 4, ends as in Table 2 and Figure 6."""

from collections.abc import Mapping, Sequence
from statistics import mean

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import errors
from seminar_utils.figures.marks import APART, draw_columns, draw_run, write_at_end
from seminar_utils.figures.palette import COLORS, KINDS, SHALLOW_AND_DEEP, SPLITS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["depth_series", "end_points", "training_curves"]

PANELS = {"plain": ("plain-8", "plain-32"), "residual": ("ResNet-8", "ResNet-32")}
FIGURE_6 = {"training": "train", "test": "test"}  # our word -> the paper's


@styled
def training_curves(recorded: Sequence[Record], live: Sequence[Record] = ()) -> Picture:
    """Draw the twins' training error per epoch: recorded seeds thin, the live seed bold.

    Args:
        recorded: Runs of several seeds.
        live: The run of today, if there is one.
    """
    figure, axes = new_figure(2, sharey=True, height=4.8)
    means = {}
    for axis, (kind, nets) in zip(axes, PANELS.items(), strict=True):
        ends = {net: mean(errors(recorded, net, "training").values()) for net in nets}
        means |= ends
        for color, net in zip(SHALLOW_AND_DEEP, nets, strict=True):
            for records, bold in ((recorded, 0), (live, 2.8)):
                for record in (one for one in records if one.job.net == net):
                    draw_run(axis, [score.error for score in record.history.train], color, bold)
            raised = 8 if ends[net] == max(ends.values()) else -8
            write_at_end(axis, recorded[0].job.recipe.epochs, ends[net], net, color, raised)
        axis.set(title=f"Fashion-MNIST 14 x 14, {kind} nets", xlabel="epoch", xlim=(0.8, 10))
    axes[0].text(1.2, 2, "thin: recorded seeds" + ("    bold: today" if live else ""))
    axes[0].set(ylabel="training error (%)", ylim=(0, None))
    seeds = len({record.job.seed for record in recorded})
    numbers = ", ".join(f"{net} {value:.1f}" for net, value in means.items())
    alt = (
        "Two panels of training error against epochs. Plain nets end at "
        f"{means['plain-8']:.0f} % (8 layers, blue) and {means['plain-32']:.0f} % (32 layers, "
        f"orange); residual nets at {means['ResNet-8']:.0f} % and {means['ResNet-32']:.0f} %."
    )
    line = f"Training error at the end, mean of {seeds} seeds (%): {numbers}"
    return Picture(figure, line, alt)


@styled
def end_points(recorded: Sequence[Record], live: Sequence[Record] = ()) -> Picture:
    """Draw each net's final error, training left and test right: one dot per seed.

    Args:
        recorded: Runs of several seeds; lines go through their means.
        live: The run of today, or the recorded one that stands in for it, as large dots.
    """
    figure, axes = new_figure(2, sharey=True, height=4.8)
    parts, today = [], {}
    for axis, split in zip(axes, SPLITS, strict=True):
        for (kind, nets), color, shift in zip(PANELS.items(), KINDS.values(), APART, strict=True):
            columns = [list(errors(recorded, net, split).values()) for net in nets]
            shallow, deep = draw_columns(axis, columns, color, kind, shift, space=0.16)
            parts.append(f"{split} {kind} {shallow:.1f} -> {deep:.1f}")
        if live:
            today[split] = draw_today(axis, live, split)
        axis.set(title=f"{split} error", xlim=(-0.3, 1.6))
        axis.set_xticks([0, 1], ("8 layers", "32 layers"))
    axes[0].set(ylabel="error (%)", ylim=(0, None))
    line = f"8 -> 32 layers (%): {', '.join(parts)}"
    alt = (
        "Final error against depth, one dot per seed, a line through the means. "
        f"{', '.join(parts)} %."
    )
    if live:
        stands_in = all(one in recorded for one in live)
        whose = f"recorded seed {live[0].job.seed}" if stands_in else "today"
        axes[0].text(-0.2, 1.5, f"small: recorded seeds    large: {whose}")
        ends = ", ".join(f"{net} {error:.1f}" for net, error in today["training"].items())
        line += f"; {whose}, training: {ends}"
        run = f"those of {whose}" if stands_in else "today's run"
        alt += f" Large dots with a black rim are {run}, training {ends} %."
    return Picture(figure, line, alt)


def draw_today(axis: Axes, live: Sequence[Record], split: str) -> dict[str, float]:
    """Draw the run of today as large dots beside those of the seeds, and return its errors in %."""
    ends = {}
    for nets, color, shift in zip(PANELS.values(), KINDS.values(), (-0.12, 0.12), strict=True):
        style = {"color": color, "markersize": 12, "markeredgecolor": COLORS["black"]}
        for x, net in enumerate(nets):
            (ends[net],) = errors(live, net, split).values()
            axis.plot(x + shift, ends[net], "o", markeredgewidth=2, **style)
    return ends


@styled
def depth_series(recorded: Sequence[Record]) -> Picture:
    """Draw final error against depth, the ends of Figure 6 left and our twins right.

    The paper draws one curve a net; ours are a dot per seed and a line through the means.

    Args:
        recorded: Of the experiment "twins".

    Source: He et al. 2016, Sec. 4.2 and Figure 6 (whose caption says that plain-110 ends above
    60 % and is not displayed).
    """
    figure, axes = new_figure(2, 2, height=6.0, sharex="col", sharey="col")
    depths = sorted({record.job.depth for record in recorded})
    published, ours = {}, {}
    for split, left, right in zip(FIGURE_6, axes[::2], axes[1::2], strict=True):
        left.set_ylabel(f"{split} error (%)")
        for (kind, color), shift in zip(KINDS.items(), (-0.4, 0.4), strict=True):
            label = f"{kind} {split}"
            published[label] = ends_of_figure_6(kind, split)
            seeds = {n: errors(recorded, f"{kind}-{n}", split).values() for n in depths}
            ours[label] = {depth: mean(values) for depth, values in seeds.items()}
            for axis, ends in ((left, published[label]), (right, ours[label])):
                axis.plot(ends.keys(), ends.values(), ".-", color=color, linewidth=2.5)
                *_, (deepest, error) = ends.items()
                write_at_end(axis, deepest + 1, error, kind, color, raised=8)
            for depth, values in seeds.items():
                right.plot([depth + shift] * len(values), values, "o", color=color, alpha=0.5)
    axes[0].set_title("Figure 6: CIFAR-10")
    axes[0].text(110, 12, "plain-110: above 60 %", ha="right")
    axes[1].set_title("our twins: Fashion-MNIST 14 x 14")
    for axis, ticks in zip(axes[2:], ((20, 32, 44, 56, 110), depths), strict=True):
        axis.set(xlabel="layers", xticks=ticks, xlim=(0, 1.18 * max(ticks)), ylim=(0, None))
    number = len({record.job.seed for record in recorded})
    line = f"Figure 6 (%): {all_of(published)}. Ours, mean of {number} seeds (%): {all_of(ours)}"
    alt = (
        "Four panels of error against depth, training above and test below, plain nets grey, "
        f"residual nets green. Left the paper's Figure 6: {ends_of(published)}. Right our twins, "
        f"a dot per seed and a line through the means: {ends_of(ours)}."
    )
    return Picture(figure, line, alt)


def ends_of_figure_6(name: str, split: str) -> dict[int, float]:
    """Return depth -> error in % where the paper's curve ends, up to 110 layers."""
    return {
        curve.depth: curve.ends_at
        for curve in paper.curves(6)
        if curve.panel != "deep" and (curve.network, curve.split) == (name.lower(), FIGURE_6[split])
    }


def all_of(series: Mapping[str, Mapping[int, float]]) -> str:
    """Return every error of every line."""
    return "; ".join(
        f"{label} {', '.join(f'{depth}: {value:.1f}' for depth, value in values.items())}"
        for label, values in series.items()
    )


def ends_of(series: Mapping[str, Mapping[int, float]]) -> str:
    """Return the first and the last error of every line."""
    parts = []
    for label, values in series.items():
        (first, start), *_, (last, end) = values.items()
        parts.append(f"{label} {start:.1f} % at {first} and {end:.1f} % at {last} layers")
    return ", ".join(parts)
