"""What every picture owes its reader: words, numbers, letters and colours that are all right."""

import base64
import io
import json
import math
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from itertools import combinations, product
from statistics import mean, median

import matplotlib
import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from PIL import Image

from seminar_utils import figures
from seminar_utils.experiments.verdicts import error_of
from seminar_utils.figures.palette import COLORS
from tests.figures import lines as lines_of
from tests.figures.examples import DRAW, runs
from tests.figures.seen import FILE, seen, words_at
from tests.output_rules import FIGURE_BYTES

RUNNING = ("records", "pool", "worker", "live", "together")
SEEN = json.loads(FILE.read_text(encoding="utf-8"))
EVERY_PICTURE = pytest.mark.parametrize("name", DRAW)
NUMBER = re.compile(r"(?<![\w.-])[-+]?[\d,]*\d\.\d+(?:e[-+]\d+)?(?!\w|\.\d)")


@pytest.fixture(autouse=True, scope="module")
def nothing_learns():
    """Figures draw; a gradient would mean that one of them trains."""

    def learn(*arguments, **options):
        raise AssertionError("a figure computes a gradient")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.Tensor, "backward", learn)
        patch.setattr(torch.autograd, "grad", learn)
        yield


@cache
def drawn(name):
    return DRAW[name]()


@cache
def png(name):
    return drawn(name).png()


def test_every_function_has_its_example():
    by_hand = {"drawing"}  # see test_svg.py
    assert sorted(by_hand | {name.split()[0] for name in DRAW}) == figures.__all__


def test_figures_load_neither_what_runs_nor_what_is_recorded():
    """Training stands behind the classes of jobs; the processes that run them do not."""
    code = "import sys, seminar_utils.figures; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    for room in RUNNING:
        assert f"seminar_utils.experiments.{room}" not in loaded.stdout.split()


def values_of(artist):
    """Return every number that an artist is drawn from, or that it says."""
    if isinstance(artist, Line2D):
        return [*artist.get_xdata(), *artist.get_ydata()]
    if isinstance(artist, Rectangle):
        return [artist.get_width(), artist.get_height(), artist.get_x() + artist.get_width()]
    if isinstance(artist, Text):
        return [*spoken(artist.get_text()), *(getattr(artist, "xy", ()))]
    if hasattr(artist, "get_offsets"):
        return artist.get_offsets().ravel().tolist()
    return list(artist.get_data().values) if hasattr(artist, "get_data") else []


def spoken(text):
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


def artists(axis):
    return [*axis.lines, *axis.patches, *axis.collections, *axis.texts]


def values(axis):
    return [float(v) for artist in artists(axis) for v in values_of(artist) if is_number(v)]


def is_number(value):
    return not isinstance(value, str) and math.isfinite(value)


def is_among(number, found):
    """Tell whether a number, as written, is one of these, rounded to as many digits."""
    number = number.replace(",", "")
    plain = number.lstrip("+")
    digits, _, power = plain.partition("e")
    kind = "e" if power else "f"
    form = f".{len(digits.partition('.')[2])}{kind}"
    return any(format(value, form) == plain for value in found if abs(value) < 1e12)


def lines(figure, **looks):
    """Return the drawn lines of each panel that have these looks."""
    return [lines_of(axis, **looks) for axis in figure.axes]


def of_columns(figure):
    """Return the distances of dots at each weight, mean and ends, and the weights."""
    dots = np.array([line.get_ydata() for line in lines(figure, marker="o")[0]])
    training, test = np.split(dots, 2)
    gaps = test - training
    return [*gaps.mean(axis=1), *gaps.min(axis=1), *gaps.max(axis=1), 0.1, 0.3, 1.0]


def of_curves(figure):
    """Return where each curve ends: the mean of its last five errors."""
    return [mean(o.get_ydata()[-5:]) for p in lines(figure) for o in p]


def of_cells(figure):
    """Return of each panel all that is summed up: powers of ten, values, errors at the end."""
    found, ends = [], defaultdict(list)
    for panel in lines(figure, linestyle="-"):
        every = [y for o in panel for y in o.get_ydata()]
        power = median(math.log10(o.get_ydata()[0] / o.get_ydata()[-1]) for o in panel)
        found += [median(every), min(every), power]
    for one in runs("gradients"):
        if one.job.net.endswith(", He"):
            ends[one.job.net].append(one.history.train[-1].error)
    return found + [summed(of_net) for of_net in ends.values() for summed in (mean, min, max)]


def of_pixels(*summed):
    """Return what sums up each image of a figure so."""

    def found(figure):
        shown = [torch.as_tensor(axis.images[0].get_array()) for axis in figure.axes if axis.images]
        return [float(of(one)) for one in shown for of in summed]

    return found


def of_bars(figure):
    """Return the shares of the parts of each bar."""
    bars = [bar for axis in figure.axes for bar in zip(*axis.containers, strict=True)]
    widths = [[part.get_width() for part in bar] for bar in bars]
    return [100 * part / sum(parts) for parts in widths for part in parts]


# Numbers that are said and not drawn: how they follow from what is drawn.
DERIVED = {
    "activation_maps": of_pixels(torch.max),
    "weight_effects": of_columns,
    "gradient_cells": of_cells,
    "gradient_cells batch norm": of_cells,
    "gradient_cells of steps": of_cells,
    "head_effects": lambda figure: [
        (o.get_xdata()[1] - o.get_xdata()[0]) / 2
        for panel in lines(figure, marker="None", linewidth=2)
        for o in panel
    ],
    "savings": of_bars,
    "layer_responses": lambda figure: [mean(o.get_ydata()) for p in lines(figure) for o in p],
    "branch_bars": lambda figure: [
        sum(bar.get_width() for bar in figure.axes[0].patches if to_hex(bar.get_facecolor()) in of)
        for of in ({"#56b4e9", "#0072b2"}, {"#6a6a6a"})
    ],
    "figure_4": of_curves,
    "figure_4 late": of_curves,
    "pixel_histograms": of_pixels(torch.mean, torch.std),
    "channels": of_pixels(torch.min, torch.max),
}


@EVERY_PICTURE
def test_numbers_that_are_said_are_drawn(name):
    picture = drawn(name)
    found = [value for axis in picture.figure.axes for value in values(axis)]
    found += spoken(" ".join(text.get_text() for text in picture.figure.findobj(Text)))
    found += DERIVED.get(name, lambda _: [])(picture.figure)
    for text in (picture.data, picture.alt):
        missing = [n for n in NUMBER.findall(text) if not is_among(n, found)]
        assert not missing, text


def owned(figure):
    """Return what belongs to each name in a picture: of its line, or of all that has its colour."""
    found = defaultdict(list)
    for axis in figure.axes:
        for text in axis.texts:
            name = text.get_text().partition(":")[0].strip()
            if shade(text) not in ("#000000", "#222222") and re.fullmatch(r"[A-Za-z][\w -]*", name):
                same = [o for o in artists(axis) if shade(o) == shade(text)]
                found[name] += [v for artist in same for v in values_of(artist)]
        for line in axis.lines:
            if not line.get_label().startswith("_"):
                y = line.get_ydata()
                found[line.get_label()] += [*values_of(line), mean(y), mean(y[-5:])]
                level = [o for o in axis.lines if len(set(o.get_ydata())) == 1]
                same = [o.get_ydata()[0] for o in level if shade(o) == shade(line)]
                found[line.get_label()] += same
    return {name: [v for v in those if is_number(v)] for name, those in found.items()}


def shade(artist):
    return to_hex(artist.get_color() if hasattr(artist, "get_color") else artist.get_facecolor())


@EVERY_PICTURE
def test_numbers_belong_to_the_name_before_them(name):
    picture = drawn(name)
    owners = owned(picture.figure)
    names = "|".join(map(re.escape, sorted(owners, key=len, reverse=True))) or "(?!)"
    # "plain-8" is the line "plain" where no line has the longer name; a net without a line is none.
    mine = rf"(?<![\w-])(?P<name>{names})(?:-\d+)?(?![\w-])"
    words = re.compile(rf"{mine}|(?P<number>{NUMBER.pattern})|; |\. |\w+-\d")
    for text in (picture.data, picture.alt):
        owner = None
        text = text.partition("; gap test minus")[0]  # belongs to both
        for found in words.finditer(text):
            if not found["number"]:
                owner = found["name"]
            elif owner and not is_among(found["number"], owners[owner]):
                raise AssertionError(f"{found['number']} is not {owner}'s: {text}")


COLOUR = re.compile(r"([\w-]+)(?: layers| nets)?,? \(?(blue|orange|green|grey)\b")


@EVERY_PICTURE
def test_colours_that_are_said_are_drawn(name):
    """Such as "18 layers blue", "residual nets green" or "plain-20 (blue)"."""
    shades = defaultdict(set)
    for axis in drawn(name).figure.axes:
        for artist in [*axis.texts, *axis.lines]:
            label = artist.get_text() if isinstance(artist, Text) else artist.get_label()
            if shade(artist) != "#000000":
                shades[re.split("[:,]", label)[0]].add(shade(artist))
    for subject, color in COLOUR.findall(drawn(name).alt):
        known = {subject, subject.replace("residual", "ResNet"), f"{subject} layers"}
        ends = tuple(f"-{n}" for n in known), tuple(f"{n}-" for n in known)
        found = [
            shades[label]
            for label in shades
            if label in known or label.endswith(ends[0]) or label.startswith(ends[1])
        ]
        assert not found or set.union(*found) == {COLORS[color].lower()}, (subject, color)


@EVERY_PICTURE
def test_nothing_that_is_seen_has_changed(name):
    """Every word and its place, every scale, colour and range: see ``seen.py``."""
    assert seen(drawn(name)) == SEEN[name]


def test_nothing_is_kept_of_pictures_that_are_gone():
    assert list(SEEN) == list(DRAW)


@EVERY_PICTURE
def test_scales_have_labels_or_words_at_their_ticks(name):
    axes = drawn(name).figure.axes
    grid = [axis for axis in axes if axis.axison and axis.get_subplotspec()]  # no colour bar
    for axis, xy in product(grid, "xy"):
        words = [word for other in axes for word in words_at(getattr(other, f"{xy}axis"))]
        assert label_of(axis, xy) or re.search("[A-Za-z]", "".join(words)), axis


def label_of(axis, xy):
    """Return what is said of a scale: at it, in its row or column, or above the panel."""
    span = "colspan" if xy == "x" else "rowspan"
    here = getattr(axis.get_subplotspec(), span)
    beside = [o for o in axis.figure.axes if getattr(o.get_subplotspec(), span) == here]
    labels = [getattr(other, f"get_{xy}label")() for other in (axis, *beside)]
    labels += [getattr(axis.figure, f"get_sup{xy}label")(), axis.get_title()]
    return next(filter(None, labels), "")


@EVERY_PICTURE
def test_logarithms_have_base_10_and_stand_where_they_are_said(name):
    scales = [s for axis in drawn(name).figure.axes for s in (axis.xaxis, axis.yaxis)]
    bases = {s.get_transform().base for s in scales if s.get_scale() == "log"}
    assert bases <= {10} and (bases or "logarithmic" not in drawn(name).alt)


@EVERY_PICTURE
def test_letters_can_be_read_from_the_last_row(name):
    least = 10 if name.startswith("architecture") else 12
    for text in drawn(name).figure.findobj(Text):
        assert not text.get_text() or text.get_fontsize() >= least, text


@EVERY_PICTURE
def test_texts_neither_touch_nor_are_cut(name):
    figure = drawn(name).figure
    png(name)  # only then is known where they stand
    texts = [t for axis in figure.axes for t in (*axis.texts, axis.title, axis._left_title)]
    texts += [figure._suptitle] if figure.get_suptitle() else []
    # Both sides of a line end in a blank.
    places = {t: t.get_window_extent().padded(-2) for t in texts if t.get_text().strip()}
    for (one, place), (other, beside) in combinations(places.items(), 2):
        assert not place.overlaps(beside) or one.get_text()[-1] == " ", (one, other)
    for text, place in places.items():
        assert figure.bbox.x0 <= place.x0 and place.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= place.y0 and place.y1 <= figure.bbox.y1 + 1, text


GREYS = {"#ffffff", "#000000", "#c8c8c8", "#d9d9d9"}


@EVERY_PICTURE
def test_colours_are_those_of_the_palette(name):
    palette = {color.lower() for color in COLORS.values()} | GREYS
    axes = drawn(name).figure.axes
    for axis in (axis for axis in axes if axis.get_label() != "<colorbar>"):
        for artist in artists(axis):
            if isinstance(artist, Patch):
                used = {to_hex(artist.get_edgecolor())}
                used |= {to_hex(artist.get_facecolor())} if artist.get_fill() else set()
            elif hasattr(artist, "get_color"):
                used = {to_hex(artist.get_color())}
            else:
                used = set(map(to_hex, artist.get_facecolor()))
            assert used <= palette, artist


BOTH = ("training", "test")
# Figure: the experiment, which of its nets and seeds, and which of their errors are drawn.
SEEDS = {
    "training_curves": ("twins", r"\w+-(8|32)", 10, ("training",)),
    "end_points": ("twins", r"\w+-(8|32)", 10, BOTH),
    "depth_series": ("twins", r".*", 10, BOTH),
    "net_choice": ("twins", "ResNet-32", 10, ("training",)),
    "shortcut_options": ("shortcuts", r".*", 3, ("early training", "test")),
    "width_and_errors": ("overfitting", r".*", 3, BOTH),
    "weight_effects": ("heads", r"no heads|both heads(, weight .*)?", 3, BOTH),
}


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_is_drawn_and_in_the_means(name):
    experiment, nets, seeds, splits = SEEDS[name]
    found = [value for axis in drawn(name).figure.axes for value in values(axis)]
    ends = defaultdict(list)
    for one in runs(experiment):
        if re.fullmatch(nets, one.job.net) and one.job.seed < seeds:
            for split in splits:
                ends[one.job.net, split].append(error_of(one.history, split))
                assert any(math.isclose(ends[one.job.net, split][-1], value) for value in found)
    for of_net in ends.values():
        assert len(of_net) == seeds
        assert f"{mean(of_net):.1f}" in NUMBER.findall(drawn(name).data)


@EVERY_PICTURE
def test_png_has_the_same_bytes_every_time(name):
    assert png(name) == drawn(name).png() == DRAW[name]().png()


@EVERY_PICTURE
def test_a_picture_is_small_and_names_no_software(name):
    kind, data = re.search('image/(.*?);base64,(.*?)"', drawn(name).html()).groups()
    assert len(base64.b64decode(data)) < FIGURE_BYTES[kind]
    if drawn(name).photograph:
        return
    image = Image.open(io.BytesIO(png(name)))
    image.load()
    assert image.mode == "P" and not image.info  # colours of a palette, and nothing besides
    assert len(image.getcolors()) > 12  # letters have soft edges
    assert image.size == tuple((drawn(name).figure.get_size_inches() * 90 + 1e-6) // 1)


@EVERY_PICTURE
def test_data_is_one_line_and_alt_text_one_paragraph(name):
    for text in (drawn(name).data, drawn(name).alt):
        assert text == text.strip() and len(text) > 20 and "\n" not in text
    assert drawn(name).alt.endswith((".", "Stefan van der Walt"))


def test_pictures_leave_matplotlibs_global_state_alone():
    before = dict(matplotlib.rcParams)
    figures.table_2().png()
    assert dict(matplotlib.rcParams) == before
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []
