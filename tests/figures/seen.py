"""All that is to be seen in a picture, as text: words and their colours, scales, what is drawn.

``seen.json`` holds it for every example. Who changes a picture on purpose looks at it, writes the
file anew with ``python -m tests.figures.seen`` and reads the difference.
"""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.contour import ContourSet
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import FixedLocator

from seminar_utils.figures.picture import Picture

FILE = Path(__file__).with_name("seen.json")


def seen(picture: Picture) -> dict[str, object]:
    """Return what a picture says and draws, a line for each panel."""
    figure = picture.figure
    around = (figure.get_suptitle(), figure.get_supxlabel(), figure.get_supylabel())
    return {
        "data": picture.data,
        "alt": picture.alt,
        "around": "; ".join([*filter(None, around), *map(key_of, figure.legends)]),
        "panels": [panel(axis) for axis in figure.axes],
        "order": ["; ".join(map(balance, drawn(axis).values())) for axis in figure.axes],
    }


def panel(axis: Axes) -> str:
    """Return title, scales, key, texts and artists of a panel."""
    parts = [axis.get_title(), axis.get_title("left")]
    if axis.axison:
        parts += [scale(axis, "x"), scale(axis, "y")]
    if axis.get_legend():
        parts.append(key_of(axis.get_legend()))
    for text in axis.texts:
        place = getattr(text, "xy", text.get_position())
        bold = " bold" if text.get_weight() == "bold" else ""
        at = ", ".join(map(digits, place))
        if hasattr(text, "xyann"):  # so many points of type beside the place
            at += f" {text.get_ha()} {text.get_va()} {', '.join(map(digits, text.xyann))}"
        parts.append(f"{text.get_text()!r} {color(text)}{bold} at {at}")
    groups = (summary(*group) for group in drawn(axis).items())
    return "; ".join(filter(None, [*parts, *groups]))


def drawn(axis: Axes) -> dict[str, list[np.ndarray]]:
    """Return the points of all artists that look alike, in their order."""
    groups = defaultdict(list)
    for artist in (*axis.lines, *axis.patches, *axis.collections, *axis.images):
        look, points = look_of(artist)
        groups[look].append(points)
    return groups


def scale(axis: Axes, name: str) -> str:
    """Return label, kind and range of a scale, and the words at its ticks."""
    one, ends = getattr(axis, f"{name}axis"), getattr(axis, f"get_{name}lim")()
    base = f" log {one.get_transform().base}" if one.get_scale() == "log" else ""
    words = f" ({', '.join(ticks)})" if (ticks := words_at(one)) else ""
    return f"{name}{base} {' to '.join(map(digits, ends))}: {one.get_label_text()}{words}"


def words_at(one: Axis) -> list[str]:
    """Return what stands at the ticks of a scale that were set."""
    ticks = one.get_ticklabels() if isinstance(one.get_major_locator(), FixedLocator) else ()
    return [tick.get_text() for tick in ticks]


def key_of(legend) -> str:
    """Return the texts of a legend and the looks beside them."""
    pairs = zip(legend.get_texts(), legend.legend_handles, strict=True)
    return f"key: {', '.join(f'{text.get_text()} {look_of(handle)[0]}' for text, handle in pairs)}"


def look_of(artist) -> tuple[str, np.ndarray]:
    """Return how an artist looks, and the points that it shows, (n, 2), or its pixels."""
    kind = type(artist).__name__
    if hasattr(artist, "get_xydata"):
        style = f"{artist.get_linestyle()} {artist.get_marker()} {artist.get_linewidth():g}"
        return f"{kind} {color(artist)} {style}", np.array(artist.get_xydata(), dtype=float)
    if isinstance(artist, ContourSet):
        vertices = np.concatenate([path.vertices for path in artist.get_paths()])
        return f"{kind} {to_hex(artist.get_edgecolor()[0])}", vertices
    if hasattr(artist, "get_offsets"):
        return f"{kind} {color(artist)}", np.array(artist.get_offsets())
    if hasattr(artist, "get_array"):
        pixels, ends = np.array(artist.get_array()), map(digits, artist.get_clim())
        shape = " x ".join(map(str, pixels.shape))
        return f"{shape} {artist.cmap.name} {' to '.join(ends)}", pixels.reshape(-1, 1)
    edge = f" {to_hex(artist.get_edgecolor())}" if artist.get_edgecolor()[3] else ""
    look = f"{kind} {color(artist)}{edge} {artist.get_linestyle()} {artist.get_hatch() or ''}"
    if isinstance(artist, FancyArrowPatch):
        (_, start), (_, end) = artist._posA_posB
        where = "up" if start < end else "down" if start > end else "level"
        return f"{look}{where}", np.array(artist._posA_posB)
    return look.strip(), artist.get_patch_transform().transform(artist.get_path().vertices)


def color(artist) -> str:
    """Return the colour of a text, a line or a filled patch, with its opacity."""
    get = getattr(artist, "get_color", None) or artist.get_facecolor
    rgba = to_rgba_array(get(), artist.get_alpha())[0]
    return to_hex(rgba, keep_alpha=rgba[3] < 1)


def summary(look: str, points: list[np.ndarray]) -> str:
    """Return how many artists look alike, and how many points they show from where to where."""
    shown = finite(points)
    ends = [f"{digits(min(values))} to {digits(max(values))}" for values in shown.T if len(shown)]
    return f"{len(points)} {look}, {len(shown)} points {' and '.join(ends)}"


def balance(points: list[np.ndarray]) -> str:
    """Return the mean of points of which each weighs more than the one before: order matters."""
    shown = finite(points)
    weights = np.arange(1, len(shown) + 1) / max(1, len(shown) * (len(shown) + 1) / 2)
    return ", ".join(map(digits, weights @ shown))


def finite(points: list[np.ndarray]) -> np.ndarray:
    """Return the points that can be drawn, (n, 2) or (n, 1)."""
    every = np.concatenate(points)
    return every[np.isfinite(every).all(axis=1)]


def digits(value: float) -> str:
    """Return a number with three digits."""
    return f"{float(value) + 0.0:.3g}"


if __name__ == "__main__":
    from tests.figures.examples import DRAW

    every = {name: seen(draw()) for name, draw in DRAW.items()}
    content = json.dumps(every, ensure_ascii=False, indent=1)
    FILE.write_text(f"{content}\n", encoding="utf-8", newline="\n")
