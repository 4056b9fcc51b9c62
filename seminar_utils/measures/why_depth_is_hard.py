"""Rival explanations of why plain deep nets are hard to train, each as a measure of one net.

Each takes seconds and leaves the net as it was. That a measure differs between nets that learn and
nets that do not is a correlation: it does not make the measure the cause.

errors_without_blocks   many short paths (Veit, Wilber and Belongie 2016)
with_shortcuts          the same weights with and without shortcuts
gradient_similarity     shattered gradients (Balduzzi et al. 2017)
condition_number        conditioning (Saxe et al. 2014; Pennington et al. 2017)

Batch norm works with stored statistics here, as in a test. A net at its start has none, and those
of a changed net do not fit its signal: ``reestimated`` takes them from images.

Statistics and gradients are computed in float64: a deep plain net at its start blows rounding
errors up until float32 leaves no digit that another processor would find again.

Shapes: N images, C channels, H x W pixels.
"""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import update_bn

from seminar_utils.models.resnet import BasicBlock, ResNet, make_shortcut

__all__ = [
    "condition_number",
    "errors_without_blocks",
    "gradient_similarity",
    "reestimated",
    "with_shortcuts",
]


def _blocks_of(model: ResNet) -> dict[str, BasicBlock]:
    """Return the net's blocks by name, from "stages.0.0" on."""
    found = {name: part for name, part in model.named_modules() if isinstance(part, BasicBlock)}
    if not found:
        raise ValueError(
            f"{type(model).__name__} has no BasicBlock to leave out or to change: take a net of "
            "`cifar_resnet`, such as `experiments.trained('twins', 'ResNet-32')`."
        )
    return found


def _size_of(block: BasicBlock) -> tuple[int, int, int]:
    """Return the block's input channels, output channels and stride."""
    return block.conv1.in_channels, block.out_channels, block.conv1.stride[0]


@torch.inference_mode()
def errors_without_blocks(model: ResNet, images: Tensor, labels: Tensor) -> dict[str, float]:
    """Return the error in % when the F of one block is left out, for each block in turn.

    The block then hands on its shortcut, a plain block its input, both through its ReLU. A plain
    block that changes the size has nothing to hand on and is missing from the result.

    Raises:
        ValueError: The net has no basic blocks.

    Source: Veit, Wilber and Belongie 2016, Sec. 4.1 and Fig. 3.
    """
    model = copy.deepcopy(model).eval()
    blocks = _blocks_of(model)
    parts = [*blocks.values(), model.avgpool, nn.Flatten(), model.fc]
    x = model.stem(images)
    errors = {}
    for number, (name, block) in enumerate(blocks.items(), start=1):
        in_channels, out_channels, stride = _size_of(block)
        if block.shortcut is not None or (in_channels == out_channels and stride == 1):
            handed_on = x if block.shortcut is None else block.shortcut(x)
            logits = nn.Sequential(*parts[number:])(block.relu(handed_on))
            errors[name] = 100 * (logits.argmax(1) != labels).double().mean().item()
        x = block(x)
    return errors


def with_shortcuts(model: ResNet, option: str | None) -> ResNet:
    """Return a copy with the same weights and other shortcuts, None or "A": neither has weights.

    Raises:
        ValueError: Another option, or a net without basic blocks.
    """
    if option not in (None, "A"):
        raise ValueError(
            f'option={option!r} would need weights that were never trained: take None or "A".'
        )
    model = copy.deepcopy(model)
    for block in _blocks_of(model).values():
        block.shortcut = make_shortcut(option, *_size_of(block))
    return model


def reestimated(model: nn.Module, images: Tensor) -> nn.Module:
    """Return a copy in evaluation mode whose batch norms know some hundred images (N, C, H, W)."""
    dtype = next(model.parameters()).dtype
    model = copy.deepcopy(model).double()
    update_bn([images.double()], model)
    return model.to(dtype).eval()


def gradient_similarity(
    model: nn.Module, images: Tensor, distances: Sequence[float], seed: int = 0
) -> list[float]:
    """Return the mean cosine between the gradient at a picture and that at a step beside it.

    The gradient is that of the logit which is largest at the picture. The loss's would also turn
    with the probabilities, the more the surer the net is, and so mix in how well it has learned.

    Args:
        model: Any net with stored statistics; it runs in evaluation mode.
        images: (N, C, H, W)
        distances: Lengths of the step, in % of the picture's norm.
        seed: Of the steps' directions, a random one for each picture.

    Returns:
        For each distance the mean over the pictures, from -1 to 1.

    Source: after Balduzzi et al. 2017, Fig. 1, where gradients are compared along a line of inputs.
    """
    model, images = copy.deepcopy(model).double().eval(), images.double()
    generator = torch.Generator().manual_seed(seed)
    steps = torch.randn(images.shape, generator=generator).double()
    lengths = [each.square().sum(dim=(1, 2, 3), keepdim=True).sqrt() for each in (images, steps)]
    steps = steps * (lengths[0] / lengths[1])
    with torch.no_grad():
        classes = model(images).argmax(1)
    here = _logit_gradients(model, images, classes)
    similarities = []
    for distance in distances:
        there = _logit_gradients(model, images + distance / 100 * steps, classes)
        similarities.append(F.cosine_similarity(here, there).mean().item())
    return similarities


def _logit_gradients(model: nn.Module, images: Tensor, classes: Tensor) -> Tensor:
    """Return the gradient of each picture's logit of its class. (N, C, H, W) -> (N, C * H * W)."""
    images = images.clone().requires_grad_()
    chosen = model(images).gather(1, classes[:, None])  # (N, 1)
    (gradients,) = torch.autograd.grad(chosen.sum(), images)
    return gradients.flatten(1)


def condition_number(model: nn.Module, images: Tensor) -> float:
    """Return the largest over the smallest singular value of the Jacobian, logits by pixels.

    The mean of the logits is subtracted first, because the softmax does not see it: that leaves one
    value less than there are classes. The result is the geometric mean over the images (N, C, H, W)
    of a Jacobian each. 1 would be a net that answers equally strongly to each direction of the
    logits ("dynamical isometry"); a large number, one that can hardly be moved in some of them.

    Source: after Saxe et al. 2014 and Pennington et al. 2017, who look at all the values.
    """
    model, images = copy.deepcopy(model).double().eval(), images.double()
    with torch.no_grad():
        num_classes = model(images[:1]).shape[1]
    rows = [
        _logit_gradients(model, images, torch.full((len(images),), label))
        for label in range(num_classes)
    ]
    jacobians = torch.stack(rows, dim=1)  # (N, classes, C * H * W)
    jacobians = jacobians - jacobians.mean(1, keepdim=True)
    values = torch.linalg.svdvals(jacobians)[:, :-1]  # largest first; the last one is zero
    return (values[:, 0] / values[:, -1]).log().mean().exp().item()
