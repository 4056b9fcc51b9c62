"""Drawings of GoogLeNet against the module trees they were drawn from."""

from collections import Counter
from io import BytesIO

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from PIL import Image
from torch import nn

from seminar_utils.models.googlenet import AuxiliaryClassifier
from tests.figures.examples import DRAW, GOOGLENETS, networks

KINDS = {
    "#56b4e9": nn.Conv2d,
    "#e69f00": nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d,
    "#c8c8c8": nn.LocalResponseNorm,
    "#009e73": nn.Linear,
}


@pytest.mark.parametrize("name", GOOGLENETS)
def test_every_layer_has_its_box_and_every_kind_is_counted(name):
    modules = [*networks(GOOGLENETS[name])[0].modules()]
    picture = DRAW[name]()
    boxes = [box for box in picture.figure.axes[0].patches if isinstance(box, Rectangle)]
    expected = {shade: sum(isinstance(m, kind) for m in modules) for shade, kind in KINDS.items()}
    assert Counter(to_hex(box.get_facecolor()) for box in boxes) == Counter(expected)
    heads = sum(isinstance(module, AuxiliaryClassifier) for module in modules)
    said = ("", ", 1 auxiliary head", ", 2 auxiliary heads")[heads]
    counts = f"57 convolutions, 9 Inception modules{said}, 1 linear layer"
    assert picture.data == f"GoogLeNet: {counts}" and picture.data in picture.alt


def test_it_fits_a_screen_with_its_question():
    width, height = Image.open(BytesIO(DRAW["architecture"]().png())).size
    assert width <= 1170 and height <= 400
