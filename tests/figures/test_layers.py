"""What is measured layer by layer: what is said of it, and what cannot be drawn."""

from seminar_utils.figures import correlation_by_distance, layer_responses, receptive_fields
from tests import refused


def test_a_net_that_sees_less_than_the_image_is_said_to():
    assert receptive_fields({"narrow": {"conv1": 3, "conv2": 5}}, image=13).data.endswith(
        "narrow 5 after 2 layers, never 13"
    )


def test_few_distances_are_said_each():
    picture = correlation_by_distance({"few": [1.0, 0.4, 0.3]})
    assert picture.data == "Mean |correlation| at 1, 2 pixels: few 0.40, 0.30"


def test_what_figure_7_has_not_and_what_cannot_be_compared_is_refused():
    few = "each label the same number, two at least"
    refused(
        (lambda: layer_responses({"plain-32": {}}), "'plain-32' is not a net of Figure 7.*-110'"),
        (lambda: correlation_by_distance({}), few),
        (lambda: correlation_by_distance({"a": [1.0]}), few),
        (lambda: correlation_by_distance({"a": [1, 0.5], "b": [1, 0.5, 0.2]}), few),
    )
