"""G-2: what the 5x5 branch of Inception (4a) costs (Szegedy et al. 2015, Table 1)."""

from seminar_utils.exercises.exercise import Exercise
from seminar_utils.exercises.g1_price import multiply_adds


def five_by_five_branch() -> int:
    """Return the multiply-adds of the 5x5 branch of Inception (4a), Table 1."""
    reduction = multiply_adds(480, 16, 1, 14, 14)
    return reduction + multiply_adds(16, 48, 5, 14, 14)


_WITH_BIASES = 5_281_024  # too close to the right number to be told from a rounded one
_MISTAKES = {
    112_896_000: "This is a 5x5 that reads all 480 channels: in (4a) a 1x1 comes first, so that it "
    "reads 16.",
    3_763_200: "This is the 5x5 without its reduction: the 1x1 from 480 to 16 channels has a price "
    "of its own.",
    1_505_280: "This is the reduction alone: add the 5x5 from 16 to 48 channels.",
    21_073_920: "This is the price at 28 x 28 pixels: a pool before (4a) leaves 14 x 14 of them.",
    2_860_032: "This is the price with a 3x3 in the place of the 5x5, as torchvision's GoogLeNet "
    "has it; the paper has a 5x5.",
    26_880: "These are the parameters: each weight works at every one of the 14 x 14 positions.",
    10_536_960: "This is twice the number: count a multiplication with its addition once.",
}


def _find_mistake(answer: object) -> str:
    """Compare with numbers; 1 % off counts as rounded."""
    try:
        number = float(answer)
    except (TypeError, ValueError):
        return "Hand over one number: how many multiply-adds the branch needs for one image."

    def is_near(other: float) -> bool:
        return abs(number - other) < 0.01 * other

    right = five_by_five_branch()
    if number == _WITH_BIASES:
        return "You added the biases of both convolutions: they multiply nothing, leave them out."
    if is_near(right):
        return ""
    if is_near(right / 1e6):
        return "The digits are right; the unit is one multiply-add, not a million of them."
    for wrong, hint in _MISTAKES.items():
        if is_near(wrong):
            return hint
    return (
        f"Yours is {number:,.10g}. For an input of 480 x 14 x 14 add the price of the 1x1 to 16 "
        "channels and that of the 5x5 to 48 channels."
    )


EXERCISE = Exercise(
    begin="Begin with the row of Inception (4a) in Table 1: which two convolutions are in this "
    "branch, and what does your function of G-1 say of each, at 14 x 14 pixels?",
    right="5,268,480 multiply-adds, 1,505,280 of them for the reduction. Without it the 5x5 "
    "would cost 112,896,000, 21 times as much.",
    solution=five_by_five_branch,
    find_mistake=_find_mistake,
)
