"""R-5: a ResNet-20 that forgets something when it is saved.

The batch norm of "Dive into Deep Learning", written by hand, has this mistake: its running
statistics are plain attributes, so that ``state_dict`` does not see them.
"""

from torch import nn

from seminar_utils.exercises.exercise import Exercise, compare_name
from seminar_utils.models.resnet import ResNet, cifar_resnet


def _net() -> ResNet:
    """Build the net: one batch norm has its running statistics, but not as buffers."""
    net = cifar_resnet(20)
    norm = net.stages[2][1].bn1
    for name in ("running_mean", "running_var"):
        statistics = getattr(norm, name)
        delattr(norm, name)  # the buffer
        setattr(norm, name, statistics)  # a plain attribute
    return net


def forgetful_layer(net: nn.Module) -> str:
    """Return the batch norm whose running mean is not in the state dict."""
    saved = net.state_dict()
    for name, layer in net.named_modules():
        if isinstance(layer, nn.BatchNorm2d) and f"{name}.running_mean" not in saved:
            return name
    return "none"


_HINTS = {
    r"stages\.2\.1\.bn1": "",
    r"stages\.2\.1": "Right block: which of its layers is it?",
    r"stages\.2\.1\.bn2": "Right block, wrong batch norm: the state dict holds five entries of "
    "this one, and fewer of the other.",
    r"(.*\.)?conv\d|fc": "What this layer knows is in its parameters, and they are all saved. "
    "Something is lost that is no parameter and still differs after training: running statistics.",
    r"(.*\.)?bn\d": "The state dict holds running_mean and running_var of this batch norm. If its "
    "output changes after loading, then because its input does: look further in front.",
    r"stages(\.\d)*": "This holds several layers: name a single one, such as stages.0.0.bn2.",
    r".*": "This layer has nothing to save: neither parameters nor running statistics.",
}

EXERCISE = Exercise(
    begin='Begin with exercises.puzzle("R-5"): give it a batch, then load its state_dict() '
    "into a second one. Do both answer alike after eval()? What is in the state dict?",
    right="its running statistics are plain attributes and not buffers, so they are not saved. "
    "No error tells you: loaded, the net starts again from mean 0 and variance 1.",
    solution=forgetful_layer,
    find_mistake=lambda answer: compare_name(answer, _net(), _HINTS),
    net=_net,
)
