"""What an exercise is, and the ways of comparing an answer with the solution and known mistakes."""

import copy
import inspect
import re
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

NO_MODULE = "Hand over an nn.Module, its class, or a function without arguments that builds it."


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
    mistakes: Callable[..., Mapping[str, Sequence]],
) -> str:
    """Find the first case in which an answer and the solution differ, and say what it is.

    Args:
        answer: A function, a module, or a class that gives one of them.
        solution: Takes the same inputs.
        cases: The first one tells the known mistakes apart.
        mistakes: Takes the same inputs, too: for each hint the results of those who need it.

    Returns:
        The case's hint, or that of a mistake with this result, or else input, expected and got;
        nothing if there is no difference.
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
        if not _agree(result, solution(*case.inputs)):
            return case.hint or _explain(result, solution, case.inputs, mistakes)
    return ""


def _explain(result: object, solution: Callable, inputs: tuple, mistakes: Callable) -> str:
    for hint, wrong_results in mistakes(*inputs).items():
        if any(_agree(result, wrong) for wrong in wrong_results):
            return hint
    names = inspect.signature(solution).parameters
    given = ", ".join(f"{name} = {_show(x)}" for name, x in zip(names, inputs, strict=True))
    expected = _show(solution(*inputs))
    return f"With {given}, the result should be {expected}; yours is {_show(result)}."


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
    return begins if value.ndim == 0 else f"a tensor {tuple(value.shape)} that begins {begins}"


def compare_name(answer: object, net: nn.Module, hints: Mapping[str, str]) -> str:
    """Return the hint of the first pattern that the whole name of a layer or block matches.

    Args:
        answer: A name, in the usual ways of writing it.
        net: The net that it is from.
        hints: For each regular expression a hint, "" for the right name.

    Raises:
        NotImplementedError: The answer is an empty text, or one of three dots.
    """
    if not isinstance(answer, str):
        return 'Hand over the name as text, in quotes, such as "stages.0.0.conv2".'
    name = _plain_name(answer)
    if not name:
        raise NotImplementedError
    if name.startswith("layer"):
        return (
            "This is a name of torchvision's, which counts from layer1: here the three groups of "
            "blocks are stages.0, stages.1 and stages.2."
        )
    if name not in dict(net.named_modules()):
        return (
            "This net has nothing of that name: dict(net.named_modules()).keys() lists all that "
            "there are."
        )
    return next(hint for pattern, hint in hints.items() if re.fullmatch(pattern, name))


def _plain_name(answer: str) -> str:
    """Return the dotted path that is meant: "net.stages[1][0].conv1.weight" is stages.1.0.conv1."""
    name = re.sub(r"[\s'\"`]", "", answer).lower().strip(".")
    name = re.sub(r"\[(\d+)\]", r".\1", name)
    return re.sub(r"^(net|model)\.|\.(weight|bias|stride|running_mean|running_var)$", "", name)


def build(answer: object) -> nn.Module | None:
    """Return a copy of a module, or of what its class or function builds: a check may change it."""
    is_recipe = callable(answer) and not isinstance(answer, nn.Module)
    module = call(answer) if is_recipe else answer
    return copy.deepcopy(module) if isinstance(module, nn.Module) else None


class Watch(TorchFunctionMode):
    """Remember which call failed, and the shapes of the tensors that it was given."""

    failed, shapes = "", ()

    def __torch_function__(
        self, function: Callable, types: object, args: tuple = (), kwargs: dict | None = None
    ) -> object:
        """Make the call."""
        kwargs = kwargs or {}
        try:
            return function(*args, **kwargs)
        except RuntimeError:
            given = [*args, *kwargs.values()]
            tensors = [x for g in given for x in (g if isinstance(g, list | tuple) else [g])]
            self.failed = function.__name__
            self.shapes = [tuple(x.shape) for x in tensors if isinstance(x, Tensor)]
            raise
