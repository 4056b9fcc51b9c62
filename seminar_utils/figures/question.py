"""A question with what was guessed and what came out, before anything of it is drawn."""

from dataclasses import dataclass

from seminar_utils.language import N_, Later

__all__ = ["Question"]


@dataclass(frozen=True)
class Question:
    """A question of a lesson; what is not known yet is None."""

    name: str  # what was asked for, such as "plain-32 minus plain-8"
    unit: str = ""  # of guess, outcome and spread
    guess: float | None = None
    outcome: float | None = None
    spread: float | None = None  # standard deviation of the outcome over seeds

    @property
    def words(self) -> Later:
        """Guess and outcome in words."""
        unit, guess = f" {self.unit}" if self.unit else "", N_("no guess")
        if self.guess is not None:
            guess = Later("guess {value:+.1f}", value=self.guess)
        if self.outcome is None:
            return Later("{guess}{unit}, not measured yet", guess=guess, unit=unit)
        return Later(
            "{guess}, came out {outcome:+.1f} ± {spread:.1f}{unit}",
            **{"guess": guess, "outcome": self.outcome, "spread": self.spread, "unit": unit},
        )

    @property
    def distance(self) -> float | None:
        """Guess minus outcome in spreads, None if either is missing."""
        if self.guess is None or self.outcome is None:
            return None
        return (self.guess - self.outcome) / self.spread
