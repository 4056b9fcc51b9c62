"""How long a net takes on this machine, and which kinds of layers the time goes to."""

from collections import Counter
from contextlib import ExitStack
from statistics import median
from time import perf_counter

import torch
from torch import Tensor, nn

from seminar_utils.measures.layer_table import NAMES

__all__ = ["milliseconds"]


def milliseconds(model: nn.Module, images: Tensor, rounds: int = 7) -> dict[str, float]:
    """Return how long a call takes, "all", and what each kind of layer takes of it.

    Each number is the median of some rounds, after one that warms up. Kinds are those of
    ``layer_table``: "conv", "max pool", "LRN". A concatenation is no layer and counts in "all".
    """
    kinds = {
        layer: name
        for layer in model.modules()
        for known, name in NAMES.items()
        if isinstance(layer, known)
    } | {model: "all"}
    started: dict[nn.Module, float] = {}
    took: list[Counter[str]] = []

    def begin(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        started[module] = perf_counter()

    def end(module: nn.Module, inputs: tuple[Tensor, ...], output: object) -> None:
        took[-1][kinds[module]] += perf_counter() - started[module]

    with ExitStack() as hooks, torch.inference_mode():
        for module in kinds:
            hooks.enter_context(module.register_forward_pre_hook(begin))
            hooks.enter_context(module.register_forward_hook(end))
        for _ in range(rounds + 1):
            took.append(Counter())
            model(images)
    return {kind: 1000 * median(of[kind] for of in took[1:]) for kind in took[0]}
