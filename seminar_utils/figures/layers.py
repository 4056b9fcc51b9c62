"""What layers and blocks do: receptive fields, responses, correlations, distance to identity."""

from collections.abc import Mapping, Sequence
from statistics import mean

from matplotlib.ticker import NullFormatter

from seminar_utils import paper
from seminar_utils.figures.marks import in_a_row, write_beside
from seminar_utils.figures.palette import COLORS, KINDS, NETS, PALETTE
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.paper.curves import require

__all__ = ["correlation_by_distance", "distance_to_identity", "layer_responses", "receptive_fields"]

MARKERS = "osD^vP"
LOOKS = {20: ("-", 3.0), 56: ("--", 1.8), 110: ("-", 1.0)}  # of Figure 7's lines, by depth
FIGURE_7 = {name: net for name, net in NETS.items() if net.depth in LOOKS and name != "plain-110"}


@styled
def receptive_fields(fields: Mapping[str, Mapping[str, int]], image: int) -> Picture:
    """Draw each net's receptive field from layer to layer, and how wide its images are (pixels)."""
    figure, (axis,) = new_figure(height=4.8)
    parts = []
    for number, (net, layers) in enumerate(fields.items()):
        widths, color = list(layers.values()), PALETTE[number % len(PALETTE)]
        axis.plot(range(1, len(widths) + 1), widths, ".-", color=color)
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
    first of ResNet-110 touches the frame, so it may be larger. Ours are what
    ``layers.layer_responses`` returns, by the names of Figure 7, such as "ResNet-56".

    Raises:
        ValueError: A net is not one of Figure 7.

    Source: He et al. 2016, Sec. 4.2 and Figure 7, upper panel.
    """
    for name in ours:
        require("net of Figure 7", name, FIGURE_7)
    published = {net: paper.layer_responses(kind.lower(), n) for net, (kind, n) in FIGURE_7.items()}
    counted = {net: dict(enumerate(layers.values(), start=1)) for net, layers in ours.items()}
    figure, (left, right) = new_figure(2, sharey=True, height=5.6)
    means = []
    for axis, nets in ((left, published), (right, counted)):
        for name, layers in nets.items():
            kind, depth = FIGURE_7[name]
            style, width = LOOKS[depth]
            look = {"color": KINDS[kind], "linewidth": width, "label": name}
            axis.plot(layers.keys(), layers.values(), style, **look)
        axis.set_xlabel("layer (3x3 convolutions, from the input)")
        axis.legend(loc="upper right")
        of_nets = (f"{name} {mean(layers.values()):.2f}" for name, layers in nets.items())
        means.append(", ".join(of_nets))
    left.axhline(3.4, color=COLORS["black"], linewidth=1)
    left.text(112, 3.57, "the paper's frame ends here", ha="right")
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
    """Draw the mean absolute correlation of pixels at distances of 0, 1, 2, ... between them.

    ``layers.correlation_by_distance`` returns a label's values. Correlations of pixels, or of a
    layer's outputs, are not those of the units that a training brings about.

    Raises:
        ValueError: Fewer than two distances, or not as many for each label.
    """
    lengths = {label: len(correlations) for label, correlations in values.items()}
    if len(set(lengths.values())) != 1 or min(lengths.values()) < 2:
        raise ValueError(
            f"values has {lengths} distances: give each label the same number, two at least."
        )
    figure, (axis,) = new_figure(width=8.0, height=4.6)
    count = min(lengths.values())
    chosen, parts = sorted({1, count // 2, count - 1}), []
    for number, (label, correlations) in enumerate(values.items()):
        color, marker = PALETTE[number % len(PALETTE)], MARKERS[number % len(MARKERS)]
        axis.plot(correlations, color=color, marker=marker, label=label)
        parts.append(f"{label} {in_a_row((correlations[d] for d in chosen), form='.2f')}")
    axis.set(xlabel="distance (pixels)", ylabel="mean |correlation|", ylim=(0, 1.05))
    axis.legend()
    line = f"Mean |correlation| at {', '.join(map(str, chosen))} pixels: {'; '.join(parts)}"
    alt = (
        "Absolute correlation of two pixels of one row against their distance, from 1 at 0 pixels."
    )
    return Picture(figure, line, alt)


@styled
def distance_to_identity(
    scales: Sequence[float], plain: Sequence[float], residual: Sequence[float]
) -> Picture:
    """Draw how far a plain and a residual block are from handing on their input.

    Distances between output and input are shares of the input's norm; a scale is the weight of
    the last batch norm, a factor on F.
    """
    figure, (axis,) = new_figure(width=8.0, height=4.4)
    names = ("plain: relu(F(x))", "residual: relu(F(x) + x)")
    for values, name, color in zip((plain, residual), names, KINDS.values(), strict=True):
        axis.plot(scales, values, "o-", color=color, linewidth=3, label=name)
    axis.set_xlabel("scale of F (weight of its last batch norm)")
    axis.set(ylabel="distance to x, as a share of x", ylim=(0, None))
    axis.legend()
    first, last = (
        f"at scale {scales[n]:g}: plain {plain[n]:.2f}, residual {residual[n]:.2f}" for n in (0, -1)
    )
    alt = (
        "Distance to the identity against the scale of F. The residual block starts at "
        f"{residual[0]:.2f} and grows with it; the plain block starts at {plain[0]:.2f}."
    )
    return Picture(figure, f"distance {first}; {last}", alt)
