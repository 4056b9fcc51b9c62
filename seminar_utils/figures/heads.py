"""What GoogLeNet's auxiliary heads do: to the errors, and to the gradients."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from statistics import mean

from matplotlib.axes import Axes

from seminar_utils.experiments.heads import PAIRS
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import compare
from seminar_utils.figures.palette import COLORS, PALETTE, SPLITS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["gradients_by_layer", "head_effects"]

STYLES = ("-", "--", ":")


@styled
def head_effects(recorded: Sequence[Record]) -> Picture:
    """Draw what heads add to the error of the same net without heads, seed by seed.

    Takes the records of "heads". Twelve comparisons at 95 % each: one of them may well be shown by
    chance.
    """
    figure, axes = new_figure(2, sharex=True, sharey=True, height=5.0)
    pairs = PAIRS[:6]  # heads against none; the others are about starts and weights
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
    axes[0].set_yticks(range(len(pairs)), [net for net, _ in pairs])
    axes[0].set_ylim(len(pairs) - 0.5, -0.8)
    axes[0].text(0, -0.55, "heads help ", ha="right", va="center")
    axes[0].text(0, -0.55, " heads harm", ha="left", va="center")
    line = f"With heads minus without, points, 95 % interval (*: shown). {'. '.join(parts)}"
    alt = (
        "Two panels, training and test error. A row per kind of heads, without and with batch "
        "norm: a dot per seed, the mean as a thick mark, its 95 % interval as a line, green where "
        "it leaves out zero and grey elsewhere; left of zero the heads help. Shown: "
        f"{'; '.join(shown) or 'nothing'}."
    )
    return Picture(figure, line, alt)


@styled
def gradients_by_layer(norms: Mapping[str, Mapping[str, float]]) -> Picture:
    """Draw GoogLeNet's gradients from the first convolution to the last module, one line each.

    Dots are convolutions, lines go through the mean of each module. The heads' own convolutions
    are left out.

    Args:
        norms: Label -> what ``layers.activation_gradients`` returns. Labels that have the part
            before a comma in common have a colour in common.
    """
    figure, (axis,) = new_figure(height=5.2)
    axis.set_yscale("log", nonpositive="mask")
    colors: dict[str, str] = {}
    drawn, firsts = Counter(), {}
    for label, layers in norms.items():
        group = label.split(",")[0]
        color = colors.setdefault(group, PALETTE[len(colors) % len(PALETTE)])
        style = STYLES[drawn[group] % len(STYLES)]
        drawn[group] += 1
        modules = by_module(layers)
        for x, of_module in enumerate(modules.values()):
            axis.plot([x] * len(of_module), of_module, ".", color=color, markersize=5, alpha=0.4)
        means = list(map(mean, modules.values()))
        axis.plot(range(len(means)), means, style, color=color, linewidth=2.5)
        firsts[label] = means[0], color
    write_at_start(axis, firsts)
    axis.set_xticks(range(len(modules)), list(modules))
    axis.set_xlim(-0.34 * len(modules), len(modules) - 0.5)
    axis.set_ylabel("norm of the gradient at the outputs")
    first, *_, last = modules
    numbers = "; ".join(f"{label} {norm:.1e}" for label, (norm, _) in firsts.items())
    alt = (
        f"Gradient norms on a logarithmic axis, from {first} left to {last} right, a line for "
        f"each of {len(norms)} cases. At {first}: {numbers}."
    )
    return Picture(figure, f"Gradient norm at {first}: {numbers}", alt)


def by_module(layers: Mapping[str, float]) -> dict[str, list[float]]:
    """Return GoogLeNet's layers by the module they belong to, without the heads."""
    modules: dict[str, list[float]] = {}
    for name, norm in layers.items():
        if not name.startswith("head_"):
            modules.setdefault(name.split(".")[0].removeprefix("inception_"), []).append(norm)
    return modules


def write_at_start(axis: Axes, firsts: Mapping[str, tuple[float, str]]) -> None:
    """Write each line's name left of its first point, pushed up where names would collide."""
    low, high = (math.log10(end) for end in axis.get_ylim())
    place, step = -math.inf, (high - low) / 18
    for label, (first, color) in sorted(firsts.items(), key=itemgetter(1)):
        # A gradient of exactly zero has no place on the axis; its name stands at the bottom.
        place = max(math.log10(first) if first else low, place + step)
        style = {"color": color, "fontweight": "bold", "ha": "right", "va": "center"}
        axis.text(-0.3, 10**place, label, **style)
    axis.set_ylim(10**low, 10 ** max(high, place + step))
