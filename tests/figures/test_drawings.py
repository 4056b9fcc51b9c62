"""Drawings: where the beak of the fable ends."""

from matplotlib.colors import to_hex
from matplotlib.patches import Ellipse, Polygon

from seminar_utils.figures.drawings import fable
from tests.figures import ORANGE


def soup_and_beak(axis):
    """Return the patch of the soup and the tip of the beak."""
    (soup,) = (patch for patch in axis.patches if to_hex(patch.get_facecolor()) == "#e69f00")
    (beak,) = (patch for patch in axis.patches if to_hex(patch.get_facecolor()) == ORANGE)
    return soup, min(beak.get_xy(), key=lambda point: point[1])


def contains(patch, point):
    return patch.get_path().contains_point(point, patch.get_patch_transform())


def test_the_beak_reaches_the_soup_of_the_jar_and_not_that_of_the_plate():
    plate, jar = fable().figure.axes
    soup, tip = soup_and_beak(plate)
    assert isinstance(soup, Ellipse) and not contains(soup, tip)
    soup, tip = soup_and_beak(jar)
    assert isinstance(soup, Polygon) and contains(soup, tip)
