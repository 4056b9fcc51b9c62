"""R-4: a ResNet-20 in which one shortcut starts at the wrong place (He et al. 2016, Fig. 2)."""

import torch
from torch import Tensor, nn

from seminar_utils.exercises.by_words import NameExercise
from seminar_utils.models import resnet
from seminar_utils.models.initialization import initialize


class BasicBlock(resnet.BasicBlock):
    """Looks right, down to its printed name, but adds the input of the second convolution."""

    def forward(self, x: Tensor) -> Tensor:
        """Return relu(F(x) + h), where h is what F has in its middle."""
        h = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(h)) + h)


def _net() -> resnet.ResNet:
    """Build the net; ``initialize`` gives the exchanged block weights like all others."""
    net = resnet.cifar_resnet(20)
    net.stages[1][2] = BasicBlock(32, 32)
    return initialize(net, seed=0, mode="fan_out")


def block_that_loses_x(net: nn.Module) -> str:
    """Return the block that does not return relu(shortcut(x)) when its F gives zero."""
    for stage, blocks in enumerate(net.stages):
        for position, block in enumerate(blocks):
            nn.init.zeros_(block.bn2.weight)  # batch norm starts with bias 0, so F(x) = 0
            x = torch.randn(2, block.conv1.in_channels, 8, 8)
            if not torch.equal(block(x), torch.relu(block.shortcut(x))):
                return f"stages.{stage}.{position}"
    return "none"


EXERCISE = NameExercise(
    begin='Begin with a block of exercises.puzzle("R-4"): with bn2.weight at zero F(x) is 0. '
    "What should the block return then, and does it?",
    right="its shortcut starts after the first convolution, so that x itself is lost. "
    "Parameters, shapes and names are right: only what the block computes gives it away.",
    solution=block_that_loses_x,
    examine=_net,
    hints={
        r"stages\.1\.2": "",
        r"stages\.1\.2\..+": "Right block: each of its layers is as in the paper, but not the way "
        "they are put together. Give the name of the block itself.",
        r"stages(\.\d)?": "This holds several blocks: name a single one, such as stages.0.0.",
        r"stages\.[12]\.0.*": "This block halves the feature map, and its shortcut skips pixels "
        "and appends zero channels: that is option A, as it should be.",
        r"stages\.2.*": "In all blocks after the wrong one the numbers differ, because it feeds "
        "them. Test each block by itself, with an input of your own.",
        r"stages.*": "This block is right: set its bn2.weight to zero, so that F(x) is 0, and it "
        "returns relu(x). One block does not.",
        r".*": "There is no shortcut here: the mistake is in one of the nine blocks of the stages.",
    },
)
