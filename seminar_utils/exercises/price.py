"""G-1 and G-2: what a convolution costs, and a branch of an Inception module.

Szegedy et al.: "Going Deeper with Convolutions", CVPR 2015, Table 1.
"""

from seminar_utils.exercises.exercise import Case, compare

__all__ = ["branch_mistake", "five_by_five_branch", "multiply_adds", "price_mistake"]


def multiply_adds(in_channels: int, out_channels: int, kernel: int, height: int, width: int) -> int:
    """Return what a "same" convolution at stride 1 costs for one image."""
    weights = in_channels * out_channels * kernel**2
    return weights * height * width  # each weight works once at every position


# In each line: i(n) and o(ut) channels, k(ernel), h(eight), w(idth).
PRICE_MISTAKES = {
    "This is twice the number: you counted multiplications and additions apart; the paper counts "
    "a multiply-add once.": [
        lambda i, o, k, h, w: 2 * i * o * k**2 * h * w,
        lambda i, o, k, h, w: (2 * i * k**2 - 1) * o * h * w,
    ],
    "The kernel counts squared: a 5x5 has 25 weights for each channel, not 5.": [
        lambda i, o, k, h, w: i * o * k * h * w,
    ],
    "This is the number of weights: each of them is used again at every one of the "
    "height x width positions.": [
        lambda i, o, k, h, w: i * o * k**2,
        lambda i, o, k, h, w: i * o * k**2 + o,
    ],
    "You counted the bias, too: it is added without a multiplication, so leave it out.": [
        lambda i, o, k, h, w: (i * k**2 + 1) * o * h * w,
        lambda i, o, k, h, w: i * o * k**2 * h * w + o,
    ],
    "in_channels is missing: every filter reads all input channels, not only one.": [
        lambda i, o, k, h, w: o * k**2 * h * w,
    ],
    "out_channels is missing: this is the price of one filter, or of a depthwise convolution, "
    "in which a filter reads one channel. Here there are out_channels filters.": [
        lambda i, o, k, h, w: i * k**2 * h * w,
    ],
    "One number of channels stands there twice: in_channels says what a filter reads, "
    "out_channels how many filters there are.": [
        lambda i, o, k, h, w: i * i * k**2 * h * w,
        lambda i, o, k, h, w: o * o * k**2 * h * w,
    ],
    "A map need not be square: take height x width.": [
        lambda i, o, k, h, w: i * o * k**2 * h * h,
        lambda i, o, k, h, w: i * o * k**2 * w * w,
    ],
    'Your map shrinks at the border: "same" means padded, so that it stays height x width.': [
        lambda i, o, k, h, w: i * o * k**2 * (h - k + 1) * (w - k + 1),
    ],
}


def price_mistake(answer: object) -> str:
    """Compare on two different convolutions; in the first all five numbers are odd primes."""
    cases = [Case((3, 7, 5, 11, 13)), Case((480, 16, 1, 14, 14))]
    return compare(answer, multiply_adds, cases, PRICE_MISTAKES)


def five_by_five_branch() -> int:
    """Return the multiply-adds of the 5x5 branch of Inception (4a), Table 1."""
    reduction = multiply_adds(480, 16, 1, 14, 14)
    return reduction + multiply_adds(16, 48, 5, 14, 14)


WITH_BIASES = 5_281_024  # too close to the right number to be told from a rounded one
BRANCH_MISTAKES = {
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


def branch_mistake(answer: object) -> str:
    """Compare with numbers; 1 % off counts as rounded."""
    try:
        number = float(answer)
    except (TypeError, ValueError):
        return "Hand over one number: how many multiply-adds the branch needs for one image."

    def is_near(other: float) -> bool:
        return abs(number - other) < 0.01 * other

    right = five_by_five_branch()
    if number == WITH_BIASES:
        return "You added the biases of both convolutions: they multiply nothing, leave them out."
    if is_near(right):
        return ""
    if is_near(right / 1e6):
        return "The digits are right; the unit is one multiply-add, not a million of them."
    for wrong, hint in BRANCH_MISTAKES.items():
        if is_near(wrong):
            return hint
    return (
        f"Yours is {number:,.10g}. For an input of 480 x 14 x 14 add the price of the 1x1 to 16 "
        "channels and that of the 5x5 to 48 channels."
    )
