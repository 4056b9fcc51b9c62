"""Answers to the exercises on GoogLeNet; ``test_exercises.py`` hands them in."""

from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from seminar_utils.models.googlenet import TABLE_1, Inception, Outputs, total_loss
from tests.exercises import conv, student

__all__ = ["RIGHT", "UNREDUCED", "WRONG", "module"]

PRIMES = "With in_channels = 3, out_channels = 7, kernel = 5, height = 11, width = 13, the result"


def module(
    *,
    bias=True,
    between=F.relu,
    end=F.relu,
    last=lambda net, x: net.d(net.pool(x)),
    join=lambda branches: torch.cat(branches, 1),
    **parts,
):
    """Return a student's class for G-5, with one thing or another done differently."""

    def forward(net, x):
        branches = net.a(x), net.b2(between(net.b1(x))), net.c2(between(net.c1(x))), last(net, x)
        return join([end(branch) for branch in branches])

    one = {"kernel": 1, "bias": bias}
    layers = {"a": conv(192, 64, **one), "d": conv(192, 32, **one)}
    layers |= {"b1": conv(192, 96, **one), "b2": conv(96, 128, bias=bias)}
    layers |= {"c1": conv(192, 16, **one), "c2": conv(16, 32, kernel=5, bias=bias)}
    layers |= {"pool": partial(nn.MaxPool2d, 3, 1, 1)}
    return student(forward, **layers | parts)


def padded(three, five):
    """Return G-5 with other padding of the 3x3 and of the 5x5."""
    return module(b2=conv(96, 128, padding=three), c2=conv(16, 32, kernel=5, padding=five))


UNREDUCED = module(
    b1=nn.Identity,
    b2=conv(192, 128, bias=True),
    c1=nn.Identity,
    c2=conv(192, 32, kernel=5, bias=True),
)


def projected_first(net, x):
    return net.pool(net.d(x))


def branch(*, reduce=None, five=None, between=None, end=None):
    """Return a student's 5x5 branch for G-7, with one thing or another done differently."""
    return nn.Sequential(
        reduce or nn.Conv2d(192, 16, 1),
        between or nn.ReLU(),
        five or nn.Conv2d(16, 32, 5, padding=2),
        end or nn.ReLU(),
    )


def softmax_by_hand(logits, head_4a, head_4d, labels):
    def one(x):
        return -x.log_softmax(1)[torch.arange(len(x)), labels].mean()

    return one(logits) + 0.3 * one(head_4a) + one(head_4d) * 0.3


def weighted(main, head_4a, head_4d):
    return main + 0.3 * (head_4a + head_4d)


def losses(combine, ce=F.cross_entropy):
    """Return an answer to G-4 that combines three losses."""
    return lambda m, a, d, labels: combine(ce(m, labels), ce(a, labels), ce(d, labels))


def as_shown(logits, head_4a, head_4d, labels):
    """Return the two losses of the notebook's G-4, with its two mistakes."""
    main = F.cross_entropy(logits.softmax(1), labels)
    return main, F.cross_entropy(head_4a + head_4d, labels)


def bill(**nets):
    """Return the right answer to G-6 with other nets for some letters."""
    right = {"A": "GoogLeNet", "B": "AlexNet", "C": "GoogLeNet", "D": "AlexNet", "E": "not there"}
    return right | nets


RIGHT = {
    "G-1": [
        lambda i, o, k, h, w: float(i * o * k * k * h * w),
        lambda *numbers: np.prod(numbers) * numbers[2],
        lambda i, o, k, h, w: torch.tensor(h * w * k**2) * i * o,
    ],
    "G-2": [5_268_480, 5.27e6, "5268480", "5.27e6", np.int64(5_268_480), torch.tensor(5_268_480)],
    "G-3": [
        lambda x, w, b: F.conv2d(x, w[..., None, None], b),
        lambda x, w, b: F.linear(x.movedim(1, -1), w, b).movedim(-1, 1),
        lambda x, w, b: (w @ x.flatten(2) + b[:, None]).view(len(x), -1, *x.shape[2:]),
    ],
    "G-4": [
        softmax_by_hand,
        lambda m, a, d, labels: total_loss(Outputs(m, a, d), labels),
        losses(lambda m, a, d: sum([m, 0.3 * a, 0.3 * d])),
    ],
    "G-5": [
        module(),
        module()(),
        module(bias=False),
        lambda: Inception(192, *TABLE_1["3a"]),
        module(bias=False, a=lambda: nn.Conv2d(192, 64, 1)),
        module(end=nn.Identity(), join=lambda branches: torch.cat(branches, 1).clamp(min=0)),
        lambda: nn.Sequential(module()()),
    ],
    "G-6": [bill(), bill(A="googlenet")],
    "G-7": [
        lambda: Inception(192, *TABLE_1["3a"]).branch_5x5,
        lambda: branch(reduce=nn.Conv2d(192, 16, 1, bias=False)),
        branch(),
    ],
}

# For each hint, by words that only it has, the answers that must get it; those to functions only
# where the known mistakes do not hold them.
WRONG = {
    "G-1": {
        "number of weights": [
            lambda i, o, k, h, w: sum(p.numel() for p in nn.Conv2d(i, o, k).parameters())
        ],
        "out_channels is missing": [
            lambda i, o, k, h, w: nn.Conv2d(i, i, k, groups=i).weight.numel() * h * w
        ],
        "shrinks at the border": [
            lambda i, o, k, h, w: F.conv2d(torch.ones(i, h, w), torch.ones(o, i, k, k)).sum()
        ],
        f"{PRIMES} should be 75,075; yours is 12.": [lambda *_: 12],
        "480, out_channels = 16, kernel = 1, height = 14": [lambda *_: 75_075],
        f"{PRIMES} should be 75,075; yours is 'many'.": [lambda *_: "many"],
    },
    "G-2": {
        "reads all 480 channels": [112_896_000, 1.13e8],
        "without its reduction": [3_763_200],
        "reduction alone": [1_505_280],
        "28 x 28 pixels": [21_073_920],
        "a 3x3 instead": [2_860_032],
        "These are the parameters": [26_880, 26_944],
        "twice the number": [10_536_960],
        "added the biases": [5_281_024],
        "not a million": [5.27, 5.26848],
        "Yours is 1,234.": [1234],
        "Yours is nan.": [float("nan")],
        "Give one number": ["five", [1, 2], torch.ones(2), lambda: 5_268_480],
    },
    "G-3": {
        "The bias is missing": [lambda x, w, b: F.conv2d(x, w[..., None, None])],
        "averaged before the linear layer": [
            lambda x, w, b: F.linear(F.adaptive_avg_pool2d(x, 1).flatten(1), w, b)
        ],
        "a batch has one image": [lambda x, w, b: F.conv2d(x, w[..., None, None], b).squeeze()],
        "at 4 x 6": [lambda x, w, b: (w @ x.view(len(x), 3, 49) + b[:, None]).view(-1, 5, 7, 7)],
        "With features = a tensor (2, 3, 7, 7) that begins": [lambda x, w, b: x * 0],
    },
    "G-4": {
        "has the weight 0.4": [losses(lambda m, a, d: m + 0.4 * (a + d))],
        "has the weight 0.15": [losses(lambda m, a, d: m + 0.3 * (a + d) / 2)],
        "softmax too many": [
            losses(weighted, lambda x, labels: nn.CrossEntropyLoss()(F.softmax(x, dim=1), labels)),
            lambda m, a, d, labels: losses(weighted)(m.softmax(-1), a, d, labels),
            lambda *all: as_shown(*all)[0] + 0.3 * as_shown(*all)[1],
        ],
        "added the logits": [
            lambda m, a, d, labels: F.cross_entropy(m + 0.3 * (a + d), labels),
            lambda m, *heads_and_labels: (
                F.cross_entropy(m, heads_and_labels[-1]) + 0.3 * as_shown(m, *heads_and_labels)[1]
            ),
        ],
        "has weights of its own": [
            student(
                lambda net, *given: losses(lambda m, a, d: m + net.weight * (a + d))(*given),
                weight=lambda: nn.Parameter(torch.tensor(0.3)),
            )
        ],
        "added up the images": [losses(weighted, nn.CrossEntropyLoss(reduction="sum"))],
        "no gradient would come back": [
            losses(lambda m, a, d: m + 0.3 * (a + d).detach()),
            losses(lambda m, a, d: m.item() + 0.3 * a.item() + 0.3 * d.item()),
            torch.no_grad()(losses(weighted)),
        ],
        "With logits = a tensor (8, 10) that begins": [losses(lambda m, a, d: m - a)],
        "With logits = a tensor (3, 10) that begins": [
            losses(lambda *all: weighted(*all) / 8, nn.CrossEntropyLoss(reduction="sum"))
        ],
    },
    "G-5": {
        "loses its border": [
            *[padded(*padding) for padding in ((0, 0), (1, 0), (0, 2), (1, 1))],
            module(pool=partial(nn.MaxPool2d, 3, 1)),
        ],
        "makes the feature map smaller": [
            module(pool=partial(nn.MaxPool2d, 3)),
            module(pool=partial(nn.MaxPool2d, 3, padding=1)),
            module(pool=partial(nn.MaxPool2d, 3, stride=2, padding=1)),
            module(join=lambda b: F.max_pool2d(torch.cat(b, 1), 2)),
        ],
        "too much padding": [padded(2, 2)],
        "not this way": [module(join=join) for join in (torch.cat, torch.stack)],
        "You add the branches": [module(join=sum), module(join=lambda b: b[0] + b[1])],
        "no more than one": [
            module(between=nn.Identity()),
            module(between=nn.Identity(), last=projected_first),  # as the notebook has it
        ],
        "Some outputs are negative": [
            module(end=nn.Identity()),
            module(end=nn.Identity(), between=nn.Identity()),
            module(join=lambda b: torch.cat([*b[:3], b[3]], 1), end=nn.Identity()),
        ],
        "order of the branches": [
            module(join=lambda b: torch.cat(b[::-1], 1)),
            module(join=lambda b: torch.cat([b[0], b[2], b[1], b[3]], 1)),
        ],
        "reads all 192 channels": [UNREDUCED],
        "missing: [(32, 192, 1, 1)]": [module(d=nn.Identity)],
        "The third branch has a 5x5": [module(c2=conv(16, 32))],
        "follow one another": [
            lambda: nn.Sequential(nn.Conv2d(192, 64, 1), nn.Conv2d(192, 96, 1)),
            lambda: nn.Sequential(nn.Conv2d(192, 64, 1), nn.Conv2d(64, 96, 1)),
        ],
        "1 batch norms instead of 0": [module(norm=lambda: nn.BatchNorm2d(256))],
        "Look at the pool": [
            module(pool=partial(nn.AvgPool2d, 3, 1, 1)),
            module(last=projected_first),
        ],
        "compare Fig. 2b and Table 1": [module(end=F.leaky_relu)],
        "yours is (2, 224, 28, 28)": [module(join=lambda b: torch.cat(b[:3], 1))],
        "yours is (2, 32, 28, 28)": [module(join=lambda b: b[-1])],
        "Too many: [(128, 96, 5, 5)": [module(b2=conv(96, 128, kernel=5))],
        "Too many: [(64, 192, 1, 1)]": [module(unused=conv(192, 64, kernel=1))],
        "return one tensor": [module(join=tuple)],
    },
    "G-6": {
        "Give a word for each of A, B, C, D, E": [3, {"a": "VGG-16"}],
        "C has none of these words": [bill(C=None), bill(C="ResNet")],
        "A: AlexNet needs the fewest multiply-adds": [bill(A="AlexNet"), bill(A="alexnet ")],
        "A: VGG-16 has the largest": [bill(A="VGG-16")],
        "D: VGG-16 has the largest": [bill(D="VGG-16")],
        "B: GoogLeNet has the fewest parameters": [bill(B="GoogLeNet")],
        "B: The table has the numbers": [bill(B="not there")],
        "C: AlexNet writes the fewest": [bill(C="AlexNet")],
        "D: Parameters are stored once": [bill(D="GoogLeNet")],
        "E: Time is not on this bill": [bill(E="AlexNet"), bill(E="GoogLeNet")],
    },
    "G-7": {
        "no ReLU between your 1x1": [
            branch(between=nn.Identity()),
            branch(between=nn.Identity(), end=nn.Identity()),
        ],
        "a ReLU follows your 5x5": [branch(end=nn.Identity())],
        "reads all 192 channels": [lambda: nn.Conv2d(192, 32, 5, padding=2)],
        "The 1x1 comes first": [
            branch(reduce=nn.Conv2d(192, 16, 5, padding=2), five=nn.Conv2d(16, 32, 1))
        ],
        "compare Fig. 2b": [branch(end=nn.LeakyReLU())],
        "Too many: [(32, 16, 3, 3)]": [branch(five=nn.Conv2d(16, 32, 3, padding=1))],
        "loses its border": [branch(five=nn.Conv2d(16, 32, 5))],
    },
}
