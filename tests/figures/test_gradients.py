"""Gradients of four cells: what has no place in a panel, and what is refused."""

import math
from copy import deepcopy

import pytest

from seminar_utils.experiments.gradients import RECIPE
from seminar_utils.figures.gradients import gradient_cells
from tests import refused
from tests.figures import BLACK, color, labels, lines
from tests.figures.examples import runs

PLAIN, RESIDUAL = "plain-56, no batch norm", "ResNet-56, no batch norm"
NORMED, BOTH = "plain-56, batch norm", "ResNet-56, batch norm"
RECORDS = runs("gradients")


def changed(cell, value, seeds=range(3), layers=slice(None), quantity="gradients"):
    """Return the records with another value at the first step in one cell of He's start."""
    records = deepcopy(RECORDS)
    for one in records:
        if one.job.net == f"{cell}, He" and one.job.seed in seeds:
            values = one.measurements["looks"][0][quantity]
            values |= dict.fromkeys(list(values)[layers], value)
    return records


def reasons(records, **options):
    """Return what is written in bold in each panel."""
    axes = gradient_cells(records, **options).figure.axes
    return [[t.get_text() for t in axis.texts if t.get_weight() == "bold"] for axis in axes]


ZERO, NAN = "no gradient arrives: 0", "diverged: not a number"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (RECORDS, [[], [], [], []]),
        (changed(PLAIN, 0.0), [[ZERO], [], [], []]),
        (changed(RESIDUAL, math.nan), [[], [NAN], [], []]),
        (changed(BOTH, math.inf, seeds=[2]), [[], [], [], [f"1 of 3 seeds: {NAN}"]]),
        (changed(NORMED, 0.0, [0, 1], slice(2, 3)), [[], [], [f"2 of 3 seeds: {ZERO}"], []]),
    ],
    ids=["all drawn", "zero", "not a number", "one seed", "one layer"],
)
def test_what_cannot_be_drawn_is_said(records, expected):
    assert reasons(records) == expected


def test_a_step_that_is_not_a_number_is_said():
    assert reasons(changed(RESIDUAL, math.nan), quantity="relative steps") == [[], [], [], []]
    records = changed(RESIDUAL, math.nan, quantity="relative steps")
    assert reasons(records, quantity="relative steps") == [[], [NAN], [], []]


def test_weight_decay_alone_is_a_line_below_the_steps():
    """SGD by hand with a gradient of zero: v <- 0.9 v + 1e-4 w, w <- w - 0.1 v."""
    weight, velocity = 1.0, 0.0
    for _ in range(11):
        before = weight
        velocity = RECIPE.momentum * velocity + RECIPE.weight_decay * weight
        weight -= RECIPE.learning_rate * velocity
    axes = gradient_cells(RECORDS, step=11, quantity="relative steps").figure.axes
    for axis in axes:
        (line,) = lines(axis, linestyle=":")
        assert line.get_ydata()[0] == pytest.approx((before - weight) / before, rel=1e-3)
        assert color(line) == BLACK
    assert "weight decay alone" in labels(axes[0])


@pytest.mark.parametrize(
    ("value", "seeds", "word"),
    [(0.0, [0, 1], "0"), (0.0, [0], "10^-2.4"), (math.nan, [1], "not a number")],
)
def test_data_line_says_when_nothing_arrives(value, seeds, word):
    picture = gradient_cells(changed(PLAIN, value, seeds))
    assert f"{PLAIN}: {word}; " in picture.data


def test_unknown_choices_and_missing_nets_get_one_clear_sentence():
    few = [one for one in RECORDS if one.job.net != f"{NORMED}, He"]
    one_of = "is unknown: take one of"
    refused(
        (lambda: gradient_cells(few), f"no record of '{NORMED}, He'"),
        (lambda: gradient_cells(few, "fan_out"), rf"start='fan_out' {one_of} \('He', 'X"),
        (lambda: gradient_cells(few, step=2), rf"step=2 {one_of} \(1, 11, 51, 101, 200\)"),
        (lambda: gradient_cells(few, quantity="x"), rf"{one_of} \('gradients', 'relative steps'\)"),
    )
