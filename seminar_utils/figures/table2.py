"""ResNet's Table 2 as a picture: four errors and the four differences between them."""

from matplotlib.axes import Axes

from seminar_utils import paper
from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["draw_differences", "table_2"]

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
    draw_differences(axis, errors, ("18 layers", "34 layers"), decimals=2)
    axis.set_ylabel("top-1 error (%), 10-crop", fontsize=13)
    axis.set_ylim(24, 29.8)
    (plain_18, plain_34), (resnet_18, resnet_34) = errors["plain"], errors["ResNet"]
    data = (
        f"Table 2 (%): plain {plain_18:.2f} and {plain_34:.2f}, "
        f"ResNet {resnet_18:.2f} and {resnet_34:.2f}. Differences (points): "
        f"plain 34-18 {plain_34 - plain_18:+.2f}, ResNet 34-18 {resnet_34 - resnet_18:+.2f}, "
        f"ResNet-plain {resnet_18 - plain_18:+.2f} at 18 and {resnet_34 - plain_34:+.2f} at 34"
    )
    alt = (
        f"Error against depth. The plain line rises from {plain_18} to {plain_34} %, the ResNet "
        f"line falls from {resnet_18} to {resnet_34} %: level at 18 layers, far apart at 34."
    )
    return Picture(figure, data, alt)


def draw_differences(
    axis: Axes, errors: dict[str, list[float]], depths: tuple[str, str], decimals: int
) -> None:
    """Draw one line per kind of net over two depths, with all four differences written in.

    Args:
        axis: Where to draw.
        errors: For "plain" and "ResNet", the error in % of the shallow and of the deep net.
        depths: How the two depths are called.
        decimals: Of all numbers.
    """
    for net, color in NETS.items():
        shallow, deep = errors[net]
        axis.plot([0, 1], [shallow, deep], "o-", color=color, linewidth=3, markersize=9, label=net)
        write(axis, 1.04, deep, f"{net}: {deep:.{decimals}f} %", color)
        if net == "plain":
            write(axis, -0.04, shallow, f"{shallow:.{decimals}f} %", color, "right")
        else:
            write(axis, -0.04, shallow, f"{shallow:.{decimals}f} %", color, "right")
        write(axis, 0.5, (shallow + deep) / 2, f"{deep - shallow:+.{decimals}f}", color, "center")
    for x, side, position in ((0, "right", -0.04), (1, "right", 0.97)):
        plain, residual = errors["plain"][x], errors["ResNet"][x]
        axis.plot([x, x], [plain, residual], ":", color=COLORS["black"], linewidth=2)
        difference = f"{residual - plain:+.{decimals}f}"
        write(axis, position, (plain + residual) / 2, difference, COLORS["black"], side)
    axis.set_xticks([0, 1], depths, fontsize=13)
    axis.set_xlim(-0.3, 1.5)


def write(axis: Axes, x: float, y: float, text: str, color: str, side: str = "left") -> None:
    """Write a number where it can be read over a line."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 2} if side == "center" else None
    axis.text(
        x, y, text, color=color, fontsize=13, fontweight="bold", ha=side, va="center", bbox=box
    )
