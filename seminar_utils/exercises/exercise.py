"""What all exercises share; the files ``by_*.py`` hold a class for each kind of answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from seminar_utils.language import tr

__all__ = ["NO_GRADIENT", "Exercise", "call"]

NO_GRADIENT = (
    "The numbers are right, but no gradient would come back to every input: something such as "
    ".item(), .detach() or torch.no_grad() cuts its way."
)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What all exercises share. Each kind says what it ``takes``, and has its ``find_mistake``.

    That returns the sentence for a wrong answer, "" for a right one, and raises NotImplementedError
    for an empty one.
    """

    begin: str  # on request: where to begin
    right: str  # for a right answer: one thing more to know
    solution: Callable  # shown on request; the tests run it
    examine: Callable[[], object] | None = None  # builds what has to be examined, if anything
    takes: ClassVar[str] = ""  # what to give, for an answer that is empty or of another kind

    def praise(self, answer: object) -> str:
        """Return the sentence for a right answer."""
        return tr(self.right)


def call(function: Callable, *inputs: object) -> object:
    """Return the function's result on copies of the inputs, which it may change.

    Raises:
        NotImplementedError: It returned None or ``...``, as a function that is not written yet.
    """
    result = function(*(x.clone() if isinstance(x, Tensor) else x for x in inputs))
    if result is None or result is ...:
        raise NotImplementedError
    return result
