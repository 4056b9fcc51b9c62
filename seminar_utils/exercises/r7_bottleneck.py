"""R-7: the bottleneck block (He et al. 2016, Fig. 5), an exercise of "Dive into Deep Learning"."""

from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.exercises import r1_residual_block
from seminar_utils.exercises.by_module import ModuleExercise


class Bottleneck(nn.Module):
    """Return relu(F(x) + x), F inside with 16 channels. (N, 64, H, W) -> (N, 64, H, W)."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(64, 16, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(16)
        self.conv3 = nn.Conv2d(16, 64, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(64)

    def forward(self, x: Tensor) -> Tensor:
        """Reduce the channels, convolve, restore the channels, then add x."""
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        return F.relu(self.bn3(self.conv3(out)) + x)


EXERCISE = ModuleExercise(
    begin="Begin with the channels: 64, then 16, 16 and 64 again. Only the convolution in the "
    "middle is a 3x3.",
    right="{parameters:,} parameters. Two 3x3 with 64 channels have 73,728 weights, 17 times as "
    "many: that is why the nets with 50 and more layers use bottlenecks.",
    solution=Bottleneck,
    shape=(4, 64, 14, 18),
    outputs=r1_residual_block.outputs,
    source="Fig. 5, right",
    kernels={
        (64, 64, 3, 3): "This 3x3 works on all 64 channels: a 1x1 has to reduce them first.",
        (16, 64, 3, 3): "The first convolution, which reduces the channels, is a 1x1.",
        (64, 16, 3, 3): "The last convolution, which restores the channels, is a 1x1.",
        (16, 16, 1, 1): "All convolutions are 1x1: none looks at neighbouring pixels. The middle "
        "one is a 3x3.",
    },
)
