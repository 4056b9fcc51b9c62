"""Rival explanations of degradation: what each measure says of plain and of residual nets.

All take nets by a name like "plain-32" or "ResNet-32", and refuse others with a ValueError.
"""

from collections.abc import Mapping, Sequence

from seminar_utils.figures.marks import write_beside
from seminar_utils.figures.palette import COLORS, KINDS, net_of
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["condition_numbers", "errors_without_blocks", "gradient_similarity"]

MARKERS = {"plain": "s", "ResNet": "o"}
LINES = ("-", "--", "-.", ":")  # from the shallowest net to the deepest
BESIDE = {"loc": "center left", "bbox_to_anchor": (1, 0.5)}  # a legend right of its axis


@styled
def errors_without_blocks(
    whole: Mapping[str, float], without: Mapping[str, Mapping[str, float]]
) -> Picture:
    """Draw errors in %, a panel for each depth: of whole nets, and with one block left out.

    ``without`` maps a net to what ``why_depth_is_hard.errors_without_blocks`` returns of it: block
    -> error.
    """
    depths = sorted({net_of(name).depth for name in without})
    figure, axes = new_figure(1, len(depths), sharey=True, height=2.9 * len(depths))
    parts = []
    for name, errors in without.items():
        kind, depth = net_of(name)
        axis, color, per_stage = axes[depths.index(depth)], KINDS[kind], (depth - 2) // 6
        places = [block.split(".")[1:] for block in errors]  # stage and block of "stages.1.0"
        numbers = [int(stage) * per_stage + int(block) + 1 for stage, block in places]
        values = errors.values()
        axis.plot(numbers, values, MARKERS[kind], color=color, markersize=7, label=name)
        axis.axhline(whole[name], color=color, linestyle="--", linewidth=1.8)
        axis.set_xlim(0.3, 3 * per_stage + 0.7)
        axis.set_title(f"{depth} layers", loc="left")
        ends = f"{min(values):.1f} to {max(values):.1f}"
        parts.append(f"{name} whole {whole[name]:.1f}, without one of {len(values)} blocks {ends}")
    for axis in axes:
        axis.axhline(90, color=COLORS["black"], linestyle=":", linewidth=1.2)
        axis.set(ylim=(0, 105), ylabel="error (%)")
        axis.legend(**BESIDE)
    axes[-1].set_xlabel("block left out   (dashed: the whole net; dotted: guessing)")
    alt = (
        "Dots for the error without one block, one panel for each depth, and dashed lines for the "
        "whole nets."
    )
    return Picture(figure, f"Error (%): {'; '.join(parts)}", alt)


@styled
def gradient_similarity(
    distances: Sequence[float], panels: Mapping[str, Mapping[str, Sequence[float]]]
) -> Picture:
    """Draw how alike gradients are: title of a panel -> net -> mean cosine at each distance.

    Distances of the two pictures are in % of the picture's norm, all above zero.
    """
    figure, axes = new_figure(len(panels), sharey=True, height=4.8)
    middle, parts = len(distances) // 2, []
    for axis, (title, curves) in zip(axes, panels.items(), strict=True):
        depths = sorted({net_of(name).depth for name in curves})
        for name, values in curves.items():
            kind, depth = net_of(name)
            look = MARKERS[kind] + LINES[depths.index(depth) % len(LINES)]
            style = {"color": KINDS[kind], "linewidth": 2.2, "markersize": 5, "label": name}
            axis.plot(distances, values, look, **style)
        axis.set(title=title, xlabel="step (% of the picture's norm)", xscale="log")
        axis.set_xticks(distances, [f"{distance:g}" for distance in distances])
        axis.minorticks_off()
        numbers = ", ".join(f"{net} {values[middle]:.2f}" for net, values in curves.items())
        parts.append(f"{title}: {numbers}")
    axes[0].set(ylabel="mean cosine of the gradients", ylim=(-0.1, 1.05))
    axes[-1].legend(handlelength=3.5, **BESIDE)
    line = f"Cosine after a step of {distances[middle]:g} %: {'; '.join(parts)}"
    alt = (
        "Similarity of gradients against the length of a step, plain nets grey, residual nets "
        "green, one line for each depth."
    )
    return Picture(figure, line, alt)


@styled
def condition_numbers(panels: Mapping[str, Mapping[str, float]]) -> Picture:
    """Draw the condition number of the Jacobian against depth: panel -> net -> number."""
    figure, axes = new_figure(len(panels), sharey=True, height=4.6)
    parts = []
    for axis, (title, values) in zip(axes, panels.items(), strict=True):
        depths = sorted({net_of(name).depth for name in values})
        # With two digits, such as 4.6, 760 or 1.7e+08.
        said = {net: f"{float(f'{value:.2g}'):,g}" for net, value in values.items()}
        offsets = (((-6, 6), "right"), ((4, -20), "center"))
        for (kind, color), (offset, side) in zip(KINDS.items(), offsets, strict=True):
            nets = {n: f"{kind}-{n}" for n in depths if f"{kind}-{n}" in values}
            numbers, look = [values[net] for net in nets.values()], f"{MARKERS[kind]}-"
            axis.plot(nets.keys(), numbers, look, color=color, markersize=8, label=kind)
            for depth, net in nets.items():
                write_beside(axis, said[net], (depth, values[net]), offset, ha=side, color=color)
        axis.set(title=title, xlabel="layers", yscale="log", xticks=depths)
        axis.margins(0.12)  # room for the numbers
        parts.append(f"{title}: {', '.join(f'{net} {number}' for net, number in said.items())}")
    axes[0].set(ylabel="condition number of the Jacobian", ylim=(0.4, None))  # 1 is the best
    axes[0].legend(loc="upper left")
    alt = (
        "Condition number of the Jacobian against depth, on a logarithmic axis, plain nets grey, "
        "residual nets green."
    )
    return Picture(figure, f"Condition number: {'; '.join(parts)}", alt)
