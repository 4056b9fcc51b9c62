"""What recorded seeds show, and what they do not.

Two nets of the same seed share their start and their batches, so they are compared in pairs. A
difference counts as shown when the 95 % confidence interval of its mean over the seeds (Student's
t, paired) leaves out zero. Half the width of that interval is the smallest difference that these
seeds could have shown.

Three questions are kept apart: does a net learn more slowly ("early training": the mean over all
epochs at the first learning rate), does it end worse on what it is trained on ("training": the last
epoch, like all of them with augmented images and while the weights still move), does it end worse
on new images ("test": all of them, once)?
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean, stdev

from seminar_utils.experiments.job import Record
from seminar_utils.language import N_, Later, tr
from seminar_utils.tables import Table
from seminar_utils.training.loop import History

__all__ = ["SPLITS", "Comparison", "compare", "error_of", "errors", "table"]

SPLITS = (N_("early training"), N_("training"), N_("test"))
SIGNS = {"larger": "\N{BLACK UP-POINTING TRIANGLE}", "smaller": "\N{BLACK DOWN-POINTING TRIANGLE}"}


@dataclass(frozen=True)
class Comparison:
    """The paired difference between two nets' errors, in percentage points."""

    net: str
    baseline: str
    split: str  # one of ``SPLITS``
    differences: tuple[float, ...]  # net minus baseline, one per seed

    @property
    def mean(self) -> float:
        """Mean over the seeds, in points; positive where the net has the larger error."""
        return mean(self.differences)

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds, in points."""
        return stdev(self.differences)

    @property
    def smallest_visible(self) -> float:
        """The smallest mean that so many seeds with this spread could show, in points."""
        from scipy.special import stdtrit  # Student's t; workers need neither

        n = len(self.differences)
        return float(stdtrit(n - 1, 0.975)) * self.spread / n**0.5

    @property
    def verdict(self) -> str:
        """Return "larger", "smaller" or "not shown at this scale"."""
        if abs(self.mean) <= self.smallest_visible:
            return N_("not shown at this scale")
        return N_("larger") if self.mean > 0 else N_("smaller")

    @property
    def same_sign(self) -> int:
        """In how many seeds the difference has the sign of the mean."""
        return sum(difference * self.mean > 0 for difference in self.differences)


def errors(records: Sequence[Record], net: str, split: str) -> dict[int, float]:
    """Return a net's final error in % for each seed; the splits are those of this module's head.

    Raises:
        ValueError: An unknown split, no record of the net, or records that do not belong together.
    """
    if split not in SPLITS:
        raise ValueError(f"split={split!r} is unknown: take one of {SPLITS}.")
    chosen = sorted((r for r in records if r.job.net == net), key=lambda r: r.job.seed)
    if not chosen:
        known = ", ".join(sorted({record.job.net for record in records})) or "none"
        raise ValueError(f"There is no record of {net!r}; recorded are: {known}.")
    seeds = [record.job.seed for record in chosen]
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"{net} has several records of one seed: do not mix recipes ({seeds}).")
    # What stands beside it in a verdict was computed alike, too.
    ways = {(record.job.device, record.job.precision) for record in records}
    if len(ways) > 1 or len({replace(record.job, seed=0) for record in chosen}) > 1:
        raise ValueError(
            f"The records of {net} were not all made in one way (net, images, recipe, device or "
            f"precision differ between seeds {seeds} or from others): compare records of one "
            "experiment and one device only."
        )
    return {record.job.seed: error_of(record.history, split) for record in chosen}


def error_of(history: History, split: str) -> float:
    """Return one run's error in %."""
    if split == "test":
        return history.test.error
    if split == "training":
        return history.train[-1].error
    rates = history.learning_rates
    return mean(s.error for s, rate in zip(history.train, rates, strict=True) if rate == rates[0])


def compare(records: Sequence[Record], net: str, baseline: str, split: str) -> Comparison:
    """Compare two nets over the seeds that both were run with.

    Raises:
        ValueError: Fewer than two seeds are shared.
    """
    ours, theirs = errors(records, net, split), errors(records, baseline, split)
    shared = sorted(ours.keys() & theirs.keys())
    if len(shared) < 2:
        raise ValueError(
            f"{net} and {baseline} share {len(shared)} seeds; a spread needs at least 2."
        )
    differences = tuple(ours[seed] - theirs[seed] for seed in shared)
    return Comparison(net, baseline, split, differences)


def table(*comparisons: Comparison) -> Table:
    """Show comparisons side by side, and say how many could be no more than chance."""
    header = (
        *(N_("error"), N_("net"), N_("minus"), N_("points"), N_("spread")),
        *(N_("visible from"), N_("same sign"), N_("verdict")),
    )
    rows = [
        (
            each.split,
            each.net,
            each.baseline,
            f"{each.mean:+.1f}",
            f"{each.spread:.1f}",
            f"{each.smallest_visible:.1f}",
            Later("{n} of {all}", n=each.same_sign, all=len(each.differences)),
            Later("{sign} {verdict}", sign=SIGNS[each.verdict], verdict=each.verdict)
            if each.verdict in SIGNS
            else each.verdict,
        )
        for each in comparisons
    ]
    note = tr("Paired over seeds, 95 % confidence (Student's t).")
    if len(rows) > 1:
        note += " " + tr(
            "Even where nothing differs, 1 of 20 such comparisons comes out as different; here "
            "are {n}, and nothing is corrected for that.",
            n=len(rows),
        )
    return Table(header, rows, note)
