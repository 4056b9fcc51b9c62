"""The exercises on ResNet: a block, a shortcut, and three nets that carry a mistake.

He et al.: "Deep Residual Learning for Image Recognition", arXiv 1512.03385.
"""

from seminar_utils.exercises import (
    lost_statistics,
    missing_stride,
    option_a,
    residual,
    wrong_shortcut,
)
from seminar_utils.exercises.exercise import Exercise

__all__ = ["EXERCISES"]

EXERCISES = {
    "R-1": Exercise(
        begin="Begin with F alone: a 3x3 from 16 to 16 channels, batch norm, ReLU, a second 3x3, "
        "batch norm. Then ask what forward still has x for.",
        right="4,672 parameters, as many as without the shortcut: the addition has none. Where "
        "F(x) is 0 the block returns relu(x), and that is x if it comes from a ReLU.",
        solution=residual.ResidualBlock,
        find_mistake=residual.block_mistake,
    ),
    "R-2": Exercise(
        begin="Begin with every second pixel: x[:, :, ::2, ::2] is (N, C, H/2, W/2). How many "
        "channels are missing then, and what does F.pad do?",
        right="there is nothing to learn and nothing to multiply, so that with option A a residual "
        "net has as many parameters as the plain net: 269,722 with 20 layers.",
        solution=option_a.shortcut_a,
        find_mistake=option_a.shortcut_mistake,
    ),
    "R-3": Exercise(
        begin='Begin with exercises.puzzle("R-3") and one image, (1, 3, 32, 32): print the shape '
        "behind each stage, then behind each layer of the first one that is too large.",
        right="as many parameters as in the paper, but 118,407,808 multiply-adds in place of "
        "40,551,040. A count of parameters does not see a stride.",
        solution=missing_stride.first_large_map,
        find_mistake=missing_stride.stride_mistake,
        net=missing_stride.net_without_a_stride,
    ),
    "R-4": Exercise(
        begin='Begin with a block of exercises.puzzle("R-4"): with bn2.weight at zero F(x) is 0. '
        "What should the block return then, and does it?",
        right="its shortcut starts behind the first convolution, so that x itself is lost. "
        "Parameters, shapes and names are right: only what the block computes gives it away.",
        solution=wrong_shortcut.block_that_loses_x,
        find_mistake=wrong_shortcut.place_mistake,
        net=wrong_shortcut.net_with_a_wrong_shortcut,
    ),
    "R-5": Exercise(
        begin='Begin with exercises.puzzle("R-5"): give it a batch, then load its state_dict() '
        "into a second one. Do both answer alike after eval()? What is in the state dict?",
        right="its running statistics are plain attributes and not buffers, so they are not saved. "
        "No error tells you: loaded, the net starts again from mean 0 and variance 1.",
        solution=lost_statistics.forgetful_layer,
        find_mistake=lost_statistics.saving_mistake,
        net=lost_statistics.net_that_forgets,
    ),
}
