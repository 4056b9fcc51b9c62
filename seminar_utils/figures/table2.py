"""ResNet's Table 2 as a picture: four errors and the four differences between them."""

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["table_2"]

NETS = {"plain": COLORS["grey"], "ResNet": COLORS["green"]}


def table_2() -> Picture:
    """Draw Table 2: top-1 error on ImageNet's validation set, ten crops.

    Source: He et al. 2016, Table 2.
    """
    table = paper.resnet_table(2)
    errors = {
        net: [table[f"{depth} layers"][f"{net} top-1 err."] for depth in (18, 34)] for net in NETS
    }
    figure, (axis,) = new_figure(width=8.0, height=4.8)
    draw_differences(axis, errors)
    axis.set_ylabel("top-1 error (%), 10-crop", fontsize=13)
    axis.set_ylim(24, 29.8)
    (plain_18, plain_34), (resnet_18, resnet_34) = errors["plain"], errors["ResNet"]
    data = (
        f"Table 2 (%): plain {plain_18:.2f} -> {plain_34:.2f}, "
        f"ResNet {resnet_18:.2f} -> {resnet_34:.2f}; "
        f"differences {plain_34 - plain_18:+.2f}, {resnet_34 - resnet_18:+.2f}, "
        f"across {resnet_18 - plain_18:+.2f}, {resnet_34 - plain_34:+.2f}"
    )
    alt = (
        f"Error against depth. The plain line rises from {plain_18} to {plain_34} %, the ResNet "
        f"line falls from {resnet_18} to {resnet_34} %: level at 18 layers, far apart at 34."
    )
    return Picture(figure, data, alt)


def draw_differences(axis: Axes, errors: dict[str, list[float]]) -> None:
    """Draw one line per kind of net over two depths, with all four differences written in.

    Args:
        axis: Where to draw.
        errors: For "plain" and "ResNet", the error in % of the shallow and of the deep net.
    """
    for net, color in NETS.items():
        shallow, deep = errors[net]
        axis.plot([0, 1], [shallow, deep], "o-", color=color, linewidth=3, markersize=9, label=net)
        raised = 0.13 if net == "plain" else -0.13
        write(axis, -0.04, shallow + raised, f"{net}: {shallow:.2f}", color, "right")
        write(axis, 1.04, deep, f"{net}: {deep:.2f}", color)
        write(axis, 0.5, (shallow + deep) / 2, f"{deep - shallow:+.2f}", color, "center")
    (plain_shallow, plain_deep), (shallow, deep) = errors["plain"], errors["ResNet"]
    black = COLORS["black"]
    axis.plot([1, 1], [plain_deep, deep], ":", color=black, linewidth=2)
    write(axis, 0.97, (plain_deep + deep) / 2, f"{deep - plain_deep:+.2f}", black, "right")
    below = min(plain_shallow, shallow) - 0.5
    write(axis, -0.04, below, f"difference {shallow - plain_shallow:+.2f}", black, "right")
    axis.set_xticks([0, 1], ("18 layers", "34 layers"), fontsize=13)
    axis.set_xlim(-0.55, 1.35)


def write(axis: Axes, x: float, y: float, text: str, color: str, side: str = "left") -> None:
    """Write a number where it can be read, also over a line."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 2} if side == "center" else None
    axis.text(
        x, y, text, color=color, fontsize=13, fontweight="bold", ha=side, va="center", bbox=box
    )
