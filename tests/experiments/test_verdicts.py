"""Verdicts against numbers worked out by hand and against scipy's own test."""

from dataclasses import dataclass, replace

import pytest
from scipy import stats

from seminar_utils.experiments import verdicts
from seminar_utils.experiments.verdicts import Comparison, compare, effects, errors
from seminar_utils.training.loop import History, Score


@dataclass(frozen=True)
class FakeJob:
    net: str
    seed: int
    epochs: int = 3


@dataclass(frozen=True)
class FakeRecord:
    job: FakeJob
    history: History
    device: str = "cpu"
    precision: str = "float32"


def record(net, seed, train, test):
    first = Score(99.0, 2.0)
    scores = [first, Score(50.0 + seed, 1.5), Score(train, 1.0)]
    history = History(scores, [0.1, 0.1, 0.01], Score(test, 1.0))
    return FakeRecord(FakeJob(net, seed), history)


RECORDS = [record("deep", seed, 20 + seed, 30 - seed) for seed in (2, 0, 1)]
RECORDS += [record("shallow", seed, 10 + 2 * seed, 30) for seed in range(4)]


def test_errors_are_of_the_last_epoch_and_sorted_by_seed():
    assert errors(RECORDS, "deep", "training") == {0: 20, 1: 21, 2: 22}
    assert errors(RECORDS, "deep", "test") == {0: 30, 1: 29, 2: 28}


def test_early_training_is_the_mean_at_the_first_rate():
    assert errors(RECORDS, "deep", "early training") == {0: 74.5, 1: 75, 2: 75.5}


def test_a_record_of_another_recipe_is_refused():
    """One foreign record among right ones, alike in name and of a seed of its own."""
    foreign = record("deep", 3, 5, 5)
    other_recipe = replace(foreign, job=replace(foreign.job, epochs=24))
    assert errors([other_recipe], "deep", "test") == {3: 5}
    others = (other_recipe, replace(foreign, device="cuda"), replace(foreign, precision="tf32"))
    for records in [[*RECORDS, other] for other in others] + [[other_recipe, *RECORDS]]:
        assert len(errors(records, "shallow", "test")) == 4
        with pytest.raises(ValueError, match=r"deep were not all made in one way.*\[0, 1, 2, 3\]"):
            errors(records, "deep", "test")
        with pytest.raises(ValueError, match="not all made in one way"):
            compare(records, "deep", "shallow", "training")


def test_effects_keep_speed_end_and_test_apart():
    (found,) = effects(RECORDS, [("deep", "shallow"), ("deep", "not recorded")]).values()
    assert [(c.split, c.mean) for c in found] == [
        ("early training", 0),
        ("training", 9),
        ("test", -1),
    ]
    assert effects(RECORDS[:1], [("deep", "shallow")]) == {}


def test_seeds_are_paired():
    """Seed 3 has no partner; the differences are within seeds."""
    comparison = compare(RECORDS, "deep", "shallow", "training")
    assert comparison.differences == (10, 9, 8)
    assert comparison.mean == 9 and comparison.spread == 1


def test_interval_is_the_paired_t_interval():
    ours, theirs = [21.0, 23.5, 20.1, 22.2], [20.0, 21.0, 20.3, 20.9]
    comparison = Comparison("a", "b", "test", tuple(a - b for a, b in zip(ours, theirs)))  # noqa: B905
    low, high = stats.ttest_rel(ours, theirs).confidence_interval(0.95)
    assert comparison.mean - comparison.smallest_visible == pytest.approx(low)
    assert comparison.mean + comparison.smallest_visible == pytest.approx(high)


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [
        ((5.0, 6.0, 5.5), "larger"),
        ((-5.0, -6.0, -5.5), "smaller"),
        ((1.0, -1.0, 0.5), "not shown at this scale"),
        ((3.0, 0.1, 0.2), "not shown at this scale"),  # the same sign in all seeds is not enough
    ],
)
def test_verdict_needs_more_than_the_spread(differences, verdict):
    assert Comparison("a", "b", "training", differences).verdict == verdict


def test_reads_as_one_line():
    line = str(Comparison("deep", "shallow", "training", (5.0, 6.0, 5.5)))
    assert line == (
        "training error of deep minus shallow: +5.5 points (spread 0.5, same sign in 3 of 3 "
        "seeds, visible from 1.2): larger"
    )


def test_one_more_seed_is_inside_or_outside():
    comparison = Comparison("deep", "shallow", "training", (5.0, 6.0, 5.5))
    assert "+5.1 points, inside the recorded range +5.0 to +6.0" in comparison.place(5.1)
    assert "outside" in comparison.place(6.1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: errors(RECORDS, "deepest", "test"), "no record of 'deepest'.*deep, shallow"),
        (lambda: errors(RECORDS, "deep", "validation"), "split='validation'"),
        (lambda: compare(RECORDS[:1], "deep", "deep", "test"), "at least 2"),
    ],
)
def test_mistakes_get_one_clear_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_table_says_what_each_line_says_and_what_chance_may_do():
    larger = Comparison("plain-32", "plain-8", "training", (10.0, 12.0, 11.0))
    unclear = Comparison("plain-8", "ResNet-8", "test", (1.0, -2.0, 3.0))
    table = verdicts.table(larger, unclear)
    assert table.rows == [
        ("training", "plain-32", "plain-8", "+11.0", "1.0", "2.5", "3 of 3", "\u25b2 larger"),
        ("test", "plain-8", "ResNet-8", "+0.7", "2.5", "6.3", "2 of 3", "not shown at this scale"),
    ]
    assert "1 of 20 such comparisons comes out as different; here are 2" in table.note
    assert "chance" not in verdicts.table(larger).note
    smaller = Comparison("a", "b", "test", (-1.0, -1.1))
    assert verdicts.table(smaller).rows[0][-1] == "\u25bc smaller"
