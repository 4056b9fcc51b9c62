"""What every picture owes its reader, and the drawing of the fable."""

import base64
import io
import sys
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import matplotlib
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import Ellipse, Polygon
from PIL import Image

from seminar_utils import experiments, figures
from seminar_utils.figures import picture as module
from seminar_utils.figures.picture import COLORS, Picture, new_figure
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import TABLE_1, GoogLeNet, Inception
from seminar_utils.models.resnet import resnet
from seminar_utils.training import data
from tests.figures import ORANGE, recorded
from tests.output_rules import FIGURE_BYTES

PHOTO = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))  # the worst to compress
PADDED = torch.cat([PHOTO[:, ::2, ::2], torch.zeros(3, 32, 32)])


def plain_and_residual():
    with torch.device("meta"):
        nets = resnet(34, None), resnet(34, "A")
    return figures.architecture(*nets, names=("plain-34", "ResNet-34, option A"))


def googlenet():
    with torch.device("meta"):
        return figures.architecture(GoogLeNet(), highlight="heads")


def module_3a():
    return Inception(192, *TABLE_1["3a"])


def without_fingerprints(name):
    """Return recorded runs without the seconds that it takes to see whether they still hold."""
    return [replace(one, fingerprint=()) for one in experiments.recorded(name)]


DRAW = {
    "figure_1": figures.figure_1,
    "figure_1 without labels": lambda: figures.figure_1(labels=False),
    "figure_4": figures.figure_4,
    "figure_4 at an iteration": lambda: figures.figure_4(at=30_000),
    "net_choice": lambda: figures.net_choice(8, 8, "A", dict.fromkeys("abcdefg", 1.0), recorded(3)),
    "table_2": figures.table_2,
    "training_curves": lambda: figures.training_curves(recorded(10), recorded(1)),
    "end_points": lambda: figures.end_points(recorded(10)),
    "end_points with today's": lambda: figures.end_points(recorded(10), recorded(1)),
    "gradient_cells": lambda: figures.gradient_cells(without_fingerprints("gradients")),
    "depth_series": lambda: figures.depth_series(recorded(10)),
    "layer_responses": lambda: figures.layer_responses({"plain-20": {"bn1": 1, "bn2": 0.9}}),
    "receptive_fields": lambda: figures.receptive_fields({"A": {"conv1": 3, "conv2": 5}}, image=4),
    "shortcut_options": lambda: figures.shortcut_options(experiments.recorded("shortcuts")),
    "fable": figures.fable,
    "distance_to_identity": lambda: figures.distance_to_identity([0, 1, 2], [1, 1, 2], [0, 1, 3]),
    "block_sketch": figures.block_sketch,
    "residual_shares": lambda: figures.residual_shares({"A": {"stages.0.0": 1, "stages.1.0": 2}}),
    "zero_padding": lambda: figures.zero_padding(PHOTO, PADDED),
    "error_against_cost": lambda: figures.error_against_cost([("A", 7e8, 16.4), ("B", 1e9, 7.3)]),
    "growth": lambda: figures.growth([1, 2, 4], [1, 2, 4], [1, 4, 16]),
    "savings": lambda: figures.savings({"3a": layer_table(module_3a(), (192, 28, 28))}),
    "branches": lambda: figures.branches(module_3a(), (192, 28, 28)),
    "branch_bars": lambda: figures.branch_bars(192, 28, TABLE_1["3a"]),
    "gallery": lambda: figures.gallery({name: data.photo(name) for name in ("cat", "rocket")}),
    "maps": lambda: figures.maps(PHOTO),
    "pixel_histograms": lambda: figures.pixel_histograms({"noise": PHOTO, "grey": PHOTO[:1]}),
    "head_effects": lambda: figures.head_effects(experiments.recorded("heads")),
    "weight_effects": lambda: figures.weight_effects(experiments.recorded("heads")),
    "gradients_by_layer": lambda: figures.gradients_by_layer({"He": {"conv1": 1, "conv2": 0.1}}),
    "width_and_errors": lambda: figures.width_and_errors(experiments.recorded("overfitting")),
    "correlation_by_distance": lambda: figures.correlation_by_distance({"pixels": [1, 0.5, 0.1]}),
    "condition_numbers": lambda: figures.condition_numbers({"start": {"plain-8": 4}}),
    "errors_without_blocks": lambda: figures.errors_without_blocks(
        {"plain-8": 16}, {"plain-8": {"stages.0.0": 91}}
    ),
    "gradient_similarity": lambda: figures.gradient_similarity(
        [1, 10], {"start": {"plain-8": [0.9, 0.5], "ResNet-8": [0.9, 0.6]}}
    ),
    "live_loss": lambda: figures.live_loss(experiments.recorded("classroom")),
    "mistakes": lambda: figures.mistakes(experiments.recorded("classroom")[0], data.load()),
    "architecture": plain_and_residual,
    "architecture of GoogLeNet": googlenet,
}
EVERY_PICTURE = pytest.mark.parametrize("name", DRAW)


@cache
def drawn(name):
    return DRAW[name]()


@cache
def png(name):
    return drawn(name).png()


def chunks(content):
    """Return the kinds of the chunks of a PNG file."""
    kinds, at = [], 8
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kinds.append(content[at + 4 : at + 8])
        at += 12 + length
    return kinds


def test_every_function_has_its_example():
    assert {name.split()[0] for name in DRAW} == set(figures.__all__)


@EVERY_PICTURE
def test_png_has_the_same_bytes_every_time(name):
    assert png(name) == drawn(name).png() == DRAW[name]().png()


@EVERY_PICTURE
def test_png_is_small_and_names_no_software(name):
    assert len(png(name)) < FIGURE_BYTES
    assert set(chunks(png(name))) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
    width, height = Image.open(io.BytesIO(png(name))).size
    assert (width, height) == tuple((drawn(name).figure.get_size_inches() * 90 + 1e-6) // 1)


@EVERY_PICTURE
def test_data_is_one_line_and_alt_text_one_paragraph(name):
    for text in (drawn(name).data, drawn(name).alt):
        assert text == text.strip() and len(text) > 20 and "\n" not in text
    assert drawn(name).alt.endswith(".")


@EVERY_PICTURE
def test_letters_can_be_read_from_the_last_row(name):
    for axis in drawn(name).figure.axes:
        for text in [*axis.texts, axis.title, axis.xaxis.label, axis.yaxis.label]:
            assert not text.get_text() or text.get_fontsize() >= 10


def test_a_cell_prints_the_data_line_and_then_shows_the_picture(monkeypatch, capsys):
    shown = []

    def display(*args, **options):
        shown.append((args, options))
        print("THE PICTURE")

    monkeypatch.setattr(module, "display", display)
    figure, (axis,) = new_figure()
    axis.plot([1, 2])
    one = Picture(figure, "12.3 and 4.5", "A line rises.")
    one._ipython_display_()
    assert capsys.readouterr().out == "12.3 and 4.5\nTHE PICTURE\n"
    bundle = {"text/html": one.html(), "text/plain": "A line rises."}
    assert shown == [((bundle,), {"raw": True})]


def test_the_image_of_a_page_has_its_alt_text():
    alt = 'Below "zero" & <rising>.'
    one = Picture(new_figure()[0], "no data", alt)
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(one.html())
    source = "data:image/png;base64," + base64.b64encode(one.png()).decode()
    assert found == [("img", {"alt": alt, "src": source})]
    assert ">" not in one.html()[:-1]


def test_pictures_leave_matplotlibs_global_state_alone():
    before = dict(matplotlib.rcParams)
    figures.table_2().png()
    assert dict(matplotlib.rcParams) == before
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []


def test_new_figure_fills_its_grid_row_by_row():
    figure, axes = new_figure(3, 2, width=6.0, height=3.0)
    assert figure.get_size_inches().tolist() == [6.0, 3.0] and figure.dpi == 90
    places = [axis.get_subplotspec() for axis in axes]
    assert [(p.rowspan.start, p.colspan.start) for p in places] == [
        (row, column) for row in range(2) for column in range(3)
    ]
    assert not any(axis.spines[side].get_visible() for axis in axes for side in ("top", "right"))


def test_palette_is_okabe_and_itos():
    assert len(set(COLORS.values())) == len(COLORS)
    assert [COLORS[name] for name in ("blue", "orange", "green", "sky", "yellow", "purple")] == [
        "#0072B2",
        "#D55E00",
        "#009E73",
        "#56B4E9",
        "#E69F00",
        "#CC79A7",
    ]


def soup_and_beak(axis):
    """Return the patch of the soup and the tip of the beak."""
    (soup,) = (patch for patch in axis.patches if to_hex(patch.get_facecolor()) == "#e69f00")
    (beak,) = (patch for patch in axis.patches if to_hex(patch.get_facecolor()) == ORANGE)
    return soup, min(beak.get_xy(), key=lambda point: point[1])


def contains(patch, point):
    return patch.get_path().contains_point(point, patch.get_patch_transform())


def test_the_beak_reaches_the_soup_of_the_jar_and_not_that_of_the_plate():
    plate, jar = figures.fable().figure.axes
    soup, tip = soup_and_beak(plate)
    assert isinstance(soup, Ellipse) and not contains(soup, tip)
    soup, tip = soup_and_beak(jar)
    assert isinstance(soup, Polygon) and contains(soup, tip)


def test_both_dishes_meet_the_same_bird():
    plate, jar = figures.fable().figure.axes
    birds = [
        [
            p.get_patch_transform().transform(p.get_path().vertices).tolist()
            for p in axis.patches[:2]
        ]
        for axis in (plate, jar)
    ]
    assert birds[0] == birds[1]
    assert plate.get_title() == "the task as it was put"
    assert jar.get_title() == "the same task, put another way"
