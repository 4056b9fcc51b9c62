"""R-3 to R-5: the answer is the name of a layer or block in a net that carries a mistake."""

import re
from collections.abc import Mapping

from torch import nn

__all__ = ["NO_SUCH_LAYER", "NO_TEXT", "TORCHVISION", "name_mistake", "plain_name"]

NO_TEXT = 'Hand over the name as text, in quotes, such as "stages.0.0.conv2".'
TORCHVISION = (
    "This is a name of torchvision's, which counts from layer1: here the three groups of blocks "
    "are stages.0, stages.1 and stages.2."
)
NO_SUCH_LAYER = (
    "This net has nothing of that name: dict(net.named_modules()).keys() lists all that there are."
)


def plain_name(answer: str) -> str:
    """Return the dotted path that is meant: "net.stages[1][0].conv1.weight" is stages.1.0.conv1."""
    name = re.sub(r"[\s'\"`]", "", answer).lower().strip(".")
    name = re.sub(r"\[(\d+)\]", r".\1", name)
    return re.sub(r"^(net|model)\.|\.(weight|bias|stride|running_mean|running_var)$", "", name)


def name_mistake(answer: object, net: nn.Module, hints: Mapping[str, str]) -> str:
    """Return the hint of the first pattern that the whole name matches.

    Args:
        answer: A name, in the usual ways of writing it.
        net: The net that it is from.
        hints: For each regular expression a hint, "" for the right name.

    Raises:
        NotImplementedError: The answer is an empty text, or one of three dots.
    """
    if not isinstance(answer, str):
        return NO_TEXT
    name = plain_name(answer)
    if not name:
        raise NotImplementedError
    if name.startswith("layer"):
        return TORCHVISION
    if name not in dict(net.named_modules()):
        return NO_SUCH_LAYER
    return next(hint for pattern, hint in hints.items() if re.fullmatch(pattern, name))
