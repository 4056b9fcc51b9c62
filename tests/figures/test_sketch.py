"""The drawing of a block: what stands where, and which way the arrows point."""

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from seminar_utils.figures.drawings import block_sketch
from tests.figures import ORANGE, labels

PANELS = pytest.mark.parametrize("panel", [0, 1], ids=["forward", "backward"])


def axis_of(panel):
    return block_sketch().figure.axes[panel]


def boxes(axis):
    """Return the boxes' texts and rectangles from x down to the output."""
    patches = [patch for patch in axis.patches if isinstance(patch, Rectangle)]
    at = {tuple(text.get_position()): text.get_text() for text in axis.texts}
    found = [
        (next(text for place, text in at.items() if box.get_center() == pytest.approx(place)), box)
        for box in patches
    ]
    return sorted(found, key=lambda pair: -pair[1].get_y())


def arrows(axis):
    """Return (tail, head) of the straight arrows from x down, and of the shortcut's arc."""
    found = [patch for patch in axis.patches if isinstance(patch, FancyArrowPatch)]
    assert all(type(arrow.get_arrowstyle()).__name__ == "CurveFilledB" for arrow in found)
    arcs = [arrow for arrow in found if to_hex(arrow.get_edgecolor()) == ORANGE]
    straight = [arrow._posA_posB for arrow in found if arrow not in arcs]
    (arc,) = arcs
    return sorted(straight, key=lambda ends: -max(y for _, y in ends)), arc


def circles(axis):
    """Return the fork of the shortcut, above, and the addition, below."""
    found = [patch for patch in axis.patches if isinstance(patch, Circle)]
    fork, addition = sorted(found, key=lambda circle: -circle.center[1])
    return fork, addition


@PANELS
def test_boxes_are_those_of_a_block_with_batch_norm(panel):
    assert [text for text, _ in boxes(axis_of(panel))] == [
        "3x3 conv, BN, ReLU",
        "3x3 conv, BN",
        "ReLU",
    ]


@PANELS
def test_the_main_path_leads_through_everything(panel):
    """Down from x in the forward pass, up from the output in the backward pass."""
    axis = axis_of(panel)
    straight, _ = arrows(axis)
    _, addition = circles(axis)
    (x,) = {x for ends in straight for x, _ in ends}
    first, second, relu = (box for _, box in boxes(axis))
    stops = [first, second, addition, relu]
    for stop, above, below in zip(stops, straight, straight[1:], strict=False):
        bounds = stop.get_extents().transformed(axis.transData.inverted())
        assert bounds.x0 < x < bounds.x1
        assert min(y for _, y in above) == pytest.approx(bounds.y1)
        assert max(y for _, y in below) == pytest.approx(bounds.y0)
    assert len(straight) == 5
    assert all((tail[1] > head[1]) == (panel == 0) for tail, head in straight)


@PANELS
def test_the_shortcut_goes_around_the_convolutions(panel):
    axis = axis_of(panel)
    _, arc = arrows(axis)
    fork, addition = circles(axis)
    ends = [fork.center, (addition.center[0] + addition.radius, addition.center[1])]
    assert list(arc._posA_posB) == (ends if panel == 0 else ends[::-1])
    first, second, relu = (box for _, box in boxes(axis))
    assert fork.center[1] > first.get_y() + first.get_height()
    assert second.get_y() > addition.center[1] > relu.get_y() + relu.get_height()
    curve = arc.get_path().interpolated(20).vertices
    for box in (first, second):
        right = box.get_x() + box.get_width()
        beside = [x for x, y in curve if box.get_y() <= y <= box.get_y() + box.get_height()]
        assert beside and min(beside) > right


def test_forward_labels_stand_where_their_values_flow():
    axis = axis_of(0)
    places = {text: label.get_position() for text, label in labels(axis).items()}
    (_, first), (_, second), (_, relu) = boxes(axis)
    _, addition = circles(axis)
    heights = [places[text][1] for text in ("x", "F(x)", "+", "F(x) + x", "out = relu(F(x) + x)")]
    assert heights == sorted(heights, reverse=True)
    assert second.get_y() > places["F(x)"][1] > addition.center[1]
    assert addition.center[1] > places["F(x) + x"][1] > relu.get_y()
    identity = labels(axis)["x\n(identity)"]
    assert identity.get_position()[0] > first.get_x() + first.get_width()
    assert to_hex(identity.get_color()) == ORANGE


def test_backward_labels_hand_g_to_both_ways():
    axis = axis_of(1)
    (_, first), (_, second), (_, relu) = boxes(axis)
    fork, addition = circles(axis)
    g = sorted(text.get_position()[1] for text in axis.texts if text.get_text() == "g")
    assert relu.get_y() < g[0] < addition.center[1] < g[1] < second.get_y()
    found = labels(axis)
    assert first.get_y() < found["g dF/dx"].get_position()[1] < fork.center[1]
    assert found["dL/dx = g + g dF/dx"].get_position()[1] > fork.center[1]
    assert found["dL/dout"].get_position()[1] < relu.get_y()
    assert to_hex(found["g\n(unchanged)"].get_color()) == ORANGE
    gate = found["gate: open where\nF(x) + x > 0"].get_position()
    assert relu.get_y() < gate[1] < relu.get_y() + relu.get_height()


def test_data_line_and_alt_text_say_both_passes():
    picture = block_sketch()
    assert "out = relu(F(x) + x)" in picture.data and "dL/dx = g + g dF/dx" in picture.data
    assert [axis.get_title().split(":")[0] for axis in picture.figure.axes] == [
        "forward",
        "backward",
    ]
    assert "all arrows are reversed" in picture.alt
