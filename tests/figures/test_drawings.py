"""Drawings: which way the arrows of a block point, and where the beak ends."""

from itertools import pairwise

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Ellipse, FancyArrowPatch, Polygon, Rectangle

from seminar_utils.figures.drawings import block_sketch, fable
from tests.figures import GREEN, ORANGE


@pytest.mark.parametrize("backward", [False, True])
def test_arrows_lead_through_everything_and_one_around_the_convolutions(backward):
    """Down from x in the forward pass, up from the output in the backward pass."""
    (axis,) = block_sketch(backward).figure.axes
    arrows = [patch for patch in axis.patches if isinstance(patch, FancyArrowPatch)]
    boxes = [patch for patch in axis.patches if isinstance(patch, Rectangle)]
    fork, addition = (patch for patch in axis.patches if isinstance(patch, Circle))
    for arrow in arrows:
        assert type(arrow.get_arrowstyle()).__name__ == "CurveFilledB"
        (_, tail), (_, head) = arrow._posA_posB
        assert (tail < head) == backward
    (arc,) = (arrow for arrow in arrows if to_hex(arrow.get_edgecolor()) == GREEN)
    straight = [{y for _, y in arrow._posA_posB} for arrow in arrows if arrow is not arc]
    straight.sort(key=max, reverse=True)
    inside = axis.transData.inverted()
    stops = [patch.get_extents().transformed(inside) for patch in (*boxes, addition)]
    stops.sort(key=lambda bounds: -bounds.y0)
    for (above, below), stop in zip(pairwise(straight), stops, strict=True):
        assert (min(above), max(below)) == pytest.approx((stop.y1, stop.y0))
    right = addition.center[0] + addition.radius, addition.center[1]
    assert set(arc._posA_posB) == {fork.center, right}
    curve = arc.get_path().interpolated(20).vertices
    for stop in stops[:2]:
        beside = [x for x, y in curve if stop.y0 <= y <= stop.y1]
        assert beside and min(beside) > stop.x1


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
