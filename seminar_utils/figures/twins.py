"""Our own twins beside the paper's: their ends as in Table 2 and Figure 6."""

from collections.abc import Sequence
from statistics import mean

from seminar_utils import paper
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import errors
from seminar_utils.figures.marks import APART, draw_columns, write_at_end
from seminar_utils.figures.palette import KINDS, SPLITS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["PANELS", "depth_series", "end_points"]

PANELS = {
    "plain": {"8 layers": "plain-8", "32 layers": "plain-32"},
    "residual": {"8 layers": "ResNet-8", "32 layers": "ResNet-32"},
}


@styled
def end_points(recorded: Sequence[Record]) -> Picture:
    """Draw each net's final error, training left and test right, a dot per seed."""
    figure, axes = new_figure(2, sharey=True, height=4.8)
    parts = []
    for axis, split in zip(axes, SPLITS, strict=True):
        for (kind, nets), color, shift in zip(PANELS.items(), KINDS.values(), APART, strict=True):
            ends = draw_columns(axis, recorded, nets, split, color, kind, shift, space=0.16)
            parts.append(f"{split} {kind} {ends[0]:.1f} -> {ends[1]:.1f}")
        axis.set(title=f"{split} error", xlim=(-0.3, 1.6))
    axes[0].set(ylabel="error (%)", ylim=(0, None))
    alt = (
        "Final error against depth, one dot per seed, a line through the means. "
        f"{', '.join(parts)} %."
    )
    return Picture(figure, f"8 -> 32 layers (%): {', '.join(parts)}", alt)


@styled
def depth_series(recorded: Sequence[Record]) -> Picture:
    """Draw final error against depth, the ends of Figure 6 left and our twins right.

    The paper draws one curve a net; ours are a dot per seed and a line through the means.

    Source: He et al. 2016, Sec. 4.2 and Figure 6 (whose caption says that plain-110 ends above
    60 % and is not displayed).
    """
    figure, axes = new_figure(2, 2, height=6.0, sharex="col", sharey="col")
    depths = sorted({record.job.depth for record in recorded})
    every = {"Figure 6": [], "ours": []}  # each end of each line, in words
    outer = {"Figure 6": [], "ours": []}  # the first and the last of each line
    for split, *panels in zip(SPLITS, axes[::2], axes[1::2], strict=True):
        panels[0].set_ylabel(f"{split} error (%)")
        for (kind, color), shift in zip(KINDS.items(), (-0.4, 0.4), strict=True):
            seeds = {n: list(errors(recorded, f"{kind}-{n}", split).values()) for n in depths}
            means = {depth: mean(values) for depth, values in seeds.items()}
            lines = (ends_of_figure_6(kind, split), means)
            for whose, axis, ends in zip(every, panels, lines, strict=True):
                (shallowest, first), *_, (deepest, last) = ends.items()
                axis.plot(ends.keys(), ends.values(), ".-", color=color, linewidth=2.5)
                write_at_end(axis, deepest + 1, last, kind, color, raised=8)
                said = ", ".join(f"{depth}: {error:.1f}" for depth, error in ends.items())
                every[whose].append(f"{kind} {split} {said}")
                said = f"{first:.1f} % at {shallowest} and {last:.1f} % at {deepest} layers"
                outer[whose].append(f"{kind} {split} {said}")
            for depth, values in seeds.items():
                panels[1].plot([depth + shift] * len(values), values, "o", color=color, alpha=0.5)
    axes[0].set_title("Figure 6: CIFAR-10")
    axes[0].text(110, 12, "plain-110: above 60 %", ha="right")
    axes[1].set_title("our twins: Fashion-MNIST 14 x 14")
    for axis, ticks in zip(axes[2:], ((20, 32, 44, 56, 110), depths), strict=True):
        axis.set(xlabel="layers", xticks=ticks, xlim=(0, 1.18 * max(ticks)), ylim=(0, None))
    number = len({record.job.seed for record in recorded})
    line = (
        f"Figure 6 (%): {'; '.join(every['Figure 6'])}. Ours, mean of {number} seeds (%): "
        f"{'; '.join(every['ours'])}"
    )
    alt = (
        "Four panels of error against depth, training above and test below, plain nets grey, "
        f"residual nets green. Left the paper's Figure 6: {', '.join(outer['Figure 6'])}. Right "
        f"our twins, a dot per seed and a line through the means: {', '.join(outer['ours'])}."
    )
    return Picture(figure, line, alt)


def ends_of_figure_6(kind: str, split: str) -> dict[int, float]:
    """Return depth -> error in % where the paper's curve ends, up to 110 layers."""
    return {
        curve.depth: curve.ends_at
        for curve in paper.curves(6)
        if curve.panel == kind.lower() and curve.split == split.removesuffix("ing")
    }
