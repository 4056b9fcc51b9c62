"""A table of a net's layers: shapes, parameters, multiply-adds, activations, receptive fields.

Multiply-adds are those of convolutions and linear layers, as in both papers (ResNet calls them
FLOPs, Table 1) and half of what ``torch.utils.flop_counter`` counts. Nothing is computed: the net
runs on the meta device, which knows shapes only, so VGG-16 or ResNet-152 cost milliseconds.
"""

import copy
import math
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import torch
from torch import Tensor, nn

from seminar_utils.tables import Table

__all__ = ["NAMES", "Layer", "LayerTable", "layer_table"]

# The layers that the table knows: all others must have no parameters.
NAMES: dict[type, str] = {
    nn.Conv2d: "conv",
    nn.MaxPool2d: "max pool",
    nn.AvgPool2d: "avg pool",
    nn.AdaptiveAvgPool2d: "avg pool",
    nn.Linear: "linear",
    nn.BatchNorm2d: "batch norm",
    nn.LocalResponseNorm: "LRN",
    nn.ReLU: "ReLU",
    nn.Dropout: "dropout",
}


@dataclass(frozen=True)
class Layer:
    """One call of one layer, for one image."""

    name: str  # path in the module tree
    type: str  # what ``NAMES`` calls it, or its class
    kernel: tuple[int, ...]  # height and width; () for layers of single pixels
    stride: int
    output_shape: tuple[int, ...]  # without the batch
    parameters: int  # 0 when the same layer is called again
    multiply_adds: int
    activations: int  # numbers in the output
    receptive_field: int  # side of the square of input pixels that one output sees

    @property
    def kind(self) -> str:
        """In short, such as "linear" or "conv 3x3/2"."""
        return self.type + (f" {'x'.join(map(str, self.kernel))}/{self.stride}" * bool(self.kernel))


def _total(of: str) -> property:
    """Return what a table offers as the sum of its layers' numbers of this name."""
    return property(lambda table: sum(getattr(layer, of) for layer in table))


class LayerTable(tuple[Layer, ...]):
    """The layers in the order in which they run; prints as a table with totals."""

    parameters = _total("parameters")  # weights and biases in all
    multiply_adds = _total("multiply_adds")  # for one image
    activations = _total("activations")  # numbers that all layers write for one image

    def __repr__(self) -> str:
        rows = []
        for layer in self:
            shape = " x ".join(map(str, layer.output_shape))
            counts = f"{layer.parameters:,}", f"{layer.multiply_adds:,}"
            rows.append((layer.name, layer.kind, shape, *counts, layer.receptive_field))
        totals = f"{self.parameters:,}", f"{self.multiply_adds:,}"
        rows.append((f"{len(self)} layers", "", "", *totals, ""))
        return repr(Table(("name", "kind", "output", "parameters", "multiply-adds", "sees"), rows))


@dataclass(frozen=True)
class _Reach:
    """How far one output pixel sees, and how far apart neighbours' centres are, in input pixels."""

    size: int = 1
    step: int = 1
    side: int = 1  # pixels along the map, which a linear layer behind it sees all at once


@dataclass
class _Recorder:
    """Hooks that note each leaf's call. Reaches are kept with their tensors, so ids stay unique."""

    names: dict[nn.Module, str]
    layers: list[Layer] = field(default_factory=list)
    scopes: list[_Reach] = field(default_factory=lambda: [_Reach()])  # widest in each module so far
    reaches: dict[int, tuple[Tensor, _Reach]] = field(default_factory=dict)

    def before(self, module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        """Open a scope at the reach of the module's input."""
        # A tensor that no module made (a sum, a concatenation, a flattening) sees as far as the
        # widest of the outputs in the module that combined them.
        _, reach = self.reaches.get(id(inputs[0]), (None, self.scopes[-1]))
        self.scopes.append(reach)

    def after(self, module: nn.Module, inputs: tuple[Tensor, ...], output: object) -> None:
        """Close the scope, note a leaf's row, hand the reach on."""
        reach = self.scopes.pop()
        if next(module.children(), None) is None:
            *kind, reach = _see(module, inputs[0], output, reach)
            is_new = all(layer.name != self.names[module] for layer in self.layers)
            numbers = math.prod(output.shape[1:])
            # Each number of the output costs as many multiply-adds as a filter has weights.
            has_filters = isinstance(module, nn.Conv2d | nn.Linear)
            row = Layer(
                self.names[module],
                *kind,
                output_shape=tuple(output.shape[1:]),
                parameters=sum(p.numel() for p in module.parameters()) if is_new else 0,
                multiply_adds=module.weight[0].numel() * numbers if has_filters else 0,
                activations=numbers,
                receptive_field=reach.size,
            )
            self.layers.append(row)
        if isinstance(output, Tensor):
            self.reaches[id(output)] = (output, reach)
        if reach.size >= self.scopes[-1].size:
            self.scopes[-1] = reach


def layer_table(
    model: nn.Module, input_size: tuple[int, int, int], *, training: bool = False
) -> LayerTable:
    """List every layer that runs for one image.

    Args:
        model: Any net whose layers take one tensor each; it is left as it is.
        input_size: (C, H, W) of the image.
        training: Run it as in training, with GoogLeNet's auxiliary heads.

    Raises:
        ValueError: The input is too small for the net, or has other channels.
    """
    dtype = next((tensor.dtype for tensor in model.parameters()), None)
    # Two images: batch norm refuses to train on a single value.
    images = torch.empty(2, *input_size, dtype=dtype, device="meta")
    tensors = chain(model.parameters(), model.buffers())
    shapes = {id(tensor): torch.empty_like(tensor, device="meta") for tensor in tensors}
    model = copy.deepcopy(model, shapes).train(training)
    recorder = _Recorder({module: name for name, module in model.named_modules()})
    for module in model.modules():
        module.register_forward_pre_hook(recorder.before)
        module.register_forward_hook(recorder.after)
    try:
        model(images)
    except RuntimeError as error:
        raise ValueError(
            f"An input of {input_size} (channels, height, width) does not pass through "
            f"{type(model).__name__}: {error}"
        ) from error
    return LayerTable(recorder.layers)


def _see(
    module: nn.Module, x: Tensor, output: Tensor, reach: _Reach
) -> tuple[str, tuple[int, ...], int, _Reach]:
    """Return a layer's type, kernel and stride, and how far its outputs see when its inputs do."""
    known = (name for kind, name in NAMES.items() if isinstance(module, kind))
    name, kernel, size, stride = next(known, ""), (), 1, 1
    if not name and any(True for _ in module.parameters()):
        raise ValueError(
            f"layer_table does not know how far a {type(module).__name__} sees or what it costs: "
            f"it knows {', '.join(sorted({kind.__name__ for kind in NAMES}))}."
        )
    if isinstance(module, nn.Conv2d):
        kernel, stride = module.kernel_size, max(module.stride)
        size = max((k - 1) * d + 1 for k, d in zip(kernel, module.dilation, strict=True))
    elif isinstance(module, nn.Linear):
        size = reach.side
    elif name.endswith("pool"):
        if isinstance(module, nn.AdaptiveAvgPool2d):
            side = int(np.max(module.output_size))
            stride = max(1, x.shape[-1] // side)
            size = x.shape[-1] - (side - 1) * stride
        else:
            size, stride = (int(np.max(each)) for each in (module.kernel_size, module.stride))
        kernel = size, size
    side = output.shape[-1] if output.dim() == 4 else reach.side // size
    reach = _Reach(reach.size + (size - 1) * reach.step, reach.step * stride, side)
    return name or type(module).__name__, kernel, stride, reach
