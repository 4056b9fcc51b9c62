"""A plain or residual net of one's choice: what it costs, its gradients and its recorded runs."""

from collections.abc import Mapping, Sequence
from functools import cache
from statistics import mean

import torch
from matplotlib.axes import Axes

from seminar_utils.experiments.job import Record
from seminar_utils.figures.marks import draw_run
from seminar_utils.figures.palette import COLORS, KINDS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.resnet import cifar_resnet

__all__ = ["net_choice"]

# Ranges of the axes are the same for every net, so that pictures can be compared.
RATIOS = (0.2, 1000)
NORMS = (1e-3, 1e8)
ERRORS = (0, 90)  # %; who guesses among ten classes is wrong in 90 %


@styled
def net_choice(
    depth: int,
    width: int,
    shortcut: str | None,
    norms: Mapping[str, float],
    recorded: Sequence[Record],
) -> Picture:
    """Draw a net's counts at 14 x 14 pixels, its gradients at the start and its recorded runs.

    Args:
        depth: 6n+2 layers with weights.
        width: Filters of the first stage.
        shortcut: None (plain), "A", "B" or "C".
        norms: What ``inspection.activation_gradients`` returns for this net at the start, for one
            seed and one batch.
        recorded: Runs of any residual and plain nets, all with one recipe.

    Raises:
        ValueError: There is no such net, or the norms are not those of so many layers.

    Source: He et al. 2016, Sec. 4.2, with one input channel and fewer pixels.
    """
    counts, projections = counts_of(depth, width, shortcut)
    if len(norms) != depth - 1:
        raise ValueError(
            f"Gradient norms of {len(norms)} convolutions are not those of {depth} layers: give "
            f"all {depth - 1} that inspection.activation_gradients returns for this net."
        )
    color = KINDS["plain" if shortcut is None else "ResNet"]
    kind = f"plain-{depth}" if shortcut is None else f"ResNet-{depth}, option {shortcut}"
    name = f"{kind}, {width} filters in the first stage"
    figure, (left, middle, right) = new_figure(3, height=4.6, width_ratios=(4, 5, 5))
    figure.suptitle(name, fontweight="bold")
    ratios = draw_counts(left, counts, projections, color)
    middle.plot(range(1, depth), norms.values(), ".-", color=color, linewidth=2)
    middle.set(yscale="log", ylim=NORMS, title="norm of the loss's gradient")
    middle.set_xlabel("at the output of convolution no.")
    said = "one seed, one batch, at the start"
    middle.text(0.5, 0.95, said, ha="center", transform=middle.transAxes)
    # A net may be recorded by two experiments: the same seed is the same run.
    runs = {run.job.seed: run for run in recorded if net_of(run) == (depth, width, shortcut)}
    ending = draw_runs(right, list(runs.values()), recorded, color)
    first, *_, last = norms.values()
    line = (
        f"{name}: {', '.join(ratios)} against plain-20, 8 filters; gradient norm {first:.2g} at "
        f"the first and {last:.2g} at the last convolution ({said}); {ending}"
    )
    alt = (
        "Three panels. Left, bars of counts. Middle, the gradient on a logarithmic axis, a dot per "
        f"convolution. Right, a line of training errors per epoch and recorded seed. {line}."
    )
    return Picture(figure, line, alt)


def net_of(record: Record) -> tuple[int, int, str | None]:
    """Return depth, width and shortcut of a recorded net."""
    return record.job.depth, record.job.width, record.job.shortcut


@cache
def counts_of(depth: int, width: int, shortcut: str | None) -> tuple[dict[str, int], int]:
    """Return layers, parameters and multiply-adds of a net, and its projections on shortcuts.

    Projections are no layers in the names of the paper's nets, but have parameters and a cost.
    """
    with torch.device("meta"):
        model = cifar_resnet(depth, shortcut, width=width, in_channels=1)
    table = layer_table(model, (1, 14, 14))
    with_weights = [layer for layer in table if layer.multiply_adds]
    projections = sum("shortcut" in layer.name for layer in with_weights)
    counts = {
        "layers": len(with_weights) - projections,
        "parameters": table.parameters,
        "multiply-adds": table.multiply_adds,
    }
    return counts, projections


def draw_counts(axis: Axes, counts: Mapping[str, int], projections: int, color: str) -> list[str]:
    """Draw a bar for each count, as a multiple of plain-20's, and return what is written at it."""
    reference, _ = counts_of(20, 8, None)
    written = []
    for row, (name, count) in enumerate(counts.items()):
        ratio = count / reference[name]
        # From 1 on: to the right for more than plain-20 has, to the left for less.
        axis.barh(row, ratio - 1, 0.3, left=1, color=color)
        axis.plot([1, 1], [row - 0.18, row + 0.18], color=COLORS["black"], linewidth=1.5)
        text = f"{count / 1e6:.3g} M {name}" if name == "multiply-adds" else f"{count:,} {name}"
        if name == "layers" and projections:
            text += f" + {projections} projections"
        axis.text(RATIOS[0], row - 0.3, text, va="center")
        axis.text(max(ratio, 1) * 1.15, row, f"x {ratio:.3g}", va="center")
        written.append(f"{text} (x {ratio:.3g})")
    axis.set(title="counts at 14 x 14", xlabel="times plain-20, 8 filters", xscale="log")
    axis.set(xlim=RATIOS, ylim=(2.4, -0.6), yticks=[])
    axis.set_xticks([1, 10, 100], ("1", "10", "100"))
    axis.spines["left"].set_visible(False)
    return written


def draw_runs(axis: Axes, runs: Sequence[Record], recorded: Sequence[Record], color: str) -> str:
    """Draw the training error of each run, or write which nets are recorded; say it in words."""
    axis.set(title="training error (%)", xlabel="epoch", ylim=ERRORS)
    if not runs:
        known = what_is_recorded(recorded) or ["none"]
        axis.set_xticks([])
        lines = ["not recorded; recorded are", *known]
        axis.text(0.05, 0.95, "\n\n".join(lines), va="top", transform=axis.transAxes)
        return f"not recorded; recorded are {'; '.join(known)}".replace("\n", " ")
    for run in runs:
        errors = [score.error for score in run.history.train]
        draw_run(axis, errors, color)
    axis.text(0.95, 0.95, f"{len(runs)} recorded seeds", ha="right", transform=axis.transAxes)
    end = mean(run.history.train[-1].error for run in runs)
    return f"training error in epoch {len(errors)}, mean of {len(runs)} recorded seeds, {end:.1f} %"


def what_is_recorded(recorded: Sequence[Record]) -> list[str]:
    """Return a text of two lines for each shortcut and width: what it is, and its depths."""
    depths: dict[tuple[int, str], set[int]] = {}
    for depth, width, shortcut in map(net_of, recorded):
        depths.setdefault((width, shortcut or ""), set()).add(depth)
    return [
        f"{f'option {shortcut}' if shortcut else 'plain'}, {width} filters:\n"
        f"{', '.join(map(str, sorted(found)))} layers"
        for (width, shortcut), found in sorted(depths.items())
    ]
