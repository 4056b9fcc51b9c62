"""Look into a net while it works: outputs, gradients and steps of each layer.

Norms of weight gradients mislead where batch norm follows, because there the size of a weight does
not matter. What says something is the gradient of the activations, and how far a step moves a
layer's weights relative to their size.

Shapes: N images, C channels, H x W pixels.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

__all__ = ["activation_gradients", "layer_responses", "relative_change", "weights"]


def convolutions(model: nn.Module) -> dict[str, nn.Conv2d]:
    """Return the net's convolutions that are not on a shortcut, in the order of its definition."""
    return {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, nn.Conv2d) and "shortcut" not in name
    }


def watch_outputs(modules: dict[str, nn.Module], hook: Callable[[str, Tensor], None]) -> list:
    """Call ``hook`` with name and output whenever one of the modules has worked.

    Returns:
        Handles; call ``remove`` on each when the watch is over.
    """

    def watch(name: str, module: nn.Module):
        return module.register_forward_hook(lambda _, __, output: hook(name, output))

    return [watch(name, module) for name, module in modules.items()]


def activation_gradients(
    model: nn.Module, images: Tensor, labels: Tensor, loss_function: Callable[..., Tensor]
) -> dict[str, float]:
    """Return the norm of the loss's gradient at each convolution's output, in training mode.

    Neither weights nor their gradients nor running statistics are changed.

    Args:
        model: Any net.
        images: (N, C, H, W)
        labels: (N,)
        loss_function: Of the net's outputs and the labels.
    """
    outputs: dict[str, Tensor] = {}
    statistics = {name: buffer.clone() for name, buffer in model.named_buffers()}
    handles = watch_outputs(convolutions(model), outputs.__setitem__)
    try:
        model.train()
        loss = loss_function(model(images), labels)
        gradients = torch.autograd.grad(loss, list(outputs.values()))
    finally:
        for handle in handles:
            handle.remove()
        for name, buffer in model.named_buffers():
            buffer.copy_(statistics[name])
    return {name: rounded(g.double().norm()) for name, g in zip(outputs, gradients, strict=True)}


def weights(model: nn.Module) -> dict[str, Tensor]:
    """Return a copy of each convolution's weights."""
    return {name: conv.weight.detach().clone() for name, conv in convolutions(model).items()}


def relative_change(before: dict[str, Tensor], after: dict[str, Tensor]) -> dict[str, float]:
    """Return for each layer |after - before| / |before|."""
    return {
        name: rounded((after[name] - old).double().norm() / old.double().norm())
        for name, old in before.items()
    }


def rounded(value: Tensor) -> float:
    """Return a number with six digits, about what float32 carries."""
    return float(f"{value:.6g}")


@torch.inference_mode()
def layer_responses(model: nn.Module, images: Tensor) -> dict[str, float]:
    """Return the standard deviation of each 3x3 layer's response, as Fig. 7 of the paper has it.

    The response is the output after batch norm and before ReLU and addition, in evaluation mode.

    Args:
        model: A plain or residual net.
        images: (N, C, H, W)

    Source: He et al. 2016, Sec. 4.2 and Fig. 7.
    """
    norms = {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, nn.BatchNorm2d) and "shortcut" not in name
    }
    found: dict[str, float] = {}
    handles = watch_outputs(norms, lambda name, output: found.update({name: float(output.std())}))
    try:
        model.eval()(images)
    finally:
        for handle in handles:
            handle.remove()
    return found
