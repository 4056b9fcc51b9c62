"""Errors by a choice: a dot per seed and a line through the means, of records all different."""

from statistics import mean

import pytest

from seminar_utils.experiments import heads, overfitting, shortcuts
from seminar_utils.figures import end_points, shortcut_options, weight_effects, width_and_errors
from tests.figures import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SPLITS,
    color,
    ends,
    labels,
    lines,
    points,
    record_of,
    recorded,
)

TABLE_3 = [28.54, 25.03, 24.52, 24.19]  # He et al. 2016: plain-34, ResNet-34 A, B, C


def with_two_rates(job, early, test):
    """Return a record whose last epoch, at another learning rate, must not be drawn."""
    one = record_of(job, [early + 1, early - 1, 1.0], test)
    one.history.learning_rates[-1] = 0.01
    return one


OPTIONS = [
    with_two_rates(
        job, 30 + number + 0.2 * seed + 20 * (number == 5), 20 + number * (seed - 1) + 0.1 * seed
    )
    for seed in range(3)
    for number, job in enumerate(shortcuts.jobs(seed))
]
WIDTHS = [
    record_of(job, [80.0, 5 + 1.3 * number + 0.21 * seed], 12 + 2.1 * number + 0.4 * seed)
    for seed in range(3)
    for number, job in enumerate(overfitting.jobs(seed))
]
WEIGHTS = [
    record_of(job, [90.0, 40 + 0.37 * number + 1.9 * seed], 30 - 0.2 * number + 0.3 * seed)
    for seed in range(5)
    for number, job in enumerate(heads.jobs(seed))
]
BY_WEIGHT = ("no heads", "both heads, weight 0.1", "both heads", "both heads, weight 1.0")
TWINS = recorded(seeds=3)
PANELS = {
    **{("options", split): 1 + n for n, split in enumerate(("early training", "test"))},
    **{("widths", images): n for n, images in enumerate((500, 10_000))},
    ("weights", None): 0,
    **{("twins", split): n for n, split in enumerate(SPLITS)},
}
DRAWN = {
    "options": shortcut_options(OPTIONS),
    "widths": width_and_errors(WIDTHS),
    "weights": weight_effects(WEIGHTS),
    "twins": end_points(TWINS),
}


def of(records, split, **fields):
    """Return the errors of the runs whose jobs have these fields, seed by seed."""
    chosen = [o for o in records if all(getattr(o.job, k) == v for k, v in fields.items())]
    if split == "early training":
        return [mean(score.error for score in one.history.train[:2]) for one in chosen]
    return ends(chosen, split)


def expected(figure, panel):
    """Return of each line its name, its colour, and the errors of the seeds in each column."""
    if figure == "options":
        for depth, shade in ((20, BLUE), (32, ORANGE)):
            columns = [of(OPTIONS, panel, depth=depth, shortcut=option) for option in "ABC"]
            yield f"{depth} layers", shade, columns
    elif figure == "twins":
        for kind, name, shade in (("plain", "plain", GREY), ("residual", "ResNet", GREEN)):
            yield kind, shade, [of(TWINS, panel, net=f"{name}-{depth}") for depth in (8, 32)]
    for split, shade in zip(SPLITS, (BLUE, ORANGE), strict=True):
        if figure == "widths":
            widths = (8, 16, 32)
            yield split, shade, [of(WIDTHS, split, train_images=panel, width=w) for w in widths]
        elif figure == "weights":  # only seeds 0, 1 and 2 have all weights
            yield split, shade, [of(WEIGHTS, split, net=net)[:3] for net in BY_WEIGHT]


@pytest.mark.parametrize(("figure", "panel"), PANELS)
def test_a_dot_per_seed_and_a_named_line_through_the_means(figure, panel):
    axis = DRAWN[figure].figure.axes[PANELS[figure, panel]]
    every = list(expected(figure, panel))
    for name, shade, columns in every:
        dots = [dot for dot in lines(axis, marker="o") if color(dot) == shade]
        for x, (dot, column) in enumerate(zip(dots, columns, strict=True)):
            assert list(dot.get_ydata()) == pytest.approx(column) and len(column) == 3
            assert all(abs(place - x) < 0.1 for place in dot.get_xdata())
        line = {color(o): o for o in lines(axis, marker="None", linestyle="-")}[shade]
        assert list(line.get_ydata()) == pytest.approx(list(map(mean, columns)))
        assert list(line.get_xdata()) == [dot.get_xdata()[0] for dot in dots]
        label = labels(axis)[name]
        assert color(label) == shade and label.xy[1] == line.get_ydata()[-1]
    dots = lines(axis, marker="o")
    assert len(dots) == sum(len(columns) for *_, columns in every)
    # Those of two lines stand beside each other, but for widths, whose lines lie far apart.
    assert figure == "widths" or len({dot.get_xdata()[0] for dot in dots}) == len(dots)


def test_table_3_stands_left_with_its_numbers():
    left = DRAWN["options"].figure.axes[0]
    assert [points(dot) for dot in left.lines] == [[(x, e)] for x, e in enumerate(TABLE_3)]
    assert [color(dot) for dot in left.lines] == [GREY, GREEN, GREEN, GREEN]
    assert [tick.get_text() for tick in left.get_xticklabels()] == ["plain", "A", "B", "C"]
    for x, error in enumerate(TABLE_3):
        assert labels(left)[f"{error:.2f}"].get_position()[0] == x


TICKS = {
    "options": ["A", "B", "C"],
    "widths": ["x1", "x2", "x4"],
    "weights": ["0", "0.1", "0.3", "1.0"],
    "twins": ["8 layers", "32 layers"],
}


@pytest.mark.parametrize("figure", TICKS)
def test_columns_have_names(figure):
    axis = DRAWN[figure].figure.axes[-1]
    assert [tick.get_text() for tick in axis.get_xticklabels()] == TICKS[figure]


def test_what_the_seeds_show_is_said_and_nothing_else():
    """Early, each option lies the same above the one before; the test errors have no order."""
    picture = DRAWN["options"]
    shown = picture.data.split("Shown: ")[1]
    assert "early training ResNet-32 C larger than ResNet-32 A" in shown
    assert shown.count("larger") == 6 and "test" not in shown and "smaller" not in shown
    assert picture.alt.endswith(f"Shown: {shown}.")
    noise = [
        with_two_rates(job, 30 + seed * number % 3, 20)
        for seed in range(3)
        for number, job in enumerate(shortcuts.jobs(seed), start=1)
    ]
    assert shortcut_options(noise).data.endswith("Shown: nothing")


@pytest.mark.parametrize(("panel", "images"), [(0, 500), (1, 10_000)])
def test_gaps_of_widths_are_dotted_and_written(panel, images):
    axis = DRAWN["widths"].figure.axes[panel]
    training, test = (list(map(mean, columns)) for *_, columns in expected("widths", images))
    gaps = lines(axis, linestyle=":")
    for x, (line, low, high) in enumerate(zip(gaps, training, test, strict=True)):
        assert points(line) == [(x, pytest.approx(low)), (x, pytest.approx(high))]
        assert color(line) == BLACK
        place = labels(axis)[f"{high - low:.1f}"].get_position()
        assert x < place[0] < x + 0.2 and place[1] == pytest.approx((low + high) / 2)


def test_weights_say_the_gap_of_each_and_its_range():
    training, test = (columns for *_, columns in expected("weights", None))
    gaps = [
        [b - a for a, b in zip(*pair, strict=True)] for pair in zip(training, test, strict=True)
    ]
    said = ", ".join(f"{mean(g):+.1f} ({min(g):+.1f} to {max(g):+.1f})" for g in gaps)
    assert DRAWN["weights"].data.endswith(f"gap test minus training {said}")
    assert "mean of 3 seeds" in DRAWN["weights"].data
