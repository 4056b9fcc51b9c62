"""How strongly each layer responds: the paper's Figure 7 and our own nets."""

from collections.abc import Mapping, Sequence
from statistics import mean

from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from seminar_utils import paper
from seminar_utils.figures.picture import COLORS, Picture, new_figure
from seminar_utils.figures.twins import KINDS
from seminar_utils.paper.curves import require

__all__ = ["layer_responses"]

# The nets of Figure 7: colour by kind, style and width of line by depth.
LOOKS = {
    "plain-20": (KINDS["plain"], "-", 3.0),
    "plain-56": (KINDS["plain"], "--", 1.8),
    "ResNet-20": (KINDS["residual"], "-", 3.0),
    "ResNet-56": (KINDS["residual"], "--", 1.8),
    "ResNet-110": (KINDS["residual"], "-", 1.0),
}
FRAME = 3.4  # where the paper's figure ends


def layer_responses(ours: Mapping[str, Mapping[str, float]]) -> Picture:
    """Draw the standard deviation of each 3x3 layer's response, Figure 7 left and our nets right.

    The response is the output after batch norm, before ReLU and addition. What lies above the
    paper's frame is not in the data, nor is layer 18 of ResNet-56; of the drawn points only the
    first of ResNet-110 touches the frame, so it may be larger.

    Args:
        ours: Net of Figure 7, such as "ResNet-56" -> what ``inspection.layer_responses`` returns.

    Raises:
        ValueError: A net is not one of Figure 7.

    Source: He et al. 2016, Sec. 4.2 and Figure 7, upper panel.
    """
    for net in ours:
        require("net of Figure 7", net, LOOKS)
    figure, (left, right) = new_figure(2, sharey=True, height=5.6)
    published = {}
    for net in LOOKS:
        network, depth = net.lower().split("-")
        published[net] = paper.layer_responses(network, int(depth))
        draw_responses(left, net, published[net].keys(), published[net].values())
    for net, layers in ours.items():
        draw_responses(right, net, range(1, len(layers) + 1), layers.values())
    left.axhline(FRAME, color=COLORS["black"], linewidth=1)
    left.text(112, FRAME * 1.05, "the paper's frame ends here", fontsize=12, ha="right")
    left.set_title("Figure 7: CIFAR-10", fontsize=14)
    right.set_title("our nets: Fashion-MNIST 14 x 14", fontsize=14)
    left.set_yscale("log")
    left.set_yticks([0.5, 1, 2, 5, 10, 20], ["0.5", "1", "2", "5", "10", "20"])
    left.yaxis.set_minor_formatter(NullFormatter())
    left.set_ylabel("standard deviation of the response", fontsize=13)
    for axis in (left, right):
        axis.set_xlabel("layer (3x3 convolutions, from the input)", fontsize=13)
        axis.legend(fontsize=12, frameon=False, loc="upper right")
    parts = f"Figure 7: {means(published)}; ours: {means(ours)}"
    alt = (
        "Two panels of the standard deviation of each layer's response against the layer, on a "
        "logarithmic axis, plain nets grey, residual nets green, deeper nets broken lines. Mean "
        f"over the layers: {parts}."
    )
    return Picture(figure, f"Mean standard deviation over the layers. {parts}", alt)


def draw_responses(axis: Axes, net: str, layers: Sequence[int], values: Sequence[float]) -> None:
    """Draw one net's line."""
    color, style, width = LOOKS[net]
    axis.plot(list(layers), list(values), style, color=color, linewidth=width, label=net)


def means(nets: Mapping[str, Mapping[object, float]]) -> str:
    """Return each net's mean over its layers."""
    return ", ".join(f"{net} {mean(layers.values()):.2f}" for net, layers in nets.items())
