"""First layers of four nets, side by side: how an image comes down to some 28 pixels.

    AlexNet          Krizhevsky, Sutskever and Hinton 2012, Sec. 3.5 (two groups only later)
    Zeiler-Fergus    Zeiler and Fergus 2013, Fig. 3
    VGG-16           Simonyan and Zisserman 2015, configuration D
    GoogLeNet        Szegedy et al. 2015, Table 1 and Fig. 3

Deviations: Zeiler and Fergus normalise contrast after their first pool, which costs no multiply-add
of a convolution and is left out here. Constants of LRN as in ``googlenet.py``.
"""

from torch import nn

from seminar_utils.models.googlenet import PAPER, local_response_norm, pool

__all__ = ["stems"]


def stems() -> dict[str, nn.Sequential]:
    """Return the stems by name; AlexNet's takes 3 x 227 x 227, the others 3 x 224 x 224.

    Shapes: (N, 96, 27, 27), (N, 256, 26, 26), (N, 256, 28, 28) and (N, 192, 28, 28) come out.
    """
    return {
        "AlexNet": nn.Sequential(
            *_conv(3, 96, 11, stride=4),  # (N, 96, 55, 55)
            local_response_norm(PAPER),
            nn.MaxPool2d(3, stride=2),  # (N, 96, 27, 27)
        ),
        "Zeiler-Fergus": nn.Sequential(
            *_conv(3, 96, 7, stride=2, padding=1),  # (N, 96, 110, 110)
            nn.MaxPool2d(3, stride=2, padding=1),  # (N, 96, 55, 55)
            *_conv(96, 256, 5, stride=2),  # (N, 256, 26, 26)
        ),
        "VGG-16": nn.Sequential(
            *_conv(3, 64, 3, padding=1),
            *_conv(64, 64, 3, padding=1),
            nn.MaxPool2d(2),  # (N, 64, 112, 112)
            *_conv(64, 128, 3, padding=1),
            *_conv(128, 128, 3, padding=1),
            nn.MaxPool2d(2),  # (N, 128, 56, 56)
            *_conv(128, 256, 3, padding=1),
            *_conv(256, 256, 3, padding=1),
            *_conv(256, 256, 3, padding=1),
            nn.MaxPool2d(2),  # (N, 256, 28, 28)
        ),
        "GoogLeNet": nn.Sequential(
            *_conv(3, 64, 7, stride=2, padding=3),  # (N, 64, 112, 112)
            pool(3),  # (N, 64, 56, 56)
            local_response_norm(PAPER),
            *_conv(64, 64, 1),
            *_conv(64, 192, 3, padding=1),  # (N, 192, 56, 56)
            local_response_norm(PAPER),
            pool(3),  # (N, 192, 28, 28)
        ),
    }


def _conv(in_channels: int, out_channels: int, kernel: int, **sizes: int) -> tuple[nn.Module, ...]:
    """Return a convolution and its ReLU."""
    return nn.Conv2d(in_channels, out_channels, kernel, **sizes), nn.ReLU()
