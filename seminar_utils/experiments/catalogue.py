"""All experiments by name and scale."""

from dataclasses import replace
from functools import partial
from importlib import import_module

from seminar_utils.experiments.job import Experiment

__all__ = ["AT_PAPER_SCALE", "EXPERIMENTS", "experiment"]

NAMES = """
twins longer gradients heads identity shortcuts overfitting preactivation accurate inception
"""
AT_PAPER_SCALE = ("twins", "heads")  # in ``full_scale``, which builds on this room
EXPERIMENTS = {name: import_module(f"{__package__}.{name}").EXPERIMENT for name in NAMES.split()}


def experiment(name: str, scale: str = "seminar") -> Experiment:
    """Return an experiment.

    Raises:
        ValueError: There is no such experiment, or it has no such scale.
    """
    if name not in EXPERIMENTS:
        raise ValueError(f"There is no experiment {name!r}: take one of {sorted(EXPERIMENTS)}.")
    scales = [*EXPERIMENTS[name].seeds, *["paper"] * (name in AT_PAPER_SCALE)]
    if scale not in scales:
        raise ValueError(f"{name} has no scale {scale!r}: take one of {scales}.")
    if scale == "paper":  # imported when it is needed, because torchvision takes a second
        return import_module(f"seminar_utils.full_scale.{name}").EXPERIMENT
    found = EXPERIMENTS[name]
    return found if scale == "seminar" else replace(found, jobs=partial(found.jobs, scale=scale))
