"""Verdicts against numbers worked out by hand and against scipy's own test."""

from dataclasses import replace

import pytest
from scipy import stats

from seminar_utils.experiments import verdicts
from seminar_utils.experiments.job import Record, ResidualJob
from seminar_utils.experiments.verdicts import Comparison, compare, errors
from seminar_utils.training.loop import History, Recipe, Score
from tests import refused


def record(net, seed, train, test):
    scores = [Score(99.0, 2.0), Score(50.0 + seed, 1.5), Score(train, 1.0)]
    history = History(scores, [0.1, 0.1, 0.01], Score(test, 1.0))
    job = ResidualJob(net=net, seed=seed, depth=8, shortcut=None)
    return Record(job, history, "", "", {}, "", "")


RECORDS = [record("deep", seed, 20 + seed, 30 - seed) for seed in (2, 0, 1)]
RECORDS += [record("shallow", seed, 10 + 2 * seed, 30) for seed in range(4)]


@pytest.mark.parametrize(
    ("split", "expected", "difference"),
    [
        ("training", {0: 20, 1: 21, 2: 22}, 9),
        ("test", {0: 30, 1: 29, 2: 28}, -1),
        ("early training", {0: 74.5, 1: 75, 2: 75.5}, 0),  # the mean at the first rate
    ],
)
def test_speed_end_and_test_are_kept_apart_and_sorted_by_seed(split, expected, difference):
    found = errors(RECORDS, "deep", split)
    assert found == expected and list(found) == sorted(found)
    assert compare(RECORDS, "deep", "shallow", split).mean == difference


def test_a_record_of_another_recipe_is_refused():
    """One foreign record among right ones, alike in name and of a seed of its own."""
    foreign = record("deep", 3, 5, 5)
    foreign = replace(foreign, job=replace(foreign.job, recipe=Recipe(epochs=24)))
    assert errors([foreign], "deep", "test") == {3: 5}
    for records in ([*RECORDS, foreign], [foreign, *RECORDS]):
        assert len(errors(records, "shallow", "test")) == 4
        with pytest.raises(ValueError, match=r"deep were not all made in one way.*\[0, 1, 2, 3\]"):
            compare(records, "deep", "shallow", "training")


@pytest.mark.parametrize("how", [{"device": "mps"}, {"precision": "bfloat16"}])
def test_nets_of_different_devices_are_not_compared(how):
    """Such as a run of today on a GPU, one or all of its nets, with what is recorded."""
    moved = [replace(r, job=replace(r.job, **how)) for r in RECORDS]
    assert compare(moved, "deep", "shallow", "test") == compare(RECORDS, "deep", "shallow", "test")
    for count in (1, 3):
        mixed = [*moved[:count], *RECORDS[count:]]
        refused((lambda m=mixed: errors(m, "deep", "test"), "one experiment and one device only"))


def test_seeds_are_paired():
    """Seed 3 has no partner; the differences are within seeds."""
    comparison = compare(RECORDS, "deep", "shallow", "training")
    assert comparison.differences == (10, 9, 8)
    assert comparison.mean == 9 and comparison.spread == 1


def test_interval_is_the_paired_t_interval():
    comparison = Comparison("a", "b", "test", differences=(1.0, 2.5, -0.2, 1.3))
    low, high = stats.ttest_1samp(comparison.differences, 0).confidence_interval(0.95)
    assert comparison.mean - comparison.smallest_visible == pytest.approx(low)
    assert comparison.mean + comparison.smallest_visible == pytest.approx(high)


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [
        ((5.0, 6.0, 5.5), "▲ larger"),
        ((-5.0, -6.0, -5.5), "▼ smaller"),
        ((1.0, -1.0, 0.5), "not shown at this scale"),
        # The same sign in all seeds is not enough, nor a mean above the spread: 2.9 is visible.
        ((3.0, 1.0, 1.0), "not shown at this scale"),
        ((2.0, 1.0, 1.2), "▲ larger"),  # 1.3 is visible
    ],
)
def test_verdict_needs_more_than_the_spread(differences, verdict):
    comparison = Comparison("a", "b", "training", differences)
    assert comparison.verdict == verdict.lstrip("▲▼ ")
    assert verdicts.table(comparison).rows[0][-1] == verdict


def test_mistakes_get_one_clear_sentence():
    refused(
        (lambda: errors(RECORDS, "deepest", "test"), "no record of 'deepest'.*deep, shallow"),
        (lambda: errors(RECORDS, "deep", "validation"), "split='validation'"),
        (lambda: errors([*RECORDS, RECORDS[0]], "deep", "test"), "several records of one seed"),
        (lambda: compare(RECORDS[:1], "deep", "deep", "test"), "at least 2"),
    )


def test_a_table_says_what_was_compared_and_what_chance_may_do():
    larger = Comparison("plain-32", "plain-8", "training", (10.0, 12.0, 11.0))
    unclear = Comparison("plain-8", "ResNet-8", "test", (1.0, -2.0, 3.0))
    table = verdicts.table(larger, unclear)
    assert table.rows == [
        ("training", "plain-32", "plain-8", "+11.0", "1.0", "2.5", "3 of 3", "▲ larger"),
        ("test", "plain-8", "ResNet-8", "+0.7", "2.5", "6.3", "2 of 3", "not shown at this scale"),
    ]
    assert "1 of 20 such comparisons comes out as different; here are 2" in table.note
    assert "chance" not in verdicts.table(larger).note
