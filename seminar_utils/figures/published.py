"""ResNet's Figures 1 and 4, from the paper's own vector graphics, and its Table 2."""

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.figures.marks import write_at_end
from seminar_utils.figures.palette import COLORS, KINDS, SHALLOW_AND_DEEP
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["figure_1", "figure_4", "table_2"]


@styled
def figure_1(labels: bool = True) -> Picture:
    """Draw Figure 1: plain nets of 20 and 56 layers on CIFAR-10, training and test error.

    Without labels the curves are A and B, for a class that is to tell which net is deeper.

    Source: He et al. 2016, Figure 1.
    """
    figure, axes = new_figure(2, sharey=True, height=4.0)
    one, other = ("plain-20", "plain-56") if labels else ("A", "B")
    alt, numbers = "Two panels of error against iterations.", []
    for axis, split, title in zip(axes, ("train", "test"), ("training", "test"), strict=True):
        low, high = (paper.curve(1, "plain", depth, split) for depth in (20, 56))
        for color, curve, name in zip(SHALLOW_AND_DEEP, (low, high), (one, other), strict=True):
            _draw(axis, curve, color, linewidth=2, name=name)
            numbers.append(f"{split} {name} {curve.ends_at:.1f}")
        alt += f" The {title} error of {one} (blue) ends at {low.ends_at:.1f} %, that of {other}"
        alt += f" (orange) at {high.ends_at:.1f} %."
        axis.set(title=f"CIFAR-10, {title} error", xlabel="iterations (10,000)")
        # Room for the longest name, so that both drawings have the same axes.
        axis.set(xlim=(0, 8.8), ylim=(0, 20), xticks=range(0, 7, 2), yticks=range(0, 21, 5))
    axes[0].set_ylabel("error (%)")
    return Picture(figure, f"Figure 1 ends at (%): {', '.join(numbers)}", alt)


@styled
def figure_4(late: bool = False) -> Picture:
    """Draw Figure 4: ImageNet, thin lines training error, bold lines centre-crop validation error.

    ``late`` leaves out what comes before the first drop of the learning rate.

    Source: He et al. 2016, Figure 4.
    """
    figure, axes = new_figure(2, sharey=True, height=4.3)
    limits, label = {"xlim": (0, 62), "ylim": (20, 60)}, "iterations (10,000)"
    seen = "All curves step down where the learning rate falls, near 150,000 and 300,000 iterations"
    if late:
        limits = {"xlim": (15.5, 57), "ylim": (23, 47), "yticks": range(25, 46, 5)}
        label += ", from the first drop on"
        seen = "The training is shown from the first drop of the learning rate on"
    errors = []
    for axis, network, title in zip(axes, ("plain", "resnet"), ("plain", "residual"), strict=True):
        # The curve that ends above the other has its name above its end.
        raised = (-7, 7) if network == "plain" else (7, -7)
        for color, depth, rise in zip(SHALLOW_AND_DEEP, (18, 34), raised, strict=True):
            train, validation = (paper.curve(4, network, depth, s) for s in ("train", "val"))
            _draw(axis, train, color, linewidth=1.8)
            _draw(axis, validation, color, linewidth=4, name=validation.name, raised=rise)
            errors.append(f"{train.name} {train.ends_at:.1f}/{validation.ends_at:.1f}")
        axis.set(title=f"ImageNet, {title} nets", xlabel=label, **limits)
    axes[0].set_ylabel("error (%)")
    if late:
        axes[0].text(19, 44.3, "thin: training")
        axes[0].text(17, 31.5, "bold: validation")
    else:
        key = "thin: training    bold: validation"
        axes[0].text(0.05, 0.03, key, transform=axes[0].transAxes)
    ends = f"in % (training/validation): {', '.join(errors)}"
    alt = (
        "Figure 4, error against iterations, plain nets left, residual nets right, 18 layers "
        f"blue, 34 layers orange. Ends {ends}. {seen}."
    )
    return Picture(figure, f"Figure 4, ends {ends}", alt)


def _draw(
    axis: Axes, curve: paper.Curve, color: str, linewidth: float, name: str = "", raised: float = 0
) -> None:
    """Draw one curve as the paper has it, and a name at its end."""
    iterations = [iteration / 10_000 for iteration in curve.iterations]
    axis.plot(iterations, curve.errors, color=color, linewidth=linewidth, label=name or curve.name)
    if name:
        write_at_end(axis, iterations[-1], curve.ends_at, name, color, raised)


@styled
def table_2() -> Picture:
    """Draw Table 2: top-1 error on ImageNet's validation set, ten crops.

    Source: He et al. 2016, Table 2.
    """
    table = paper.resnet_table(2)
    errors = {
        net: [table[f"{depth} layers"][f"{net} top-1 err."] for depth in (18, 34)] for net in KINDS
    }
    figure, (axis,) = new_figure(width=8.0, height=3.9)
    frame = {"facecolor": "white", "edgecolor": "none", "pad": 2}  # a number on its line
    rows, differences = [], []
    for (net, color), raised in zip(KINDS.items(), (0.13, -0.13), strict=True):
        start, end = errors[net]
        rows.append(f"{net} {start:.2f} -> {end:.2f}")
        differences.append(f"{end - start:+.2f}")
        style = {"color": color, "fontweight": "bold", "va": "center"}
        axis.plot([0, 1], [start, end], "o-", color=color, linewidth=3, markersize=9, label=net)
        axis.text(-0.04, start + raised, f"{net}: {start:.2f}", ha="right", **style)
        axis.text(1.04, end, f"{net}: {end:.2f}", **style)
        middle = (start + end) / 2
        axis.text(0.5, middle, differences[-1], ha="center", bbox=frame, **style)
    (plain_18, plain_34), (resnet_18, resnet_34) = errors.values()
    across = [f"{resnet_18 - plain_18:+.2f}", f"{resnet_34 - plain_34:+.2f}"]
    axis.plot([1, 1], [plain_34, resnet_34], ":", color=COLORS["black"], linewidth=2)
    style |= {"color": COLORS["black"], "ha": "right"}
    axis.text(0.97, (plain_34 + resnet_34) / 2, across[1], **style)
    axis.text(-0.04, resnet_18 - 0.5, f"difference {across[0]}", **style)
    axis.set(xlim=(-0.55, 1.35), ylim=(24, 29.8), ylabel="top-1 error (%), 10-crop")
    axis.set_xticks([0, 1], ("18 layers", "34 layers"))
    data = (
        f"Table 2 (%): {', '.join(rows)}; differences {', '.join(differences)}, across "
        f"{', '.join(across)}"
    )
    alt = (
        f"Error against depth. The plain line rises from {plain_18} to {plain_34} %, the ResNet "
        f"line falls from {resnet_18} to {resnet_34} %: level at 18 layers, far apart at 34."
    )
    return Picture(figure, data, alt)
