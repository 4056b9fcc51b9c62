"""A slider over the classes above images and their class activation maps."""

from collections.abc import Mapping

import ipywidgets
import torch
from torch import Tensor

from seminar_utils.figures.class_maps import activation_maps as draw_maps
from seminar_utils.figures.picture import Picture
from seminar_utils.language import tr
from seminar_utils.measures.activation_maps import activation_maps
from seminar_utils.models.googlenet import GoogLeNet
from seminar_utils.training import data
from seminar_utils.training.batches import Normalization
from seminar_utils.widgets.nets import SLIDER, Controlled

__all__ = ["where_it_looks"]


def where_it_looks(model: GoogLeNet, images: Mapping[str, Tensor], chosen: str) -> Controlled:
    """Return a slider over the classes above images and the chosen class's map of each.

    Args:
        model: Trained on Fashion-MNIST at full size.
        images: Name -> (1, 28, 28), float from 0 to 1, bright on black as the training images.
        chosen: The class that is shown first.
    """
    known = data.load(test=1)
    inputs = Normalization(known.train_images, torch.float32)(255 * torch.stack([*images.values()]))
    maps = activation_maps(model, inputs)
    probabilities = (maps.mean((2, 3)) + model.fc.bias.detach()).softmax(1)
    slider = ipywidgets.SelectionSlider(
        options=known.class_names, value=chosen, description=tr("class"), **SLIDER
    )

    def draw(name: str) -> Picture:
        number = known.class_names.index(name)
        titles = [f"{name} {100 * p:.0f} %" for p in probabilities[:, number].tolist()]
        return draw_maps(images, maps[:, number], titles, limit=float(maps.abs().max()))

    return Controlled(draw, {"name": slider})
