"""What GoogLeNet's auxiliary heads do: to the errors, and to the gradients."""

import math
from collections.abc import Mapping, Sequence
from statistics import mean

from matplotlib.axes import Axes

from seminar_utils.experiments.heads import PAIRS as ALL_PAIRS
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import Comparison, compare
from seminar_utils.figures.palette import COLORS, PALETTE, SPLITS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["gradients_by_layer", "head_effects"]

PAIRS = ALL_PAIRS[:6]  # heads against none; the others are about starts and weights
STYLES = ("-", "--", ":")


@styled
def head_effects(recorded: Sequence[Record]) -> Picture:
    """Draw what heads add to the error of the same net without heads, seed by seed.

    Twelve comparisons at 95 % each: one of them may well be shown by chance.

    Args:
        recorded: Of the experiment "heads".
    """
    figure, axes = new_figure(2, sharex=True, sharey=True, height=5.0)
    parts, shown = [], []
    for axis, split in zip(axes, SPLITS, strict=True):
        effects = [compare(recorded, net, baseline, split) for net, baseline in PAIRS]
        for row, effect in enumerate(effects):
            draw_effect(axis, row, effect)
        axis.axvline(0, color=COLORS["black"], linewidth=1)
        axis.set(title=f"{split} error", xlabel="with heads minus without (points)")
        numbers = [
            f"{e.net} {e.mean:+.1f} +- {e.smallest_visible:.1f}{'*' * is_shown(e)}" for e in effects
        ]
        parts.append(f"{split}: {'; '.join(numbers)}")
        shown += [f"{split}, {e.net} ({e.verdict})" for e in effects if is_shown(e)]
    axes[0].set_yticks(range(len(PAIRS)), [net for net, _ in PAIRS])
    axes[0].set_ylim(len(PAIRS) - 0.5, -0.8)
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
        norms: Label -> what ``inspection.activation_gradients`` returns. Labels that have the part
            before a comma in common have a colour in common.
    """
    figure, (axis,) = new_figure(height=5.2)
    axis.set_yscale("log", nonpositive="mask")
    looks = looks_of(list(norms))
    firsts = {}
    for label, layers in norms.items():
        modules, (color, style) = by_module(layers), looks[label]
        for x, of_module in enumerate(modules.values()):
            axis.plot([x] * len(of_module), of_module, ".", color=color, markersize=5, alpha=0.4)
        means = [mean(of_module) for of_module in modules.values()]
        axis.plot(range(len(means)), means, style, color=color, linewidth=2.5)
        first_layer, *_, last_layer = modules
        firsts[label] = means[0]
    write_at_start(axis, firsts, looks)
    axis.set_xticks(range(len(modules)), list(modules))
    axis.set_xlim(-0.34 * len(modules), len(modules) - 0.5)
    axis.set_ylabel("norm of the gradient at the outputs")
    numbers = "; ".join(f"{label} {first:.1e}" for label, first in firsts.items())
    alt = (
        f"Gradient norms on a logarithmic axis, from {first_layer} left to {last_layer} right, "
        f"a line for each of {len(norms)} cases. At {first_layer}: {numbers}."
    )
    return Picture(figure, f"Gradient norm at {first_layer}: {numbers}", alt)


def is_shown(effect: Comparison) -> bool:
    """Return whether the interval leaves out zero."""
    return effect.verdict in ("larger", "smaller")


def draw_effect(axis: Axes, row: int, effect: Comparison) -> None:
    """Draw the seeds' differences as dots, and below them their mean and its interval."""
    color = COLORS["green"] if is_shown(effect) else COLORS["grey"]
    seeds = effect.differences
    axis.plot(seeds, [row - 0.14] * len(seeds), "o", color=color, alpha=0.6, markersize=6)
    ends = [effect.mean - effect.smallest_visible, effect.mean + effect.smallest_visible]
    axis.plot(ends, [row + 0.14] * 2, color=color, linewidth=2)
    axis.plot(effect.mean, row + 0.14, "|", color=color, markersize=14, markeredgewidth=5)


def by_module(layers: Mapping[str, float]) -> dict[str, list[float]]:
    """Return GoogLeNet's layers by the module they belong to, without the heads."""
    modules: dict[str, list[float]] = {}
    for name, norm in layers.items():
        if not name.startswith("head_"):
            modules.setdefault(name.split(".")[0].removeprefix("inception_"), []).append(norm)
    return modules


def looks_of(labels: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return each label's colour, by what stands before a comma, and its style of line."""
    groups: dict[str, list[str]] = {}
    for label in labels:
        groups.setdefault(label.split(",")[0], []).append(label)
    return {
        label: (PALETTE[number % len(PALETTE)], STYLES[place % len(STYLES)])
        for number, group in enumerate(groups.values())
        for place, label in enumerate(group)
    }


def write_at_start(
    axis: Axes, firsts: Mapping[str, float], looks: Mapping[str, tuple[str, str]]
) -> None:
    """Write each line's name left of its first point, pushed up where names would collide."""
    low, high = (math.log10(end) for end in axis.get_ylim())
    place, step = -math.inf, (high - low) / 18
    for label in sorted(firsts, key=firsts.get):
        # A gradient of exactly zero has no place on the axis; its name stands at the bottom.
        wanted = math.log10(firsts[label]) if firsts[label] else low
        place = max(wanted, place + step)
        style = {"color": looks[label][0], "fontweight": "bold", "ha": "right", "va": "center"}
        axis.text(-0.3, 10**place, label, **style)
    axis.set_ylim(10**low, 10 ** max(high, place + step))
