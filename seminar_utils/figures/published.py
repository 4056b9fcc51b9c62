"""ResNet's Figures 1 and 4, from the paper's own vector graphics, and its Table 2."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.figures.marks import write_at_end
from seminar_utils.figures.palette import COLORS, KINDS, SHALLOW_AND_DEEP
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["figure_1", "figure_4", "table_2"]

ITERATIONS = 600_000  # of the paper's training (Sec. 3.4); the curves of Figure 4 end before


@styled
def figure_1(labels: bool = True) -> Picture:
    """Draw Figure 1: plain nets of 20 and 56 layers on CIFAR-10, training and test error.

    Args:
        labels: False names the curves A and B, for a class that is to tell which net is deeper.

    Source: He et al. 2016, Figure 1.
    """
    figure, axes = new_figure(2, sharey=True)
    titles = {"train": "training error", "test": "test error"}
    shallow, deep = ("plain-20", "plain-56") if labels else ("A", "B")
    ends = {}
    for axis, (split, title) in zip(axes, titles.items(), strict=True):
        for color, depth, name in zip(SHALLOW_AND_DEEP, (20, 56), (shallow, deep), strict=True):
            curve = paper.curve(1, "plain", depth, split)
            draw(axis, curve, color, line_width=2, name=name)
            write_at_end(axis, curve.iterations[-1] / 10_000, curve.ends_at, name, color)
            ends[split, name] = curve.ends_at
        axis.set(title=f"CIFAR-10, {title}", xlabel="iterations (10,000)")
        axis.set(xlim=(0, 7.2), ylim=(0, 20))
    axes[0].set_ylabel("error (%)")
    numbers = ", ".join(f"{split} {name} {end:.1f}" for (split, name), end in ends.items())
    alt = "Two panels of error against iterations. " + " ".join(
        f"The {titles[split]} of {shallow} (blue) ends at {ends[split, shallow]:.1f} %, that of "
        f"{deep} (orange) at {ends[split, deep]:.1f} %."
        for split in titles
    )
    return Picture(figure, f"Figure 1 ends at (%): {numbers}", alt)


@styled
def figure_4(at: int | None = None) -> Picture:
    """Draw Figure 4: ImageNet, thin lines training error, bold lines centre-crop validation error.

    Args:
        at: Iteration, from 0 to 600,000, at which all eight curves are read; None reads their ends.

    Raises:
        ValueError: An iteration outside the training.

    Source: He et al. 2016, Figure 4.
    """
    if at is not None and not 0 <= at <= ITERATIONS:
        raise ValueError(
            f"at={at} is not an iteration of the training: take one from 0 to {ITERATIONS:,}."
        )
    figure, axes = new_figure(2, sharey=True, height=4.3)
    errors = []
    for axis, network, title in zip(axes, ("plain", "resnet"), ("plain", "residual"), strict=True):
        curves = [
            [paper.curve(4, network, depth, split) for split in ("train", "val")]
            for depth in (18, 34)
        ]
        worst = max(validation.ends_at for _, validation in curves)
        for color, (train, validation) in zip(SHALLOW_AND_DEEP, curves, strict=True):
            draw(axis, train, color, line_width=0.9)
            draw(axis, validation, color, line_width=2.8)
            end = validation.iterations[-1] / 10_000, validation.ends_at
            write_at_end(axis, *end, validation.name, color, 7 if end[1] == worst else -7)
            if at is None:
                errors.append(f"{train.name} {train.ends_at:.1f}/{validation.ends_at:.1f}")
        axis.set(title=f"ImageNet, {title} nets", xlabel="iterations (10,000)")
        axis.set(xlim=(0, 62), ylim=(20, 60))
        if at is not None:
            errors += read_curves(axis, curves, at)
    axes[0].set_ylabel("error (%)")
    axes[0].text(3, 21, "thin: training    bold: validation")
    where = "ends" if at is None else f"at iteration {at:,}"
    marks = "" if at is None else "A vertical line and dots mark one iteration. "
    alt = (
        "Two panels of error against iterations, plain nets left, residual nets right, 18 layers "
        f"blue, 34 layers orange. {marks}{where.capitalize()} in % (training/validation): "
        f"{', '.join(errors)}. All curves step down where the learning rate falls, near 150,000 "
        "and 300,000 iterations."
    )
    data = f"Figure 4, {where} in % (training/validation): {', '.join(errors)}"
    return Picture(figure, data, alt)


def read_curves(axis: Axes, curves: Sequence[Sequence[paper.Curve]], at: int) -> list[str]:
    """Mark an iteration on the four curves of a panel of Figure 4 and write their errors there.

    Args:
        axis: Where they are drawn.
        curves: Training and validation for each depth.
        at: The iteration.

    Returns:
        For each depth the net's name and its errors in %, "training/validation".
    """
    axis.axvline(at / 10_000, ymin=0.06, color=COLORS["black"], linewidth=1)  # above the key
    axis.set_ylim(20, 64)  # the highest points of the curves lie at 63 %
    # After 150,000 iterations no curve comes up to these words, only the vertical line.
    frame = {"facecolor": "white", "edgecolor": "none", "pad": 2}
    axis.text(17, 62, f"at iteration {at:,}", bbox=frame)
    height, errors = 60.0, []
    looks = (("training", "normal", 6), ("validation", "bold", 9))
    for color, pair in zip(SHALLOW_AND_DEEP, curves, strict=True):
        for curve, (split, weight, size) in zip(pair, looks, strict=True):
            if curve.iterations[0] <= at <= curve.iterations[-1]:
                style = {"color": color, "markersize": size, "markeredgecolor": "black"}
                axis.plot(at / 10_000, curve.at(at), "o", **style)
            text = f"{curve.name}, {split}: {error_at(curve, at)}"
            axis.text(17, height, text, color=color, fontweight=weight, bbox=frame)
            height -= 2.0
        errors.append(f"{curve.name} {'/'.join(error_at(curve, at) for curve in pair)}")
    return errors


def error_at(curve: paper.Curve, iteration: int) -> str:
    """Return a curve's error in %, or in words why it is not drawn there."""
    if iteration < curve.iterations[0]:
        return "above the frame"
    if iteration > curve.iterations[-1]:
        return "after its end"
    return f"{curve.at(iteration):.1f}"


def draw(
    axis: Axes, curve: paper.Curve, color: str, line_width: float, name: str | None = None
) -> None:
    """Draw one curve as the paper has it, under its own name or another one."""
    iterations = [iteration / 10_000 for iteration in curve.iterations]
    axis.plot(iterations, curve.errors, color=color, linewidth=line_width, label=name or curve.name)


@styled
def table_2() -> Picture:
    """Draw Table 2: top-1 error on ImageNet's validation set, ten crops.

    Source: He et al. 2016, Table 2.
    """
    table = paper.resnet_table(2)
    errors = {
        net: [table[f"{depth} layers"][f"{net} top-1 err."] for depth in (18, 34)] for net in KINDS
    }
    (plain_18, plain_34), (resnet_18, resnet_34) = errors["plain"], errors["ResNet"]
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    for (net, color), raised in zip(KINDS.items(), (0.13, -0.13), strict=True):
        shallow, deep = errors[net]
        axis.plot([0, 1], [shallow, deep], "o-", color=color, linewidth=3, markersize=9, label=net)
        write(axis, -0.04, shallow + raised, f"{net}: {shallow:.2f}", color, "right")
        write(axis, 1.04, deep, f"{net}: {deep:.2f}", color)
        write(axis, 0.5, (shallow + deep) / 2, f"{deep - shallow:+.2f}", color, "center")
    black, across = COLORS["black"], (resnet_18 - plain_18, resnet_34 - plain_34)
    axis.plot([1, 1], [plain_34, resnet_34], ":", color=black, linewidth=2)
    write(axis, 0.97, (plain_34 + resnet_34) / 2, f"{across[1]:+.2f}", black, "right")
    below = min(plain_18, resnet_18) - 0.5
    write(axis, -0.04, below, f"difference {across[0]:+.2f}", black, "right")
    axis.set(xlim=(-0.55, 1.35), ylim=(24, 29.8), ylabel="top-1 error (%), 10-crop")
    axis.set_xticks([0, 1], ("18 layers", "34 layers"))
    data = (
        f"Table 2 (%): plain {plain_18:.2f} -> {plain_34:.2f}, "
        f"ResNet {resnet_18:.2f} -> {resnet_34:.2f}; "
        f"differences {plain_34 - plain_18:+.2f}, {resnet_34 - resnet_18:+.2f}, "
        f"across {across[0]:+.2f}, {across[1]:+.2f}"
    )
    alt = (
        f"Error against depth. The plain line rises from {plain_18} to {plain_34} %, the ResNet "
        f"line falls from {resnet_18} to {resnet_34} %: level at 18 layers, far apart at 34."
    )
    return Picture(figure, data, alt)


def write(axis: Axes, x: float, y: float, text: str, color: str, side: str = "left") -> None:
    """Write a number where it can be read, also over a line."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 2} if side == "center" else None
    axis.text(x, y, text, color=color, fontweight="bold", ha=side, va="center", bbox=box)
