"""What is measured layer by layer: receptive fields, responses, correlations of pixels."""

from collections.abc import Mapping, Sequence
from statistics import mean

from matplotlib.ticker import NullFormatter

from seminar_utils import paper
from seminar_utils.figures.marks import in_a_row, write_beside
from seminar_utils.figures.palette import COLORS, KINDS, PALETTE
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.paper.curves import require

__all__ = ["correlation_by_distance", "layer_responses", "receptive_fields"]

MARKERS = "osD^vP"
# The nets of Figure 7, with colour by kind and style and width of line by depth.
LOOKS = {
    "plain-20": (KINDS["plain"], "-", 3.0),
    "plain-56": (KINDS["plain"], "--", 1.8),
    "ResNet-20": (KINDS["ResNet"], "-", 3.0),
    "ResNet-56": (KINDS["ResNet"], "--", 1.8),
    "ResNet-110": (KINDS["ResNet"], "-", 1.0),
}
FRAME = 3.4  # where the paper's figure ends


@styled
def receptive_fields(fields: Mapping[str, Mapping[str, int]], image: int) -> Picture:
    """Draw each net's receptive field from layer to layer, and how wide its images are.

    Args:
        fields: Net -> what ``layers.receptive_fields`` returns.
        image: Side of the images in pixels.
    """
    figure, (axis,) = new_figure(height=4.8)
    parts = []
    for number, (net, layers) in enumerate(fields.items()):
        widths, color = list(layers.values()), PALETTE[number % len(PALETTE)]
        axis.plot(range(1, len(widths) + 1), widths, ".-", color=color, linewidth=2.5)
        # Of nets built alike, those with fewer layers rise faster: left of an end there is room.
        style = {"color": color, "fontweight": "bold", "ha": "right"}
        write_beside(axis, net, (len(widths), widths[-1]), (-10, 4), **style)
        first = next((n for n, width in enumerate(widths, start=1) if width >= image), None)
        reached = f"the image's {image} from layer {first}" if first else f"never {image}"
        parts.append(f"{net} {widths[-1]} after {len(widths)} layers, {reached}")
    axis.axhline(image, color=COLORS["black"], linestyle="--", linewidth=1.5)
    right = 1.05 * max(map(len, fields.values()))
    axis.text(right, image, f"image: {image}", ha="right", va="bottom")
    axis.set(xlim=(0, right), ylim=(0, None), ylabel="receptive field (pixels across)")
    axis.set_xlabel("layer (convolutions and max pool, from the input)")
    numbers = "; ".join(parts)
    alt = (
        f"Receptive field against layer, a line per net, and the images' {image} pixels as a "
        f"broken line. {numbers}."
    )
    return Picture(figure, f"Receptive field (pixels across): {numbers}", alt)


@styled
def layer_responses(ours: Mapping[str, Mapping[str, float]]) -> Picture:
    """Draw the standard deviation of each 3x3 layer's response, Figure 7 left and our nets right.

    The response is the output after batch norm, before ReLU and addition. What lies above the
    paper's frame is not in the data, nor is layer 18 of ResNet-56; of the drawn points only the
    first of ResNet-110 touches the frame, so it may be larger.

    Args:
        ours: Net of Figure 7, such as "ResNet-56" -> what ``layers.layer_responses`` returns.

    Raises:
        ValueError: A net is not one of Figure 7.

    Source: He et al. 2016, Sec. 4.2 and Figure 7, upper panel.
    """
    for net in ours:
        require("net of Figure 7", net, LOOKS)
    published = {}
    for net in LOOKS:
        network, depth = net.lower().split("-")
        published[net] = paper.layer_responses(network, int(depth))
    counted = {net: dict(enumerate(layers.values(), start=1)) for net, layers in ours.items()}
    figure, axes = new_figure(2, sharey=True, height=5.6)
    means = []
    for axis, nets in zip(axes, (published, counted), strict=True):
        for net, layers in nets.items():
            color, style, width = LOOKS[net]
            look = {"color": color, "linewidth": width, "label": net}
            axis.plot(layers.keys(), layers.values(), style, **look)
        axis.set_xlabel("layer (3x3 convolutions, from the input)")
        axis.legend(loc="upper right")
        of_nets = (f"{net} {mean(layers.values()):.2f}" for net, layers in nets.items())
        means.append(", ".join(of_nets))
    left, right = axes
    left.axhline(FRAME, color=COLORS["black"], linewidth=1)
    left.text(112, FRAME * 1.05, "the paper's frame ends here", ha="right")
    left.set(title="Figure 7: CIFAR-10", ylabel="standard deviation of the response", yscale="log")
    left.set_yticks([0.5, 1, 2, 5, 10, 20], ["0.5", "1", "2", "5", "10", "20"])
    left.yaxis.set_minor_formatter(NullFormatter())
    right.set_title("our nets: Fashion-MNIST 14 x 14")
    numbers = f"Figure 7: {means[0]}; ours: {means[1]}"
    alt = (
        "Two panels of the standard deviation of each layer's response against the layer, on a "
        "logarithmic axis, plain nets grey, residual nets green, deeper nets broken lines. Mean "
        f"over the layers: {numbers}."
    )
    return Picture(figure, f"Mean standard deviation over the layers. {numbers}", alt)


@styled
def correlation_by_distance(values: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the mean absolute correlation of pixels against the distance between them.

    Correlations of pixels, or of a layer's outputs, are not those of the units that a training
    brings about.

    Args:
        values: Label -> correlations at distances 0, 1, 2, ... pixels, as
            ``layers.correlation_by_distance`` returns them; each as many.

    Raises:
        ValueError: Fewer than two distances, or not as many for each label.
    """
    lengths = {label: len(correlations) for label, correlations in values.items()}
    if len(set(lengths.values())) != 1 or min(lengths.values()) < 2:
        raise ValueError(
            f"values has {lengths} distances: give each label the same number, two at least."
        )
    figure, (axis,) = new_figure(width=8.0, height=4.6)
    last = min(lengths.values()) - 1
    chosen = sorted({1, (last + 1) // 2, last})
    parts = []
    for number, (label, correlations) in enumerate(values.items()):
        color, marker = PALETTE[number % len(PALETTE)], MARKERS[number % len(MARKERS)]
        style = {"color": color, "marker": marker, "linewidth": 2.5, "label": label}
        axis.plot(range(last + 1), list(correlations), **style)
        parts.append(f"{label} {in_a_row((correlations[d] for d in chosen), form='.2f')}")
    axis.set(xlabel="distance (pixels)", ylabel="mean |correlation|", ylim=(0, 1.05))
    axis.legend()
    line = f"Mean |correlation| at {', '.join(map(str, chosen))} pixels: {'; '.join(parts)}"
    alt = "Absolute correlation of two pixels of one row against their distance, from 1 at 0 pixels."
    return Picture(figure, line, alt)
