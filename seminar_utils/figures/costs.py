"""What nets cost: error against multiply-adds, how costs grow, which layers carry them."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, NullLocator

from seminar_utils.figures.picture import COLORS, Picture, new_figure, styled, write_beside
from seminar_utils.measures.layer_table import Layer

__all__ = ["error_against_cost", "growth", "savings"]

GROUPS = {
    "linear layers": COLORS["green"],
    "1x1 convolutions": COLORS["sky"],
    "other convolutions": COLORS["blue"],
    "other layers": COLORS["grey"],
}
COSTS = {"parameters": (1e6, "millions"), "multiply_adds": (1e9, "billions")}
# Where a name may stand, in points from its dot: the first place that is free is taken.
PLACES = [
    *(((9, 0), "left", "center"), ((-9, 0), "right", "center")),
    *(((0, 8), "center", "bottom"), ((0, -8), "center", "top")),
    *(((9, 12), "left", "bottom"), ((9, -12), "left", "top")),
    *(((-9, 12), "right", "bottom"), ((-9, -12), "right", "top")),
]


@styled
def error_against_cost(nets: Sequence[tuple[str, float, float]]) -> Picture:
    """Draw each net's top-5 error against its multiply-adds, on a logarithmic axis.

    Args:
        nets: (name, multiply-adds for one image, top-5 error in %).
    """
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    costs = [cost / 1e9 for _, cost, _ in nets]
    errors = [error for _, _, error in nets]
    axis.scatter(costs, errors, s=80, color=COLORS["blue"])
    axis.set_xscale("log")
    axis.set_xlim(min(costs) / 1.6, max(costs) * 1.6)
    axis.set_ylim(0, max(errors) * 1.12)
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter("{x:g}")
    axis.set_xlabel("multiply-adds for one image (billions, logarithmic)")
    axis.set_ylabel("top-5 error (%)")
    hint = axis.text(0.02, 0.03, "lower left is better", transform=axis.transAxes)
    write_names(axis, list(zip([name for name, _, _ in nets], costs, errors, strict=True)), hint)
    values = [
        f"{name} {cost:.2f}, {error:g}" for (name, _, error), cost in zip(nets, costs, strict=True)
    ]
    cheapest, best = nets[int(np.argmin(costs))][0], nets[int(np.argmin(errors))][0]
    alt = (
        f"Top-5 error against multiply-adds of {len(nets)} nets: {'; '.join(values)}. "
        f"The cheapest is {cheapest}, the smallest error has {best}."
    )
    data = f"multiply-adds (billions), top-5 error (%): {'; '.join(values)}"
    return Picture(figure, data, alt)


def write_names(axis: Axes, nets: Sequence[tuple[str, float, float]], hint: Text) -> None:
    """Write each name beside its dot where it covers no dot, no other name and not the hint."""
    axis.get_figure().draw_without_rendering()  # only then is known how long a text is
    frame = axis.get_window_extent()
    dots = axis.transData.transform([(x, y) for _, x, y in nets])
    taken = [hint.get_window_extent()]
    for name, x, y in nets:
        for offset, side, height in PLACES:
            text = write_beside(axis, name, (x, y), offset, ha=side, va=height)
            box = text.get_window_extent().padded(2)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0
            near = any(box.padded(4).contains(*dot) for dot in dots)
            if inside and not near and not box.count_overlaps(taken):
                break
            text.remove()
        else:
            axis.add_artist(text)  # no place is free: better crowded than nameless
        taken.append(box)


@styled
def growth(factors: Sequence[int], deeper: Sequence[float], wider: Sequence[float]) -> Picture:
    """Draw how multiply-adds grow with depth, a straight line, and with width, a parabola.

    The dots are what was counted, the lines the polynomials of degree 1 and 2 closest to them.

    Args:
        factors: Such as (1, 2, 4, 8); the first is what all others are compared with.
        deeper, wider: Multiply-adds with so many times as many layers, or filters.
    """
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    smooth = np.linspace(factors[0], factors[-1], 200)
    rows = {}
    for what, costs, degree, color in (
        ("layers", deeper, 1, COLORS["blue"]),
        ("filters", wider, 2, COLORS["orange"]),
    ):
        rows[what] = ratios = [cost / costs[0] for cost in costs]
        curve = np.polyval(np.polyfit(factors, ratios, degree), smooth)
        axis.plot(smooth, curve, color=color, linewidth=3)
        axis.plot(factors, ratios, "o", color=color, markersize=9)
        label = f"n times as many {what}: {ratios[-1]:.1f}"
        style = {"color": color, "fontweight": "bold", "ha": "right", "va": "bottom"}
        write_beside(axis, label, (factors[-1], ratios[-1]), (-12, 4), **style)
    axis.set_xticks(factors)
    axis.set_ylim(0, 1.15 * max(rows["layers"][-1], rows["filters"][-1]))
    axis.set_xlabel("factor n")
    axis.set_ylabel("times the multiply-adds")
    values = {what: ", ".join(f"{ratio:.1f}" for ratio in row) for what, row in rows.items()}
    data = (
        f"times the multiply-adds for n = {', '.join(map(str, factors))}: n times as many layers "
        f"{values['layers']}; n times as many filters {values['filters']}"
    )
    alt = (
        f"Multiply-adds against the factor n. With n times as many layers a straight line up to "
        f"{rows['layers'][-1]:.1f} at n = {factors[-1]}, with n times as many filters a parabola "
        f"up to {rows['filters'][-1]:.1f}."
    )
    return Picture(figure, data, alt)


@styled
def savings(tables: Mapping[str, Sequence[Layer]]) -> Picture:
    """Draw which kinds of layers hold a net's parameters and do its multiply-adds.

    Args:
        tables: Name of a net -> what ``layer_table`` returns.
    """
    totals = {
        cost: {name: by_group(layers, cost, unit) for name, layers in tables.items()}
        for cost, (unit, _) in COSTS.items()
    }
    used = [g for g in GROUPS if any(sums[g] for nets in totals.values() for sums in nets.values())]
    figure, axes = new_figure(2, sharey=True, height=1.9 + 0.6 * len(tables))
    lines = []
    for axis, (cost, nets) in zip(axes, totals.items(), strict=True):
        draw_bars(axis, nets, used)
        title = f"{cost.replace('_', '-')} ({COSTS[cost][1]})"
        axis.set_xlabel(title)
        lines.append(f"{title}: " + "; ".join(describe_sums(nets[name], name) for name in nets))
    axes[0].set_yticks(range(len(tables)), list(tables))
    axes[0].set_ylim(len(tables) - 0.5, -0.5)
    axes[1].tick_params(left=False)
    handles = axes[0].containers
    figure.legend(handles, used, loc="outside upper center", ncols=4)
    alt = f"Stacked bars, one per net and cost, by kind of layer. Of {'. Of '.join(lines)}."
    return Picture(figure, " | ".join(lines), alt)


def by_group(layers: Sequence[Layer], cost: str, unit: float) -> dict[str, float]:
    """Return the sum of one cost over the layers of each group."""
    sums = dict.fromkeys(GROUPS, 0.0)
    for layer in layers:
        sums[group_of(layer.kind)] += getattr(layer, cost) / unit
    return sums


def group_of(kind: str) -> str:
    """Return the group of a kind such as "conv 3x3/1"."""
    if kind == "linear":
        return "linear layers"
    if kind.startswith("conv "):
        return "1x1 convolutions" if kind.startswith("conv 1x1/") else "other convolutions"
    return "other layers"


def draw_bars(axis: Axes, nets: Mapping[str, Mapping[str, float]], groups: Sequence[str]) -> None:
    """Draw one stacked bar per net, its total at the end."""
    rows = range(len(nets))
    left = np.zeros(len(nets))
    for group in groups:
        values = np.array([sums[group] for sums in nets.values()])
        axis.barh(rows, values, left=left, height=0.6, color=GROUPS[group])
        left += values
    for row, total in zip(rows, left, strict=True):
        axis.text(total, row, f" {total:.1f}", fontweight="bold", va="center")
    axis.set_xlim(0, max(left) * 1.2)


def describe_sums(sums: Mapping[str, float], name: str) -> str:
    """Return a net's total and its parts in words."""
    parts = ", ".join(f"{group} {value:.3f}" for group, value in sums.items() if value)
    return f"{name} {sum(sums.values()):.3f} ({parts})"
