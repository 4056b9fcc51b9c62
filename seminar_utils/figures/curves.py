"""ResNet's Figures 1 and 4, drawn from the points of the paper's own vector graphics."""

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["SHALLOW_AND_DEEP", "figure_1", "figure_4", "write_at_end"]

SHALLOW_AND_DEEP = (COLORS["blue"], COLORS["orange"])  # in every figure that compares two depths


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
        axis.set_title(f"CIFAR-10, {title}", fontsize=14)
        axis.set_xlabel("iterations (10,000)", fontsize=13)
        axis.set_xlim(0, 7.2)
        axis.set_ylim(0, 20)
    axes[0].set_ylabel("error (%)", fontsize=13)
    numbers = ", ".join(f"{split} {name} {end:.1f}" for (split, name), end in ends.items())
    alt = "Two panels of error against iterations. " + " ".join(
        f"The {titles[split]} of {shallow} (blue) ends at {ends[split, shallow]:.1f} %, that of "
        f"{deep} (orange) at {ends[split, deep]:.1f} %."
        for split in titles
    )
    return Picture(figure, f"Figure 1 ends at (%): {numbers}", alt)


def figure_4() -> Picture:
    """Draw Figure 4: ImageNet, thin lines training error, bold lines centre-crop validation error.

    Source: He et al. 2016, Figure 4.
    """
    figure, axes = new_figure(2, sharey=True, height=5.0)
    ends = []
    for axis, network, title in zip(axes, ("plain", "resnet"), ("plain", "residual"), strict=True):
        ends_of_both = [paper.curve(4, network, depth, "val").ends_at for depth in (18, 34)]
        for color, depth in zip(SHALLOW_AND_DEEP, (18, 34), strict=True):
            train = paper.curve(4, network, depth, "train")
            validation = paper.curve(4, network, depth, "val")
            draw(axis, train, color, line_width=0.9)
            draw(axis, validation, color, line_width=2.8)
            raised = 7 if validation.ends_at == max(ends_of_both) else -7
            end = validation.iterations[-1] / 10_000, validation.ends_at
            write_at_end(axis, *end, validation.name, color, raised)
            ends.append(f"{train.name} {train.ends_at:.1f}/{validation.ends_at:.1f}")
        axis.set_title(f"ImageNet, {title} nets", fontsize=14)
        axis.set_xlabel("iterations (10,000)", fontsize=13)
        axis.set_xlim(0, 62)
        axis.set_ylim(20, 60)
    axes[0].set_ylabel("error (%)", fontsize=13)
    axes[0].text(3, 21, "thin: training    bold: validation", fontsize=12)
    alt = (
        "Two panels of error against iterations, plain nets left, residual nets right, 18 layers "
        f"blue, 34 layers orange. Ends in % (training/validation): {', '.join(ends)}. All curves "
        "step down where the learning rate falls, near 150,000 and 300,000 iterations."
    )
    data = f"Figure 4, ends in % (training/validation): {', '.join(ends)}"
    return Picture(figure, data, alt)


def draw(
    axis: Axes, curve: paper.Curve, color: str, line_width: float, name: str | None = None
) -> None:
    """Draw one curve as the paper has it, under its own name or another one."""
    iterations = [iteration / 10_000 for iteration in curve.iterations]
    axis.plot(iterations, curve.errors, color=color, linewidth=line_width, label=name or curve.name)


def write_at_end(axis: Axes, x: float, y: float, name: str, color: str, raised: float = 0) -> None:
    """Write a curve's name right of its end (x, y), raised by so many points of type."""
    axis.annotate(
        name,
        (x, y),
        xytext=(6, raised),
        textcoords="offset points",
        color=color,
        fontsize=12,
        fontweight="bold",
        va="center",
    )
