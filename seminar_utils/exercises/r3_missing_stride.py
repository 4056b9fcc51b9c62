"""R-3: a ResNet-20 in which one layer does not halve the feature map (He et al. 2016, Sec. 4.2).

labml's ResNet has a mistake of this kind: a stride where none belongs, and none where it does. The
number of parameters is right all the same, and the average pool takes feature maps of any size.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.exercises.by_words import NameExercise
from seminar_utils.models.initialization import initialize
from seminar_utils.models.resnet import ResNet, cifar_resnet


class Conv2d(nn.Conv2d):
    """Looks right, down to the stride that it prints, but does not use it."""

    def forward(self, x: Tensor) -> Tensor:
        """Convolve with stride 1."""
        return F.conv2d(x, self.weight, padding=1)


def _net() -> ResNet:
    """Build the net: 32, 32 and 16 pixels instead of 32, 16 and 8."""
    net = cifar_resnet(20)
    block = net.stages[1][0]
    block.conv1 = Conv2d(16, 32, 3, stride=2, padding=1, bias=False)
    block.shortcut.stride = 1  # or else the block would not run
    return initialize(net, seed=0, mode="fan_out")


def first_large_map(net: nn.Module) -> str:
    """Return the first convolution whose feature map is larger than in the paper."""
    sides = {}
    for name, layer in net.named_modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(
                lambda _, __, output, name=name: sides.update({name: output.shape[-1]})
            )
    net(torch.randn(2, 3, 32, 32))
    paper = {"stages.0": 32, "stages.1": 16, "stages.2": 8}
    return next(name for name, side in sides.items() if side > paper.get(name[:8], 32))


EXERCISE = NameExercise(
    begin='Begin with exercises.puzzle("R-3") and two images, (2, 3, 32, 32). Printing the net '
    "does not help: print the shape of each layer's output, with a forward hook.",
    right="as many parameters as in the paper, but 118,407,808 multiply-adds instead of "
    "40,551,040. A count of parameters does not see a stride.",
    solution=first_large_map,
    examine=_net,
    hints={
        r"stages\.1\.0\.conv1": "",
        r"stages\.1\.0\.shortcut": "This shortcut does not halve, either, but it only follows: it "
        "has to fit the convolutions of its block. Name the convolution.",
        r"stages\.1\.0\..+": "Right block, wrong layer: the first of its layers whose output is "
        "too large is the one.",
        r"stages(\.1(\.0)?)?": "This holds several layers: name one, such as stages.0.0.conv2.",
        r"stages\.1\..+": "Right stage, wrong block: this one should keep the size, and does.",
        r"stages\.2.*": "A stage too late: this one does halve, from 32 to 16 pixels. Why does it "
        "get 32? (Stages and blocks are counted from 0.)",
        r"avgpool|fc": "Nothing is wrong at the end: the pool takes feature maps of any size. Go "
        "back to where they are made.",
        r".*": "Up to the end of stages.0 all is as in the paper, 32 x 32 pixels: look further on.",
    },
)
