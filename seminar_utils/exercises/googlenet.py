"""The exercises on GoogLeNet, from a price to a module; each file named here holds one solution.

Szegedy et al.: "Going Deeper with Convolutions", CVPR 2015.
"""

from seminar_utils.exercises import inception, pooling, price, training_loss
from seminar_utils.exercises.exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES = {
    "G-1": Exercise(
        begin="Begin with a single number of the output: how many numbers does one filter read "
        "for it? Then count the numbers of the output, and return the product.",
        right="the price grows with the kernel squared, so a 5x5 costs 25 times as much as a 1x1 "
        "with the same channels; that is why Inception reduces the channels first.",
        solution=price.multiply_adds,
        find_mistake=price.price_mistake,
    ),
    "G-2": Exercise(
        begin="Begin with the row of Inception (4a) in Table 1: which two convolutions are in this "
        "branch, and what does your function of G-1 say of each, at 14 x 14 pixels?",
        right="5,268,480 multiply-adds, 1,505,280 of them for the reduction. Without it the 5x5 "
        "would cost 112,896,000, 21 times as much.",
        solution=price.five_by_five_branch,
        find_mistake=price.branch_mistake,
    ),
    "G-3": Exercise(
        begin="Begin with the two axes that have to go: x is (N, C, H, W), and what you return is "
        "(N, C).",
        right="one number for each channel, at any size and without a single weight. In the paper "
        "top-1 accuracy rose by about 0.6 % when this took the place of fully connected layers.",
        solution=pooling.global_average_pool,
        find_mistake=pooling.pool_mistake,
    ),
    "G-4": Exercise(
        begin="Begin with F.cross_entropy(logits, labels), the main loss; then add what Sec. 5 of "
        "the paper says of the two heads, and return the sum.",
        right="the heads are there to send a gradient into the middle of the net while it learns; "
        "afterwards they are thrown away, and the main classifier decides alone.",
        solution=training_loss.loss,
        find_mistake=training_loss.loss_mistake,
    ),
    "G-5": Exercise(
        begin="Begin with the simplest of the four branches, nn.Conv2d(192, 64, 1) with ReLU. "
        "Every branch starts from x, and forward returns all four, joined with torch.cat.",
        right="64 + 128 + 32 + 32 = 256 channels from 163,696 parameters (368 less without "
        "biases). Without the two reductions it would be 393,472.",
        solution=inception.Inception3a,
        find_mistake=inception.module_mistake,
    ),
}
