"""Pictures in a row, what a net takes them for, their histograms, channels, and feature maps."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from torch import Tensor

from seminar_utils.experiments.job import Record
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.language import tr
from seminar_utils.training.data import ImageData

__all__ = [
    "AROUND_0",
    "channels",
    "gallery",
    "maps",
    "mistakes",
    "pixel_histograms",
    "show",
    "to_pixels",
]

WIDTH = 10.0  # inches
HEIGHT, NARROWEST = 5.4, 5.0  # inches of all pictures: so much fits on a projector; for a credit
# Square inches of all maps, and of one. They are PNGs, which these areas keep below 60 kB.
MAPS_AREA, LARGEST = 13.0, 12.0
SHOWN, MAP_COLUMNS = 32, 8
AROUND_0 = LinearSegmentedColormap.from_list("", [COLORS["blue"], "white", COLORS["orange"]])
ROW = 6  # pictures with names over them, so that the longest name fits
GREYS = colormaps["gray"].resampled(16)  # enough to see a map by, half the size of 256


@styled
def gallery(
    pictures: Mapping[str, Tensor],
    *,
    columns: int = 4,
    credit: str = "",
    boxes: Mapping[str, Sequence[Mapping[str, int]]] = MappingProxyType({}),
    same_scale: bool = False,
) -> Picture:
    """Show pictures beside each other under their titles, as large as they fit, in full colour.

    Args:
        pictures: Title -> (C, H, W) with one or three channels, or (H, W); uint8 from 0 to 255 or
            float from 0 to 1.
        columns: How many in a row at most.
        credit: Whom the pictures are from, written below.
        boxes: Title -> top, left, height and width of each crop, in pixels, which are framed.
        same_scale: A pixel has the same size in all pictures of a row.

    Raises:
        ValueError: A picture has other values or another shape.
    """
    shown = {title: to_pixels(title, picture) for title, picture in pictures.items()}
    columns = min(columns, len(shown))
    rows = math.ceil(len(shown) / columns)
    highest = max(map(len, shown.values())) if same_scale else 0
    sizes = [(max(highest, len(pixels)), pixels.shape[1]) for pixels in shown.values()]
    aspects = [width / height for height, width in sizes]
    ratios = [max(aspects[column::columns]) for column in range(columns)]
    height = min(WIDTH / sum(ratios), HEIGHT / rows)
    width = max(NARROWEST, height * sum(ratios))
    letters = [int(width * ratio / sum(ratios) * 72 / 8.5) for ratio in ratios]  # over a column
    titles = [textwrap.fill(title, letters[n % columns]) for n, title in enumerate(shown)]
    lines = max(title.count("\n") + 1 for title in titles)
    total = rows * (height + 0.27 * lines) + 0.3 * bool(credit) + 0.1
    figure, axes = new_figure(columns, rows, width=width, height=total, width_ratios=ratios)
    figure.get_layout_engine().set(w_pad=0.04, h_pad=0.02, wspace=0, hspace=0)
    for axis in axes:
        axis.set_axis_off()
    frame = {"edgecolor": COLORS["orange"], "linewidth": 2.5, "fill": False}
    frame["path_effects"] = [withStroke(linewidth=5, foreground="white")]  # seen on any ground
    for axis, title, name, (height, width) in zip(axes, titles, shown, sizes, strict=False):
        show(axis, shown[name], title)
        axis.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
        axis.set_title(title, pad=3)
        for box in boxes.get(name, ()):
            corner = box["left"] - 0.5, box["top"] - 0.5
            axis.add_patch(Rectangle(corner, box["width"], box["height"], **frame))
    if credit:
        figure.supxlabel(credit, color=COLORS["grey"])
    data = "; ".join(f"{title} {tuple(picture.shape)}" for title, picture in pictures.items())
    titles = "; ".join(shown)
    alt = tr("{n} pictures, from left to right: {titles}.", n=len(shown), titles=titles)
    if len(shown) == 1:
        alt = tr("1 picture, from left to right: {title}.", title=titles)
    for name, framed in boxes.items():
        words = "; ".join(map(_in_words, framed))
        alt += " " + tr("Framed in {name}: {words}.", name=name, words=words)
    colour = any(pixels.dim() == 3 for pixels in shown.values())  # 64 greys are enough, and small
    return Picture(figure, data, f"{alt} {credit}".strip(), photograph=colour)


def _in_words(box: Mapping[str, int]) -> str:
    bottom, right = box["top"] + box["height"] - 1, box["left"] + box["width"] - 1
    said = {"top": box["top"], "bottom": bottom, "left": box["left"], "right": right}
    return tr("rows {top} to {bottom}, columns {left} to {right}", **said)


def show(axis: Axes, pixels: Tensor, title: str, **look: object) -> AxesImage:
    """Show pixels under a title, grey ones from 0 to 1 unless they are to look otherwise."""
    axis.set_axis_off()
    axis.set_title(title)
    return axis.imshow(pixels.numpy(), **{"cmap": "gray", "vmin": 0, "vmax": 1} | look)


def to_pixels(title: str, picture: Tensor) -> Tensor:
    """Return (H, W) or (H, W, 3), float from 0 to 1."""
    picture = picture.detach().cpu()
    if picture.dim() == 2:
        picture = picture[None]
    if picture.dim() != 3 or len(picture) not in (1, 3):
        raise ValueError(
            f"The picture {title!r} has shape {tuple(picture.shape)}: hand over one picture with "
            "1 or 3 channels, (C, H, W) or (H, W); for feature maps there is maps()."
        )
    if picture.dtype == torch.uint8:
        picture = picture / 255
    low, high = float(picture.min()), float(picture.max())
    if not (picture.is_floating_point() and low >= 0 and high <= 1):
        raise ValueError(
            f"The picture {title!r} has {picture.dtype} values from {low:.2f} to {high:.2f}: hand "
            "over uint8 from 0 to 255 or float from 0 to 1; undo a normalisation with "
            "x * STD + MEAN, then clamp(0, 1)."
        )
    return picture[0] if len(picture) == 1 else picture.permute(1, 2, 0)


@styled
def channels(values: Tensor, title: str) -> Picture:
    """Show the channels of a normalised picture (3, H, W) on one scale, with a colour bar.

    Raises:
        ValueError: Another shape.
    """
    if values.dim() != 3 or len(values) != 3:
        raise ValueError(f"channels takes one picture (3, H, W), not {tuple(values.shape)}.")
    values = values.detach().cpu()
    limit = float(values.abs().max())
    figure, axes = new_figure(3, width=WIDTH, height=3.7)
    found = []
    for axis, channel, name in zip(axes, values, COLOUR, strict=True):
        image = show(axis, channel, name, cmap=AROUND_0, vmin=-limit, vmax=limit)
        found.append(f"{name} {channel.min():.2f} to {channel.max():.2f}")
    figure.colorbar(image, ax=axes, label="value", fraction=0.05, pad=0.01)
    figure.suptitle(title)
    data = "; ".join(found)
    alt = f"The three channels on one scale, negative blue, 0 white, positive orange: {data}."
    return Picture(figure, data, alt, photograph=True)


@styled
def maps(maps: Tensor, title: str = "maps") -> Picture:
    """Show maps or filters (C, H, W) in grey, each from its own least value to its most.

    The first 32 are shown, numbered from 0.

    Raises:
        ValueError: Another shape.
    """
    if maps.dim() != 3:
        raise ValueError(
            f"maps takes (C, H, W), not {tuple(maps.shape)}: take one image of the batch with "
            "x[0], or one channel of all filters with weight[:, 0]."
        )
    maps = maps.detach().cpu()
    count, height, width = maps.shape
    shown = maps[:SHOWN]
    axes = _maps_grid(shown, title)
    zero = maps.flatten(1).eq(0).all(dim=1).tolist()
    for number, (axis, values) in enumerate(zip(axes, shown, strict=False)):
        axis.imshow(values.numpy(), cmap=GREYS, interpolation_stage="data")
        axis.set_title(f"{number}, zero" if zero[number] else f"{number}", fontsize=12, pad=2)
    part = f", the first {SHOWN} shown" if count > SHOWN else ""
    size = f"{count} maps of {height} x {width}{part}"
    data = f"{title}: {size}; {sum(zero)} zero everywhere"
    alt = (
        f"{title}: {size}, as a grid of grey pictures, each from its own least value "
        f"(black) to its largest (white). {sum(zero)} of {count} are zero everywhere."
    )
    return Picture(axes[0].get_figure(), data, alt)


def _maps_grid(shown: Tensor, title: str) -> list[Axes]:
    """Return the axes of a grid in which maps stand close to each other, below their title."""
    columns = min(MAP_COLUMNS, len(shown))
    rows = math.ceil(len(shown) / columns)
    aspect = shown.shape[2] / shown.shape[1]
    height = math.sqrt(min(LARGEST, MAPS_AREA / len(shown)) / aspect)
    height = min(height, 0.96 * WIDTH / columns / aspect)
    column = max(1.12 * height * aspect, 0.75)  # "31, zero" fits
    width = min(WIDTH, max(5.0, columns * column))
    heading = textwrap.fill(title, int(width * 72 / 9))
    lines = heading.count("\n") + 1 if title else 0
    height = rows * (height + 0.27) + 0.28 * lines + 0.1
    figure, axes = new_figure(columns, rows, width=width, height=height)
    figure.get_layout_engine().set(w_pad=0.03, h_pad=0.03, wspace=0, hspace=0)
    figure.suptitle(heading)
    for axis in axes:
        axis.set_axis_off()
    return axes


@styled
def mistakes(record: Record, images: ImageData) -> Picture:
    """Show the first test pictures that a net got wrong: what it is, not what the net said.

    Raises:
        ValueError: The record, of an experiment that lists mistakes, is of other test images.
    """
    shown = record.measurements["mistakes"][:ROW]
    if any(images.test_labels[index] != label for index, _, label in shown):
        raise ValueError(
            f"The record is not of these test images of {images.name}: take those that "
            "data.load() returns."
        )
    figure, axes = new_figure(len(shown), height=2.4)
    named = []
    for axis, (index, predicted, label) in zip(axes, shown, strict=True):
        truth, answer = images.class_names[label], images.class_names[predicted]
        show(axis, images.test_images[index, 0], f"{truth},\nnot {answer}", vmax=255)
        named.append(f"{truth}, not {answer} ({index})")
    alt = (
        f"{len(shown)} grey pictures in a row that the net got wrong, each under what it is and "
        f"what the net said: {'; '.join(named)}. In brackets the place in the test set."
    )
    return Picture(figure, f"First mistakes: {'; '.join(named)}", alt)


BINS = 32
EDGES = torch.linspace(0, 1, BINS + 1).numpy()
COLOUR = {"red": ("orange", "-"), "green": ("green", "--"), "blue": ("black", ":")}
GREY = {"grey": ("black", "-")}


@styled
def pixel_histograms(
    pictures: Mapping[str, Tensor], *, title: str = "", credit: str = ""
) -> Picture:
    """Show pictures beside each other, and below each how often its values occur.

    Args:
        pictures: Title -> picture, as ``gallery`` takes them.
        title: Stands above all, such as the line of code between the first and the last.
        credit: Whom the pictures are from, written below.

    Raises:
        ValueError: A picture has other values or another shape.
    """
    figure, axes = new_figure(len(pictures), 2, width=9.0, height=5.4)
    above, below = axes[: len(pictures)], axes[len(pictures) :]
    figure.suptitle(title, family="monospace")
    figure.supxlabel(credit, color=COLORS["grey"])
    found = []
    for name, shown, counted in zip(pictures, above, below, strict=True):
        pixels = to_pixels(name, pictures[name])  # (H, W) or (H, W, 3)
        show(shown, pixels, name)
        channels = COLOUR if pixels.dim() == 3 else GREY
        for channel, values in zip(channels, pixels.reshape(-1, len(channels)).T, strict=True):
            color, dashes = channels[channel]
            shares = torch.histc(values.float(), BINS, 0, 1) / len(values) * 100
            style = {"color": COLORS[color], "linestyle": dashes, "linewidth": 2}
            counted.stairs(shares.numpy(), EDGES, label=channel, **style)
        counted.set_xlabel("value of a pixel, 0 to 1")
        said = {"name": name, "mean": pixels.mean(), "deviation": pixels.std()}
        found.append(tr("{name}: mean {mean:.2f}, deviation {deviation:.3f}", **said))
    below[0].set_ylabel("% of the pixels")
    if channels is COLOUR:
        below[-1].legend()
    data = "; ".join(found)
    alt = tr("Pictures and below them the histograms of their pixels. {data}.", data=data)
    if credit:
        alt += " " + tr("Photograph: {credit}.", credit=credit)
    photograph = channels is COLOUR
    return Picture(figure, f"{title}; {data}" if title else data, alt, photograph)
