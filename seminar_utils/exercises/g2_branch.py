"""G-2: what the 5x5 branch of Inception (4a) costs (Szegedy et al. 2015, Table 1)."""

from typing import ClassVar

from seminar_utils.exercises.exercise import Exercise
from seminar_utils.exercises.g1_price import multiply_adds
from seminar_utils.language import tr

WITH_BIASES = 5_281_024  # too close to the right number to be told from a rounded one
MISTAKES = {
    112_896_000: "This is a 5x5 that reads all 480 channels: in (4a) a 1x1 reduces them to 16.",
    3_763_200: "This is the 5x5 without its reduction: the 1x1 from 480 to 16 has a price, too.",
    1_505_280: "This is the reduction alone: add the 5x5 from 16 to 48 channels.",
    21_073_920: "This is the price at 28 x 28 pixels: a pool before (4a) leaves 14 x 14 of them.",
    2_860_032: "This is a 3x3 instead of the 5x5, as torchvision has it; the paper has a 5x5.",
    26_880: "These are the parameters: each weight works at every one of the 14 x 14 positions.",
    10_536_960: "This is twice the number: count a multiplication with its addition once.",
    5.26848: "The digits are right; the unit is one multiply-add, not a million of them.",
}


def five_by_five_branch() -> int:
    """Return the multiply-adds of the 5x5 branch of Inception (4a), Table 1."""
    reduction = multiply_adds(480, 16, 1, 14, 14)
    return reduction + multiply_adds(16, 48, 5, 14, 14)


class _Number(Exercise):
    """The answer is a number; 1 % off counts as rounded."""

    takes: ClassVar[str] = "Give one number: how many multiply-adds the branch needs for an image."

    def find_mistake(self, answer: object) -> str:
        """Compare with the right number and those of known mistakes."""
        try:
            number = float(answer)
        except (TypeError, ValueError):
            return self.takes
        if number == WITH_BIASES:
            return "You added the biases of both convolutions: they multiply nothing."
        for known, hint in {self.solution(): "", **MISTAKES}.items():
            if abs(number - known) < 0.01 * known:
                return hint
        return tr(
            "Yours is {number:,.10g}. Add the price of the 1x1 to that of the 5x5.", number=number
        )


EXERCISE = _Number(
    begin="Begin with the row of Inception (4a) in Table 1: which two convolutions are in this "
    "branch, and what does your function of G-1 say of each, at 14 x 14 pixels?",
    right="5,268,480 multiply-adds, 1,505,280 of them for the reduction. Without it the 5x5 "
    "would cost 112,896,000, 21 times as much.",
    solution=five_by_five_branch,
)
