"""How much of the image one output of a layer can depend on."""

from collections.abc import Mapping

from seminar_utils.figures.heads import PALETTE
from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["receptive_fields"]


def receptive_fields(fields: Mapping[str, Mapping[str, int]], image: int) -> Picture:
    """Draw each net's receptive field from layer to layer, and how wide its images are.

    Args:
        fields: Net -> what ``inspection.receptive_fields`` returns.
        image: Side of the images in pixels.
    """
    figure, (axis,) = new_figure(height=4.8)
    parts = []
    for number, (net, layers) in enumerate(fields.items()):
        widths, color = list(layers.values()), PALETTE[number % len(PALETTE)]
        axis.plot(range(1, len(widths) + 1), widths, ".-", color=color, linewidth=2.5)
        # Of nets built alike, those with fewer layers rise faster: left of an end there is room.
        axis.annotate(
            net,
            (len(widths), widths[-1]),
            xytext=(-10, 4),
            textcoords="offset points",
            color=color,
            fontsize=12,
            fontweight="bold",
            ha="right",
        )
        first = next((n for n, width in enumerate(widths, start=1) if width >= image), None)
        reached = f"the image's {image} from layer {first}" if first else f"never {image}"
        parts.append(f"{net} {widths[-1]} after {len(widths)} layers, {reached}")
    axis.axhline(image, color=COLORS["black"], linestyle="--", linewidth=1.5)
    longest = max(len(layers) for layers in fields.values())
    axis.set_xlim(0, 1.05 * longest)
    axis.text(1.05 * longest, image, f"image: {image}", fontsize=12, ha="right", va="bottom")
    axis.set_ylim(0, None)
    axis.set_xlabel("layer (convolutions and max pool, from the input)", fontsize=13)
    axis.set_ylabel("receptive field (pixels across)", fontsize=13)
    line = f"Receptive field (pixels across): {'; '.join(parts)}"
    alt = (
        f"Receptive field against layer, a line per net, and the images' {image} pixels as a "
        f"broken line. {'; '.join(parts)}."
    )
    return Picture(figure, line, alt)
