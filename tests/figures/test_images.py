"""Galleries show the pixels they are given, and histograms count them."""

import re
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch
from torchvision.transforms.v2.functional import center_crop, resize

from seminar_utils.experiments import accurate
from seminar_utils.figures import channels, gallery, maps, mistakes, pixel_histograms
from seminar_utils.training import data
from tests import refused
from tests.figures import images, record_of, words

RAW = torch.arange(3 * 4 * 5, dtype=torch.uint8).reshape(3, 4, 5) * 4
FLOAT, GREY = RAW / 255, RAW[:1]
ALL = {"raw": RAW, "float": FLOAT, "grey": GREY, "flat": GREY[0]}


def test_every_kind_of_picture_is_drawn_from_0_to_1():
    raw, as_float, grey, flat = (image.get_array() for image in images(gallery(ALL)))
    color = (RAW.permute(1, 2, 0) / 255).numpy()
    assert np.allclose(raw, color) and np.allclose(as_float, color)
    assert np.allclose(grey, GREY[0].numpy() / 255) and np.allclose(flat, GREY[0].numpy() / 255)


@pytest.mark.parametrize(
    ("count", "columns", "grid"),
    [(1, None, (1, 1)), (4, None, (1, 4)), (6, None, (2, 4)), (5, 2, (3, 2))],
)
def test_at_most_four_stand_in_a_row(count, columns, grid):
    axes = gallery({f"{n}": RAW for n in range(count)}, columns=columns).figure.axes
    assert axes[0].get_gridspec().get_geometry() == grid
    assert not any(axis.axison for axis in axes)  # an empty place shows nothing


def test_long_titles_are_wrapped_and_do_not_touch():
    figure = gallery({f"a rather long title of picture {n} of four": RAW for n in range(4)}).figure
    figure.draw_without_rendering()
    places = [axis.title.get_window_extent() for axis in figure.axes]
    for left, right in pairwise(places):
        assert left.x1 < right.x0
    assert all(place.y1 <= figure.bbox.y1 + 2 for place in places)  # above the letters is nothing


def test_a_frame_lies_around_the_pixels_of_a_crop_and_is_said():
    box = {"top": 1, "left": 2, "height": 3, "width": 2}
    picture = gallery({"one": RAW, "two": RAW}, boxes={"two": [box, {**box, "width": 3}]})
    one, two = picture.figure.axes
    assert not one.patches
    assert [patch.get_bbox().bounds for patch in two.patches] == [
        (1.5, 0.5, 2, 3),
        (1.5, 0.5, 3, 3),
    ]
    assert "Framed in two: rows 1 to 3, columns 2 to 3; rows 1 to 3, columns 2 to 4." in picture.alt


def test_on_one_scale_a_smaller_picture_is_smaller():
    figure = gallery({"whole": RAW, "part": RAW[:, :2, :2]}, same_scale=True).figure
    whole, part = figure.axes
    figure.draw_without_rendering()
    pixels = [axis.get_window_extent().width / np.diff(axis.get_xlim()) for axis in (whole, part)]
    assert pixels[0] == pytest.approx(pixels[1]) and part.get_ylim() == (3.5, -0.5)
    _, part = gallery({"whole": RAW, "part": RAW[:, :2, :2]}).figure.axes
    assert part.get_ylim() == (1.5, -0.5)


def test_a_gradient_does_not_hinder():
    (image,) = images(gallery({"x": FLOAT.clone().requires_grad_()}))
    assert np.allclose(image.get_array(), FLOAT.permute(1, 2, 0).numpy())


@pytest.mark.parametrize(("count", "columns"), [(2, None), (4, 2), (10, 5), (1, None)])
def test_pictures_fill_the_width_and_fit_on_a_screen(count, columns):
    shapes = [(3, 300, 450), (3, 224, 224)]
    pictures = {f"{n}": torch.zeros(shapes[n % 2]) for n in range(count)}
    figure = gallery(pictures, columns=columns, credit="NASA").figure
    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    columns = columns or count
    widths = [axis.get_window_extent().width for axis in figure.axes]
    assert sum(max(widths[column::columns]) for column in range(columns)) > 0.94 * figure.bbox.width
    assert width <= 10 and height < 6.6 and (width == 10 or height > 5.4)


def test_colours_are_kept_and_greys_are_few():
    assert gallery({"a": RAW, "b": GREY}).photograph and not gallery({"b": GREY}).photograph


def test_four_photographs_stay_small():
    photos = {name: resize(data.photo(name), [224], antialias=True) for name in data.photos()}
    crops = [(name, center_crop(photo, [224, 224])) for name, photo in photos.items()]
    assert len(gallery(dict(crops[:4])).html()) < 150_000


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


def test_maps_are_numbered_and_zeros_named():
    picture = maps(MAPS)
    axes = picture.figure.axes
    assert picture.data == "maps: 5 maps of 6 x 4; 1 zero everywhere"
    assert [axis.get_title() for axis in axes] == ["0", "1", "2", "3, zero", "4"]
    assert all(axis.title.get_fontsize() >= 12 and not axis.axison for axis in axes)


def test_a_map_with_one_value_is_not_called_zero():
    picture = maps(torch.ones(2, 3, 3))
    assert words(picture) == ["0", "1"] and "0 zero everywhere" in picture.data


def test_at_most_32_maps_are_shown_and_all_are_counted():
    many = torch.randn(40, 3, 3)
    many[[1, 38]] = 0
    picture = maps(many, "conv1")
    assert picture.figure.axes[0].get_gridspec().get_geometry() == (4, 8)
    drawn = images(picture)
    assert len(drawn) == 32 and np.array_equal(drawn[31].get_array(), many[31].numpy())
    assert picture.data == "conv1: 40 maps of 3 x 3, the first 32 shown; 2 zero everywhere"


@pytest.mark.parametrize(
    "title", ["", "a title so long that it does not fit over a few maps at all"]
)
def test_numbers_and_title_do_not_touch_and_are_not_cut(title):
    figure = maps(torch.zeros(32, 7, 7), title).figure
    figure.draw_without_rendering()
    places = [axis.title.get_window_extent() for axis in figure.axes]
    for left, right in pairwise(places):
        assert left.x1 < right.x0 or right.y1 < left.y0
    if title:
        heading = figure._suptitle.get_window_extent()
        assert heading.x0 >= 0 and heading.x1 <= figure.bbox.x1
        assert max(place.y1 for place in places[:8]) <= heading.y0
    assert all(place.y1 <= figure.bbox.y1 + 2 for place in places)  # above the letters is nothing


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
    found = images(mistakes(RECORD, forty))
    assert len(found) == 6 < len(MISTAKES)
    for image, (index, _, _) in zip(found, MISTAKES, strict=False):
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
