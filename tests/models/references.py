"""What the model tests share."""

import torch
from torch import Tensor, nn


def count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@torch.no_grad()
def randomise(model: nn.Module) -> None:
    """Give batch norms affine parameters and statistics that a fresh net hides behind 1 and 0."""
    generator = torch.Generator().manual_seed(1)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.weight.uniform_(0.5, 1.5, generator=generator)
            module.bias.normal_(0, 0.1, generator=generator)
            module.running_mean.normal_(0, 0.1, generator=generator)
            module.running_var.uniform_(0.5, 1.5, generator=generator)


def relative_difference(found: Tensor, expected: Tensor) -> float:
    """Return the largest difference as a share of the largest expected value."""
    return ((found - expected).abs().max() / expected.abs().max()).item()


def shapes_in(model: nn.Module, images: Tensor) -> dict[str, tuple[int, ...]]:
    """Return the shape of what each part of a net last returned, without the batch."""
    shapes = {}
    for name, part in model.named_children():
        part.register_forward_hook(
            lambda _m, _i, out, name=name: shapes.update({name: tuple(out.shape[1:])})
        )
    model(images)
    return shapes
