"""Errors by a choice: what the seeds show is said, and nothing else."""

from seminar_utils.experiments import heads, shortcuts
from seminar_utils.figures import head_effects, shortcut_options
from tests.figures import record_of


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


def test_what_the_seeds_show_is_said_and_nothing_else():
    """Early, each option lies the same above the one before; the test errors have no order."""
    picture = shortcut_options(OPTIONS)
    shown = picture.data.split("Shown: ")[1]
    assert "early training ResNet-32 C larger than ResNet-32 A" in shown
    assert shown.count("larger") == 6 and "test" not in shown and "smaller" not in shown
    assert picture.alt.endswith(f"Shown: {shown}.")
    noise = [
        with_two_rates(one.job, 30 + one.job.seed * (number + 1) % 3, 20)
        for number, one in enumerate(OPTIONS)
    ]
    assert shortcut_options(noise).data.endswith("Shown: nothing")


def test_heads_that_show_nothing_are_said_to():
    few = [
        record_of(job, [30.0 + seed * number], 30.0 + seed * number)
        for seed in range(2)
        for number, job in enumerate(heads.jobs(seed))
    ]
    picture = head_effects(few)
    assert picture.description.endswith("Shown: nothing.") and "*" not in picture.data[60:]
