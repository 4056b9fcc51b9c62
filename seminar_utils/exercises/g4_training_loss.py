"""G-4: the loss of a net with two auxiliary heads (Szegedy et al. 2015, Sec. 5)."""

from collections.abc import Callable
from functools import partial
from itertools import product

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.by_function import Case, FunctionExercise
from seminar_utils.language import tr


def loss(logits: Tensor, head_4a: Tensor, head_4d: Tensor, labels: Tensor) -> Tensor:
    """Return the main loss plus 0.3 of each head's."""
    main = F.cross_entropy(logits, labels)
    heads = F.cross_entropy(head_4a, labels) + F.cross_entropy(head_4d, labels)
    return main + 0.3 * heads


def _mistakes(*outputs_and_labels: Tensor) -> dict[str, list[Tensor]]:
    """Return wrong losses; m, a and d are those of main classifier, head 4a and head 4d."""
    *outputs, labels = outputs_and_labels
    m, a, d = (F.cross_entropy(x, labels) for x in outputs)
    main, *heads = outputs
    heads_added = F.cross_entropy(sum(heads), labels)

    def right_but(one_loss: Callable[..., Tensor]) -> Tensor:
        main, *heads = (one_loss(x, labels) for x in outputs)
        return main + 0.3 * sum(heads)

    other_weights = (0.1, 0.15, 0.2, 0.25, 0.33, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    some = [flags for flags in product([False, True], repeat=3) if any(flags)]
    return {
        "There is a softmax too many: F.cross_entropy takes logits and does the softmax itself.": [
            loss(*(x.softmax(1) if f else x for x, f in zip(outputs, flags, strict=True)), labels)
            for flags in some
        ]
        + [F.cross_entropy(main.softmax(1), labels) + 0.3 * heads_added],  # as the notebook has it
        "You added the logits: add the losses of the three outputs instead.": [
            F.cross_entropy(main + weight * sum(heads), labels) for weight in (0.3, *other_weights)
        ]
        + [m + 0.3 * heads_added],
        **{
            tr("Each head has the weight {weight} here: the paper takes 0.3.", weight=weight): [
                m + weight * (a + d)
            ]
            for weight in other_weights
        },
        "The 0.3 is for the heads alone: the main loss counts in full.": [
            0.3 * (m + a + d),
            0.3 * m + a + d,
        ],
        "One head is missing: 4a and 4d both add 0.3 of their loss.": [m + 0.3 * a, m + 0.3 * d],
        "This is the main loss alone: add 0.3 of the loss of each head.": [m],
        "You divided the sum: the paper adds the three losses without taking a mean.": [
            (m + a + d) / 3,
            (m + 0.3 * (a + d)) / 3,
            (m + 0.3 * (a + d)) / 1.6,
        ],
        "A softmax is missing: F.nll_loss takes logarithms of probabilities.": [
            right_but(F.nll_loss)
        ],
        "You added up the images: take their mean, which does not grow with the batch.": [
            right_but(partial(F.cross_entropy, reduction="sum"))
        ],
        "One loss for each image is left: training needs a single number, their mean.": [
            right_but(partial(F.cross_entropy, reduction="none"))
        ],
    }


def _batch(images: int) -> Case:
    """Return three sets of logits (N, 10) and labels (N,)."""
    logits = (3 * torch.randn(images, 10) for _ in range(3))
    return Case((*logits, torch.randint(10, (images,))))


EXERCISE = FunctionExercise(
    begin="Begin with what F.cross_entropy expects: look at each of its arguments and ask whether "
    "it is the logits of one output.",
    right="a second softmax keeps the loss from ever getting near zero, and with added logits a "
    "head that is right hides the mistakes of the other: each output needs its own loss.",
    solution=loss,
    cases=lambda: [_batch(8), _batch(3)],
    mistakes=_mistakes,
    trains="The loss has weights of its own: it should depend on the three outputs alone.",
)
