"""What nets cost: error against multiply-adds, how costs grow, what layers and branches carry."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.ticker import LogLocator

from seminar_utils.figures.googlenet import lanes_of
from seminar_utils.figures.marks import in_a_row, write, write_beside
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.measures.layer_table import Layer
from seminar_utils.models.googlenet import Inception, NaiveInception

__all__ = ["branch_bars", "error_against_cost", "growth", "savings"]

# How a group's layers begin in a table (the first that fits counts), its colour, that of letters.
GROUPS = {
    "linear layers": ("linear", COLORS["green"], "white"),
    "1x1 convolutions": ("conv 1x1/", COLORS["sky"], COLORS["black"]),
    "other convolutions": ("conv", COLORS["blue"], "white"),
    "other layers": ("", COLORS["grey"], "white"),
}
READABLE = 0.12  # of the longest bar: a smaller part has no room for its share
COSTS = (
    ("parameters (millions)", "parameters", 1e6),
    ("multiply-adds (billions)", "multiply_adds", 1e9),
)


@styled
def error_against_cost(nets: Sequence[tuple[str, float, float]]) -> Picture:
    """Draw nets (name, multiply-adds, top-5 error in %) on a logarithmic axis of multiply-adds."""
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    dots = [(name, cost / 1e9, error) for name, cost, error in nets]
    names, costs, errors = zip(*dots, strict=True)
    axis.scatter(costs, errors, s=80, color=COLORS["blue"])
    for name, cost, error in dots:
        write_beside(axis, f"{name}\n{cost:.2f} billion", (cost, error), (9, 0), va="center")
    axis.set(xscale="log", xlim=(min(costs) / 1.6, max(costs) * 2.8), ylim=(0, max(errors) * 1.12))
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.minorticks_off()
    axis.xaxis.set_major_formatter("{x:g}")
    axis.set(xlabel="multiply-adds for one image (billions, logarithmic)", ylabel="top-5 error (%)")
    axis.text(0.02, 0.03, "lower left is better", transform=axis.transAxes)
    values = "; ".join(f"{name} {cost:.2f}, {error:g}" for name, cost, error in dots)
    cheapest, best = (names[each.index(min(each))] for each in (costs, errors))
    alt = (
        f"Top-5 error against multiply-adds of {len(nets)} nets: {values}. "
        f"The cheapest is {cheapest}, the smallest error has {best}."
    )
    return Picture(figure, f"multiply-adds (billions), top-5 error (%): {values}", alt)


@styled
def growth(factors: Sequence[int], deeper: Sequence[float], wider: Sequence[float]) -> Picture:
    """Draw how multiply-adds grow with depth, a straight line, and with width, a parabola.

    The dots are what was counted, the lines the polynomials of degree 1 and 2 closest to them.

    Args:
        factors: Such as (1, 2, 4, 8); the first is what all others are compared with.
        deeper: Multiply-adds with so many times as many layers.
        wider: Multiply-adds with so many times as many filters.
    """
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    smooth = np.linspace(factors[0], factors[-1], 200)
    ends, rows = [], []
    for what, costs, degree, color in (
        ("n times as many layers", deeper, 1, COLORS["blue"]),
        ("n times as many filters", wider, 2, COLORS["orange"]),
    ):
        ratios = [cost / costs[0] for cost in costs]
        curve = np.polyval(np.polyfit(factors, ratios, degree), smooth)
        axis.plot(smooth, curve, color=color, linewidth=3)
        axis.plot(factors, ratios, "o", color=color, markersize=9)
        style = {"color": color, "fontweight": "bold", "ha": "right", "va": "bottom"}
        ends.append((factors[-1], ratios[-1]))
        write_beside(axis, f"{what}: {ratios[-1]:.1f}", ends[-1], (-12, 4), **style)
        rows.append(f"{what} {in_a_row(ratios)}")
    (last, deepest), (_, widest) = ends
    axis.set(xlabel="factor n", ylabel="times the multiply-adds", xticks=factors)
    axis.set_ylim(0, 1.15 * max(deepest, widest))
    data = f"times the multiply-adds for n = {', '.join(map(str, factors))}: {'; '.join(rows)}"
    alt = (
        f"Multiply-adds against the factor n. With n times as many layers a straight line up to "
        f"{deepest:.1f} at n = {last}, with n times as many filters a parabola up to {widest:.1f}."
    )
    return Picture(figure, data, alt)


@styled
def savings(tables: Mapping[str, Sequence[Layer]]) -> Picture:
    """Draw which kinds of layers hold nets' parameters and do their multiply-adds.

    ``tables`` maps a net's name to its ``layer_table``. The bars of a panel have one scale: a cheap
    net has a short bar. Sums stand at the ends, shares inside the parts that have room for them.
    """
    figure, axes = new_figure(2, sharey=True, width=10.5, height=1.9 + 0.6 * len(tables))
    rows, lines = range(len(tables)), []
    for axis, (title, cost, unit) in zip(axes, COSTS, strict=True):
        parts = np.array([_by_group(layers, cost, unit) for layers in tables.values()])
        sums, lefts = parts.sum(axis=1), parts.cumsum(axis=1) - parts
        shares = 100 * parts / sums[:, None]
        columns = zip(GROUPS.items(), parts.T, lefts.T, shares.T, strict=True)
        for (group, (_, color, letters)), widths, left, share in columns:
            axis.barh(rows, widths, 0.6, left, color=color, label=group)
            for row in np.flatnonzero(widths >= READABLE * max(sums)):
                place = left[row] + widths[row] / 2
                write(axis, place, row, f"{share[row]:.0f} %", color=letters)
        of_nets = []
        for row, (net, total) in enumerate(zip(tables, sums, strict=True)):
            write(axis, total, row, f" {total:.1f}", "left", fontweight="bold")
            pairs = zip(GROUPS, shares[row], strict=True)
            kinds = ", ".join(f"{group} {share:.1f} %" for group, share in pairs if share)
            of_nets.append(f"{net} {total:.1f} ({kinds})")
        axis.set(title=title, xlim=(0, 1.2 * max(sums)))
        lines.append(f"{title}: {'; '.join(of_nets)}")
    axes[0].set_yticks(rows, list(tables))
    axes[0].set_ylim(len(tables) - 0.5, -0.5)
    axes[1].tick_params(left=False)
    used = [bars for bars in axes[0].containers if any(bar.get_width() for bar in bars)]
    figure.legend(handles=used, loc="outside upper center", ncols=4)
    alt = f"Stacked bars, one per net and cost, by kind of layer. Of {'. Of '.join(lines)}."
    return Picture(figure, " | ".join(lines), alt)


def _by_group(layers: Sequence[Layer], cost: str, unit: float) -> list[float]:
    """Return the sum of one cost over the layers of each group."""
    sums = dict.fromkeys(GROUPS, 0.0)
    for layer in layers:
        group = next(name for name, look in GROUPS.items() if layer.kind.startswith(look[0]))
        sums[group] += getattr(layer, cost) / unit
    return list(sums.values())


@styled
def branch_bars(in_channels: int, size: int, widths: Sequence[int]) -> Picture:
    """Draw the multiply-adds of the four branches of both modules of Fig. 2.

    Args:
        in_channels: Channels of the input.
        size: Side of the grid in pixels.
        widths: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj: a row of ``TABLE_1``.

    Raises:
        ValueError: Not six widths, or a number below one.

    Source: Szegedy et al. 2015, Fig. 2 and Table 1.
    """
    if len(widths) != 6 or min(in_channels, size, *widths) < 1:
        raise ValueError(
            f"in_channels={in_channels}, size={size} and widths={tuple(widths)} make no module: "
            "take six widths, such as TABLE_1['3a'], and numbers from 1."
        )
    n1x1, _, n3x3, _, n5x5, _ = widths
    with torch.device("meta"):
        modules = {
            "Inception": Inception(in_channels, *widths),
            "naive": NaiveInception(in_channels, n1x1, n3x3, n5x5),
        }
    lanes = [lanes_of(module, (in_channels, size, size)) for module in modules.values()]
    reduced, naive = (np.array([o.multiply_adds for o in found.values()]) / 1e6 for found in lanes)
    # The last convolution of a branch is what the branch is for; one before it reduces.
    costs = [[o.multiply_adds for o in layers if o.multiply_adds] for layers in lanes[0].values()]
    own = np.array([of_branch[-1] for of_branch in costs]) / 1e6
    parts = []
    for (name, module), prices in zip(modules.items(), (reduced, naive), strict=True):
        of_each = ", ".join(f"{o} {price:.1f}" for o, price in zip(lanes[0], prices, strict=True))
        channels = f"{module.out_channels} channels out"
        parts.append(f"{name} {sum(prices):.1f} ({of_each}), {channels}")
    figure, (axis,) = new_figure(height=4.2)
    rows = np.arange(len(own))
    for label, color, shift, lengths, left in (
        ("Inception, 1x1 reduction", COLORS["sky"], -0.2, reduced - own, 0),
        ("Inception, the branch's own convolution", COLORS["blue"], -0.2, own, reduced - own),
        ("naive module", COLORS["grey"], 0.2, naive, 0),
    ):
        axis.barh(rows + shift, lengths, 0.36, left=left, color=color, label=label)
    for bars, ends in zip(axis.containers[1:], (reduced, naive), strict=True):
        axis.bar_label(bars, [f"{end:.1f}" for end in ends], padding=4)
    axis.set_yticks(rows, list(lanes[0]))
    axis.invert_yaxis()
    axis.set(xlabel="multiply-adds (millions)", xlim=(0, 1.12 * axis.get_xlim()[1]))
    axis.set_title(f"{in_channels} channels of {size} x {size} pixels")
    figure.legend(loc="outside lower center", ncols=3)
    line = f"M multiply-adds at {in_channels} x {size} x {size}: {'; '.join(parts)}"
    return Picture(figure, line, "Bars of multiply-adds for each branch of both modules.")
