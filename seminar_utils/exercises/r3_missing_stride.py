"""R-3: a ResNet-20 in which one layer does not halve the map (He et al. 2016, Sec. 4.2).

labml's ResNet has a mistake of this kind: a stride where none belongs, and none where it does. The
number of parameters is right all the same, and the average pool takes maps of any size.
"""

import torch
from torch import nn

from seminar_utils.exercises.exercise import Exercise, compare_name
from seminar_utils.models.resnet import ResNet, cifar_resnet


def _net() -> ResNet:
    """Build the net: 32, 32 and 16 pixels in place of 32, 16 and 8."""
    net = cifar_resnet(20)
    block = net.stages[1][0]
    block.conv1.stride = (1, 1)
    block.shortcut.stride = 1  # or else the block would not run
    return net


def first_large_map(net: nn.Module) -> str:
    """Return the first convolution whose map is larger than in the paper."""
    sides = {}
    for name, layer in net.named_modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(
                lambda _, __, output, name=name: sides.update({name: output.shape[-1]})
            )
    net(torch.randn(2, 3, 32, 32))
    paper = {"stages.0": 32, "stages.1": 16, "stages.2": 8}
    return next(name for name, side in sides.items() if side > paper.get(name[:8], 32))


_HINTS = {
    r"stages\.1\.0\.conv1": "",
    r"stages\.1\.0\.shortcut": "This shortcut keeps the map, too, but it only follows: it has to "
    "fit what the convolutions of its block give. Name the convolution.",
    r"stages\.1\.0\..+": "Right block, wrong layer: print the shape behind each of its layers. "
    "The first one of them that differs from the paper is the one.",
    r"stages(\.1(\.0)?)?": "This holds several layers: name a single one, down to its last part, "
    "such as stages.0.0.conv2.",
    r"stages\.1\..+": "Right stage, wrong block: this one only keeps the size that it is given, "
    "and so it should.",
    r"stages\.2.*": "A stage too late: this one does halve, from 32 to 16 pixels. Why is it given "
    "32? (Stages and blocks are counted from 0.)",
    r"avgpool|fc": "Nothing is wrong at the end: the pool takes maps of any size, which is why no "
    "error tells of the mistake. Go back to where the maps are made.",
    r".*": "Up to the end of stages.0 all is as in the paper, 32 x 32 pixels: look further on.",
}

EXERCISE = Exercise(
    begin='Begin with exercises.puzzle("R-3") and one image, (1, 3, 32, 32): print the shape '
    "behind each stage, then behind each layer of the first one that is too large.",
    right="as many parameters as in the paper, but 118,407,808 multiply-adds in place of "
    "40,551,040. A count of parameters does not see a stride.",
    solution=first_large_map,
    find_mistake=lambda answer: compare_name(answer, _net(), _HINTS),
    net=_net,
)
