"""GoogLeNet as Table 1 of the paper has it, with torchvision's differences as a named variant.

Szegedy et al.: "Going Deeper with Convolutions", CVPR 2015. Table 1 (layers and widths), Fig. 2
(Inception module), Fig. 3 (padding, LRN), Sec. 5 (dropout, auxiliary heads).

Deviations: the paper does not state the constants of its local response normalisation (here size
5, alpha 1e-4, beta 0.75, as in BVLC's Caffe model), nor how weights start (here He et al. 2015,
fan-in, so that activations keep their size without batch norm), nor whether convolutions have a
bias (here they do, unless batch norm follows). "Same" padding on an even map is done by pooling in
ceil mode.

Parameters, which ``tests/models/test_googlenet.py`` counts again:

                    with both heads    without
    PAPER                13,378,280  6,998,552
    TORCHVISION          13,004,888  6,624,904

Shapes: N images, C channels, H x W pixels.
"""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.models.initialization import initialize

__all__ = [
    "PAPER",
    "TABLE_1",
    "TORCHVISION",
    "AuxiliaryClassifier",
    "ConvReLU",
    "GoogLeNet",
    "Inception",
    "LocalResponseNorm",
    "NaiveInception",
    "Outputs",
    "local_response_norm",
    "pool",
    "total_loss",
]


@dataclass(frozen=True)
class _Variant:
    """What differs between the paper's net and the nets that others call GoogLeNet."""

    kernel_5x5: int = 5  # kernel of the branch that the paper calls 5x5
    batch_norm: bool = False  # after every convolution, which then has no bias
    batch_norm_eps: float = 1e-5
    local_response_norm: bool = True  # twice in the stem (Fig. 3)
    pool_before_5a: int = 3  # kernel, at stride 2
    dropout: float = 0.4  # share dropped before the classifier
    head_pool: str = "5x5/3"  # or "adaptive": whatever gives 4x4


PAPER = _Variant()
TORCHVISION = _Variant(
    kernel_5x5=3,
    batch_norm=True,
    batch_norm_eps=1e-3,
    local_response_norm=False,
    pool_before_5a=2,
    dropout=0.2,
    head_pool="adaptive",
)

# Table 1: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
TABLE_1 = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


class Outputs(NamedTuple):
    """What GoogLeNet returns in training: three tensors of logits, (N, num_classes) each."""

    logits: Tensor
    head_4a: Tensor | None
    head_4d: Tensor | None


def total_loss(outputs: Tensor | Outputs, labels: Tensor, head_weight: float = 0.3) -> Tensor:
    """Return the main loss + 0.3 (or another weight) * each head's loss, means over the images.

    Source: Szegedy et al. 2015, Sec. 5.
    """
    if isinstance(outputs, Tensor):
        return F.cross_entropy(outputs, labels)
    main, *heads = (F.cross_entropy(logits, labels) for logits in outputs if logits is not None)
    return main + head_weight * sum(heads)


class ConvReLU(nn.Module):
    """Convolution with "same" padding, batch norm if asked for, ReLU."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int,
        stride: int = 1,
        variant: _Variant = PAPER,
    ):
        super().__init__()
        has_norm, eps = variant.batch_norm, variant.batch_norm_eps
        sizes = in_channels, out_channels, kernel, stride, kernel // 2
        self.conv = nn.Conv2d(*sizes, bias=not has_norm)
        self.bn = nn.BatchNorm2d(out_channels, eps) if has_norm else None
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """(N, in, H, W) -> (N, out, H/s, W/s)."""
        x = self.conv(x)
        return self.relu(x if self.bn is None else self.bn(x))


class _Branches(nn.Module):
    """What both kinds of module share: four branches side by side."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the branches' outputs, one behind the other along the channels."""
        branches = [self.branch_1x1, self.branch_3x3, self.branch_5x5, self.branch_pool]
        return torch.cat([branch(x) for branch in branches], dim=1)


class NaiveInception(_Branches):
    """Fig. 2a: three convolutions and a pool side by side. (N, in, H, W) -> (N, sum, H, W).

    The pool hands on all its input channels, so the sum is n1x1 + n3x3 + n5x5 + in.
    """

    def __init__(self, in_channels: int, n1x1: int, n3x3: int, n5x5: int):
        super().__init__()
        self.branch_1x1 = ConvReLU(in_channels, n1x1, 1)
        self.branch_3x3 = ConvReLU(in_channels, n3x3, 3)
        self.branch_5x5 = ConvReLU(in_channels, n5x5, 5)
        self.branch_pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.out_channels = n1x1 + n3x3 + n5x5 + in_channels


class Inception(_Branches):
    """Fig. 2b: 1x1 reductions before 3x3 and 5x5, 1x1 projection behind the pool.

    Behind the channels of the input come the numbers of filters, as Table 1 names them.

    Shape: (N, in_channels, H, W) -> (N, n1x1 + n3x3 + n5x5 + pool_proj, H, W).
    """

    def __init__(
        self,
        in_channels: int,
        n1x1: int,
        n3x3_reduce: int,
        n3x3: int,
        n5x5_reduce: int,
        n5x5: int,
        pool_proj: int,
        variant: _Variant = PAPER,
    ):
        super().__init__()
        conv = partial(ConvReLU, variant=variant)
        self.branch_1x1 = conv(in_channels, n1x1, 1)
        self.branch_3x3 = nn.Sequential(
            conv(in_channels, n3x3_reduce, 1), conv(n3x3_reduce, n3x3, 3)
        )
        self.branch_5x5 = nn.Sequential(
            conv(in_channels, n5x5_reduce, 1), conv(n5x5_reduce, n5x5, variant.kernel_5x5)
        )
        self.branch_pool = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), conv(in_channels, pool_proj, 1)
        )
        self.out_channels = n1x1 + n3x3 + n5x5 + pool_proj


class AuxiliaryClassifier(nn.Module):
    """A head on the side (Sec. 5): pool, 1x1 with 128 filters, 1024 units, logits."""

    def __init__(
        self, in_channels: int, num_classes: int, width: float = 1.0, variant: _Variant = PAPER
    ):
        super().__init__()
        filters, units = _scaled(128, width), _scaled(1024, width)
        paper_pool = variant.head_pool == "5x5/3"
        self.pool = nn.AvgPool2d(5, stride=3) if paper_pool else nn.AdaptiveAvgPool2d(4)
        self.conv = ConvReLU(in_channels, filters, 1, variant=variant)
        self.fc1 = nn.Linear(filters * 4 * 4, units)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(units, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """(N, in_channels, 14, 14) -> (N, num_classes); the comments show the paper's widths."""
        x = self.pool(x)  # (N, 512, 4, 4)
        x = self.conv(x)  # (N, 128, 4, 4)
        x = x.flatten(1)  # (N, 2048)
        x = self.relu(self.fc1(x))  # (N, 1024)
        x = self.dropout(x)  # (N, 1024)
        return self.fc2(x)  # (N, 1000)


class GoogLeNet(nn.Module):
    """The net of Table 1.

    Args:
        num_classes: Number of logits.
        in_channels: Channels of the images.
        width: Factor on every number of filters and hidden units.
        small_images: A stem with stride 1 and no pooling, so that 28 x 28 images give the paper's
            own grids of 28, 14 and 7 pixels.
        heads: Which auxiliary classifiers to attach, any of "4a" and "4d".
        variant: The paper's net, or another one.

    Shape: (N, in_channels, H, W) -> (N, num_classes) in evaluation, where the heads are not run;
        ``Outputs`` in training, unless there are no heads. The comments show 224 x 224, width 1.

    Raises:
        ValueError: An unknown head.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        in_channels: int = 3,
        *,
        width: float = 1.0,
        small_images: bool = False,
        heads: tuple[str, ...] = ("4a", "4d"),
        variant: _Variant = PAPER,
    ):
        super().__init__()
        if unknown := set(heads) - {"4a", "4d"}:
            raise ValueError(f'heads={heads!r} names {sorted(unknown)}: take "4a", "4d" or both.')
        n64, n192 = _scaled(64, width), _scaled(192, width)
        kernel, stride = (3, 1) if small_images else (7, 2)
        self.conv1 = ConvReLU(in_channels, n64, kernel, stride, variant)
        self.maxpool1 = nn.Identity() if small_images else pool(3)
        self.norm1 = local_response_norm(variant)
        self.conv2 = ConvReLU(n64, n64, 1, variant=variant)
        self.conv3 = ConvReLU(n64, n192, 3, variant=variant)
        self.norm2 = local_response_norm(variant)
        self.maxpool2 = nn.Identity() if small_images else pool(3)

        channels = n192
        for name, columns in TABLE_1.items():
            if name == "4a":
                self.maxpool3 = pool(3)
            if name == "5a":
                self.maxpool4 = pool(variant.pool_before_5a)
            module = Inception(channels, *(_scaled(n, width) for n in columns), variant=variant)
            self.add_module(f"inception_{name}", module)
            channels = module.out_channels
            if name in ("4a", "4d"):
                attached = name in heads
                head = AuxiliaryClassifier(channels, num_classes, width, variant)
                self.add_module(f"head_{name}", head if attached else None)

        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(variant.dropout)
        self.fc = nn.Linear(channels, num_classes)
        initialize(self, mode="fan_in")

    def forward(self, x: Tensor) -> Tensor | Outputs:
        """(N, in_channels, H, W) -> (N, num_classes), or three of them in training."""
        x = self.conv1(x)  # (N, 64, 112, 112)
        x = self.maxpool1(x)  # (N, 64, 56, 56)
        x = self.norm1(x)  # (N, 64, 56, 56)
        x = self.conv2(x)  # (N, 64, 56, 56)
        x = self.conv3(x)  # (N, 192, 56, 56)
        x = self.norm2(x)  # (N, 192, 56, 56)
        x = self.maxpool2(x)  # (N, 192, 28, 28)
        x = self.inception_3a(x)  # (N, 256, 28, 28)
        x = self.inception_3b(x)  # (N, 480, 28, 28)
        x = self.maxpool3(x)  # (N, 480, 14, 14)
        x = self.inception_4a(x)  # (N, 512, 14, 14)
        head_4a = self.head_4a(x) if self.training and self.head_4a is not None else None
        x = self.inception_4b(x)  # (N, 512, 14, 14)
        x = self.inception_4c(x)  # (N, 512, 14, 14)
        x = self.inception_4d(x)  # (N, 528, 14, 14)
        head_4d = self.head_4d(x) if self.training and self.head_4d is not None else None
        x = self.inception_4e(x)  # (N, 832, 14, 14)
        x = self.maxpool4(x)  # (N, 832, 7, 7)
        x = self.inception_5a(x)  # (N, 832, 7, 7)
        x = self.inception_5b(x)  # (N, 1024, 7, 7)
        x = self.avgpool(x)  # (N, 1024, 1, 1)
        x = x.flatten(1)  # (N, 1024)
        x = self.dropout(x)  # (N, 1024)
        logits = self.fc(x)  # (N, 1000)
        if head_4a is None and head_4d is None:
            return logits
        return Outputs(logits, head_4a, head_4d)


def _scaled(channels: int, width: float) -> int:
    """Return a number of filters times the width factor, at least one."""
    return max(1, round(channels * width))


def pool(kernel: int) -> nn.MaxPool2d:
    """Return the max pool between stages: stride 2, no pixel left out."""
    return nn.MaxPool2d(kernel, stride=2, ceil_mode=True)


class LocalResponseNorm(nn.LocalResponseNorm):
    """PyTorch's layer with the same numbers in a quarter of the time, for an odd ``size``.

    PyTorch averages the squares of neighbouring channels with a pool over a volume; here shifted
    copies are added up, in the same order.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""
        channels = x.shape[1]
        squares = F.pad(x * x, (0, 0, 0, 0, self.size // 2, self.size // 2))
        mean = sum(squares[:, i : i + channels] for i in range(self.size)) / self.size
        return x / (mean * self.alpha + self.k).pow(self.beta)


def local_response_norm(variant: _Variant) -> nn.Module:
    """Return the stem's normalisation with the constants of BVLC's Caffe model, or nothing."""
    if variant.local_response_norm:
        return LocalResponseNorm(5, alpha=1e-4, beta=0.75)
    return nn.Identity()
