"""Gradients of four cells: what has no place in a panel, and what is refused."""

import math
from dataclasses import replace

import pytest

from seminar_utils.experiments.gradients import RECIPE, jobs
from seminar_utils.figures.gradients import gradient_cells
from tests.figures import BLACK, color, labels, lines, record_of

STEPS = (1, 11, 51, 101, 200)
CELLS = [
    "plain-56, no batch norm",
    "ResNet-56, no batch norm",
    "plain-56, batch norm",
    "ResNet-56, batch norm",
]


def record(job, number):
    """Return a record of four layers, each value of its own."""
    looks = [
        {
            "step": step,
            "gradients": {f"conv{n}": 10 ** -(n + 0.1 * number + place) for n in range(4)},
            "relative steps": {f"conv{n}": 10 ** (n / 2 - 2 - 0.03 * number) for n in range(4)},
        }
        for place, step in enumerate(STEPS)
    ]
    return record_of(job, [90.0 - look - number for look in range(5)], 50.0, looks=looks)


RECORDS = [
    record(job, number + 20 * seed) for seed in range(3) for number, job in enumerate(jobs(seed))
]


def changed(cell, value, seeds=range(3), layers=range(4), quantity="gradients"):
    """Return the records with another value at step 11 in one cell of He's start."""
    found = []
    for one in RECORDS:
        if one.job.net == f"{cell}, He" and one.job.seed in seeds:
            looks = [
                look | {quantity: look[quantity] | {f"conv{layer}": value for layer in layers}}
                if look["step"] == 11
                else look
                for look in one.measurements["looks"]
            ]
            found.append(replace(one, measurements={"looks": looks}))
        else:
            found.append(one)
    return found


def reasons(records, **options):
    """Return what is written in bold in each panel."""
    axes = gradient_cells(records, step=11, **options).figure.axes
    return [[t.get_text() for t in axis.texts if t.get_weight() == "bold"] for axis in axes]


ZERO, NAN = "no gradient arrives: 0", "diverged: not a number"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (RECORDS, [[], [], [], []]),
        (changed(CELLS[0], 0.0), [[ZERO], [], [], []]),
        (changed(CELLS[1], math.nan), [[], [NAN], [], []]),
        (changed(CELLS[3], math.inf, seeds=[2]), [[], [], [], [f"1 of 3 seeds: {NAN}"]]),
        (changed(CELLS[2], 0.0, [0, 1], [2]), [[], [], [f"2 of 3 seeds: {ZERO}"], []]),
    ],
    ids=["all drawn", "zero", "not a number", "one seed", "one layer"],
)
def test_what_cannot_be_drawn_is_said(records, expected):
    assert reasons(records) == expected


def test_a_step_that_is_not_a_number_is_said():
    assert reasons(changed(CELLS[1], math.nan), quantity="relative steps") == [[], [], [], []]
    records = changed(CELLS[1], math.nan, quantity="relative steps")
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
    [(0.0, [0, 1], "0"), (0.0, [0], "10^3.0"), (math.nan, [1], "not a number")],
)
def test_data_line_says_when_nothing_arrives(value, seeds, word):
    picture = gradient_cells(changed(CELLS[0], value, seeds), step=11)
    assert f"{CELLS[0]}: {word}; " in picture.data


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": "fan_out"}, r"start='fan_out' is unknown: take one of \('He', 'Xavier', '0.01'"),
        ({"step": 2}, r"step=2 is unknown: take one of \(1, 11, 51, 101, 200\)"),
        ({"quantity": "weights"}, r"take one of \('gradients', 'relative steps'\)"),
    ],
)
def test_unknown_choices_get_one_clear_sentence(options, message):
    with pytest.raises(ValueError, match=message):
        gradient_cells(RECORDS, **options)


def test_a_missing_net_is_named():
    records = [one for one in RECORDS if one.job.net != "plain-56, batch norm, He"]
    with pytest.raises(ValueError, match="no record of 'plain-56, batch norm, He'"):
        gradient_cells(records)
