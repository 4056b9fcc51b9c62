"""Every plot of the course, a subject or a few a file.

A figure function takes what was recorded or measured, or the paper's data: it draws, and neither
trains nor runs anything, nor asks whether a record is current. It returns a ``Picture``: what it
drew, one line of the data it drew, and a description for those who cannot see it, all three from
the same numbers. Letters and lines get their style from ``picture.STYLE``, and nothing here changes
matplotlib's global state.
"""

from seminar_utils.figures.activation_maps import activation_maps
from seminar_utils.figures.choices import net_choice
from seminar_utils.figures.columns import (
    head_effects,
    shortcut_options,
    weight_effects,
    width_and_errors,
)
from seminar_utils.figures.costs import error_against_cost, growth, savings
from seminar_utils.figures.drawings import block_sketch, fable, two_kinds, whole_net
from seminar_utils.figures.explanations import (
    condition_numbers,
    errors_without_blocks,
    gradient_similarity,
)
from seminar_utils.figures.gallery import channels, gallery, maps, mistakes, pixel_histograms
from seminar_utils.figures.gradients import gradient_cells, gradients_by_layer
from seminar_utils.figures.guesses import guesses
from seminar_utils.figures.ideas import nested_classes, where_it_went
from seminar_utils.figures.layers import (
    correlation_by_distance,
    distance_to_identity,
    layer_responses,
    receptive_fields,
)
from seminar_utils.figures.modules import branch_bars, branches
from seminar_utils.figures.nets import architecture
from seminar_utils.figures.published import figure_1, figure_4, table_2
from seminar_utils.figures.twins import depth_series, end_points, training_curves
from seminar_utils.figures.watch import watch
