"""Histograms count the pixels of the picture above them."""

import numpy as np
import pytest
import torch

from seminar_utils.figures.gallery import BINS, pixel_histograms
from tests.figures import words

COLOUR = torch.zeros(3, 4, 5, dtype=torch.uint8)
COLOUR[0], COLOUR[2, :2] = 255, 255  # all red, half of the pixels blue
GREY = torch.full((1, 2, 2), 0.5)


def heights(axis):
    """Return the bars of each channel, % of its pixels."""
    return {line.get_label(): line.get_data().values for line in axis.patches}


def test_pictures_stand_above_their_histograms():
    above, beside, below, last = pixel_histograms({"a": COLOUR, "b": GREY}).figure.axes
    assert [axis.get_title() for axis in (above, beside)] == ["a", "b"]
    (image,) = above.get_images()
    assert np.array_equal(image.get_array(), COLOUR.permute(1, 2, 0).numpy() / 255)
    assert list(heights(below)) == ["red", "green", "blue"] and list(heights(last)) == ["grey"]


def test_bars_are_shares_of_a_channel():
    *_, axis = pixel_histograms({"a": COLOUR}).figure.axes
    bars = heights(axis)
    assert all(len(b) == BINS and b.sum() == pytest.approx(100) for b in bars.values())
    assert bars["red"][-1] == 100 and bars["green"][0] == 100
    assert bars["blue"][0] == bars["blue"][-1] == 50
    assert heights(pixel_histograms({"b": GREY}).figure.axes[1])["grey"][BINS // 2] == 100


def test_colours_differ_in_their_dashes_too():
    *_, axis = pixel_histograms({"a": COLOUR}).figure.axes
    assert len({line.get_linestyle() for line in axis.patches}) == 3
    assert {text.get_text() for text in axis.get_legend().get_texts()} == {"red", "green", "blue"}


def test_title_and_credit_are_shown_and_said():
    picture = pixel_histograms({"b": GREY}, title="v2.Identity()", credit="NASA")
    assert picture.figure.get_suptitle() == "v2.Identity()"
    assert picture.figure.get_supxlabel() == "NASA"
    assert picture.data == "v2.Identity(); b: mean 0.50, deviation 0.000"
    assert picture.alt.endswith("b: mean 0.50, deviation 0.000. Photograph: NASA.")
    assert "b" in words(picture)


def test_values_out_of_range_get_one_sentence():
    with pytest.raises(ValueError, match=r"'b' has torch\.float32 values from 1\.50 to 1\.50"):
        pixel_histograms({"b": GREY + 1})
