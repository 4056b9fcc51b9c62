"""What every picture owes its reader: words, numbers, letters and colours that are all right."""

import base64
import io
import math
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from itertools import combinations
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

from seminar_utils import figures, paper
from seminar_utils.experiments.gradients import look_at
from seminar_utils.experiments.verdicts import compare, error_of
from seminar_utils.figures.palette import COLORS
from tests.figures.examples import DRAW, costs, runs
from tests.output_rules import FIGURE_BYTES

RUNNING = ("records", "pool", "worker", "live", "together")
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
    assert {name.split()[0] for name in DRAW} == set(figures.__all__)


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
    return [
        [o for o in axis.lines if all(getattr(o, f"get_{k}")() == v for k, v in looks.items())]
        for axis in figure.axes
    ]


def of_columns(figure):
    """Return the distances of dots at each weight, mean and ends, and the weights."""
    dots = np.array([line.get_ydata() for line in lines(figure, marker="o")[0]])
    training, test = np.split(dots, 2)
    gaps = test - training
    return [*gaps.mean(axis=1), *gaps.min(axis=1), *gaps.max(axis=1), 0.1, 0.3, 1.0]


def of_reach(figure):
    """Return each panel's median power of ten between the first layer and the last."""
    reaches = [
        median(math.log10(y[0] / y[-1]) for y in (line.get_ydata() for line in panel))
        for panel in lines(figure)
    ]
    return reaches + [e for cell in ends_of_cells().values() for e in cell]


def of_steps(figure):
    every = [[y for o in panel for y in o.get_ydata()] for panel in lines(figure, linestyle="-")]
    return [
        *map(median, every),
        *map(min, every),
        *(e for cell in ends_of_cells().values() for e in cell),
    ]


def ends_of_cells():
    found = defaultdict(list)
    for one in runs("gradients"):
        if one.job.net.endswith(", He"):
            found[one.job.net].append(one.history.train[-1].error)
    return {net: (mean(ends), min(ends), max(ends)) for net, ends in found.items()}


# Numbers that are said and not drawn: how they follow from what is drawn.
DERIVED = {
    "activation_maps": lambda figure: [
        float(axis.images[0].get_array().max()) for axis in figure.axes if axis.images
    ],
    "weight_effects": of_columns,
    "gradient_cells": of_reach,
    "gradient_cells of steps": of_steps,
    "head_effects": lambda figure: [
        (o.get_xdata()[1] - o.get_xdata()[0]) / 2
        for panel in lines(figure, marker="None", linewidth=2)
        for o in panel
    ],
    "layer_responses": lambda figure: [mean(o.get_ydata()) for p in lines(figure) for o in p],
    "branch_bars": lambda figure: [
        sum(bar.get_width() for bar in figure.axes[0].patches if to_hex(bar.get_facecolor()) in of)
        for of in ({"#56b4e9", "#0072b2"}, {"#6a6a6a"})
    ],
    "figure_4": lambda figure: [mean(o.get_ydata()[-5:]) for p in lines(figure) for o in p],
    "pixel_histograms": lambda figure: [
        number
        for axis in figure.axes[:2]
        for pixels in [torch.as_tensor(axis.images[0].get_array())]
        for number in (pixels.mean().item(), pixels.std().item())
    ],
    "channels": lambda figure: [
        limit
        for axis in figure.axes[:3]
        for limit in (axis.images[0].get_array().min(), axis.images[0].get_array().max())
    ],
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


def first(experiment, net, split="training"):
    """Return the error of seed 0, in %."""
    (one,) = [o for o in runs(experiment) if (o.job.net, o.job.seed) == (net, 0)]
    return error_of(one.history, split)


def head_4a(split):
    return compare(runs("heads"), "head 4a", "no heads", split).mean


def panels():
    """Return of each panel what stands at it, and a number that is drawn there and nowhere else."""
    curve, resnet_34 = paper.curve, costs()["ResNet-34"]
    twins = [(f"{split} error", first("twins", "plain-32", split)) for split in BOTH]
    order = "plain-56, no batch", "ResNet-56, no batch", "plain-56, batch", "ResNet-56, batch"
    reached = {
        one.job.net: next(iter(look_at(one, 1)["gradients"].values())) for one in runs("gradients")
    }
    return {
        "figure_1": [(f"{s} error", curve(1, "plain", 20, s[:5]).ends_at) for s in BOTH],
        "figure_4": [
            (f"{kind} nets", curve(4, net, 18, "val").ends_at)
            for kind, net in (("plain", "plain"), ("residual", "resnet"))
        ],
        "training_curves": [
            ("plain nets", first("twins", "plain-32")),
            ("residual nets", first("twins", "ResNet-32")),
        ],
        "watch": [("plain nets", 80.5 / 2), ("residual nets", 80.5 / 2 - 1)],
        "end_points": twins,
        "gradient_cells": [(cell, reached[f"{cell} norm, He"]) for cell in order],
        "depth_series": [
            ("Figure 6: CIFAR-10, training error (%)", curve(6, "plain", 56, "train").ends_at),
            ("our twins", first("twins", "plain-56")),
            ("test error (%)", curve(6, "plain", 56, "test").ends_at),
            ("layers", first("twins", "plain-56", "test")),
        ],
        "layer_responses": [
            ("Figure 7", paper.layer_responses("plain", 20)[5]),
            ("our nets", 0.5 + (math.sin(1) + 1.1) / 2.2),
        ],
        "shortcut_options": [
            ("34 layers, ImageNet", 28.54),
            ("ours: early training error", first("shortcuts", "ResNet-20 A", "early training")),
            ("ours: test error", first("shortcuts", "ResNet-20 A", "test")),
        ],
        "width_and_errors": [
            (images, first("overfitting", f"width x1, {images}", "test"))
            for images in ("500 images", "10,000 images")
        ],
        "head_effects": [(f"{split} error", head_4a(split)) for split in BOTH],
        "condition_numbers": [("at the start", 19.9), ("trained", 23.6)],
        "errors_without_blocks": [("32 layers", 30.3), ("56 layers", 14.1)],
        "gradient_similarity": [("at the start", 0.5), ("trained", (math.sin(24) + 1.1) / 2.2)],
        "savings": [
            ("parameters (millions)", resnet_34.parameters / 1e6),
            ("multiply-adds (billions)", resnet_34.multiply_adds / 1e9),
        ],
        "net_choice": [
            ("counts at 14 x 14", 3.62),
            ("norm of the loss's gradient", 3.3),
            ("training error (%)", first("twins", "ResNet-32")),
        ],
    }


@EVERY_PICTURE
def test_titles_stand_over_their_panels(name):
    axes = [axis for axis in drawn(name).figure.axes if axis.axison]
    expected = panels().get(name.split()[0])
    assert expected or len(axes) < 2 or name.startswith("pixel_histograms")
    if expected is None or name in ("net_choice not recorded", "gradient_cells of steps"):
        return
    for axis, (words, number) in zip(axes, expected, strict=True):
        around = axis.get_title() or axis.get_title("left"), axis.get_ylabel(), axis.get_xlabel()
        assert words in ", ".join(filter(None, around))
        drawn_at = [other for other in axes if any(math.isclose(number, v) for v in values(other))]
        assert drawn_at == [axis], (words, number)


# What stands at the scales of each picture, x and y, with units; names at ticks may do without.
ALIKE = ("", " without labels", " at an iteration", " with today's", " not recorded")
TITLE_OF_GUESSES = "0: right on; grey: within 2 spreads"
LABELS = {
    "figure_1": [["iterations (10,000)"], ["error (%)"]],
    "figure_4": [["iterations (10,000)"], ["error (%)"]],
    "net_choice": [
        ["times plain-20, 8 filters", "at the output of convolution no.", "epoch"],
        ["counts at 14 x 14", "norm of the loss's gradient", "training error (%)"],
    ],
    "table_2": [[""], ["top-1 error (%), 10-crop"]],
    "training_curves": [["epoch"], ["training error (%)"]],
    "end_points": [["training error", "test error"], ["error (%)"]],
    "gradient_cells": [
        ["convolution, first to last   (← the way of the gradient)"],
        ["norm of the gradient, step 1"],
    ],
    "gradient_cells of steps": [
        ["convolution, first to last   (← the way of the gradient)"],
        ["|step| / |weights|, step 200"],
    ],
    "depth_series": [["layers"], ["training error (%)", "test error (%)"]],
    "layer_responses": [
        ["layer (3x3 convolutions, from the input)"],
        ["standard deviation of the response"],
    ],
    "receptive_fields": [
        ["layer (convolutions and max pool, from the input)"],
        ["receptive field (pixels across)"],
    ],
    "shortcut_options": [["shortcut option"], ["error (%)"]],
    "distance_to_identity": [
        ["scale of F (weight of its last batch norm)"],
        ["distance to x, as a share of x"],
    ],
    "residual_shares": [["block"], ["|F(x)| / |x|"]],
    "error_against_cost": [
        ["multiply-adds for one image (billions, logarithmic)"],
        ["top-5 error (%)"],
    ],
    "growth": [["factor n"], ["times the multiply-adds"]],
    "savings": [["parameters (millions)", "multiply-adds (billions)"], [""]],
    "branch_bars": [["multiply-adds (millions)"], ["480 channels of 14 x 14 pixels"]],
    "pixel_histograms": [["value of a pixel, 0 to 1"], ["% of the pixels"]],
    "head_effects": [["with heads minus without (points)"], ["training error", "test error"]],
    "weight_effects": [["weight of each head's loss"], ["error (%)"]],
    "gradients_by_layer": [[""], ["norm of the gradient at the outputs"]],
    "width_and_errors": [["width"], ["error (%)"]],
    "correlation_by_distance": [["distance (pixels)"], ["mean |correlation|"]],
    "condition_numbers": [["layers"], ["condition number of the Jacobian"]],
    "errors_without_blocks": [
        ["block left out   (dashed: the whole net; dotted: guessing)"],
        ["error (%)"],
    ],
    "gradient_similarity": [["step (% of the picture's norm)"], ["mean cosine of the gradients"]],
    "watch": [["epoch"], ["training error (%)"]],
    "guesses": [["guess minus outcome (spreads over seeds)"], [TITLE_OF_GUESSES]],
}


@pytest.mark.parametrize("name", LABELS)
def test_scales_have_labels_with_units(name):
    axes = [axis for axis in drawn(name).figure.axes if axis.axison]
    found = [list(dict.fromkeys(label_of(axis, xy) for axis in axes)) for xy in "xy"]
    assert found == LABELS[name]


def test_every_picture_with_scales_has_its_labels():
    labelled = {f"{known}{more}" for known in LABELS for more in ALIKE}
    for name in set(DRAW) - labelled - {"channels"}:  # its only scale is that of a colour bar
        assert not any(axis.axison for axis in drawn(name).figure.axes), name


LOGARITHMIC = {
    *("net_choice", "net_choice not recorded", "gradient_cells", "gradient_cells of steps"),
    *("layer_responses", "error_against_cost", "gradients_by_layer", "condition_numbers"),
    "gradient_similarity",
}


@EVERY_PICTURE
def test_logarithms_have_base_10_and_stand_where_they_are_said(name):
    scales = [s for axis in drawn(name).figure.axes for s in (axis.xaxis, axis.yaxis)]
    bases = {s.get_transform().base for s in scales if s.get_scale() == "log"}
    assert bases == ({10} if name in LOGARITHMIC else set())
    assert bases or "logarithmic" not in drawn(name).alt


def label_of(axis, xy):
    """Return what is said of a scale: at it, in its row or column, or above the panel."""
    span = "colspan" if xy == "x" else "rowspan"
    here = getattr(axis.get_subplotspec(), span)
    beside = [o for o in axis.figure.axes if getattr(o.get_subplotspec(), span) == here]
    labels = [getattr(other, f"get_{xy}label")() for other in (axis, *beside)]
    labels += [getattr(axis.figure, f"get_sup{xy}label")(), axis.get_title()]
    return next(filter(None, labels), "")


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
    # Both sides of a line end in a blank.
    places = {t: t.get_window_extent().padded(-2) for t in texts if t.get_text().strip()}
    for (one, place), (other, beside) in combinations(places.items(), 2):
        assert not place.overlaps(beside) or one.get_text()[-1] == " ", (one, other)
    for text, place in places.items():
        assert figure.bbox.x0 <= place.x0 and place.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= place.y0 and place.y1 <= figure.bbox.y1, text


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
    assert set(chunks(png(name))) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
    width, height = Image.open(io.BytesIO(png(name))).size
    assert (width, height) == tuple((drawn(name).figure.get_size_inches() * 90 + 1e-6) // 1)


def chunks(content):
    """Return the kinds of the chunks of a PNG file."""
    kinds, at = [], 8
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kinds.append(content[at + 4 : at + 8])
        at += 12 + length
    return kinds


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
