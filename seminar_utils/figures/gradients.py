"""Gradients layer by layer: with and without batch norm and shortcuts, with and without heads."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from operator import itemgetter
from statistics import mean, median

from matplotlib.axes import Axes

from seminar_utils.experiments.gradients import LIMIT, STARTS, GradientJob, look_at, reach
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import errors
from seminar_utils.figures.marks import write, write_beside
from seminar_utils.figures.palette import COLORS, KINDS, PALETTE
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.training.loop import Recipe

__all__ = ["gradient_cells", "gradients_by_layer"]

NORMS = ("no batch norm", "batch norm")
LABELS = {"gradients": "gradient (last convolution = 1)", "relative steps": "|step| / |weights|"}
STYLES = ("-", "--", ":")  # of the lines that share a colour
HEADS = ("4a", "4d")  # the modules that auxiliary heads look at


@styled
def gradient_cells(
    recorded: Sequence[Record],
    start: str = "He",
    step: int = 1,
    quantity: str = "gradients",
    norms: Sequence[str] = NORMS,
) -> Picture:
    """Draw what reaches each convolution of four nets, or of two, a line per seed.

    Args:
        recorded: Of the experiment "gradients".
        start: Of the weights: "He", "Xavier" or "0.01" (Gaussian with this standard deviation).
        step: 1, 11, 51, 101 or 200.
        quantity: "gradients", the norm at each convolution's output as a multiple of that at the
            last, or "relative steps", how far the step moves the weights as a share of their size.
        norms: "no batch norm", "batch norm" or both: a row of two nets for each.

    Raises:
        ValueError: An unknown start, step or quantity, or a net that was not recorded.
    """
    every = {"start": tuple(STARTS.values()), "step": GradientJob.looks, "quantity": tuple(LABELS)}
    for (name, known), value in zip(every.items(), (start, step, quantity), strict=True):
        if value not in known:
            raise ValueError(f"{name}={value!r} is unknown: take one of {known}.")
    label, summary = LABELS[quantity], "first over last convolution's gradient, median of"
    zero, moves = "no gradient arrives: 0", quantity == "relative steps"
    if moves:
        zero, summary = "no step: 0", f"{label}, median (smallest) over layers and"
    figure, axes = new_figure(2, len(norms), height=2.4 + len(norms), sharex=True, sharey=True)
    figure.supylabel(f"{label}, step {step}")
    figure.supxlabel("convolution, first to last   (← the way of the gradient)")
    parts, ends = [], []
    for axis, (norm, kind) in zip(axes, product(norms, KINDS), strict=True):
        cell = f"{kind}-56, {norm}"
        last = errors(recorded, f"{cell}, {start}", "training").values()
        end = f"{mean(last):.1f} % ({min(last):.1f} to {max(last):.1f})"
        ends.append(f"{cell}: {end}")
        records = [record for record in recorded if record.job.net == f"{cell}, {start}"]
        looks = [list(look_at(record, step)[quantity].values()) for record in records]
        if not moves:
            looks = [[norm / (look[-1] or 1) for norm in look] for look in looks]
            _draw_limits(axis)
        _draw_cell(axis, looks, KINDS[kind], zero)
        axis.set_title(cell)
        if step > 1:  # before the first step, how it ends is another story
            *_, before, last = records[0].job.looks
            said = f"training error, steps {before + 1}-{last}:\n{end}"
            write(axis, 0.5, 0.89, said, transform=axis.transAxes)
        values = [value for look in looks for value in look]
        if not all(map(math.isfinite, values)):
            parts.append(f"{cell}: not a number")
        elif moves:
            parts.append(f"{cell}: {median(values):.1e} ({min(values):.1e})")
        else:
            power = median(reach(record, step) for record in records)
            parts.append(f"{cell}: {f'10^{power:.1f}' if math.isfinite(power) else '0'}")
    low, high = axes[0].get_ylim()  # gets room for texts above and below all lines
    axes[0].set_ylim(low * (low / high) ** 0.25, high * (high / low) ** (0.3 if step > 1 else 0.1))
    if moves:
        _draw_decay(axes, records[0].job.recipe, step)
    seeds = {record.job.seed for record in recorded}
    line = f"Step {step}, start {start}, {summary} {len(seeds)} seeds: {'; '.join(parts)}"
    both = "Four panels, without batch norm above and with it below"
    panels = both if len(norms) == 2 else f"Two panels, {norms[0]}"
    alt = (
        f"{panels}, plain left and residual right: {label} on a logarithmic axis against the "
        f"layer, a line per seed. {line}. Training error at the end: {'; '.join(ends)}."
    )
    return Picture(figure, line, alt)


def _draw_cell(axis: Axes, looks: Sequence[Sequence[float]], color: str, zero: str) -> None:
    """Draw a line per seed, and write what has no place on a logarithmic axis."""
    axis.set_yscale("log", nonpositive="mask")
    axis.tick_params(axis="y", labelsize=17)  # for the exponents
    missing = Counter()
    for values in looks:
        if not all(map(math.isfinite, values)):
            missing["diverged: not a number"] += 1
        elif 0 in values:
            missing[zero] += 1
        axis.plot(range(1, len(values) + 1), values, color=color, linewidth=2)
    for row, (reason, count) in enumerate(missing.items()):
        some = f"{count} of {len(looks)} seeds: " if count < len(looks) else ""
        at = 0.5, 0.5 - 0.1 * row
        write(axis, *at, some + reason, weight="bold", transform=axis.transAxes)


def _draw_limits(axis: Axes) -> None:
    """Draw where a gradient neither vanishes nor explodes, and name what lies above and below."""
    axis.axhspan(1 / LIMIT, LIMIT, facecolor="#D9D9D9", zorder=0)
    for limit, text, raised, side in (
        (LIMIT, f"above {LIMIT:,}: explodes", 3, "bottom"),
        (1 / LIMIT, f"below 1/{LIMIT:,}: vanishes", -3, "top"),
    ):
        axis.axhline(limit, color=COLORS["black"], linewidth=1.5, linestyle=":", zorder=0)
        write_beside(axis, text, (55, limit), (0, raised), ha="right", va=side)


def _draw_decay(axes: Sequence[Axes], recipe: Recipe, step: int) -> None:
    """Draw how far weight decay alone would move the weights; a layer there learns nothing."""
    growth = (1 - recipe.momentum**step) / (1 - recipe.momentum)
    share = recipe.learning_rate * recipe.weight_decay * growth
    write_beside(axes[0], "weight decay alone", (1, share), (0, -3), va="top")
    for axis in axes:
        axis.axhline(share, color=COLORS["black"], linewidth=2, linestyle=":")


@styled
def gradients_by_layer(norms: Mapping[tuple[str, str], Mapping[str, float]]) -> Picture:
    """Draw GoogLeNet's gradients from the first convolution to the last module, one line each.

    Dots are convolutions, lines go through the mean of each module. The heads' own convolutions
    are left out; a dotted line marks the module that a head looks at.

    Args:
        norms: Of each line its group, which has a colour, and its own name, such as ("He", "with
            heads") -> the norm at each convolution, as ``heads.gradients_at_start`` returns them.
    """
    figure, (axis,) = new_figure(height=5.2)
    axis.set_yscale("log", nonpositive="mask")
    colors: dict[str, str] = {}
    drawn, firsts = Counter(), {}
    for (group, own), layers in norms.items():
        color = colors.setdefault(group, PALETTE[len(colors) % len(PALETTE)])
        style = STYLES[drawn[group] % len(STYLES)]
        drawn[group] += 1
        modules: dict[str, list[float]] = {}
        for name, norm in layers.items():
            if not name.startswith("head_"):
                module = name.split(".")[0].removeprefix("inception_")
                modules.setdefault(module, []).append(norm)
        for x, of_module in enumerate(modules.values()):
            axis.plot([x] * len(of_module), of_module, ".", color=color, markersize=5, alpha=0.4)
        means = list(map(mean, modules.values()))
        axis.plot(range(len(means)), means, style, color=color)
        firsts[f"{group}, {own}"] = means[0], color
    _write_at_start(axis, firsts)
    axis.tick_params(axis="y", labelsize="large")
    for place, module in enumerate(modules):
        if module in HEADS:
            axis.axvline(place, color=COLORS["grey"], linestyle=":", zorder=0)
            style = {"ha": "center", "va": "bottom", "transform": axis.get_xaxis_transform()}
            axis.text(place, 1, "head", **style)
    axis.set_xticks(range(len(modules)), list(modules))
    axis.set(xlim=(-0.34 * len(modules), len(modules) - 0.5))
    axis.set_xlabel("dot: one convolution    line: mean of a module")
    axis.set_ylabel("norm of the gradient at the outputs")
    first, *_, last = modules
    numbers = "; ".join(f"{label} {norm:.1e}" for label, (norm, _) in firsts.items())
    alt = (
        f"Gradient norms on a logarithmic axis, from {first} left to {last} right, a line for "
        f"each of {len(norms)} cases. At {first}: {numbers}."
    )
    return Picture(figure, f"Gradient norm at {first}: {numbers}", alt)


def _write_at_start(axis: Axes, firsts: Mapping[str, tuple[float, str]]) -> None:
    """Write each line's name left of its first point, pushed up where names would collide."""
    low, high = (math.log10(end) for end in axis.get_ylim())
    place, step = -math.inf, (high - low) / 18
    for label, (first, color) in sorted(firsts.items(), key=itemgetter(1)):
        # A gradient of exactly zero has no place on the axis; its name stands at the bottom.
        place = max(math.log10(first) if first else low, place + step)
        write(axis, -0.3, 10**place, label, "right", color=color, fontweight="bold")
    axis.set_ylim(10**low, 10 ** max(high, place + step))
