"""R-5: a ResNet-20 that forgets something when it is saved.

The batch norm of "Dive into Deep Learning", written by hand, has this mistake: its running
statistics are plain attributes, so that ``state_dict`` does not see them.
"""

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seminar_utils.exercises.by_words import NameExercise
from seminar_utils.models.resnet import ResNet, cifar_resnet


class BatchNorm2d(nn.BatchNorm2d):
    """Looks right and saves buffers of the right names, but uses attributes beside them."""

    def __init__(self, channels: int):
        super().__init__(channels)
        self.mean, self.var = torch.zeros(channels), torch.ones(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise, and keep the running statistics where they are not saved."""
        weights = self.weight, self.bias, self.training, self.momentum, self.eps
        return F.batch_norm(x, self.mean, self.var, *weights)


def _net() -> ResNet:
    """Build the net with one such batch norm."""
    net = cifar_resnet(20)
    net.stages[2][1].bn1 = BatchNorm2d(64)
    return net


def forgetful_layer(net: nn.Module) -> str:
    """Return the first module whose output changes when the net is saved and loaded."""
    loaded = copy.deepcopy(net)
    net(torch.randn(8, 3, 32, 32))  # statistics of one batch, in training mode
    loaded.load_state_dict(net.state_dict())
    seen = {net: {}, loaded: {}}
    for each, outputs in seen.items():
        for name, layer in each.named_modules():
            layer.register_forward_hook(
                lambda _, __, output, name=name, outputs=outputs: outputs.update({name: output})
            )
    x = torch.randn(2, 3, 32, 32)
    for each in seen:
        each.eval()(x)
    names = (name for name in seen[net] if not torch.equal(seen[net][name], seen[loaded][name]))
    return next(names, "none")


EXERCISE = NameExercise(
    begin='Begin with two nets of exercises.puzzle("R-5"). Give one a batch, load its '
    "state_dict() into the other, call eval(). Which layer's output differs first? Use hooks.",
    right="its running statistics are plain attributes and not buffers, so they are not saved. "
    "No error tells you: loaded, the layer starts again from mean 0 and variance 1.",
    solution=forgetful_layer,
    examine=_net,
    hints={
        r"stages\.2\.1\.bn1": "",
        r"stages\.2\.1": "Right block: which of its layers is it?",
        r"stages\.2\.1\.conv1|(stages\.[01]|conv1|bn1).*": "Up to here both nets give the same: "
        "look further on.",
        r"stages\.2\.0.*": "This block gives the same in both nets: look further on.",
        r"stages\.2(\.\d)?|stages": "This holds several layers: name one, such as stages.0.0.bn2.",
        r".*": "This output differs, but only because its input does: look further back.",
    },
)
