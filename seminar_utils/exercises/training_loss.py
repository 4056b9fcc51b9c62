"""G-4: the loss of a net with two heads on the side.

Szegedy et al.: "Going Deeper with Convolutions", CVPR 2015, Sec. 5.

Shapes: N images, 10 classes.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.exercise import Case, call, compare

__all__ = ["loss", "loss_mistake"]


def loss(logits: Tensor, head_4a: Tensor, head_4d: Tensor, labels: Tensor) -> Tensor:
    """Return the main loss plus 0.3 of each head's."""
    main = F.cross_entropy(logits, labels)
    heads = F.cross_entropy(head_4a, labels) + F.cross_entropy(head_4d, labels)
    return main + 0.3 * heads


def total(*weights: float, of: Callable[..., Tensor] = F.cross_entropy) -> Callable[..., Tensor]:
    """Return a loss with these weights of main classifier, head 4a and head 4d."""

    def wrong(logits: Tensor, head_4a: Tensor, head_4d: Tensor, labels: Tensor) -> Tensor:
        outputs = (logits, head_4a, head_4d)
        return sum(w * of(x, labels) for w, x in zip(weights, outputs, strict=True))

    return wrong


MISTAKES = {
    "The heads count in full here: the paper takes 0.3 of the loss of each.": [total(1, 1, 1)],
    "The 0.3 is for the heads alone: the main loss counts in full.": [
        total(0.3, 0.3, 0.3),
        total(0.3, 1, 1),
    ],
    "You took 0.3 of the mean of the heads, 0.15 of each: the paper adds 0.3 of each.": [
        total(1, 0.15, 0.15),
    ],
    "One head is missing: 4a and 4d both add 0.3 of their loss.": [
        total(1, 0.3, 0),
        total(1, 0, 0.3),
    ],
    "This is the main loss alone: add 0.3 of the loss of each head.": [total(1, 0, 0)],
    "You divided the sum: the paper adds the three losses without taking a mean.": [
        total(1 / 3, 1 / 3, 1 / 3),
        total(1 / 3, 0.1, 0.1),
        total(1 / 1.6, 0.3 / 1.6, 0.3 / 1.6),
    ],
    "There is a softmax too many: F.cross_entropy takes logits and does the softmax itself.": [
        total(1, 0.3, 0.3, of=lambda x, labels: F.cross_entropy(x.softmax(1), labels)),
    ],
    "A softmax is missing: F.nll_loss takes logarithms of probabilities, F.cross_entropy takes "
    "logits.": [
        total(1, 0.3, 0.3, of=F.nll_loss),
    ],
    "You added up the images: take their mean, which does not grow with the batch.": [
        total(1, 0.3, 0.3, of=lambda x, labels: F.cross_entropy(x, labels, reduction="sum")),
    ],
    "One loss for each image is left: training needs a single number, their mean.": [
        total(1, 0.3, 0.3, of=lambda x, labels: F.cross_entropy(x, labels, reduction="none")),
    ],
}
NO_GRADIENT = (
    "The number is right, but backward() would not reach all three outputs: something like "
    ".item(), .detach() or torch.no_grad() cuts the way back."
)


def loss_mistake(answer: object) -> str:
    """Compare on two batches, then ask for the gradients."""
    batches = [batch(8), batch(3)]
    hint = compare(answer, loss, [Case(inputs) for inputs in batches], MISTAKES)
    return hint or ("" if trains(answer, batches[0]) else NO_GRADIENT)


def batch(images: int) -> tuple[Tensor, ...]:
    """Return three sets of logits (N, 10) and labels (N,)."""
    logits = [(3 * torch.randn(images, 10)).requires_grad_() for _ in range(3)]
    return (*logits, torch.randint(10, (images,)))


def trains(answer: Callable[..., Tensor], inputs: tuple[Tensor, ...]) -> bool:
    """Tell whether the loss has a gradient for each of the three outputs."""
    result = call(answer, *inputs)
    if not (isinstance(result, Tensor) and result.requires_grad):
        return False
    gradients = torch.autograd.grad(result, inputs[:3], allow_unused=True)
    return all(gradient is not None for gradient in gradients)
