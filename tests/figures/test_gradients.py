"""The four cells of the gradients experiment, of records whose numbers are all different."""

import math
from dataclasses import replace
from statistics import median

import pytest

from seminar_utils.experiments.gradients import RECIPE, jobs
from seminar_utils.figures.gradients import gradient_cells
from tests.figures import GREEN, ORANGE, color, labels, lines, points, record_of

STEPS = (1, 11, 51, 101, 200)
CELLS = [
    "plain-56, no batch norm",
    "ResNet-56, no batch norm",
    "plain-56, batch norm",
    "ResNet-56, batch norm",
]
BOTH = pytest.mark.parametrize("quantity", ["gradients", "relative steps"])


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


def of(cell, start="He", records=RECORDS):
    return [one for one in records if one.job.net == f"{cell}, {start}"]


def values(one, step, quantity):
    (look,) = [look for look in one.measurements["looks"] if look["step"] == step]
    return list(look[quantity].values())


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


@BOTH
@pytest.mark.parametrize(("start", "step"), [("He", 1), ("Xavier", 51), ("0.01", 200)])
def test_every_seed_is_a_line_from_the_first_layer_to_the_last(start, step, quantity):
    axes = gradient_cells(RECORDS, start, step, quantity).figure.axes
    for axis, cell in zip(axes, CELLS, strict=True):
        assert [points(line) for line in lines(axis, linestyle="-")] == [
            list(enumerate(values(one, step, quantity), start=1)) for one in of(cell, start)
        ]
        assert {color(line) == GREEN for line in lines(axis, linestyle="-")} == {
            cell.startswith("ResNet")
        }


@pytest.mark.parametrize("start", ["He", "Xavier"])
def test_panels_are_named(start):
    titles = [axis.get_title() for axis in gradient_cells(RECORDS, start).figure.axes]
    assert titles == list(CELLS)


@BOTH
def test_all_panels_share_one_logarithmic_axis_that_says_what_it_is(quantity):
    figure = gradient_cells(RECORDS, step=101, quantity=quantity).figure
    assert {axis.get_yscale() for axis in figure.axes} == {"log"}
    assert len({axis.get_ylim() for axis in figure.axes}) == 1
    label = {"gradients": "norm of the gradient", "relative steps": "|step| / |weights|"}[quantity]
    assert figure.get_supylabel() == f"{label}, step 101"
    assert figure.get_supxlabel() == "convolution, first to last   (← the way of the gradient)"
    drawn = [
        y for axis in figure.axes for line in lines(axis, linestyle="-") for _, y in points(line)
    ]
    low, high = figure.axes[0].get_ylim()
    assert low < min(drawn) and max(drawn) < high


def test_each_panel_says_its_training_error_of_the_last_steps_but_not_at_the_first_step():
    assert not any(labels(axis) for axis in gradient_cells(RECORDS, step=1).figure.axes)
    axes = gradient_cells(RECORDS, step=11).figure.axes
    for axis, cell in zip(axes, CELLS, strict=True):
        ends = [one.history.train[-1].error for one in of(cell)]
        mean = sum(ends) / 3
        expected = f"{mean:.1f} % ({min(ends):.1f} to {max(ends):.1f})"
        assert f"training error, steps 102-200:\n{expected}" in labels(axis)


def test_training_errors_stand_above_all_lines():
    figure = gradient_cells(RECORDS, step=11).figure
    figure.draw_without_rendering()
    for axis in figure.axes:
        (text,) = axis.texts
        highest = max(line.get_window_extent().y1 for line in lines(axis, linestyle="-"))
        assert highest < text.get_window_extent().y0
        assert text.get_window_extent().y1 < axis.get_window_extent().y1


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
        (changed(CELLS[2], 0.0, [0, 1], [0]), [[], [], [f"2 of 3 seeds: {ZERO}"], []]),
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
        assert color(line) == ORANGE
    assert color(labels(axes[0])["weight decay alone"]) == ORANGE


def test_gradients_have_no_line_of_weight_decay():
    for axis in gradient_cells(RECORDS).figure.axes:
        assert len(axis.lines) == 3 and "weight decay alone" not in labels(axis)


def test_data_line_has_the_median_reach_as_a_power_of_ten():
    picture = gradient_cells(RECORDS)
    assert picture.data == (
        "Step 1, start He, first over last convolution's gradient, median of 3 seeds: "
        + "; ".join(f"{cell}: 10^3.0" for cell in CELLS)
    )
    records = changed(CELLS[1], 10**-2.5, seeds=[0, 1], layers=[0])  # the last: 10^-4.x
    powers = [
        math.log10(found[0] / found[-1])
        for one in of(CELLS[1], records=records)
        for found in [values(one, 11, "gradients")]
    ]
    assert len({round(power, 1) for power in powers}) == 3
    found = gradient_cells(records, step=11).data
    assert f"{CELLS[1]}: 10^{median(powers):.1f};" in found


@pytest.mark.parametrize(
    ("value", "seeds", "word"),
    [(0.0, [0, 1], "0"), (0.0, [0], "10^3.0"), (math.nan, [1], "not a number")],
)
def test_data_line_says_when_nothing_arrives(value, seeds, word):
    picture = gradient_cells(changed(CELLS[0], value, seeds), step=11)
    assert f"{CELLS[0]}: {word}; " in picture.data


def test_data_line_has_median_and_smallest_step():
    expected = []
    for cell in CELLS:
        found = [value for one in of(cell) for value in values(one, 51, "relative steps")]
        expected.append(f"{cell}: {median(found):.1e} ({min(found):.1e})")
    picture = gradient_cells(RECORDS, step=51, quantity="relative steps")
    assert picture.data == (
        "Step 51, start He, |step| / |weights|, median (smallest) over layers and 3 seeds: "
        + "; ".join(expected)
    )


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
