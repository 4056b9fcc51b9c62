"""Answers to the exercises on ResNet; ``test_exercises.py`` hands them in."""

import re
from functools import partial

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.functional import relu

from seminar_utils.models.resnet import BasicBlock, Bottleneck, ZeroPadShortcut
from tests.exercises import conv, student

__all__ = ["NETS", "RIGHT", "WRONG", "block", "classes", "residual"]

NETS = {"R-3": "stages.1.0.conv1", "R-4": "stages.1.2", "R-5": "stages.2.1.bn1"}


def residual(net, x):
    return net.norm2(net.second(relu(net.norm1(net.first(x)))))


def block(forward=lambda net, x: relu(x + residual(net, x)), *, bias=False, **parts):
    """Return a student's class for R-1, with one thing or another done differently."""
    three, norm = conv(16, 16, bias=bias), partial(nn.BatchNorm2d, 16)
    layers = {"second": three, "first": three, "norm2": norm, "norm1": norm}
    return student(forward, **layers | parts)


def classes(way_of_x):
    """Return a student's class of blocks with any number of channels, as notebook 03 asks for."""

    class Block(BasicBlock):
        def __init__(self, in_channels, channels, stride=1):
            super().__init__(in_channels, channels, stride)

        def forward(self, x):
            return relu(self.residual(x) + way_of_x(self, x))

    return Block


def one_norm(net, x):
    return relu(x + net.norm1(net.second(relu(net.norm1(net.first(x))))))


class Shared(block()):
    """One batch norm under both names."""

    def __init__(self):
        super().__init__()
        self.norm2 = self.norm1


class SharedKernel(block()):
    """One convolution under both names."""

    def __init__(self):
        super().__init__()
        self.second = self.first


def in_place(net, x):
    """An order of one's own, ReLU in place."""
    out = nn.Sequential(net.first, net.norm1, nn.ReLU(inplace=True), net.second)(x)
    return (x + net.norm2(out)).relu_()


def by_hand(net, x):
    """Parameters instead of layers."""
    out = x
    for n in range(2):
        out = F.conv2d(relu(out) if n else out, net.kernels[n], padding=1)
        out = F.batch_norm(out, None, None, *net.scales[2 * n : 2 * n + 2], training=True)
    return F.relu(torch.stack([x, out]).sum(0))


ByHand = student(
    by_hand,
    kernels=lambda: nn.ParameterList(torch.randn(16, 16, 3, 3) for _ in range(2)),
    scales=lambda: nn.ParameterList(torch.randn(16) for _ in range(4)),
)


class Narrow(nn.Sequential):
    """A bottleneck, with one thing or another done differently; x is added to what it computes."""

    def __init__(self, *channels, kernels=(1, 3, 1), join=torch.add):
        super().__init__()
        channels = channels or (64, 16, 16, 64)
        for n, kernel in enumerate(kernels):
            size = {"kernel_size": kernel, "padding": kernel // 2, "bias": False}
            self.append(nn.Conv2d(channels[n], channels[n + 1], **size))
            self.extend([nn.BatchNorm2d(channels[n + 1]), nn.ReLU()])
        self.pop(-1)
        self.join = join

    def forward(self, x):
        return relu(self.join(super().forward(x), x))


def dense(new, join=lambda x, new: torch.cat([x, new], 1), channels=8, norm=16):
    """Return a student's layer of DenseNet that joins x and its new channels."""
    return student(
        lambda net, x: join(x, new(net, x)),
        norm=partial(nn.BatchNorm2d, norm),
        conv=conv(16, channels),
    )


def new_channels(net, x):
    return net.conv(relu(net.norm(x)))


def append_by_hand(x, out_channels):
    small = x[..., ::2, ::2]
    return torch.cat([small, torch.zeros(len(x), out_channels - x.shape[1], *small.shape[2:])], 1)


def extend(x, front=0, behind=4):
    return F.pad(x, (0, 0, 0, 0, front, behind))


def half(x):
    return x[:, :, ::2, ::2]


OptionB = student(
    lambda net, x, out_channels: net.project(x), project=partial(nn.Conv2d, 4, 8, 1, stride=2)
)
OptionA = student(lambda net, x, out_channels: ZeroPadShortcut(out_channels - x.shape[1], 2)(x))


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
        block(in_place, bias=True),
        ByHand,
        lambda: nn.Sequential(block()()),
    ],
    "R-2": [append_by_hand, OptionA, OptionA()],
    "R-6": [{"A": "Larger ", "B": "not shown", "C": "SMALLER", "D": "not shown"}],
    "R-7": [Narrow, Narrow(), lambda: Bottleneck(64, 16)],
    "R-8": [dense(new_channels)],
    **{number: spellings(name) for number, name in NETS.items()},
}


def pairs(**words):
    """Return the right answer to R-6 with other words for some letters."""
    return {"A": "larger", "B": "not shown", "C": "smaller", "D": "not shown"} | words


def without(*places):
    """Return a bottleneck in which the layers at some places do nothing."""
    net = Narrow()
    for place in places:
        net[place] = nn.Identity()
    return net


TEXT = {  # the same for every name
    "Give a name as text": [3, nn.Conv2d(1, 1, 1), ["stages.1"], print],
    "a name of torchvision's": ["layer2.0.conv1", "layer1"],
    "nothing of that name": ["stages.1.0.conv3", "stages.3.0.conv1", "the stem", "stages.1.3"],
}

# For each hint, by words that only it has, the answers that must get it.
WRONG = {
    "R-1": {
        "ReLU before the addition, too": [block(lambda b, x: relu(relu(residual(b, x)) + x))],
        "added after the last ReLU": [block(lambda b, x: relu(residual(b, x)) + x)],
        "no ReLU after the addition": [
            block(lambda b, x: residual(b, x) + x, bias=bias) for bias in (False, True)
        ],
        "x is not added": [
            block(lambda b, x: relu(residual(b, x))),
            lambda: BasicBlock(16, 16, shortcut=None),
            classes(lambda block, x: 0),
        ],
        "With stride 2": [
            classes(lambda block, x: x),
            classes(lambda block, x: block.shortcut(x)[:, :16]),  # too few channels
        ],
        "added twice": [
            block(lambda b, x: relu(residual(b, x) + x + x)),
            block(lambda b, x: relu(residual(b, x) + x) + x),
        ],
        "multiplied": [block(lambda b, x: relu(residual(b, x) * x))],
        "batch norm is missing": [
            block(norm1=nn.Identity, norm2=nn.Identity),
            block(norm1=nn.Identity, norm2=nn.Identity, bias=True),
            block(norm1=nn.Identity),
            block(norm2=nn.Identity, bias=True),
        ],
        "after the addition and rescales": [
            block(lambda b, x: relu(b.norm2(b.second(relu(b.norm1(b.first(x)))) + x)))
        ],
        "between the conv": [block(lambda b, x: relu(b.norm2(b.second(b.norm1(b.first(x)))) + x))],
        "changed places": [
            block(lambda b, x: relu(b.norm2(b.second(b.norm1(relu(b.first(x))))) + x)),
            block(lambda b, x: relu(b.norm2(relu(b.second(b.norm1(relu(b.first(x)))))) + x)),
        ],
        "that is pre-activation": [
            block(lambda b, x: b.second(relu(b.norm2(b.first(relu(b.norm1(x)))))) + x),
            block(lambda b, x: relu(residual(b, relu(x)) + x)),
            block(lambda b, x: relu(residual(b, x.relu_()) + x)),
            block(lambda b, x: residual(b, relu(x)) + x),
        ],
        "One batch norm works twice": [block(one_norm, norm2=nn.Identity), Shared],
        "norm2.weight gets no gradient": [block(one_norm)],
        "odd.weight gets no gradient": [block(odd=nn.PReLU)],
        "no gradient would come back": [block(lambda b, x: relu(residual(b, x) + x).detach())],
        "many: none; missing: [(16, 16, 3, 3)].": [
            block(
                lambda b, x: relu(x + b.norm2(b.first(relu(b.norm1(b.first(x)))))),
                second=nn.Identity,
            ),
            SharedKernel,
        ],
        "loses its border": [
            block(first=conv(16, 16, padding=0), second=conv(16, 16, padding=0)),
            block(first=conv(16, 16, padding=0)),
            block(residual, first=conv(16, 16, padding=0)),
        ],
        "feature map smaller": [block(first=conv(16, 16, stride=2))],
        "too much padding": [block(first=conv(16, 16, padding=2))],
        "A 1x1 is a projection": [
            block(lambda b, x: relu(residual(b, x) + b.short(x)), short=conv(16, 16, kernel=1))
        ],
        "Too many: [(16, 16, 5, 5)]": [block(first=conv(16, 16, kernel=5))],
        "missing: [(16, 16, 3, 3), ": [nn.Identity],
        "compare Fig. 2 and Sec. 3.4": [block(lambda b, x: relu(residual(b, x) - x))],
        "yours is (4, 16)": [block(lambda b, x: residual(b, x).mean((2, 3)))],
        "should return one tensor": [block(lambda b, x: (residual(b, x), x))],
    },
    "R-2": {
        "Not all zeros come after": [lambda x, o: extend(half(x), o // 4, o // 4)],
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
        "Up to here both nets": ["conv1", "stages.2.1.conv1", "stages.0.0", "bn1", "stages.1"],
        "holds several layers": ["stages.2", "stages.2.2", "stages"],
        "This block gives the same": ["stages.2.0", "stages.2.0.bn1"],
        "only because its input does": ["stages.2.1.bn2", "stages.2.2.bn1", "fc", "avgpool"],
        **TEXT,
    },
    "R-6": {
        "Give a word for each of A, B, C, D": [3, "larger", {"a": "larger"}, {"E": "larger"}],
        "B has none of these words": [pairs(B=None), pairs(B="no"), {"A": "larger"}],
        "A: All five lie close": [pairs(A="not shown")],
        "C: The differences are small": [pairs(C="not shown")],
        "B: The mean, +1.3": [pairs(B="larger"), pairs(B="larger", D="larger")],
        "D: One seed makes the mean": [pairs(D="larger")],
        "B: No run shows": [pairs(B="equal")],
        "B: These are errors": [pairs(B="smaller")],
        "C: These are errors": [pairs(C="larger")],
    },
    "R-7": {
        "works on all 64 channels": [lambda: Narrow(64, 64, 64, kernels=(3, 3))],
        "reduces the channels, is a 1x1": [lambda: Narrow(kernels=(3, 3, 1))],
        "restores the channels, is a 1x1": [lambda: Narrow(kernels=(1, 3, 3))],
        "none looks at neighbouring pixels": [lambda: Narrow(kernels=(1, 1, 1))],
        "this is a part of a plain net": [lambda: Narrow(join=lambda f, x: f)],
        "A batch norm is missing": [without(4), without(7), without(1, 4, 7)],
        "no more than one": [without(2, 5)],
        "compare Fig. 5, right": [lambda: Narrow(join=torch.sub)],
        "4 batch norms instead of 3": [lambda: Narrow().append(nn.BatchNorm2d(64))],
    },
    "R-8": {
        "The new channels come first": [dense(new_channels, lambda x, new: torch.cat([new, x], 1))],
        "come after the convolution": [dense(lambda net, x: relu(net.norm(net.conv(x))), norm=8)],
        "changed x itself": [
            dense(
                lambda net, x: torch.cat([relu(net.norm(x)), new_channels(net, x)], 1),
                join=lambda x, both: both,
            ),
            dense(new_channels, lambda x, new: relu(torch.cat([x, new], 1))),
        ],
        "ReLU is missing": [dense(lambda net, x: net.conv(net.norm(x)))],
        "Batch norm is missing": [
            dense(lambda net, x: net.conv(x)),
            dense(lambda net, x: net.conv(relu(x))),
        ],
        "comes before ReLU": [dense(lambda net, x: net.conv(net.norm(relu(x))))],
        "makes 16 channels": [dense(new_channels, torch.add, channels=16)],
        "16 and 8 channels do not fit": [dense(new_channels, torch.add)],
        "Huang et al. 2017": [dense(lambda net, x: -new_channels(net, x))],
        "in dimension 1": [dense(new_channels, lambda x, new: torch.cat([x, new]))],
    },
}
