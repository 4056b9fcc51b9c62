"""Pictures above the histograms of their pixels: what a transform does to the numbers."""

from collections.abc import Mapping

import torch
from torch import Tensor

from seminar_utils.figures.gallery import to_pixels
from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["pixel_histograms"]

BINS = 32
# Lines in few colours: those of a photograph take most of the 64 that a Picture has.
CHANNELS = {"red": ("orange", "-"), "green": ("green", "--"), "blue": ("black", ":")}


def pixel_histograms(
    pictures: Mapping[str, Tensor], *, title: str = "", credit: str = ""
) -> Picture:
    """Show pictures beside each other, and below each how often its values occur.

    Args:
        pictures: Title -> (C, H, W) with one or three channels, uint8 from 0 to 255 or float from
            0 to 1.
        title: Stands above all, such as the line of code between the first and the last.
        credit: Whom the pictures are from, written below.

    Raises:
        ValueError: A picture has other values or another shape.
    """
    figure, axes = new_figure(len(pictures), 2, width=9.0, height=5.4)
    above, below = axes[: len(pictures)], axes[len(pictures) :]
    figure.suptitle(title, fontsize=13, family="monospace")
    figure.supxlabel(credit, fontsize=12, color=COLORS["grey"])
    found = []
    for name, shown, counted in zip(pictures, above, below, strict=True):
        pixels = to_pixels(name, pictures[name])  # (H, W) or (H, W, 3)
        shown.imshow(pixels.numpy(), cmap="gray", vmin=0, vmax=1)
        shown.set_title(name, fontsize=14)
        shown.set_axis_off()
        colour = pixels.dim() == 3
        channels = dict(zip(CHANNELS, pixels.unbind(2), strict=True)) if colour else {}
        for channel, values in (channels or {"grey": pixels}).items():
            color, dashes = CHANNELS.get(channel, ("black", "-"))
            heights = torch.histc(values.float(), BINS, 0, 1) / values.numel() * 100
            counted.stairs(
                heights.numpy(),
                torch.linspace(0, 1, BINS + 1).numpy(),
                color=COLORS[color],
                linestyle=dashes,
                linewidth=2,
                label=channel,
            )
        counted.set_xlabel("value of a pixel, 0 to 1", fontsize=12)
        found.append(f"{name}: mean {pixels.mean():.2f}, deviation {pixels.std():.3f}")
    below[0].set_ylabel("% of the pixels", fontsize=12)
    if len(below[-1].patches) > 1:
        below[-1].legend(fontsize=11, frameon=False)
    data = "; ".join(found)
    source = f" Photograph: {credit}." if credit else ""
    alt = f"Pictures and below them the histograms of their pixels. {data}.{source}"
    return Picture(figure, f"{title}; {data}" if title else data, alt)
