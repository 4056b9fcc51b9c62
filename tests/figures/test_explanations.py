"""The pictures of rival explanations refuse nets whose kind and depth are not known."""

import pytest

from seminar_utils.figures import condition_numbers, errors_without_blocks, gradient_similarity
from tests import refused


@pytest.mark.parametrize("net", ["VGG-16", "plain", "ResNet-"])
def test_other_nets_are_refused(net):
    message = f"net '{net}' cannot be drawn"
    refused(
        (lambda: errors_without_blocks({net: 10}, {net: {"stages.0.0": 20}}), message),
        (lambda: gradient_similarity([1, 2], {"start": {net: [1, 1]}}), message),
        (lambda: condition_numbers({"start": {net: 3}}), message),
    )
