"""Exercises whose answer is a function: its results are compared with those of known mistakes."""

import inspect
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import ClassVar

import torch
from torch import Tensor

from seminar_utils.exercises.exercise import NO_GRADIENT, Exercise, call
from seminar_utils.language import tr

__all__ = ["Case", "FunctionExercise"]


@dataclass(frozen=True)
class Case:
    """One set of inputs on which an answer is compared with the solution."""

    inputs: tuple
    hint: str = ""  # for an answer that is right in all cases before and not in this one


@dataclass(frozen=True, kw_only=True)
class FunctionExercise(Exercise):
    """The answer is a function, a module, or a class of modules, and is compared on some inputs."""

    cases: Callable[[], Sequence[Case]]  # the first one tells the known mistakes apart
    mistakes: Callable[..., Mapping[str, Sequence]]  # inputs -> for each hint what those get
    trains: str = ""  # the hint for an answer with weights, if gradients have to come back
    takes: ClassVar[str] = "Write your code instead of the three dots, then run the cell again."

    def find_mistake(self, answer: object) -> str:
        """Return the hint of the first case in which answer and solution differ."""
        if not callable(answer):
            name = self.solution.__name__
            return tr("Give the function {name} itself, without brackets after it.", name=name)
        if isinstance(answer, type):
            answer = answer()
        cases = self.cases()
        if self.trains and getattr(call(answer, *cases[0].inputs), "requires_grad", False):
            return self.trains
        for case in cases:
            try:
                result = call(answer, *case.inputs)
            except Exception:
                if not case.hint:
                    raise
                return case.hint
            if not _agree(result, self.solution(*case.inputs)):
                return case.hint or self._explain(result, case.inputs)
        return NO_GRADIENT if self.trains and not _returns(answer, cases[0].inputs) else ""

    def _explain(self, result: object, inputs: tuple) -> str:
        """Return the hint of a mistake with this result, or else input, expected and got."""
        for hint, wrong_results in self.mistakes(*inputs).items():
            if any(_agree(result, wrong) for wrong in wrong_results):
                return hint
        names = inspect.signature(self.solution).parameters
        given = ", ".join(f"{name} = {_show(x)}" for name, x in zip(names, inputs, strict=True))
        said = {"expected": _show(self.solution(*inputs)), "given": given, "found": _show(result)}
        return tr("With {given}, the result should be {expected}; yours is {found}.", **said)


def _agree(result: object, expected: object) -> bool:
    """Tell whether two numbers or tensors have the same shape and, but for rounding, values."""
    try:
        result = torch.as_tensor(result, dtype=torch.float64)
    except (TypeError, ValueError):
        return False  # neither a number nor a tensor
    expected = torch.as_tensor(expected, dtype=torch.float64)
    return result.shape == expected.shape and torch.allclose(result, expected, rtol=1e-5)


def _show(value: object) -> str:
    """Return a number in full, a tensor's shape and beginning, anything else shortened."""
    if isinstance(value, Number):
        return f"{value:,}"
    if not isinstance(value, Tensor):
        return reprlib.repr(value)
    begins = ", ".join(f"{number:.4g}" for number in value.detach().flatten()[:3].tolist())
    if value.ndim == 0:
        return begins
    return tr("a tensor {shape} that begins {begins}", shape=tuple(value.shape), begins=begins)


def _returns(function: Callable, inputs: tuple) -> bool:
    """Tell whether a gradient comes back to every input that holds numbers with a fraction."""
    leaves = [x.requires_grad_() for x in inputs if torch.is_tensor(x) and x.is_floating_point()]
    result = call(function, *inputs)
    if not getattr(result, "requires_grad", False):
        return False
    gradients = torch.autograd.grad(result.sum(), leaves, allow_unused=True)
    return all(gradient is not None for gradient in gradients)
