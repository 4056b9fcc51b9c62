"""Look into a net while it works: outputs, gradients and steps of each layer.

Norms of weight gradients mislead where batch norm follows, because there the size of a weight does
not matter. What says something is the gradient of the activations, and how far a step moves a
layer's weights relative to their size.

Shapes: N images, C channels, H x W pixels.
"""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from seminar_utils.measures.layer_table import layer_table

__all__ = [
    "activation_gradients",
    "correlation_by_distance",
    "layer_responses",
    "receptive_fields",
    "relative_change",
    "weights",
]


def _off_shortcuts(model: nn.Module, kind: type[nn.Module]) -> dict[str, nn.Module]:
    """Return the net's layers of a kind that are not on a shortcut, as it defines them."""
    modules = model.named_modules()
    return {name: m for name, m in modules if isinstance(m, kind) and "shortcut" not in name}


def _watch(modules: dict[str, nn.Module], hook: Callable[[str, Tensor], None]) -> None:
    """Have the hook called with name and output whenever one of the modules has worked."""
    for name, module in modules.items():
        module.register_forward_hook(lambda _, __, output, name=name: hook(name, output))


def activation_gradients(
    model: nn.Module, images: Tensor, labels: Tensor, loss_function: Callable[..., Tensor]
) -> dict[str, float]:
    """Return the norm of the loss's gradient at each convolution's output, in training mode.

    The model stays as it is: weights, gradients, running statistics and mode.
    """
    outputs: dict[str, Tensor] = {}
    model = copy.deepcopy(model).train()  # the caller's stays in its mode
    _watch(_off_shortcuts(model, nn.Conv2d), outputs.__setitem__)
    loss = loss_function(model(images), labels)
    gradients = torch.autograd.grad(loss, list(outputs.values()))
    norms = (gradient.cpu().double().norm() for gradient in gradients)
    return {name: _rounded(norm) for name, norm in zip(outputs, norms, strict=True)}


def weights(model: nn.Module) -> dict[str, Tensor]:
    """Return a copy of each convolution's weights."""
    convolutions = _off_shortcuts(model, nn.Conv2d)
    return {name: conv.weight.detach().clone() for name, conv in convolutions.items()}


def relative_change(before: dict[str, Tensor], after: dict[str, Tensor]) -> dict[str, float]:
    """Return for each layer |after - before| / |before|."""
    return {
        name: _rounded((after[name] - old).cpu().double().norm() / old.cpu().double().norm())
        for name, old in before.items()
    }


def _rounded(value: Tensor) -> float:
    """Return a number with six digits, about what float32 carries."""
    return float(f"{value:.6g}")


@torch.inference_mode()
def layer_responses(model: nn.Module, images: Tensor) -> dict[str, float]:
    """Return the standard deviation of each 3x3 layer's response (He et al. 2016, Fig. 7).

    The response is the output after batch norm and before ReLU and addition, in evaluation mode.
    """
    model = copy.deepcopy(model).eval()
    found: dict[str, float] = {}
    norms = _off_shortcuts(model, nn.BatchNorm2d)
    _watch(norms, lambda name, output: found.update({name: float(output.std())}))
    model(images)
    return found


def receptive_fields(model: nn.Module) -> dict[str, int]:
    """Return how many of 224 pixels across each convolution's and max pool's output depends on.

    For one output in the middle of an image that is large enough. A shortcut sees no more than the
    layers it goes around, so the fields of a residual net are those of the plain one.
    """
    in_channels = next(iter(_off_shortcuts(model, nn.Conv2d).values())).in_channels
    return {
        layer.name: layer.receptive_field
        for layer in layer_table(model, (in_channels, 224, 224))
        if layer.type in ("conv", "max pool") and "shortcut" not in layer.name
    }


def correlation_by_distance(maps: Tensor, furthest: int = 10) -> list[float]:
    """Return how strongly a pixel correlates with one that lies d pixels to its right.

    For each channel, Pearson's correlation between the values at (y, x) and at (y, x + d) over all
    images and positions; of these, the mean absolute value over the channels. A channel that is
    constant on either side is left out. This is a correlation of pixels in one channel: what
    Szegedy et al. 2015 (Sec. 4) argue from, after Arora et al., is that of trained units across
    channels, which it does not show.

    Args:
        maps: Images, or a layer's outputs.
        furthest: The largest distance d in pixels, smaller than W.

    Shape: (N, C, H, W) -> furthest + 1 numbers from 0 to 1, for d = 0, 1, ..., furthest.

    Raises:
        ValueError: Maps of another form, too narrow, or constant in all channels.
    """
    if maps.dim() != 4 or not 0 <= furthest < maps.shape[-1]:
        raise ValueError(
            f"maps of shape {tuple(maps.shape)} have no pixels {furthest} apart in a row: take "
            "(N, C, H, W) with W > furthest."
        )
    channels = maps.double().transpose(0, 1)  # (C, N, H, W)
    return [_mean_correlation(channels, distance) for distance in range(furthest + 1)]


def _mean_correlation(channels: Tensor, distance: int) -> float:
    """Return the mean over (C, N, H, W) of |correlation| with the pixel so far to the right."""
    width = channels.shape[-1]
    left = channels[..., : width - distance].flatten(1)  # (C, pairs)
    right = channels[..., distance:].flatten(1)  # (C, pairs)
    # Compared exactly: a constant's deviations from its rounded mean need not be zero.
    varies = (left.amax(1) > left.amin(1)) & (right.amax(1) > right.amin(1))
    if not varies.any():
        raise ValueError(
            f"All {len(channels)} channels are constant at distance {distance}, so nothing can "
            "correlate: give maps with structure, or a smaller furthest."
        )
    left, right = left[varies], right[varies]
    left, right = left - left.mean(1, keepdim=True), right - right.mean(1, keepdim=True)
    products = (left * right).sum(1) / (left.norm(dim=1) * right.norm(dim=1))
    return _rounded(products.abs().mean())
