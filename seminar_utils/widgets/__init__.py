"""Sliders and lists above pictures that follow them."""

from seminar_utils.widgets.maps import where_it_looks
from seminar_utils.widgets.nets import branch_explorer, net_explorer

__all__ = ["branch_explorer", "net_explorer", "where_it_looks"]
