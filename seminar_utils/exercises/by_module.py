"""Exercises whose answer is a module: it is given weights, and its output is compared."""

import copy
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from seminar_utils.exercises.exercise import NO_GRADIENT, Exercise, call
from seminar_utils.language import tr

__all__ = ["ModuleExercise"]


@dataclass(frozen=True, kw_only=True)
class ModuleExercise(Exercise):
    """The answer is a module, judged by what it does.

    Kernels of the same shape get the same weights, vectors of the same length the same numbers, and
    biases of convolutions zero. Then neither names nor order of the layers matter.
    """

    shape: tuple[int, ...]  # of the images on which it is tried, all stride 1
    # From images, a batch norm and the solution's convolutions: for each hint the outputs of those
    # who need it, the right output under "".
    outputs: Callable[..., Mapping[str, Sequence[Tensor]]]
    source: str  # where the paper draws it
    kernels: Mapping[tuple[int, ...], str] = field(default_factory=dict)  # hints for wrong kernels
    stopped: Mapping[str, str] = field(default_factory=dict)  # hints for calls that fail on shapes
    takes: ClassVar[str] = (
        "Give an nn.Module, its class, or a function without arguments that builds it."
    )

    def find_mistake(self, answer: object) -> str:
        """Run the module, look at its kernels, then compare it with the known mistakes."""
        if (module := self.build(answer)) is None:
            return self.takes
        x, watch, module = torch.randn(self.shape), _Watch(), module.train()
        try:
            with watch:
                output = call(module, x)
        except RuntimeError:
            failed = f"{watch.failed} {watch.shapes}"
            hints = (hint for call, hint in self.stopped.items() if re.search(call, failed))
            if hint := self._size_mistake(watch.shapes) or next(hints, ""):
                return hint
            raise
        if not isinstance(output, Tensor):
            return "forward should return one tensor."
        if hint := self._size_mistake([tuple(output.shape)]) or self._kernel_mistake(module):
            return hint
        if output.shape != (shape := self.solution()(x).shape):
            shapes = {"expected": tuple(shape), "found": tuple(output.shape)}
            return tr("The output should be {expected}; yours is {found}.", **shapes)
        return self._wiring_mistake(module, x) or self._waste(module, x)

    def build(self, answer: object) -> nn.Module | None:
        """Copy a module, or what its class or function builds: a check may change it."""
        module = answer if isinstance(answer, nn.Module) or not callable(answer) else call(answer)
        return copy.deepcopy(module) if isinstance(module, nn.Module) else None

    def praise(self, answer: object) -> str:
        """Count the answer's own parameters."""
        parameters = sum(p.numel() for p in self.build(answer).parameters())
        return tr(self.right, parameters=parameters)

    def _size_mistake(self, shapes: Sequence[tuple[int, ...]]) -> str:
        """Say why a feature map has another size than the images."""
        images, _, *size = self.shape
        maps = (shape for shape in shapes if len(shape) == 4 and shape[0] == images)
        height = next((shape[2] for shape in maps if list(shape[2:]) != size), None)
        if height is None:
            return ""
        if height > size[0]:
            return "There is too much padding: a 1x1 needs 0, a 3x3 needs 1, a 5x5 needs 2."
        if height <= size[0] // 2:
            return (
                "A layer makes the feature map smaller: every stride is 1. PyTorch's pools take "
                "their kernel as stride, unless you write stride=1."
            )
        return "A feature map loses its border: 3x3 needs padding=1, 5x5 padding=2, also pools."

    def _kernel_mistake(self, module: nn.Module) -> str:
        wanted, found = _kernels(self.solution()), _kernels(module)
        for shape in found - wanted:
            if shape in self.kernels:
                return self.kernels[shape]
        if found != wanted:
            return tr(
                "The kernels differ. Too many: {surplus}; missing: {missing}.",
                surplus=[*(found - wanted).elements()] or tr("none"),
                missing=[*(wanted - found).elements()] or tr("none"),
            )
        if (norms := _norms(module)) > (wanted := _norms(self.solution())):
            return tr("There are {found} batch norms instead of {n}.", found=norms, n=wanted)
        return ""

    @torch.no_grad()
    def _wiring_mistake(self, module: nn.Module, x: Tensor) -> str:
        """Compare the output under equal weights with the right one and with the known mistakes."""
        for p in module.parameters():
            p.copy_(_numbers(p.shape))
        for layer in module.modules():
            if isinstance(layer, nn.Conv2d) and layer.bias is not None:
                layer.bias.zero_()

        def norm(x: Tensor) -> Tensor:
            vector = _numbers(x.shape[1:2])
            return F.batch_norm(x, None, None, vector, vector, training=True)

        kernels = [p.shape for p in self.solution().parameters() if p.ndim > 1]
        convs = [partial(F.conv2d, weight=_numbers(k), padding=k[-1] // 2) for k in kernels]
        output = call(module, x)
        for hint, outputs in self.outputs(x, norm, *convs).items():
            if any(torch.allclose(output, other, rtol=1e-3, atol=1e-3) for other in outputs):
                return hint
        return tr(
            "With equal weights, your output is not that of the paper: compare {source}.",
            source=self.source,
        )

    def _waste(self, module: nn.Module, x: Tensor) -> str:
        """Look for parameters that nothing depends on, and for a batch norm that works twice."""
        output, named = call(module, x), dict(module.named_parameters())
        if not output.requires_grad:
            return NO_GRADIENT
        gradients = torch.autograd.grad(output.sum(), named.values(), allow_unused=True)
        for name, gradient in zip(named, gradients, strict=True):
            if gradient is None:
                return tr(
                    "{name} gets no gradient, because forward does not use it. "
                    "Does another layer work twice?",
                    name=name,
                )
        if 0 < _norms(module) < (wanted := _norms(self.solution())):
            return tr(
                "One batch norm works twice: its running statistics become a mixture, wrong for "
                "each place in evaluation. Take {n}.",
                n=wanted,
            )
        return ""


def _kernels(module: nn.Module) -> Counter[tuple[int, ...]]:
    return Counter(tuple(p.shape) for p in module.parameters() if p.ndim > 1)


def _norms(module: nn.Module) -> int:
    return sum(isinstance(layer, nn.BatchNorm2d) for layer in module.modules())


def _numbers(shape: Sequence[int]) -> Tensor:
    """Return random numbers, always the same for one shape; a kernel's keep the scale."""
    numbers = torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))
    return numbers / numbers[0].numel() ** 0.5


class _Watch(TorchFunctionMode):
    """Remember which call failed, and the shapes of the tensors that it was given."""

    failed, shapes = "", ()

    def __torch_function__(
        self, function: Callable, types: object, args: tuple = (), kwargs: dict | None = None
    ) -> object:
        kwargs = kwargs or {}
        try:
            return function(*args, **kwargs)
        except RuntimeError:
            given = [*args, *kwargs.values()]
            tensors = [x for g in given for x in (g if isinstance(g, list | tuple) else [g])]
            self.failed = function.__name__
            self.shapes = [tuple(x.shape) for x in tensors if isinstance(x, Tensor)]
            raise
