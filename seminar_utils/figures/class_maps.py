"""Where a net finds evidence for a class: images, and their class activation maps."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from seminar_utils.figures.images import AROUND_0, show, to_pixels
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled

__all__ = ["activation_maps"]

BRIGHT = 0.1  # where the outline of a garment is drawn, of 1


@styled
def activation_maps(
    images: Mapping[str, Tensor], maps: Sequence[Tensor], titles: Sequence[str], limit: float
) -> Picture:
    """Show images, and below each the scores of its places: orange for a class, blue against it.

    Each place is one square, and one scale of colours serves all maps.

    Args:
        images: Name -> (1, H, W), uint8 from 0 to 255 or float from 0 to 1.
        maps: For each image the scores of its places, (h, w).
        titles: Stand above the maps, such as the class and its probability.
        limit: The score of full colour, the same for all maps that are to be compared.
    """
    figure, axes = new_figure(len(images), 2, width=11.0, height=4.5)
    above, below = axes[: len(images)], axes[len(images) :]
    looks = {"cmap": AROUND_0, "vmin": -limit, "vmax": limit, "interpolation": "nearest"}
    strongest, parts = [], []
    columns = zip(above, below, images.items(), maps, titles, strict=True)
    for shown, axis, (name, image), scores, title in columns:
        pixels = to_pixels(name, image)
        show(shown, pixels, name)
        height, width = pixels.shape
        extent = (-0.5, width - 0.5, height - 0.5, -0.5)
        drawn = show(axis, scores.detach(), title, extent=extent, **looks)
        axis.contour(pixels.numpy(), levels=[BRIGHT], colors=COLORS["black"], linewidths=1.2)
        strongest.append(f"{scores.max():+.1f}")
        parts.append(f"{name}, {title}: {strongest[-1]}")
    figure.colorbar(drawn, ax=below, aspect=12, shrink=0.9, label="against ← score → for")
    alt = (
        f"{len(images)} images in a row, and below each the scores of its places for a class, with "
        "the outline of what is bright: orange for the class, blue against it. Largest scores: "
        f"{'; '.join(parts)}."
    )
    return Picture(figure, f"largest scores: {', '.join(strongest)}", alt, photograph=True)
