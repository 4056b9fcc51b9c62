"""Final error against depth: the paper's nets on CIFAR-10 and our own twins."""

from collections.abc import Mapping, Sequence
from statistics import mean

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.experiments.jobs import Record
from seminar_utils.experiments.verdicts import errors
from seminar_utils.figures.curves import write_at_end
from seminar_utils.figures.picture import Picture, new_figure
from seminar_utils.figures.twins import KINDS

__all__ = ["depth_series"]

NAMES = {"plain": "plain", "residual": "ResNet"}
SPLITS = {"training": "train", "test": "test"}  # our word -> Figure 6's


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
    for split, left, right in zip(SPLITS, axes[::2], axes[1::2], strict=True):
        left.set_ylabel(f"{split} error (%)", fontsize=13)
        for kind, color in KINDS.items():
            label = f"{NAMES[kind]} {split}"
            published[label] = ends_of_figure_6(NAMES[kind], split)
            draw_line(left, published[label], NAMES[kind], color)
            seeds = {n: errors(recorded, f"{NAMES[kind]}-{n}", split).values() for n in depths}
            ours[label] = {depth: mean(values) for depth, values in seeds.items()}
            draw_line(right, ours[label], NAMES[kind], color)
            shift = -0.4 if kind == "plain" else 0.4
            for depth, values in seeds.items():
                right.plot([depth + shift] * len(values), values, "o", color=color, alpha=0.5)
    axes[0].set_title("Figure 6: CIFAR-10", fontsize=14)
    axes[0].text(110, 12, "plain-110: above 60 %", fontsize=12, ha="right")
    axes[1].set_title("our twins: Fashion-MNIST 14 x 14", fontsize=14)
    for axis, ticks in zip(axes[2:], ((20, 32, 44, 56, 110), depths), strict=True):
        axis.set_xlabel("layers", fontsize=13)
        axis.set_xticks(ticks)
        axis.set_xlim(0, 1.18 * max(ticks))
        axis.set_ylim(0, None)
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
        if curve.panel != "deep" and (curve.network, curve.split) == (name.lower(), SPLITS[split])
    }


def draw_line(axis: Axes, values: Mapping[int, float], name: str, color: str) -> None:
    """Draw a named line through errors in % by depth."""
    axis.plot(values.keys(), values.values(), ".-", color=color, linewidth=2.5)
    depth, error = list(values.items())[-1]
    write_at_end(axis, depth + 1, error, name, color, raised=8)


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
