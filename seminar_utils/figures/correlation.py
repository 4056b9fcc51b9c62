"""How alike pixels are that lie some way apart."""

from collections.abc import Mapping, Sequence

from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["correlation_by_distance"]

PALETTE = [COLORS[name] for name in ("blue", "orange", "green", "purple", "black", "sky")]
MARKERS = "osD^vP"


def correlation_by_distance(values: Mapping[str, Sequence[float]]) -> Picture:
    """Draw the mean absolute correlation of pixels against the distance between them.

    Correlations of pixels, or of a layer's outputs, are not those of the units that a training
    brings about.

    Args:
        values: Label -> correlations at distances 0, 1, 2, ... pixels, as
            ``inspection.correlation_by_distance`` returns them; each as many.

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
        axis.plot(
            range(last + 1),
            list(correlations),
            marker=MARKERS[number % len(MARKERS)],
            color=PALETTE[number % len(PALETTE)],
            linewidth=2.5,
            label=label,
        )
        parts.append(f"{label} {', '.join(f'{correlations[d]:.2f}' for d in chosen)}")
    axis.set_xlabel("distance (pixels)", fontsize=13)
    axis.set_ylabel("mean |correlation|", fontsize=13)
    axis.set_ylim(0, 1.05)
    axis.legend(fontsize=13, frameon=False)
    line = f"Mean |correlation| at {', '.join(map(str, chosen))} pixels: {'; '.join(parts)}"
    alt = (
        "Absolute correlation of two pixels of one row against their distance, from 1 at 0 pixels. "
        f"{line}."
    )
    return Picture(figure, line, alt)
