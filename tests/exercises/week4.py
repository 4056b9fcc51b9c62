"""Answers to the exercises on week 4; ``test_exercises.py`` hands them in."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torchvision.transforms import v2

__all__ = ["RIGHT", "WRONG"]


def over(values):
    """Reshape one number a channel so that it meets (N, C, H, W)."""
    return values.view(1, -1, 1, 1)


def where(mirrored, yes, no):
    """Choose image by image, by hand."""
    return torch.stack([a if m else b for m, a, b in zip(mirrored, yes, no, strict=True)])


def mirrored_in_place(x, mirrored):
    x[mirrored] = x[mirrored].flip(3)
    return x


def padded(x):
    return F.pad(x, (4, 4, 4, 4))


def window(x, top, left, height, width):
    return x[:, top : top + height, left : left + width]


def patch(height, width, share, ratio):
    area = height * width * share
    return math.sqrt(area / ratio), math.sqrt(area * ratio)


RIGHT = {
    "W-1": [
        lambda x, m, s: v2.functional.normalize(x / 255, m.tolist(), s.tolist()),
        lambda x, m, s: (x - 255 * over(m)) / (255 * over(s)),
        lambda x, m, s: ((x / 255).permute(0, 2, 3, 1) - m).div(s).permute(0, 3, 1, 2),
        lambda x, m, s: (x.double() / 255 - over(m)) / over(s),
    ],
    "W-2": [
        lambda x: (x / 255).transpose(0, 1).flatten(1).std(1),
        lambda x: torch.stack([(x[:, c] / 255).std() for c in range(x.shape[1])]),
        lambda x: (x / 255).std((0, 2, 3), correction=0),
        lambda x: x.double().var((0, 2, 3)).sqrt() / 255,
    ],
    "W-3": [mirrored_in_place, lambda x, m: where(m, v2.functional.horizontal_flip(x), x)],
    "W-4": [
        lambda x, t, left: v2.functional.crop(padded(x), t, left, *x.shape[1:]),
        lambda x, t, left: window(nn.ZeroPad2d(4)(x), t, left, *x.shape[1:]),
    ],
    "W-5": [
        lambda *given: tuple(map(round, patch(*given))),
        lambda h, w, s, r: [round((h * w * s / r) ** 0.5), round((h * w * s * r) ** 0.5)],
        lambda *given: torch.tensor(patch(*given)).round(),
    ],
}

# Of what the known mistakes do not hold: for each hint, by words that only it has, its answers.
WRONG = {
    "W-1": {
        "divided by 255 twice": [lambda x, m, s: (x / 255**2 - over(m)) / over(s)],
        "of these few images": [
            lambda x, m, s: torch.stack(
                [(y - y.mean((1, 2), True)) / y.std((1, 2), keepdim=True) for y in x / 255]
            ),
        ],
        "not for 4 x 6": [lambda x, m, s: (x / 255 - over(m).expand(2, 3, 3, 3)) / over(s)],
        "not with one": [
            lambda x, m, s: torch.stack([(x[:, c] / 255 - m[c]) / s[c] for c in range(3)], 1)
        ],
        "With images = a tensor (2, 3, 3, 3)": [lambda x, m, s: x * 0],
    },
    "W-2": {
        "image's own deviation": [lambda x: (x / 255).flatten(2).std(2).mean(0)],
        "With images = a tensor (64, 3, 56, 56)": [lambda x: torch.zeros(3)],
        "With images = a tensor (96, 1, 56, 40)": [
            lambda x: torch.stack([(x[:64, c] / 255).std() for c in range(x.shape[1])])
        ],
    },
    "W-3": {
        "All images are mirrored": [lambda x, m: v2.functional.horizontal_flip(x)],
        "not on four grey ones": [lambda x, m: where(m, x.flip(3), x).view(5, 3, 6, 6)],
        "until no image of the batch": [lambda x, m: where(m, x.flip(3), x) if m.any() else None],
        "With images = a tensor (5, 3, 6, 6)": [lambda x, m: x * 0],
    },
    "W-4": {
        "from the image itself": [
            lambda x, t, left: window(F.pad(x, (0, 4, 0, 4)), t, left, *x.shape[1:])
        ],
        "not on one of 9 x 14": [
            lambda x, t, left: window(padded(x), t, left, x.shape[1], x.shape[1])
        ],
        "not at the last corner": [
            lambda x, t, left: window(padded(x), min(t, 7), min(left, 7), *x.shape[1:])
        ],
        "With image = a tensor (3, 12, 12)": [lambda x, t, left: x * 0],
    },
    "W-5": {
        "not whole": [patch],
        "With height = 300, width = 450": [lambda h, w, s, r: (h, w)],
    },
}
