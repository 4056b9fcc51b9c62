"""Answers to the exercises on ResNet; ``test_exercises.py`` hands them in."""

import re

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.functional import relu

from seminar_utils.models.resnet import BasicBlock, ZeroPadShortcut

__all__ = ["PUZZLES", "RIGHT", "WRONG", "block", "conv"]

PUZZLES = {"R-3": "stages.1.0.conv1", "R-4": "stages.1.2", "R-5": "stages.2.1.bn1"}
KERNEL = (16, 16, 3, 3)


def block(forward=None, *, bias=False, **parts):
    """Return a student's class for R-1, with one thing or another done differently."""

    class Student(nn.Module):
        def __init__(self):
            super().__init__()
            self.second = nn.Conv2d(16, 16, 3, padding=1, bias=bias)
            self.first = nn.Conv2d(16, 16, 3, padding=1, bias=bias)
            self.norm2, self.norm1 = nn.BatchNorm2d(16), nn.BatchNorm2d(16)
            for name, build in parts.items():
                setattr(self, name, build())

        def residual(self, x):
            return self.norm2(self.second(relu(self.norm1(self.first(x)))))

        def forward(self, x):
            return forward(self, x) if forward else relu(x + self.residual(x))

    return Student


def conv(channels=16, kernel=3, **options):
    """Return what builds a convolution of 16 channels."""
    return lambda: nn.Conv2d(16, channels, kernel, **{"padding": 1, "bias": False} | options)


class Shared(block()):
    """One batch norm behind both convolutions."""

    def __init__(self):
        super().__init__()
        self.norm2 = self.norm1


class SharedKernel(block()):
    def __init__(self):
        super().__init__()
        self.second = self.first


class InPlace(block(bias=True)):
    """An order of one's own, ReLU and sum in place, convolutions with a bias."""

    def forward(self, x):
        out = nn.Sequential(self.first, self.norm1, nn.ReLU(inplace=True), self.second)(x)
        x += self.norm2(out)
        return x.relu_()


class ByHand(nn.Module):
    """Parameters instead of layers."""

    def __init__(self):
        super().__init__()
        self.w = nn.ParameterList(torch.randn(16, 16, 3, 3) for _ in range(2))
        self.v = nn.ParameterList(torch.randn(16) for _ in range(4))

    def forward(self, x):
        out = x
        for n in range(2):
            out = F.conv2d(relu(out) if n else out, self.w[n], padding=1)
            out = F.batch_norm(out, None, None, self.v[2 * n], self.v[2 * n + 1], training=True)
        return F.relu(torch.stack([x, out]).sum(0))


def in_place_first(self, x):
    return relu(self.residual(x.relu_()) + x)


def append_by_hand(x, out_channels):
    small = x[..., ::2, ::2]
    return torch.cat([small, torch.zeros(len(x), out_channels - x.shape[1], *small.shape[2:])], 1)


def extend(x, front=0, behind=4, **options):
    return F.pad(x, (0, 0, 0, 0, front, behind), **options)


def half(x):
    return x[:, :, ::2, ::2]


class OptionB(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Conv2d(4, 8, 1, stride=2)

    def forward(self, x, out_channels):
        return self.project(x)


class OptionA(nn.Module):
    def forward(self, x, out_channels):
        return ZeroPadShortcut(out_channels - x.shape[1], 2)(x)


def spellings(name):
    """Return some ways of writing a layer's name."""
    in_brackets = re.sub(r"\.(\d)", r"[\1]", name)
    quoted = [f"'{name}'", f'"{name}"', f"`{name}`"]
    parts = [f"{name}.{p}" for p in ("weight", "bias", "stride", "running_mean", "running_var")]
    long = [f"net.{name}", f"net.{in_brackets}", f"model.{name}.", *parts]
    return [name, f" {name}\n", name.upper(), in_brackets, *quoted, *long]


RIGHT = {
    "R-1": [
        block(),
        block()(),
        block(bias=True),
        lambda: BasicBlock(16, 16),
        InPlace,
        ByHand,
        lambda: nn.Sequential(block()()),
    ],
    "R-2": [append_by_hand, OptionA, OptionA()],
    **{number: spellings(name) for number, name in PUZZLES.items()},
}

TEXT = {  # the same for every name
    "name as text": [3, nn.Conv2d(1, 1, 1), ["stages.1"], print],
    "a name of torchvision's": ["layer2.0.conv1", "layer1"],
    "nothing of that name": ["stages.1.0.conv3", "stages.3.0.conv1", "the stem", "stages.1.3"],
}

# For each hint, by words that only it has, the answers that must get it.
WRONG = {
    "R-1": {
        "before the addition as well": [block(lambda b, x: relu(relu(b.residual(x)) + x))],
        "added after the last ReLU": [block(lambda b, x: relu(b.residual(x)) + x)],
        "no ReLU after the addition": [
            block(lambda b, x: b.residual(x) + x, bias=bias) for bias in (False, True)
        ],
        "x is not added": [
            block(lambda b, x: relu(b.residual(x))),
            lambda: BasicBlock(16, 16, shortcut=None),
        ],
        "added twice": [
            block(lambda b, x: relu(b.residual(x) + x + x)),
            block(lambda b, x: relu(b.residual(x) + x) + x),
        ],
        "multiplied": [block(lambda b, x: relu(b.residual(x) * x))],
        "batch norm is missing": [
            block(norm1=nn.Identity, norm2=nn.Identity),
            block(norm1=nn.Identity, norm2=nn.Identity, bias=True),
            block(norm1=nn.Identity),
            block(norm2=nn.Identity, bias=True),
        ],
        "comes after the addition, where": [
            block(lambda b, x: relu(b.norm2(b.second(relu(b.norm1(b.first(x)))) + x)))
        ],
        "between the two convolutions": [
            block(lambda b, x: relu(b.norm2(b.second(b.norm1(b.first(x)))) + x))
        ],
        "changed places": [
            block(lambda b, x: relu(b.norm2(b.second(b.norm1(relu(b.first(x))))) + x)),
            block(lambda b, x: relu(b.norm2(relu(b.second(b.norm1(relu(b.first(x)))))) + x)),
        ],
        "pre-activation": [
            block(lambda b, x: b.second(relu(b.norm2(b.first(relu(b.norm1(x)))))) + x),
            block(lambda b, x: relu(b.residual(relu(x)) + x)),
            block(in_place_first),
            block(lambda b, x: b.residual(relu(x)) + x),
        ],
        "One batch norm serves both": [Shared],
        "One kernel does the work": [SharedKernel],
        "loses its border": [
            block(first=conv(padding=0), second=conv(padding=0)),
            block(first=conv(padding=0)),
            block(lambda b, x: b.residual(x), first=conv(padding=0)),
        ],
        "A 1x1 is a projection": [
            block(lambda b, x: relu(b.residual(x) + b.short(x)), short=conv(kernel=1, padding=0))
        ],
        f"shape {KERNEL}; yours are [": [block(first=conv(kernel=5, padding=2))],
        f"shape {KERNEL}; yours are none": [nn.Identity],
        "differs from relu(F(x) + x)": [block(lambda b, x: relu(b.residual(x) - x))],
        "yours has (4, 16)": [block(lambda b, x: b.residual(x).mean((2, 3)))],
        "something else than one tensor": [block(lambda b, x: (b.residual(x), x))],
        "Hand over an nn.Module": [3, lambda: 3, torch.ones(2), relu(torch.ones(2))],
    },
    "R-2": {
        "You pooled": [
            lambda x, o: extend(F.avg_pool2d(x, 2)),
            lambda x, o: extend(F.max_pool2d(x, 2)),
        ],
        "wrong pixels": [lambda x, o: extend(x[:, :, 1::2, 1::2])],
        "one quarter": [lambda x, o: extend(x[:, :, : x.shape[2] // 2, : x.shape[3] // 2])],
        "Not all zeros stand behind": [
            lambda x, o: extend(half(x), o - x.shape[1], 0),
            lambda x, o: extend(half(x), o // 4, o // 4),
        ],
        "You repeat": [lambda x, o: torch.cat([half(x), half(x)], 1)],
        "as large as before": [lambda x, o: extend(x), lambda x, o: x],
        "Only one of H and W": [
            lambda x, o: extend(x[:, :, ::2]),
            lambda x, o: extend(x[..., ::2]),
        ],
        "H and W have changed": [lambda x, o: extend(half(x)).mT],
        "hold ones": [lambda x, o: extend(half(x), value=1)],
        "channels are missing": [lambda x, o: half(x)],
        "channels too many": [lambda x, o: extend(half(x), 0, o)],
        "zeros are pixels": [
            lambda x, o: F.pad(half(x), (0, o - x.shape[1])),
            lambda x, o: F.pad(half(x), (0, 0, 0, o - x.shape[1])),
        ],
        "is option B": [lambda x, o: nn.Conv2d(4, o, 1, stride=2)(x), OptionB(), OptionB],
        "no gradient would come back": [
            lambda x, o: extend(half(x.detach()), 0, o - x.shape[1]),
            torch.no_grad()(append_by_hand),
        ],
        "not from 3 to 8": [
            lambda x, o: extend(half(x)),
            lambda x, o: extend(half(x), 0, x.shape[1]),
            lambda x, o: extend(half(x), 0, o // 2),
        ],
        "With x = a tensor (2, 4, 6, 10) that begins": [lambda x, o: -extend(half(x))],
        "the function itself, shortcut_a": [torch.ones(2)],
    },
    "R-3": {
        "only follows": ["stages.1.0.shortcut"],
        "Right block, wrong layer": ["stages.1.0.conv2", "stages.1.0.bn1"],
        "holds several layers": ["stages.1", "stages[1][0]", "stages"],
        "Right stage, wrong block": ["stages.1.1.conv1", "stages.1.2"],
        "A stage too late": ["stages.2", "stages.2.0.conv1", "stages.2.0.shortcut"],
        "wrong at the end": ["avgpool", "fc"],
        "Up to the end of stages.0": ["conv1", "stages.0.0.conv1", "maxpool", "bn1.weight"],
        **TEXT,
    },
    "R-4": {
        "name of the block itself": ["stages.1.2.conv2", "stages.1.2.shortcut"],
        "holds several blocks": ["stages.1", "stages.2", "stages"],
        "that is option A": ["stages.1.0", "stages.2.0.shortcut"],
        "because it feeds them": ["stages.2.1", "stages.2.2"],
        "This block is right": ["stages.0.0", "stages.1.1", "stages.1.1.conv1"],
        "one of the nine blocks": ["conv1", "fc"],
        **TEXT,
    },
    "R-5": {
        "which of its layers": ["stages.2.1"],
        "Right block, wrong batch norm": ["stages.2.1.bn2"],
        "Something is lost that": ["conv1", "stages.2.1.conv1", "fc"],
        "look further in front": ["bn1", "stages.2.2.bn1", "stages.1.1.bn1"],
        "holds several layers": ["stages.2", "stages.0.2", "stages"],
        "nothing to save": ["relu", "stages.2.1.shortcut", "avgpool"],
        **TEXT,
    },
}
