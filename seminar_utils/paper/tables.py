"""The published numbers of the two papers, as data: figures, tables, layer lists.

GoogLeNet is Szegedy et al., "Going Deeper with Convolutions" (CVPR 2015); ResNet is He et al.,
"Deep Residual Learning for Image Recognition" (arXiv 1512.03385v1, 2015). What is called printed
stands in the paper, what is called computed follows from its architecture; a blank is None.
How each file came about and how exact it is: data/paper/README.md.
"""

from types import SimpleNamespace

from seminar_utils.files import read_rows
from seminar_utils.paper.curves import require

__all__ = [
    "FILTERS",
    "googlenet_table1",
    "googlenet_table3",
    "layer_list",
    "resnet_table",
    "resnet_table1",
]

FILTERS = ("#1x1", "#3x3 reduce", "#3x3", "#5x5 reduce", "#5x5", "pool proj")  # of Table 1


def googlenet_table1() -> tuple[SimpleNamespace, ...]:
    """Return GoogLeNet's Table 1 row by row, as printed and as computed from its own columns.

    type; patch_size ("7x7"); stride; output_size (H, W, C); depth, the layers with parameters;
    filters, the six columns from #1x1 to pool proj; printed_params in K (the paper does not say
    whether 1,000 or 1,024: 1,024 fits); printed_ops in 10^6 multiply-adds; computed_params,
    computed_weights, computed_biases and computed_macs (multiply-adds).
    """
    table = []
    for row in read_rows("paper/googlenet_table1.csv"):
        patch_size, _, stride = row["patch size/stride"].partition("/")
        computed = {name: _value(text) for name, text in row.items() if "computed" in name}
        found = SimpleNamespace(
            type=row["type"],
            patch_size=patch_size or None,
            stride=_value(stride),
            output_size=tuple(map(int, row["output size"].split("x"))),
            depth=int(row["depth"]),
            filters=tuple(_value(row[column]) for column in FILTERS),
            printed_params=_value(row["params"].removesuffix("K")),
            printed_ops=_value(row["ops"].removesuffix("M")),
            **computed,
        )
        table.append(found)
    return tuple(table)


def googlenet_table3() -> tuple[SimpleNamespace, ...]:
    """Return GoogLeNet's Table 3, the top-5 validation error with more models and crops.

    models; crops; cost, their product; printed_error_percent; printed_difference in points against
    the first row, of which the last is not what the errors give, and computed_difference.
    """
    return _rows("googlenet_table3")


def resnet_table1() -> tuple[SimpleNamespace, ...]:
    """Return ResNet's Table 1: what the five ImageNet nets cost.

    layers; printed_flops (multiply-adds); computed_macs_a and _b, computed_params_a and _b with
    shortcuts of options A and B; shortcuts; projections_in_b, those that are 1x1 convolutions.
    Computed with the stride of a bottleneck in its first 1x1 convolution; parameters count
    convolutions, batch norm and the linear layer.
    """
    return _rows("resnet_table1_flops")


def resnet_table(number: int) -> dict[str, dict[str, float | None]]:
    """Return ResNet's Table 2, 3, 4, 5 or 6 as table[row][column].

    Errors are in %, parameters in millions; names of rows and columns are close to the paper's
    (``resnet_table(2)["34 layers"]["ResNet top-1 err."]`` is 25.03).

    Raises:
        ValueError: another table.
    """
    rows = _rows("resnet_tables") + _rows("resnet_table5")
    require("ResNet table", number, sorted({row.table for row in rows}))
    table: dict[str, dict[str, float | None]] = {}
    for row in rows:
        if row.table == number:
            table.setdefault(row.row, {})[row.column] = row.value
    return table


def layer_list(network: str) -> tuple[SimpleNamespace, ...]:
    """Return the layers of "AlexNet" or "VGG-16" from input to output.

    network; layer ("conv1"); kind ("convolution", "local response norm", "max pool" or "linear");
    kernel, stride, padding and groups; in_channels and out_channels; in_size and out_size, sides of
    square maps in pixels (a linear layer has 1 and flattened in_channels); parameters, weights and
    biases; multiply_adds of convolutions and linear layers.

    Raises:
        ValueError: another net.

    Sources: Krizhevsky et al. 2012 (two groups, input 227x227); Simonyan and Zisserman 2015,
    configuration D (input 224x224).
    """
    rows = _rows("layer_lists")
    require("layer list", network, [row.network for row in rows])
    return tuple(row for row in rows if row.network == network)


def _rows(file: str) -> tuple[SimpleNamespace, ...]:
    rows = read_rows(f"paper/{file}.csv")
    values = ({column: _value(text) for column, text in row.items()} for row in rows)
    return tuple(SimpleNamespace(**row) for row in values)


def _value(text: str) -> int | float | str | None:
    """Turn a cell into what it says: None for a blank or NA, a number, or its text."""
    if text in ("", "NA"):
        return None
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
