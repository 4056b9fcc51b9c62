"""What an exercise is, and how an answer is compared with the solution and with known mistakes."""

import inspect
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number

import torch
from torch import Tensor, nn

__all__ = ["Case", "Exercise", "call", "compare"]


@dataclass(frozen=True)
class Exercise:
    """One exercise: what its check says, and how it finds that out."""

    begin: str  # for an empty answer: where to begin
    right: str  # for a right answer: one thing more to know
    solution: Callable  # shown on request; the tests run it
    find_mistake: Callable[[object], str]  # the sentence for a wrong answer, "" for a right one
    net: Callable[[], nn.Module] | None = None  # builds the net that has to be examined, if any


@dataclass(frozen=True)
class Case:
    """One set of inputs on which an answer is compared with the solution."""

    inputs: tuple
    hint: str = ""  # for an answer that is right in all cases before and not in this one


def call(function: Callable, *inputs: object) -> object:
    """Return the function's result on copies of the inputs, which it may change.

    Raises:
        NotImplementedError: It returned None or ``...``, as a function does that is not yet
            written.
    """
    result = function(*(x.clone() if isinstance(x, Tensor) else x for x in inputs))
    if result is None or result is ...:
        raise NotImplementedError
    return result


def compare(
    answer: object,
    solution: Callable,
    cases: Sequence[Case],
    mistakes: Mapping[str, Sequence[Callable]],
) -> str:
    """Find the first case in which an answer and the solution differ, and say what it is.

    Args:
        answer: A function, a module, or a class that gives one of them.
        solution: Takes the same inputs.
        cases: The first one tells the known mistakes apart.
        mistakes: For each hint the functions that make this mistake.

    Returns:
        The case's hint, or what ``explain`` finds; nothing if there is no difference.
    """
    if not callable(answer):
        name = solution.__name__
        return f"Hand over the function itself, {name}, without calling it: no brackets behind it."
    if isinstance(answer, type):
        answer = answer()
    for case in cases:
        try:
            result = call(answer, *case.inputs)
        except Exception:
            if not case.hint:
                raise
            return case.hint
        if not agree(result, solution(*case.inputs)):
            return case.hint or explain(result, solution, case.inputs, mistakes)
    return ""


def explain(result: object, solution: Callable, inputs: tuple, mistakes: Mapping) -> str:
    """Return the hint of the mistake that gives this result, or else input, expected and got."""
    for hint, functions in mistakes.items():
        if any(agree(result, function(*inputs)) for function in functions):
            return hint
    names = inspect.signature(solution).parameters
    given = ", ".join(f"{name} = {show(x)}" for name, x in zip(names, inputs, strict=True))
    expected = show(solution(*inputs))
    return f"With {given}, the result should be {expected}; yours is {show(result)}."


def agree(result: object, expected: object) -> bool:
    """Tell whether two numbers or tensors have the same shape and, but for rounding, values."""
    try:
        result = torch.as_tensor(result, dtype=torch.float64)
    except (TypeError, ValueError):
        return False  # neither a number nor a tensor
    expected = torch.as_tensor(expected, dtype=torch.float64)
    return result.shape == expected.shape and torch.allclose(result, expected, rtol=1e-5)


def show(value: object) -> str:
    """Return a number in full, a tensor's shape and beginning, anything else shortened."""
    if isinstance(value, Number):
        return f"{value:,}"
    if not isinstance(value, Tensor):
        return reprlib.repr(value)
    begins = ", ".join(f"{number:.4g}" for number in value.detach().flatten()[:3].tolist())
    return begins if value.ndim == 0 else f"a tensor {tuple(value.shape)} that begins {begins}"
