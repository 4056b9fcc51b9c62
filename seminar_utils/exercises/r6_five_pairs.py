"""R-6: which verdict five paired differences allow, by the rule of ``experiments.verdicts``."""

from statistics import mean, stdev

from seminar_utils.exercises.by_words import ChoiceExercise
from seminar_utils.tables import Table


def _table() -> Table:
    """Return made-up differences: two that are shown, and two that are not."""
    header = ("", *(f"seed {seed}" for seed in range(5)))
    rows = [
        ("A", 1.2, 0.8, 1.5, 0.9, 1.1),
        ("B", 6.0, -2.5, 0.5, 4.1, -1.6),
        ("C", -0.3, -0.2, -0.3, -0.1, -0.2),
        ("D", 0.2, 0.1, 0.3, 5.0, 0.2),
    ]
    return Table(header, rows, "Test error of a new net minus that of the old one, in points.")


def verdicts(table: Table) -> dict[str, str]:
    """Return for each row whether the 95 % interval of its mean leaves out zero."""
    found = {}
    for letter, *pairs in table.rows:
        half = 2.776 * stdev(pairs) / len(pairs) ** 0.5  # Student's t for five pairs
        shown = "larger" if mean(pairs) > 0 else "smaller"
        found[letter] = shown if abs(mean(pairs)) > half else "not shown"
    return found


WRONG_SIGN = "These are errors of the new net minus the old one: look at the sign again."

EXERCISE = ChoiceExercise(
    begin="Begin with mean and standard deviation of each row. From five pairs a mean is shown if "
    "its size, whatever its sign, is above 1.24 standard deviations (2.776 over the root of 5).",
    right="a large mean is not enough (B), nor are five equal signs (D), and a small difference "
    "can be shown (C). What is not shown may still be there.",
    solution=verdicts,
    examine=_table,
    letters="ABCD",
    words=("larger", "smaller", "equal", "not shown"),
    hints={
        "A not shown": "All five lie close together, around +1.1. With so small a spread, a mean "
        "of 0.34 would be enough.",
        "B larger": "The mean, +1.3, is the largest of all, but the five go from -2.5 to +6.0: "
        "other seeds could give a negative one.",
        "C not shown": "The differences are small, but so is their spread: small and not shown are "
        "two things.",
        "D larger": "One seed makes the mean: without it +1.2 becomes +0.2. Five equal signs "
        "happen by chance 1 time in 16.",
        "equal": "No run shows that two errors are equal: it can only fail to show a difference.",
        "larger": WRONG_SIGN,
        "smaller": WRONG_SIGN,
    },
)
