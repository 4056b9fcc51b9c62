"""Every plot of the course, one subject a file.

A figure function returns a ``Picture``: what it drew, one line of the data it drew, and a
description for those who cannot see it, all three from the same numbers. Nothing here touches
matplotlib's global state.
"""

from seminar_utils.figures.curves import figure_1, figure_4
from seminar_utils.figures.fable import fable
from seminar_utils.figures.nets import architecture
from seminar_utils.figures.residual import distance_to_identity, zero_padding
from seminar_utils.figures.table2 import table_2
from seminar_utils.figures.twins import end_points, training_curves

__all__ = [
    "architecture",
    "distance_to_identity",
    "end_points",
    "fable",
    "figure_1",
    "figure_4",
    "table_2",
    "training_curves",
    "zero_padding",
]
