"""A plain or residual net of one's choice: what it costs, its gradients and its recorded runs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from statistics import mean

import torch
from matplotlib.axes import Axes

from seminar_utils.experiments.job import Record
from seminar_utils.figures.marks import draw_run, write
from seminar_utils.figures.palette import COLORS, KINDS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.resnet import cifar_resnet

__all__ = ["net_choice"]


@styled
def net_choice(
    depth: int,
    width: int,
    shortcut: str | None,
    norms: Mapping[str, float],
    recorded: Sequence[Record],
) -> Picture:
    """Draw a net's counts at 14 x 14 pixels, its gradients at the start and its recorded runs.

    The axes of every net have the same ranges, so that pictures can be compared.

    Args:
        depth: 6n+2 layers with weights.
        width: Filters of the first stage.
        shortcut: None (plain), "A", "B" or "C".
        norms: What ``layers.activation_gradients`` returns at the start, for one seed and batch.
        recorded: Runs of any residual and plain nets, all with one recipe.

    Raises:
        ValueError: There is no such net, or the norms are not those of so many layers.

    Source: He et al. 2016, Sec. 4.2, with one input channel and fewer pixels.
    """
    counts = _counts_of(depth, width, shortcut)
    if len(norms) != depth - 1:
        raise ValueError(
            f"Gradient norms of {len(norms)} convolutions are not those of {depth} layers: give "
            f"all {depth - 1} that layers.activation_gradients returns for this net."
        )
    kind = "ResNet" if shortcut else "plain"
    option = f", option {shortcut}" if shortcut else ""
    name, color = f"{kind}-{depth}{option}, {width} filters in the first stage", KINDS[kind]
    figure, (left, middle, right) = new_figure(3, height=4.6, width_ratios=(4, 5, 5))
    figure.suptitle(name, fontweight="bold")
    ratios = _draw_counts(left, counts, color)
    middle.plot(range(1, depth), norms.values(), ".-", color=color, linewidth=2)
    middle.set(yscale="log", ylim=(1e-3, 1e8), title="norm of the loss's gradient")
    middle.set_xlabel("at the output of convolution no.")
    said = "one seed, one batch, at the start"
    middle.text(0.5, 0.95, said, ha="center", transform=middle.transAxes)
    ending = _draw_runs(right, (depth, width, shortcut), recorded, color)
    first, *_, last = norms.values()
    line = (
        f"{name}: {', '.join(ratios)} against plain-20, 8 filters; gradient norm {first:.2g} at "
        f"the first and {last:.2g} at the last convolution ({said}); {ending}"
    )
    alt = (
        "Three panels. Left, bars of counts. Middle, the gradient on a logarithmic axis, a dot per "
        "convolution. Right, a line of training errors per epoch and recorded seed."
    )
    return Picture(figure, line, alt)


@cache
def _counts_of(depth: int, width: int, shortcut: str | None) -> list[tuple[int, str]]:
    """Return a net's layers (without projections), parameters and multiply-adds, also in words."""
    with torch.device("meta"):
        model = cifar_resnet(depth, shortcut, width=width, in_channels=1)
    table = layer_table(model, (1, 14, 14))
    projections = sum("shortcut" in layer.name for layer in table if layer.multiply_adds)
    more = f" + {projections} projections" if projections else ""
    return [
        (depth, f"{depth} layers{more}"),
        (table.parameters, f"{table.parameters:,} parameters"),
        (table.multiply_adds, f"{table.multiply_adds / 1e6:.3g} M multiply-adds"),
    ]


def _draw_counts(axis: Axes, counts: Sequence[tuple[int, str]], color: str) -> list[str]:
    """Draw a bar for each count, as a multiple of plain-20's, and return what is written at it."""
    written = []
    pairs = zip(counts, _counts_of(20, 8, None), strict=True)
    for row, ((count, text), (reference, _)) in enumerate(pairs):
        ratio = count / reference
        # From 1 on: to the right for more than plain-20 has, to the left for less.
        axis.barh(row, ratio - 1, 0.3, left=1, color=color)
        axis.plot([1, 1], [row - 0.18, row + 0.18], color=COLORS["black"], linewidth=1.5)
        write(axis, 0.2, row - 0.3, text, "left")
        write(axis, max(ratio, 1) * 1.15, row, f"x {ratio:.3g}", "left")
        written.append(f"{text} (x {ratio:.3g})")
    axis.set(title="counts at 14 x 14", xlabel="times plain-20, 8 filters", xscale="log")
    axis.set(xlim=(0.2, 1000), ylim=(2.4, -0.6), yticks=[])
    axis.set_xticks([1, 10, 100], ("1", "10", "100"))
    axis.spines["left"].set_visible(False)
    return written


def _draw_runs(
    axis: Axes, net: tuple[int, int, str | None], recorded: Sequence[Record], color: str
) -> str:
    """Draw the recorded runs of a net, or write which nets are recorded, and say it in words."""
    depths, runs = defaultdict(set), {}
    for record in recorded:
        job = record.job
        depths[job.width, job.shortcut or ""].add(job.depth)
        if (job.depth, job.width, job.shortcut) == net:  # by seed: two experiments may share a run
            runs[job.seed] = record.history.train
    axis.set(title="training error (%)", xlabel="epoch", ylim=(0, 90))  # who guesses is at 90
    if not runs:
        known = [
            f"{f'option {shortcut}' if shortcut else 'plain'}, {width} filters:\n"
            f"{', '.join(map(str, sorted(found)))} layers"
            for (width, shortcut), found in sorted(depths.items())
        ]
        lines = ["not recorded; recorded are", *(known or ["none"])]
        axis.text(0.05, 0.95, "\n\n".join(lines), va="top", transform=axis.transAxes)
        axis.set_xticks([])
        return f"{lines[0]} {'; '.join(lines[1:])}".replace("\n", " ")
    for scores in runs.values():
        draw_run(axis, scores, color)
    seeds, end = f"{len(runs)} recorded seeds", mean(run[-1].error for run in runs.values())
    axis.text(0.95, 0.95, seeds, ha="right", transform=axis.transAxes)
    return f"training error in epoch {len(scores)}, mean of {seeds}, {end:.1f} %"
