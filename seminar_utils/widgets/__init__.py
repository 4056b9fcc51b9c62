"""Sliders and lists above pictures that follow them."""

from seminar_utils import on_demand

FILES = {"maps": "where_it_looks", "nets": "branch_explorer net_explorer"}
__getattr__, __dir__, __all__ = on_demand(__name__, FILES)
