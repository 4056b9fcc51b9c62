"""Weight initialisation, with one random stream per parameter.

Each weight is drawn from its own generator, seeded by the run's seed and the parameter's name. Two
nets that share a name and a shape therefore share that weight to the bit, whatever else they
contain: plain-34 and ResNet-34 start as twins.

Sources: convolutions follow He et al. 2015 ("Delving Deep into Rectifiers", eqn. 10 and 14), which
He et al. 2016 cites for all its nets (Sec. 3.4, 4.2). The other modes are there to be compared.
Deviations: the papers do not say how the last linear layer starts. Here its bias is zero and its
weights are uniform within 1/sqrt(in_features), PyTorch's own default for linear layers.
"""

import hashlib
import math
from functools import partial

import torch
from torch import nn

from seminar_utils.seeds import generator_for

__all__ = ["MODES", "checksum", "initialize"]

# How the weights of a convolution are drawn.
MODES = {
    # He et al. 2015, eqn. 14: gradients keep their size through a layer (the residual nets here).
    "fan_out": partial(nn.init.kaiming_normal_, mode="fan_out", nonlinearity="relu"),
    # He et al. 2015, eqn. 10: activations keep their size (GoogLeNet here).
    "fan_in": partial(nn.init.kaiming_normal_, mode="fan_in", nonlinearity="relu"),
    # Glorot and Bengio 2010, eqn. 16: as if there were no ReLU, so each layer halves the variance.
    "xavier": nn.init.xavier_uniform_,
    # What PyTorch's Conv2d starts with: uniform within 1/sqrt(fan-in), a sixth of He's variance.
    "default": partial(nn.init.kaiming_uniform_, a=math.sqrt(5)),
    # Krizhevsky et al. 2012, Sec. 5: deviation 0.01 in every layer, whatever its size.
    "gaussian": partial(nn.init.normal_, std=0.01),
}


@torch.no_grad()
def initialize(model: nn.Module, seed: int | None = None, *, mode: str) -> nn.Module:
    """Draw all weights anew, each from its own stream, and return the model.

    The random integers of a stream are the same on every machine, and so are the order of images
    and the flips. What PyTorch makes of them is not: float32 weights of one seed differ between
    processors in their last digits (up to 2e-7 of their size between x86 with and without AVX2).
    Training blows that up, so runs repeat to the bit on one kind of processor only. A net in
    float64 is drawn in float64: there the difference is some 1e-16, too small to be seen in the
    short runs that recorded experiments are judged by.

    Args:
        model: Any net made of 2-D convolutions, linear layers and batch norms.
        seed: The run's seed; without one, drawn from PyTorch's global generator.
        mode: How convolutions are drawn, one of ``MODES``.

    Raises:
        ValueError: An unknown mode.
    """
    if mode not in MODES:
        raise ValueError(f"mode={mode!r} is unknown: take one of {sorted(MODES)}.")
    if seed is None:
        seed = int(torch.randint(2**62, (), device="cpu"))
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear) and not module.weight.is_meta:
            # Drawn on the CPU, as float32 for all smaller types, so that neither layout, device
            # nor a coarser precision of the net changes what is drawn.
            dtype = torch.promote_types(module.weight.dtype, torch.float32)
            weight = torch.empty(module.weight.shape, device="cpu", dtype=dtype)
            generator = generator_for(seed, f"{name}.weight")
            if isinstance(module, nn.Conv2d):
                MODES[mode](weight, generator=generator)
            else:
                bound = 1 / math.sqrt(module.in_features)
                nn.init.uniform_(weight, -bound, bound, generator=generator)
            module.weight.copy_(weight)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)
    return model


def checksum(model: nn.Module) -> str:
    """Return a short fingerprint of every parameter's name and exact value."""
    digest = hashlib.sha256()
    for name, parameter in model.named_parameters():
        digest.update(name.encode())
        digest.update(parameter.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
