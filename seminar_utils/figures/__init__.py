"""Every plot of the course, one subject a file.

A figure function returns a ``Picture``: what it drew, one line of the data it drew, and a
description for those who cannot see it, all three from the same numbers. Nothing here touches
matplotlib's global state.
"""

from seminar_utils.figures.choices import net_choice
from seminar_utils.figures.classroom import live_loss, mistakes
from seminar_utils.figures.correlation import correlation_by_distance
from seminar_utils.figures.costs import error_against_cost, growth, savings
from seminar_utils.figures.curves import figure_1, figure_4
from seminar_utils.figures.depths import depth_series
from seminar_utils.figures.explanations import (
    condition_numbers,
    errors_without_blocks,
    gradient_similarity,
)
from seminar_utils.figures.explorer import branch_bars
from seminar_utils.figures.fable import fable
from seminar_utils.figures.gallery import gallery, maps
from seminar_utils.figures.gradients import gradient_cells
from seminar_utils.figures.heads import gradients_by_layer, head_effects, weight_effects
from seminar_utils.figures.histograms import pixel_histograms
from seminar_utils.figures.modules import branches
from seminar_utils.figures.nets import architecture
from seminar_utils.figures.options import shortcut_options
from seminar_utils.figures.receptive import receptive_fields
from seminar_utils.figures.residual import distance_to_identity, residual_shares, zero_padding
from seminar_utils.figures.responses import layer_responses
from seminar_utils.figures.sketch import block_sketch
from seminar_utils.figures.table2 import table_2
from seminar_utils.figures.twins import end_points, training_curves
from seminar_utils.figures.widths import width_and_errors

__all__ = [
    "architecture",
    "block_sketch",
    "branch_bars",
    "branches",
    "condition_numbers",
    "correlation_by_distance",
    "depth_series",
    "distance_to_identity",
    "end_points",
    "error_against_cost",
    "errors_without_blocks",
    "fable",
    "figure_1",
    "figure_4",
    "gallery",
    "gradient_cells",
    "gradient_similarity",
    "gradients_by_layer",
    "growth",
    "head_effects",
    "layer_responses",
    "live_loss",
    "maps",
    "mistakes",
    "net_choice",
    "pixel_histograms",
    "receptive_fields",
    "residual_shares",
    "savings",
    "shortcut_options",
    "table_2",
    "training_curves",
    "weight_effects",
    "width_and_errors",
    "zero_padding",
]
