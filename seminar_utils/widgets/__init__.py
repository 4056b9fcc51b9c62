"""Sliders and lists above pictures that follow them."""

from seminar_utils.widgets.maps import where_it_looks
from seminar_utils.widgets.nets import (
    Controlled,
    branch_explorer,
    curve_reader,
    gradients_at_start,
    net_explorer,
)

__all__ = [
    "Controlled",
    "branch_explorer",
    "curve_reader",
    "gradients_at_start",
    "net_explorer",
    "where_it_looks",
]
