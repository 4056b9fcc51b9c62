"""Plain and residual nets: one class, one argument apart.

He, Zhang, Ren, Sun: "Deep Residual Learning for Image Recognition", arXiv 1512.03385 (2015).
Table 1 (ImageNet: 18, 34, 50, 101, 152 layers) and Sec. 4.2 (CIFAR-10: 6n+2 layers).

``shortcut`` decides what is added to the output of a block (Sec. 3.3 and 4.1):

    None  nothing: the plain net
    "A"   the input itself, with zero channels appended where the number of channels grows
    "B"   the input itself, but a 1x1 projection where the size changes
    "C"   a 1x1 projection in every block

Deviations: where option A puts its zero channels the paper does not say; here they come last. With
``stride_on="3x3"`` a bottleneck halves the map in its 3x3 instead of its first 1x1 convolution:
that is torchvision's variant, not the paper's.

Parameters, which ``tests/models/test_resnet.py`` counts again:

    depth     plain and A           B           C
    18         11,515,688  11,689,512
    34         21,623,848  21,797,672  22,716,840
    50         22,780,456  25,557,032
    101        41,772,584  44,549,160
    152        57,416,232  60,192,808
    20            269,722
    56            853,018
    110         1,727,962

Shapes: N images, C channels, H x W pixels.
"""

from collections.abc import Callable, Sequence
from functools import partial

from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.models.initialization import initialize

__all__ = [
    "BasicBlock",
    "Block",
    "Bottleneck",
    "PreActivationBlock",
    "ResNet",
    "ZeroPadShortcut",
    "cifar_resnet",
    "make_shortcut",
    "resnet",
    "without_batch_norm",
]


class ZeroPadShortcut(nn.Module):
    """Option A: skip pixels and append zero channels. (N, C, H, W) -> (N, C + extra, H/s, W/s)."""

    def __init__(self, extra_channels: int, stride: int):
        super().__init__()
        self.extra_channels, self.stride = extra_channels, stride

    def forward(self, x: Tensor) -> Tensor:
        """Return the input on the smaller grid with zero channels behind its own."""
        x = x[:, :, :: self.stride, :: self.stride]
        return F.pad(x, (0, 0, 0, 0, 0, self.extra_channels))


def make_shortcut(
    option: str | None, in_channels: int, out_channels: int, stride: int
) -> nn.Module | None:
    """Return what carries a block's input to its output, or None in a plain net."""
    if option not in (None, "A", "B", "C"):
        raise ValueError(f'shortcut={option!r} is unknown: take None (plain), "A", "B" or "C".')
    if option is None:
        return None
    same_shape = stride == 1 and in_channels == out_channels
    if option == "C" or (option == "B" and not same_shape):
        return nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
            nn.BatchNorm2d(out_channels),
        )
    return nn.Identity() if same_shape else ZeroPadShortcut(out_channels - in_channels, stride)


class Block(nn.Module):
    """What both kinds of block share: relu(F(x) + shortcut(x))."""

    out_channels: int
    shortcut: nn.Module | None  # carries x to the sum; None in a plain net
    relu: nn.ReLU

    def residual(self, x: Tensor) -> Tensor:
        """Return F(x), what the block adds to its shortcut."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Return relu(F(x) + shortcut(x)), or relu(F(x)) in a plain net."""
        out = self.residual(x)
        if self.shortcut is not None:
            out = out + self.shortcut(x)
        return self.relu(out)


class BasicBlock(Block):
    """Two 3x3 convolutions (Fig. 2, Fig. 5 left). (N, in, H, W) -> (N, channels, H/s, W/s)."""

    def __init__(
        self, in_channels: int, channels: int, stride: int = 1, shortcut: str | None = "A"
    ):
        super().__init__()
        self.out_channels = channels
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.shortcut = make_shortcut(shortcut, in_channels, channels, stride)

    def residual(self, x: Tensor) -> Tensor:
        """Return F(x). (N, in, H, W) -> (N, channels, H/s, W/s)."""
        x = self.conv1(x)
        x = self.relu(self.bn1(x))
        x = self.conv2(x)
        return self.bn2(x)


class PreActivationBlock(BasicBlock):
    """Batch norm and ReLU before each convolution, and nothing after the sum.

    So the sum of one block reaches the next one unchanged. (N, in, H, W) -> (N, channels, H/s, W/s)

    Source: He et al., "Identity Mappings in Deep Residual Networks", arXiv 1603.05027, Fig. 1b.
    """

    def __init__(
        self, in_channels: int, channels: int, stride: int = 1, shortcut: str | None = "A"
    ):
        super().__init__(in_channels, channels, stride, shortcut)
        self.bn1 = nn.BatchNorm2d(in_channels)

    def residual(self, x: Tensor) -> Tensor:
        """Return F(x). (N, in, H, W) -> (N, channels, H/s, W/s)."""
        x = self.conv1(self.relu(self.bn1(x)))
        return self.conv2(self.relu(self.bn2(x)))

    def forward(self, x: Tensor) -> Tensor:
        """Return F(x) + shortcut(x)."""
        return self.residual(x) + self.shortcut(x)


class Bottleneck(Block):
    """1x1 down, 3x3, 1x1 up (Fig. 5 right). (N, in, H, W) -> (N, 4 * channels, H/s, W/s)."""

    def __init__(
        self,
        in_channels: int,
        channels: int,
        stride: int = 1,
        shortcut: str | None = "B",
        stride_on: str = "1x1",
    ):
        super().__init__()
        if stride_on not in ("1x1", "3x3"):
            raise ValueError(
                f'stride_on={stride_on!r} is neither "1x1" (the paper) nor "3x3" (torchvision).'
            )
        stride_1x1, stride_3x3 = (stride, 1) if stride_on == "1x1" else (1, stride)
        self.out_channels = 4 * channels
        self.conv1 = nn.Conv2d(in_channels, channels, 1, stride_1x1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride_3x3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, self.out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(self.out_channels)
        self.relu = nn.ReLU()
        self.shortcut = make_shortcut(shortcut, in_channels, self.out_channels, stride)

    def residual(self, x: Tensor) -> Tensor:
        """Return F(x). (N, in, H, W) -> (N, 4 * channels, H/s, W/s)."""
        x = self.conv1(x)
        x = self.relu(self.bn1(x))
        x = self.conv2(x)
        x = self.relu(self.bn2(x))
        x = self.conv3(x)
        return self.bn3(x)


class ResNet(nn.Module):
    """A stem, stages of blocks that halve the map and double the filters, average pool, linear.

    Args:
        make_block: Called with (in_channels, channels, stride), returns a block.
        repeats: Blocks per stage.
        width: Filters of the stem and of the first stage.
        small_images: A 3x3 stem (Sec. 4.2) instead of 7x7/2 and max pool (Table 1).
        in_channels: Channels of the images.
        num_classes: Number of logits.

    Shape: (N, in_channels, H, W) -> (N, num_classes). The comments show ResNet-34 at 224 x 224.

    Raises:
        ValueError: The width is not at least 1.
    """

    def __init__(
        self,
        make_block: Callable[[int, int, int], Block],
        repeats: Sequence[int],
        *,
        width: int = 64,
        small_images: bool = False,
        in_channels: int = 3,
        num_classes: int = 1000,
    ):
        super().__init__()
        if width < 1:
            raise ValueError(f"width={width}: a stage needs at least one filter.")
        kernel, stride, padding = (3, 1, 1) if small_images else (7, 2, 3)
        self.conv1 = nn.Conv2d(in_channels, width, kernel, stride, padding, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.maxpool = nn.Identity() if small_images else nn.MaxPool2d(3, 2, padding=1)
        self.stages = nn.ModuleList()
        channels = width
        for stage, number_of_blocks in enumerate(repeats):
            blocks = nn.Sequential()
            for position in range(number_of_blocks):
                stride = 2 if stage > 0 and position == 0 else 1
                block = make_block(channels, width * 2**stage, stride)
                blocks.append(block)
                channels = block.out_channels
            self.stages.append(blocks)
        self.last = None
        if isinstance(block, PreActivationBlock):
            # The stem's batch norm and ReLU serve both paths of the first block, and after the last
            # sum come one more of each (He et al., arXiv 1603.05027, appendix).
            self.stages[0][0].bn1 = nn.Identity()
            self.last = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, num_classes)
        initialize(self, mode="fan_out")

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits. (N, in_channels, H, W) -> (N, num_classes)."""
        x = self.stem(x)  # (N, 64, 56, 56)
        for blocks in self.stages:
            x = blocks(x)  # (N, 64, 56, 56), (N, 128, 28, 28), (N, 256, 14, 14), (N, 512, 7, 7)
        if self.last is not None:
            x = self.last(x)
        x = self.avgpool(x)  # (N, 512, 1, 1)
        x = x.flatten(1)  # (N, 512)
        return self.fc(x)  # (N, 1000)

    def stem(self, x: Tensor) -> Tensor:
        """Return what the first block sees. (N, in_channels, H, W) -> (N, width, H/s, W/s)."""
        x = self.relu(self.bn1(self.conv1(x)))  # (N, 64, 112, 112)
        return self.maxpool(x)  # (N, 64, 56, 56)


# Table 1: blocks per stage, conv2_x to conv5_x.
REPEATS = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}


def resnet(depth: int, shortcut: str | None = "B", *, stride_on: str = "1x1") -> ResNet:
    """Build a net of Table 1: 18 and 34 from pairs of 3x3, deeper ones from bottlenecks.

    Args:
        depth: 18, 34, 50, 101 or 152 layers with weights.
        shortcut: None (plain), "A", "B" or "C".
        stride_on: Which convolution of a bottleneck halves the map, "1x1" (paper) or "3x3".

    Raises:
        ValueError: The depth is not in Table 1, or the shortcut is not one of the four.

    Source: He et al. 2016, Table 1.
    """
    if depth not in REPEATS:
        raise ValueError(f"depth={depth!r} is not in Table 1: take one of {sorted(REPEATS)}.")
    if depth < 50:
        make_block = partial(BasicBlock, shortcut=shortcut)
    else:
        make_block = partial(Bottleneck, shortcut=shortcut, stride_on=stride_on)
    return ResNet(make_block, REPEATS[depth])


def cifar_resnet(
    depth: int,
    shortcut: str | None = "A",
    *,
    width: int = 16,
    in_channels: int = 3,
    pre_activation: bool = False,
) -> ResNet:
    """Build a net of 6n+2 layers for small images of 10 classes: three stages of n blocks.

    Args:
        depth: 8, 14, 20, 26, 32, ... layers with weights.
        shortcut: None (plain), "A" (the paper's choice here), "B" or "C".
        width: Filters of the first stage; the paper has 16, then 32 and 64.
        in_channels: Channels of the images.
        pre_activation: Batch norm and ReLU before each convolution instead of after it.

    Raises:
        ValueError: The depth is not 6n+2, the shortcut is not one of the four, or a net of
            pre-activation blocks has none.

    Source: He et al. 2016, Sec. 4.2.
    """
    if depth < 8 or depth % 6 != 2:
        raise ValueError(f"depth={depth} is not 6n+2: take 8, 14, 20, 26, 32, 38, 44, 50, 56, ...")
    if pre_activation and shortcut is None:
        raise ValueError(
            'pre_activation=True needs a shortcut to keep clean: take "A", "B" or "C".'
        )
    block = PreActivationBlock if pre_activation else BasicBlock
    repeats = [(depth - 2) // 6] * 3
    sizes = {"width": width, "in_channels": in_channels, "num_classes": 10}
    return ResNet(partial(block, shortcut=shortcut), repeats, small_images=True, **sizes)


def without_batch_norm(model: nn.Module) -> nn.Module:
    """Replace every batch norm of a net by nothing, in place, and return the net.

    Its convolutions keep having no bias, so the two nets share all weights.
    """
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.BatchNorm2d):
            model.set_submodule(name, nn.Identity())
    return model
