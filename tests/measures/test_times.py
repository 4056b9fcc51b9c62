"""How long a net takes: medians without the first call, by kinds of layers."""

import torch
from torch import Tensor, nn

from seminar_utils.measures import times


class Slow(nn.Module):
    """A net whose pools, convolution and addition take seconds of a clock of its own."""

    def __init__(self, clock: list[float]):
        super().__init__()
        self.clock, self.pools = clock, nn.Sequential(nn.MaxPool2d(1), nn.MaxPool2d(1))
        self.conv, self.round = nn.Conv2d(1, 1, 1), 0
        for layer, seconds in ((self.pools[0], 1), (self.pools[1], 2), (self.conv, 4)):
            layer.forward = lambda x, seconds=seconds: self.take(seconds, x)

    def take(self, seconds: float, x: Tensor) -> Tensor:
        self.clock[0] += seconds * (100, 3, 1, 2)[self.round]
        return x

    def forward(self, x: Tensor) -> Tensor:
        x = self.take(8, self.conv(self.pools(x)))  # 8: no layer
        self.round += 1
        return x


def test_milliseconds_are_medians_without_the_first_call_by_kind_and_leave_no_hook(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(times, "perf_counter", lambda: clock[0])
    model = Slow(clock)
    found = times.milliseconds(model, torch.zeros(1, 1, 1, 1), rounds=3)
    assert found == {"max pool": 6000, "conv": 8000, "all": 30_000}
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())
