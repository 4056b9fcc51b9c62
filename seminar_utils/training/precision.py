"""The precision in which a net multiplies, where its device offers a choice."""

import torch
from torch import Tensor, nn

__all__ = ["PRECISIONS", "InPrecision", "allow_tf32"]

# How convolutions and linear layers calculate; weights, sums and the loss are float32 in any case.
PRECISIONS = ("float32", "tf32", "bfloat16")


def allow_tf32(precision: str) -> None:
    """Let a GPU round what it multiplies to TF32 if that is asked for, and only then.

    Raises:
        ValueError: The precision is unknown.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision={precision!r} is unknown: take one of {PRECISIONS}.")
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.allow_tf32 = precision == "tf32"


class InPrecision(nn.Module):
    """A net that calculates in bfloat16 where that is asked for, and answers in float32."""

    def __init__(self, model: nn.Module, device: torch.device | str, precision: str):
        super().__init__()
        self.model = model
        self.autocast = (torch.device(device).type, torch.bfloat16, precision == "bfloat16")

    def forward(self, images: Tensor) -> Tensor:
        """Return the net's outputs. (N, C, H, W) -> (N, classes), or one tensor a head."""
        with torch.autocast(*self.autocast, cache_enabled=False):
            outputs = self.model(images.contiguous(memory_format=torch.channels_last))
        if isinstance(outputs, tuple):
            return type(outputs)(*(part if part is None else part.float() for part in outputs))
        return outputs.float()
