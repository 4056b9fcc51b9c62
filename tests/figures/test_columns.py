"""Errors by a choice: a dot per seed and the means, of records that are all different."""

from dataclasses import replace
from statistics import mean

import pytest

from seminar_utils.experiments import heads, overfitting, shortcuts
from seminar_utils.experiments.verdicts import compare
from seminar_utils.figures import (
    end_points,
    head_effects,
    shortcut_options,
    weight_effects,
    width_and_errors,
)
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


PAIRS = [
    (f"{kind}{norm}", f"no heads{norm}")
    for norm in ("", ", batch norm")
    for kind in ("head 4a", "head 4d", "both heads")
]
HEADS = [  # heads help clearly in every second pair
    record_of(job, [90.0, error], error - 3 - 0.21 * number - 0.1 * seed)
    for seed in range(5)
    for number, job in enumerate(heads.jobs(seed))
    for error in [40 + 0.37 * number - 12 * (number % 2) + 1.9 * (seed * (number + 2) % 5)]
]


def test_heads_have_a_dot_per_seed_and_a_thick_mean_in_its_interval():
    picture, shown = head_effects(HEADS), 0
    for axis, split in zip(picture.figure.axes, SPLITS, strict=True):
        dots, marks = lines(axis, marker="o"), lines(axis, marker="|")
        intervals = lines(axis, marker="None", linewidth=2)
        for row, pair in enumerate(PAIRS):
            effect = compare(HEADS, *pair, split)
            x, half = effect.mean, effect.smallest_visible
            assert tuple(dots[row].get_xdata()) == effect.differences
            assert points(marks[row])[0][0] == pytest.approx(x)
            assert list(intervals[row].get_xdata()) == pytest.approx([x - half, x + half])
            assert all(abs(o[row].get_ydata()[0] - row) < 0.3 for o in (dots, marks, intervals))
            is_shown = abs(x) > half
            assert {color(o[row]) for o in (dots, marks, intervals)} == {
                GREEN if is_shown else GREY
            }
            text = f"{effect.net} {x:+.1f} +- {half:.1f}"
            assert text in picture.data and (f"{text}*" in picture.data) == is_shown
            assert (f"{split}, {effect.net} ({effect.verdict})" in picture.alt) == is_shown
            shown += is_shown
    assert 0 < shown < 2 * len(PAIRS)


def test_every_row_of_heads_says_whether_there_is_batch_norm():
    (left, _) = head_effects(HEADS).figure.axes
    kinds = ("head 4a", "head 4d", "both heads")
    expected = [f"{kind}, {norm}" for norm in ("no batch norm", "batch norm") for kind in kinds]
    assert [label.get_text() for label in left.get_yticklabels()] == expected


def test_heads_that_show_nothing_are_said_to():
    job = heads.jobs(0)[0]
    few = [
        record_of(replace(job, net=net, seed=seed), [error], error)
        for seed in range(2)
        for number, net in enumerate({net: 0 for pair in PAIRS for net in reversed(pair)})
        for error in [30.0 + seed * (number % 2)]
    ]
    picture = head_effects(few)
    assert picture.description.endswith("Shown: nothing.") and "*" not in picture.data[60:]
