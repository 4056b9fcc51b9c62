"""The papers: their printed numbers, their curves, and what the seminar says of them."""

from seminar_utils.paper.curves import Curve, curve, curves, layer_responses
from seminar_utils.paper.tables import (
    googlenet_table1,
    googlenet_table3,
    layer_list,
    resnet_table,
    resnet_table1,
)
