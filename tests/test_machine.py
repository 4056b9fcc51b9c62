"""How long a call takes: the median, without the first."""

from seminar_utils import machine


def test_milliseconds_are_the_median_without_the_first_call(monkeypatch):
    took = iter([100, 3, 1, 2])  # seconds
    clock = [0.0]
    monkeypatch.setattr(machine, "perf_counter", lambda: clock[0])

    def call():
        clock[0] += next(took)

    assert machine.milliseconds(call, rounds=3) == 2000
