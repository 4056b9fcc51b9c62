"""Every plot of the course, a subject or a few a file.

A figure function takes what was recorded or measured, or the paper's data: it draws, and neither
trains nor runs anything, nor asks whether a record is current. It returns a ``Picture``: what it
drew, one line of the data it drew, and a description for those who cannot see it, all three from
the same numbers. Letters and lines get their style from ``seminar.mplstyle``; matplotlib's global
state stays as it is.

The file of a figure is loaded when it is drawn, and matplotlib with the first of them. What shows
no data is drawn by hand, in an SVG file of the folder ``drawings``: ``drawing("fable")`` shows it.
"""

from seminar_utils import on_demand

FILES = {
    "choices": "net_choice",
    "class_maps": "activation_maps",
    "columns": "head_effects shortcut_options weight_effects width_and_errors",
    "costs": "branch_bars error_against_cost growth savings",
    "explanations": "condition_numbers errors_without_blocks gradient_similarity",
    "googlenet": "architecture branches",
    "gradients": "gradient_cells gradients_by_layer",
    "guessing": "guesses",
    "images": "channels gallery maps mistakes pixel_histograms",
    "layers": "correlation_by_distance distance_to_identity layer_responses receptive_fields",
    "live": "watch",
    "published": "figure_1 figure_4 table_2",
    "svg": "drawing",
    "twins": "depth_series end_points training_curves",
}
__getattr__, __dir__, __all__ = on_demand(__name__, FILES)
