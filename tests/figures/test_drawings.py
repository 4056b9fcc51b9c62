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


def test_the_beak_dips_into_the_soup_of_the_jar_and_only_touches_that_of_the_plate():
    plate, jar = fable().figure.axes
    soup, tip = soup_and_beak(plate)
    depth = soup.center[1] + soup.height / 2 - tip[1]
    assert isinstance(soup, Ellipse) and 0 <= depth < 0.1 and soup.height < 0.3
    soup, tip = soup_and_beak(jar)
    assert isinstance(soup, Polygon) and soup.get_xy()[:, 1].max() - tip[1] > 0.2
