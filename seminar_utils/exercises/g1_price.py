"""G-1: what a convolution costs."""

from seminar_utils.exercises.by_function import Case, FunctionExercise


def multiply_adds(in_channels: int, out_channels: int, kernel: int, height: int, width: int) -> int:
    """Return what a "same" convolution at stride 1 costs for one image."""
    weights = in_channels * out_channels * kernel**2
    return weights * height * width  # each weight works once at every position


def _mistakes(i: int, o: int, k: int, h: int, w: int) -> dict[str, list[int]]:
    """Return wrong prices, from i(n) and o(ut) channels, k(ernel), h(eight), w(idth)."""
    right = i * o * k**2 * h * w
    return {
        "This is twice the number: the paper counts a multiplication with its addition once.": [
            2 * right,
            (2 * i * k**2 - 1) * o * h * w,
        ],
        "The kernel counts squared: a 5x5 has 25 weights for each channel, not 5.": [right // k],
        "This is the number of weights: each of them works again at every position.": [
            i * o * k**2,
            i * o * k**2 + o,
        ],
        "You counted the bias: it is added without a multiplication.": [
            right + o * h * w,
            right + o,
        ],
        "in_channels is missing: every filter reads all input channels.": [o * k**2 * h * w],
        "out_channels is missing: this is the price of one filter.": [i * k**2 * h * w],
        "One number of channels stands there twice.": [right // o * i, right // i * o],
        "A feature map need not be square: take height x width.": [right // w * h, right // h * w],
        'Your feature map shrinks at the border: "same" means that it stays height x width.': [
            i * o * k**2 * (h - k + 1) * (w - k + 1)
        ],
    }


EXERCISE = FunctionExercise(
    begin="Begin with a single number of the output: how many numbers does one filter read "
    "for it? Then count the numbers of the output, and return the product.",
    right="the price grows with the kernel squared, so a 5x5 costs 25 times as much as a 1x1 "
    "with the same channels; that is why Inception reduces the channels first.",
    solution=multiply_adds,
    # Two different convolutions; in the first all five numbers are odd primes.
    cases=lambda: [Case((3, 7, 5, 11, 13)), Case((480, 16, 1, 14, 14))],
    mistakes=_mistakes,
)
