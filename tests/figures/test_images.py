"""Galleries show the pixels they are given, and histograms count them."""

import re
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch

from seminar_utils.experiments import accurate
from seminar_utils.figures import channels, gallery, maps, mistakes, pixel_histograms
from seminar_utils.training import data
from tests import refused
from tests.figures import images, record_of

RAW = torch.arange(3 * 4 * 5, dtype=torch.uint8).reshape(3, 4, 5) * 4
FLOAT, GREY = RAW / 255, RAW[:1]
ALL = {"raw": RAW, "float": FLOAT.clone().requires_grad_(), "grey": GREY, "flat": GREY[0]}


def test_every_kind_of_picture_is_drawn_from_0_to_1():
    raw, as_float, grey, flat = (image.get_array() for image in images(gallery(ALL)))
    color = (RAW.permute(1, 2, 0) / 255).numpy()
    assert np.allclose(raw, color) and np.allclose(as_float, color)
    assert np.allclose(grey, GREY[0].numpy() / 255) and np.allclose(flat, GREY[0].numpy() / 255)


@pytest.mark.parametrize("most, count", [(4, 1), (4, 2), (4, 4), (4, 6), (2, 3), (2, 4), (5, 10)])
def test_pictures_stand_in_rows_that_fill_the_width_and_fit_on_a_screen(most, count):
    shapes = [(3, 300, 450), (3, 224, 224)]
    pictures = {f"{n}": torch.zeros(shapes[n % 2]) for n in range(count)}
    columns = {} if most == 4 else {"columns": most}  # 4 unless told
    figure = gallery(pictures, credit="NASA", **columns).figure
    figure.draw_without_rendering()
    rows, columns = figure.axes[0].get_gridspec().get_geometry()
    assert columns == min(most, count) and columns * (rows - 1) < count <= columns * rows
    assert not any(axis.axison for axis in figure.axes)  # an empty place shows nothing
    width, height = figure.get_size_inches()
    widths = [axis.get_window_extent().width for axis in figure.axes]
    assert sum(max(widths[column::columns]) for column in range(columns)) > 0.94 * figure.bbox.width
    assert width <= 10 and height < 6.6 and (width == 10 or height > 5.4)


@pytest.mark.parametrize(("same_scale", "lowest"), [(True, 3.5), (False, 1.5)])
def test_on_one_scale_a_lower_picture_has_room_below(same_scale, lowest):
    pictures = {"whole": RAW, "part": RAW[:, :2, :2]}
    _, part = gallery(pictures, same_scale=same_scale).figure.axes
    assert part.get_ylim() == (lowest, -0.5)


MAPS = torch.randn(5, 6, 4)
MAPS[3], MAPS[1, 0] = 0, 0  # one map, and a row of another one


def test_each_map_is_drawn_in_grey_over_its_own_range():
    drawn = images(maps(MAPS))
    assert len(drawn) == 5
    for image, values in zip(drawn, MAPS, strict=True):
        assert np.array_equal(image.get_array(), values.numpy())
        assert image.get_clim() == pytest.approx((float(values.min()), float(values.max())))
        shades = image.get_cmap()(np.linspace(0, 1, 50))
        assert np.allclose(shades[:, 0], shades[:, 1]) and np.allclose(shades[:, 0], shades[:, 2])
        assert shades[0, 0] == 0 and shades[-1, 0] == 1


def test_all_zeros_are_counted_and_a_map_with_one_value_is_none():
    assert "0 zero everywhere" in maps(torch.ones(2, 3, 3)).data
    many = torch.randn(40, 3, 3)
    many[[1, 38]] = 0  # the second one is not shown
    picture = maps(many, "conv1")
    assert picture.data == "conv1: 40 maps of 3 x 3, the first 32 shown; 2 zero everywhere"
    drawn = images(picture)
    assert len(drawn) == 32 and np.array_equal(drawn[31].get_array(), many[31].numpy())


PAINTED = torch.zeros(3, 4, 5, dtype=torch.uint8)
PAINTED[0], PAINTED[2, :2] = 255, 255  # all red, half of the pixels blue
HALF = torch.full((1, 2, 2), 0.5)


def heights(axis):
    """Return the bars of each channel, % of its pixels."""
    return {line.get_label(): line.get_data().values for line in axis.patches}


def test_bars_are_shares_of_a_channel():
    *_, axis = pixel_histograms({"a": PAINTED}).figure.axes
    bars = heights(axis)
    assert all(len(b) == 32 and b.sum() == pytest.approx(100) for b in bars.values())
    assert bars["red"][-1] == 100 and bars["green"][0] == 100
    assert bars["blue"][0] == bars["blue"][-1] == 50
    assert heights(pixel_histograms({"b": HALF}).figure.axes[1])["grey"][32 // 2] == 100


MISTAKES = [[5, 3, 2], [6, 4, 6], [9, 0, 1], [10, 5, 9], [20, 8, 0], [33, 7, 5], [34, 9, 7]]
RECORD = record_of(accurate.jobs(0)[0], [77.0], 50.0, mistakes=MISTAKES)


@pytest.fixture
def forty():
    """Return 40 test pictures, each of a grey of its own, with the true labels of MISTAKES."""
    loaded = data.load(train=1, test=40)
    pictures = torch.arange(40, dtype=torch.uint8).view(40, 1, 1, 1).expand(40, 1, 4, 4).clone()
    truth = torch.zeros(40, dtype=torch.int64)
    for index, _, label in MISTAKES:
        truth[index] = label
    return replace(loaded, test_images=pictures, test_labels=truth)


def test_each_mistake_is_its_own_picture_in_grey(forty):
    for image, (index, _, _) in zip(images(mistakes(RECORD, forty)), MISTAKES[:6], strict=True):
        assert image.get_array().shape == (4, 4) and (image.get_array() == index).all()
        assert (image.cmap.name, *image.get_clim()) == ("gray", 0, 255)


def test_the_longest_names_stand_beside_each_other_without_touching(forty):
    shirts = replace(RECORD, measurements={"mistakes": [[0, 0, 0]] * 6})
    figure = mistakes(shirts, forty).figure
    figure.draw_without_rendering()
    boxes = [axis.title.get_window_extent() for axis in figure.axes]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    assert boxes[0].x0 >= 0 and boxes[-1].x1 <= figure.bbox.width
    assert max(box.y1 for box in boxes) <= figure.bbox.height


def test_mistakes_get_one_sentence_that_says_what_to_do(forty):
    undo = r"'bad' has .*{}.* undo a normalisation with x \* STD \+ MEAN"
    bad = {
        undo.format("from -2.00 to"): FLOAT * 4 - 2,
        undo.format("from 0.00 to 236.00"): FLOAT * 255,
        undo.format("from nan to nan"): FLOAT * torch.nan,
        undo.format("from -0.50 to 0.43"): FLOAT - 0.5,
        undo.format("torch.int64 values from 0.00 to 1.00"): RAW.long() // 200,
    }
    for shape in ((64, 4, 4), (2, 3, 4, 4), (2, 4, 4), (7,)):
        bad[rf"'bad' has shape {re.escape(str(shape))}: hand over one picture"] = torch.zeros(shape)
    refused(*((partial(gallery, {"good": RAW, "bad": x}), words) for words, x in bad.items()))
    for shape in ((4, 5), (1, 4, 5), (2, 3, 4, 5)):
        words = rf"channels takes one picture \(3, H, W\), not {re.escape(str(shape))}"
        refused((partial(channels, torch.zeros(shape), "title"), words))
    for shape in ((1, 8, 5, 5), (5, 5)):
        words = rf"maps takes \(C, H, W\), not {re.escape(str(shape))}.*x\[0\]"
        refused((partial(maps, torch.zeros(shape)), words))
    forty.test_labels[6] = 3
    refused((partial(mistakes, RECORD, forty), "not of these test images of fashion_mnist"))
