"""The receptive fields' picture draws what it is given."""

from seminar_utils.figures import receptive_fields
from tests.figures import color, labels, points

FIELDS = {
    "small": {"conv1": 7, "maxpool": 11, "conv2": 19},
    "deep": {"conv1": 3, "conv2": 5, "conv3": 9, "conv4": 13, "conv5": 21},
    "narrow": {"conv1": 3, "conv2": 5},
}
PICTURE = receptive_fields(FIELDS, image=13)


def test_every_net_is_a_line_with_its_name_at_the_end():
    (axis,) = PICTURE.figure.axes
    *nets, image = axis.lines
    for (name, fields), line in zip(FIELDS.items(), nets, strict=True):
        assert points(line) == list(enumerate(fields.values(), start=1))
        label = labels(axis)[name]
        assert label.xy == points(line)[-1] and color(label) == color(line)
    assert len({color(line) for line in axis.lines}) == 4
    assert set(image.get_ydata()) == {13} and image.get_linestyle() == "--"
    assert labels(axis)["image: 13"].get_position()[1] == 13


def test_data_line_and_alt_text_say_where_the_image_is_covered():
    parts = (
        "small 19 after 3 layers, the image's 13 from layer 3; "
        "deep 21 after 5 layers, the image's 13 from layer 4; "
        "narrow 5 after 2 layers, never 13"
    )
    assert PICTURE.data == f"Receptive field (pixels across): {parts}"
    assert PICTURE.alt.endswith(f"13 pixels as a broken line. {parts}.")
