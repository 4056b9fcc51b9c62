"""G-4: the loss of a net with two heads on the side (Szegedy et al. 2015, Sec. 5)."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.exercise import Case, Exercise, call, compare


def loss(logits: Tensor, head_4a: Tensor, head_4d: Tensor, labels: Tensor) -> Tensor:
    """Return the main loss plus 0.3 of each head's."""
    main = F.cross_entropy(logits, labels)
    heads = F.cross_entropy(head_4a, labels) + F.cross_entropy(head_4d, labels)
    return main + 0.3 * heads


def _mistakes(*outputs_and_labels: Tensor) -> dict[str, list[Tensor]]:
    """Return wrong losses; m, a and d are those of main classifier, head 4a and head 4d."""
    *outputs, labels = outputs_and_labels
    m, a, d = (F.cross_entropy(x, labels) for x in outputs)

    def right_but(one_loss: Callable[..., Tensor]) -> Tensor:
        main, *heads = (one_loss(x, labels) for x in outputs)
        return main + 0.3 * sum(heads)

    return {
        "The heads count in full here: the paper takes 0.3 of the loss of each.": [m + a + d],
        "The 0.3 is for the heads alone: the main loss counts in full.": [
            0.3 * (m + a + d),
            0.3 * m + a + d,
        ],
        "You took 0.3 of the mean of the heads, 0.15 of each: the paper adds 0.3 of each.": [
            m + 0.15 * (a + d)
        ],
        "One head is missing: 4a and 4d both add 0.3 of their loss.": [m + 0.3 * a, m + 0.3 * d],
        "This is the main loss alone: add 0.3 of the loss of each head.": [m],
        "You divided the sum: the paper adds the three losses without taking a mean.": [
            (m + a + d) / 3,
            (m + 0.3 * (a + d)) / 3,
            (m + 0.3 * (a + d)) / 1.6,
        ],
        "There is a softmax too many: F.cross_entropy takes logits and does the softmax itself.": [
            right_but(lambda x, labels: F.cross_entropy(x.softmax(1), labels))
        ],
        "A softmax is missing: F.nll_loss takes logarithms of probabilities, F.cross_entropy takes "
        "logits.": [right_but(F.nll_loss)],
        "You added up the images: take their mean, which does not grow with the batch.": [
            right_but(partial(F.cross_entropy, reduction="sum"))
        ],
        "One loss for each image is left: training needs a single number, their mean.": [
            right_but(partial(F.cross_entropy, reduction="none"))
        ],
    }


def _find_mistake(answer: object) -> str:
    """Compare on two batches, then ask for the gradients."""
    batches = [_batch(8), _batch(3)]
    hint = compare(answer, loss, [Case(inputs) for inputs in batches], _mistakes)
    if hint or _trains(answer, batches[0]):
        return hint
    return (
        "The number is right, but backward() would not reach all three outputs: something like "
        ".item(), .detach() or torch.no_grad() cuts the way back."
    )


def _batch(images: int) -> tuple[Tensor, ...]:
    """Return three sets of logits (N, 10) and labels (N,)."""
    logits = [(3 * torch.randn(images, 10)).requires_grad_() for _ in range(3)]
    return (*logits, torch.randint(10, (images,)))


def _trains(answer: Callable[..., Tensor], inputs: tuple[Tensor, ...]) -> bool:
    """Tell whether the loss has a gradient for each of the three outputs."""
    result = call(answer, *inputs)
    if not (isinstance(result, Tensor) and result.requires_grad):
        return False
    gradients = torch.autograd.grad(result, inputs[:3], allow_unused=True)
    return all(gradient is not None for gradient in gradients)


EXERCISE = Exercise(
    begin="Begin with F.cross_entropy(logits, labels), the main loss; then add what Sec. 5 of "
    "the paper says of the two heads, and return the sum.",
    right="the heads are there to send a gradient into the middle of the net while it learns; "
    "afterwards they are thrown away, and the main classifier decides alone.",
    solution=loss,
    find_mistake=_find_mistake,
)
