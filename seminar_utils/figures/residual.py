"""Pictures of residual blocks: how far from the identity, what option A does, how much F adds."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from torch import Tensor

from seminar_utils.figures.palette import COLORS, KINDS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["distance_to_identity", "residual_shares", "zero_padding"]

SAME_SIZE = {"facecolor": KINDS["ResNet"]}
SIZE_CHANGES = {"facecolor": "white", "edgecolor": KINDS["ResNet"], "hatch": "///"}


@styled
def distance_to_identity(
    scales: Sequence[float], plain: Sequence[float], residual: Sequence[float]
) -> Picture:
    """Draw how far a plain and a residual block are from handing on their input.

    Args:
        scales: Weight of the last batch norm, a factor on F.
        plain: Distance between output and input, as a share of the input's norm.
        residual: The same of the block with its shortcut.
    """
    figure, (axis,) = new_figure(width=8.0, height=4.4)
    for values, name, color in (
        (plain, "plain: relu(F(x))", KINDS["plain"]),
        (residual, "residual: relu(F(x) + x)", KINDS["ResNet"]),
    ):
        axis.plot(scales, values, "o-", color=color, linewidth=3, label=name)
    axis.set_xlabel("scale of F (weight of its last batch norm)")
    axis.set(ylabel="distance to x, as a share of x", ylim=(0, None))
    axis.legend()
    data = (
        f"distance at scale {scales[0]:g}: plain {plain[0]:.2f}, residual {residual[0]:.2f}; "
        f"at scale {scales[-1]:g}: plain {plain[-1]:.2f}, residual {residual[-1]:.2f}"
    )
    alt = (
        "Distance to the identity against the scale of F. The residual block starts at "
        f"{residual[0]:.2f} and grows with it; the plain block starts at {plain[0]:.2f}."
    )
    return Picture(figure, data, alt)


@styled
def zero_padding(before: Tensor, after: Tensor) -> Picture:
    """Draw the channels of one image before and after option A's shortcut.

    Args:
        before: (C, H, W).
        after: (C + extra, H/2, W/2).
    """
    figure, axes = new_figure(len(after), 2, height=3.0)
    for axis in axes:
        axis.set_axis_off()
    rows = (axes[: len(after)], axes[len(after) :])
    for row, channels, name in zip(rows, (before, after), ("x", "out"), strict=True):
        for number, (axis, channel) in enumerate(zip(row, channels, strict=False)):
            axis.imshow(channel.numpy(), cmap="gray", vmin=0, vmax=float(before.max()))
            axis.set_title(f"{name}[{number}]")
    added = len(after) - len(before)
    shapes = f"{tuple(before.shape)} -> {tuple(after.shape)}"
    data = f"{shapes}: every second pixel, {added} channels of zeros"
    alt = (
        f"Above, {len(before)} channels of {before.shape[1]} x {before.shape[2]} pixels; below, "
        f"the same at {after.shape[1]} x {after.shape[2]} and {added} black channels behind them."
    )
    return Picture(figure, data, alt)


@styled
def residual_shares(shares: Mapping[str, Mapping[str, float]]) -> Picture:
    """Draw how large F(x) is beside x, block by block, a panel for each net.

    Args:
        shares: Label -> what ``inspection.residual_shares`` returns.
    """
    figure, axes = new_figure(len(shares), height=4.6, sharey=True)
    parts = []
    for axis, (label, by_block) in zip(axes, shares.items(), strict=True):
        stages: dict[str, list[float]] = {}
        for block, share in by_block.items():  # of a block such as "stages.0.1"
            stages.setdefault(block.rpartition(".")[0], []).append(share)
        draw_shares(axis, stages)
        axis.set_title(label)
        numbers = [
            f"{stage} {' '.join(f'{share:.2f}' for share in column)}"
            for stage, column in stages.items()
        ]
        parts.append(f"{label}: {', '.join(numbers)}")
    axes[0].set_ylabel("|F(x)| / |x|")
    key = [Patch(label="same size", **SAME_SIZE), Patch(label="size changes", **SIZE_CHANGES)]
    figure.legend(handles=key, loc="outside lower center", ncols=2)
    line = f"|F(x)| / |x|, block by block: {'; '.join(parts)}"
    alt = (
        "Bars of |F(x)| / |x|, block by block and stage by stage, hatched where the size changes; "
        f"a dashed line at 1, where F adds as much as x carries. {'; '.join(parts)}."
    )
    return Picture(figure, line, alt)


def draw_shares(axis: Axes, stages: Mapping[str, list[float]]) -> None:
    """Draw a bar for each block, with a gap between stages, and a line at 1."""
    start, middles = 0, []
    for number, column in enumerate(stages.values()):
        bars = axis.bar(range(start, start + len(column)), column, **SAME_SIZE)
        if number > 0:  # the first block of each later stage halves the map
            bars[0].set(**SIZE_CHANGES)
        middles.append(start + (len(column) - 1) / 2)
        start += len(column) + 1
    axis.axhline(1, color=COLORS["black"], linewidth=1.5, linestyle="--")
    axis.set_xticks(middles, list(stages))
    axis.set_xlabel("block")
