"""All experiments by name and scale.

Each is a module that says what it asks in its docstring, and has

    JOB      the class of its jobs
    SCALES   its scales, and for each the seeds that are recorded
    jobs     the jobs of one seed at one scale
    LIVE     names of the nets that a notebook runs today
    PAIRS    which nets are compared with which
    KEPT     names of the nets whose trained weights (of seed 0) come with the course
"""

from importlib import import_module
from types import ModuleType

from seminar_utils.experiments import (
    classroom,
    gradients,
    heads,
    identity,
    longer,
    overfitting,
    shortcuts,
    twins,
)

__all__ = ["EXPERIMENTS", "experiment"]

MODULES = (twins, longer, gradients, heads, identity, shortcuts, overfitting, classroom)
AT_PAPER_SCALE = ("twins", "heads")  # in ``full_scale``, which builds on this room
EXPERIMENTS = {module.__name__.rpartition(".")[2]: module for module in MODULES}


def experiment(name: str, scale: str = "seminar") -> ModuleType:
    """Return an experiment's module.

    Raises:
        ValueError: There is no such experiment, or it has no such scale.
    """
    if name not in EXPERIMENTS:
        raise ValueError(f"There is no experiment {name!r}: take one of {sorted(EXPERIMENTS)}.")
    scales = [*EXPERIMENTS[name].SCALES, *["paper"] * (name in AT_PAPER_SCALE)]
    if scale not in scales:
        raise ValueError(f"{name} has no scale {scale!r}: take one of {scales}.")
    if scale == "paper":  # imported when it is needed, because torchvision takes a second
        return import_module(f"seminar_utils.full_scale.{name}")
    return EXPERIMENTS[name]
