"""The published numbers of the two papers, as data: figures, tables, layer lists.

GoogLeNet is Szegedy et al., "Going Deeper with Convolutions" (CVPR 2015); ResNet is He et al.,
"Deep Residual Learning for Image Recognition" (arXiv 1512.03385v1, 2015). Fields named `printed`
say what the paper says, those named `computed` what follows from its architecture; a blank is None.
How each file came about and how exact it is: data/paper/README.md.
"""

from dataclasses import dataclass

from seminar_utils.files import read_rows
from seminar_utils.paper.curves import require

__all__ = [
    "GoogLeNetTable1Row",
    "GoogLeNetTable2Row",
    "GoogLeNetTable3Row",
    "LayerRow",
    "ResNetTable1Row",
    "googlenet_table1",
    "googlenet_table2",
    "googlenet_table3",
    "layer_list",
    "resnet_table",
    "resnet_table1",
]


@dataclass(frozen=True)
class GoogLeNetTable1Row:
    """One row of GoogLeNet's Table 1; filters are numbers of output channels."""

    type: str
    patch_size: str | None  # "7x7"
    stride: int | None
    output_size: tuple[int, int, int]  # (H, W, C)
    depth: int  # layers with parameters
    conv1x1: int | None
    reduce3x3: int | None
    conv3x3: int | None
    reduce5x5: int | None
    conv5x5: int | None
    pool_proj: int | None
    printed_params: float | None  # K; the paper does not say whether 1,000 or 1,024 (1,024 fits)
    printed_ops: float | None  # M = 10^6 multiply-adds
    computed_params: int | None
    computed_weights: int | None
    computed_biases: int | None
    computed_macs: int | None  # multiply-adds


@dataclass(frozen=True)
class GoogLeNetTable2Row:
    """One entry of GoogLeNet's Table 2, classification at ILSVRC."""

    team: str
    year: int
    place: str  # "1st"
    printed_error_percent: float  # top-5
    external_data: str  # "no" or the name of the data


@dataclass(frozen=True)
class GoogLeNetTable3Row:
    """One row of GoogLeNet's Table 3, the gain from more models and crops."""

    models: int
    crops: int
    cost: int  # models x crops
    printed_error_percent: float  # top-5, validation
    printed_difference: float | None  # points against the first row
    computed_difference: float | None


@dataclass(frozen=True)
class ResNetTable1Row:
    """One column of ResNet's Table 1, with what its architecture costs (a, b: shortcut options).

    Computed with the stride of a bottleneck in its first 1x1 convolution; parameters count
    convolutions, batch norm and the linear layer.
    """

    layers: int
    printed_flops: float  # the paper's FLOPs are multiply-adds
    computed_macs_a: int  # multiply-adds
    computed_macs_b: int
    computed_params_a: int
    computed_params_b: int
    shortcuts: int
    projections_in_b: int  # shortcuts that are 1x1 convolutions


@dataclass(frozen=True)
class LayerRow:
    """One layer of AlexNet or VGG-16; parameters and multiply-adds are computed.

    Sizes are the side of a square map in pixels; a linear layer has 1 and flattened in_channels.
    """

    network: str
    layer: str  # "conv1"
    kind: str  # "convolution" | "local response norm" | "max pool" | "linear"
    kernel: int | None
    stride: int | None
    padding: int | None
    groups: int | None
    in_channels: int
    out_channels: int
    in_size: int
    out_size: int
    parameters: int  # weights and biases
    multiply_adds: int  # of convolutions and linear layers


def googlenet_table1() -> tuple[GoogLeNetTable1Row, ...]:
    """Return GoogLeNet's Table 1 row by row, as printed and as computed from its own columns."""
    return tuple(_table1_row(row) for row in _rows("googlenet_table1"))


def googlenet_table2() -> tuple[GoogLeNetTable2Row, ...]:
    """Return GoogLeNet's Table 2: top-5 errors at ILSVRC 2012 to 2014."""
    return tuple(GoogLeNetTable2Row(**_values(row)) for row in _rows("googlenet_table2"))


def googlenet_table3() -> tuple[GoogLeNetTable3Row, ...]:
    """Return GoogLeNet's Table 3; the paper's last difference is not what its errors give."""
    return tuple(GoogLeNetTable3Row(**_values(row)) for row in _rows("googlenet_table3"))


def resnet_table1() -> tuple[ResNetTable1Row, ...]:
    """Return ResNet's Table 1: printed FLOPs and computed costs of the five ImageNet nets."""
    return tuple(ResNetTable1Row(**_values(row)) for row in _rows("resnet_table1_flops"))


def resnet_table(number: int) -> dict[str, dict[str, float | None]]:
    """Return ResNet's Table 2, 3, 4, 5 or 6 as table[row][column].

    Errors are in %, parameters in millions; names of rows and columns are close to the paper's
    (`resnet_table(2)["34 layers"]["ResNet top-1 err."]` is 25.03). ValueError for another table.
    """
    rows = _rows("resnet_tables") + _rows("resnet_table5")
    require("ResNet table", number, sorted({int(row["table"]) for row in rows}))
    table: dict[str, dict[str, float | None]] = {}
    for row in rows:
        if row["table"] == str(number):
            table.setdefault(row["row"], {})[row["column"]] = _value(row["value"])
    return table


def layer_list(network: str) -> tuple[LayerRow, ...]:
    """Return the layers of "AlexNet" or "VGG-16" from input to output (ValueError for another).

    Sources: Krizhevsky et al. 2012 (two groups, input 227x227); Simonyan and Zisserman 2015,
    configuration D (input 224x224).
    """
    rows = _rows("layer_lists")
    require("layer list", network, [row["network"] for row in rows])
    return tuple(LayerRow(**_values(row)) for row in rows if row["network"] == network)


def _rows(file: str) -> tuple[dict[str, str], ...]:
    return read_rows(f"paper/{file}.csv")


def _values(row: dict[str, str]) -> dict[str, int | float | str | None]:
    return {column: _value(text) for column, text in row.items()}


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


def _table1_row(row: dict[str, str]) -> GoogLeNetTable1Row:
    patch_size, _, stride = row["patch size/stride"].partition("/")
    height, width, channels = map(int, row["output size"].split("x"))
    filters = ("#1x1", "#3x3 reduce", "#3x3", "#5x5 reduce", "#5x5", "pool proj")
    computed = ("computed_params", "computed_weights", "computed_biases", "computed_macs")
    return GoogLeNetTable1Row(
        row["type"],
        patch_size or None,
        _value(stride),
        (height, width, channels),
        int(row["depth"]),
        *(_value(row[column]) for column in filters),
        _value(row["params"].removesuffix("K")),
        _value(row["ops"].removesuffix("M")),
        *(_value(row[column]) for column in computed),
    )
