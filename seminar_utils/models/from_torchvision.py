"""Load torchvision's weights into the nets of this package.

torchvision keeps the same tensors under names that do not say where they sit in the paper.
"""

from collections.abc import Mapping

from torch import Tensor, nn

from seminar_utils.models.resnet import Bottleneck

__all__ = ["load_torchvision"]

# torchvision's name -> ours; replaced in this order, wherever it occurs in a key.
NAMES = {
    "layer1.": "stages.0.",
    "layer2.": "stages.1.",
    "layer3.": "stages.2.",
    "layer4.": "stages.3.",
    "downsample.": "shortcut.",
    "inception": "inception_",
    "branch1.": "branch_1x1.",
    "branch2.": "branch_3x3.",
    "branch3.": "branch_5x5.",
    "branch4.": "branch_pool.",
    "aux1.": "head_4a.",
    "aux2.": "head_4d.",
}


def load_torchvision(model: nn.Module, state_dict: Mapping[str, Tensor]) -> nn.Module:
    """Copy a state dict of torchvision's ResNet or GoogLeNet into ours and return ours.

    Ours is ``resnet(depth, "B", stride_on="3x3")`` or ``GoogLeNet(variant=TORCHVISION)``.

    Raises:
        ValueError: The bottlenecks halve the map in their 1x1 convolution, as in the paper: the
            weights would fit and the outputs differ.
        RuntimeError: A tensor is missing, left over, or of another shape.
    """
    for module in model.modules():
        if isinstance(module, Bottleneck) and module.conv1.stride != (1, 1):
            raise ValueError(
                "torchvision's bottlenecks halve the map in their 3x3 convolution: "
                'build the net with stride_on="3x3".'
            )
    renamed = {}
    for key, tensor in state_dict.items():
        for theirs, ours in NAMES.items():
            key = key.replace(theirs, ours)
        renamed[key] = tensor
    model.load_state_dict(renamed)
    return model
