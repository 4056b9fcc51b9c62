"""G-3: maps whose mean is the logit (Zhou et al. 2016, Sec. 2, who leave the bias out)."""

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.exercises.by_function import Case, FunctionExercise


def class_maps(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """(N, C, H, W), (K, C) and (K,) -> (N, K, H, W): the score of each place for each class."""
    scores = torch.einsum("nchw,kc->nkhw", features, weight)
    return scores + bias[:, None, None]  # the mean of a constant is the constant


def _mistakes(features: Tensor, weight: Tensor, bias: Tensor) -> dict[str, list[Tensor]]:
    scores = torch.einsum("nchw,kc->nkhw", features, weight)
    each = bias[:, None, None]
    places = scores[0, 0].numel()
    logits = F.linear(features.mean((2, 3)), weight, bias)
    return {
        "The bias is missing: the mean of your maps is the logit without it.": [scores],
        "You divided the bias by the number of places: add all of it at each place.": [
            scores + each / places
        ],
        "You divided by the number of places: that is what the mean does afterwards.": [
            scores / places,
            scores / places + each,
            (scores + each) / places,
        ],
        "You averaged before the linear layer: apply the linear layer at each place instead.": [
            logits,
            logits[..., None, None],
            logits[..., None, None].expand_as(scores),
        ],
        "This is a softmax over the classes: the logits are the values before it.": [
            scores.softmax(1),
            (scores + each).softmax(1),
        ],
        "A negative score is evidence against a class: keep it, or else the mean changes.": [
            scores.relu(),
            scores.relu() + each,
            (scores + each).relu(),
        ],
    }


def _cases() -> list[Case]:
    """Return feature maps of the paper's 7 x 7 places, one image, and another size."""
    one = "Right until a batch has one image: squeeze(), say, removes that axis, too."
    wide = "Right at 7 x 7 places, not at 4 x 6: use the feature maps' own height and width."
    exact = {"dtype": torch.float64}  # rounding is no mistake, even where a score is near zero
    layer = torch.randn(5, 3, **exact), torch.randn(5, **exact)
    sizes = {(2, 3, 7, 7): "", (1, 3, 7, 7): one, (2, 3, 4, 6): wide}
    return [Case((torch.randn(size, **exact), *layer), hint) for size, hint in sizes.items()]


EXERCISE = FunctionExercise(
    begin="Begin with the einsum of section 7, (N, C, H, W) -> (N, K, H, W). Then ask which "
    "number, added at every place, raises the mean by the bias.",
    right="maps and logits hold the same evidence, by place and in one number. It works because "
    "nothing but a mean stands between them: global average pooling and one linear layer.",
    solution=class_maps,
    cases=_cases,
    mistakes=_mistakes,
)
