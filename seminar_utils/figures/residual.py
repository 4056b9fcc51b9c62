"""Pictures of one residual block: how far it is from the identity, and what option A does."""

from collections.abc import Sequence

from torch import Tensor

from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["distance_to_identity", "zero_padding"]


def distance_to_identity(
    scales: Sequence[float], plain: Sequence[float], residual: Sequence[float]
) -> Picture:
    """Draw how far a plain and a residual block are from handing on their input.

    Args:
        scales: Weight of the last batch norm, a factor on F.
        plain, residual: Distance between output and input, as a share of the input's norm.
    """
    figure, (axis,) = new_figure(width=8.0, height=4.4)
    for values, name, color in (
        (plain, "plain: relu(F(x))", COLORS["grey"]),
        (residual, "residual: relu(F(x) + x)", COLORS["green"]),
    ):
        axis.plot(scales, values, "o-", color=color, linewidth=3, label=name)
    axis.set_xlabel("scale of F (weight of its last batch norm)", fontsize=13)
    axis.set_ylabel("distance to x, as a share of x", fontsize=13)
    axis.set_ylim(0, None)
    axis.legend(fontsize=13, frameon=False)
    data = (
        f"distance at scale {scales[0]:g}: plain {plain[0]:.2f}, residual {residual[0]:.2f}; "
        f"at scale {scales[-1]:g}: plain {plain[-1]:.2f}, residual {residual[-1]:.2f}"
    )
    alt = (
        "Distance to the identity against the scale of F. The residual block starts at "
        f"{residual[0]:.2f} and grows with it; the plain block starts at {plain[0]:.2f}."
    )
    return Picture(figure, data, alt)


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
            axis.set_title(f"{name}[{number}]", fontsize=14)
    added = len(after) - len(before)
    data = (
        f"{tuple(before.shape)} -> {tuple(after.shape)}: every second pixel, "
        f"{added} channels of zeros"
    )
    alt = (
        f"Above, {len(before)} channels of {before.shape[1]} x {before.shape[2]} pixels; below, "
        f"the same at {after.shape[1]} x {after.shape[2]} and {added} black channels behind them."
    )
    return Picture(figure, data, alt)
