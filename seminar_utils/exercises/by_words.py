"""Exercises whose answer is the name of a layer, or a word for each row of a table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from seminar_utils.exercises.exercise import Exercise
from seminar_utils.language import tr

__all__ = ["ChoiceExercise", "NameExercise"]


@dataclass(frozen=True, kw_only=True)
class NameExercise(Exercise):
    """The answer is the name of a layer or block of the net that is to be examined."""

    hints: Mapping[str, str]  # for each regular expression of whole names, "" for the right one
    takes: ClassVar[str] = 'Give a name as text, in quotes, such as "stages.0.0.conv2".'

    def find_mistake(self, answer: object) -> str:
        """Return the hint of the first pattern that matches, in the usual ways of writing it."""
        if not isinstance(answer, str):
            return self.takes
        # "net.stages[1][0].conv1.weight" is stages.1.0.conv1.
        name = re.sub(r"[\s'\"`]", "", answer).lower().strip(".").replace("[", ".").replace("]", "")
        name = re.sub(r"^(net|model)\.|\.(weight|bias|stride|running_mean|running_var)$", "", name)
        if not name:
            raise NotImplementedError
        if name.startswith("layer"):
            return (
                "This is a name of torchvision's, which counts from layer1: here the three groups "
                "of blocks are stages.0, stages.1 and stages.2."
            )
        if name not in dict(self.examine().named_modules()):
            return "This net has nothing of that name: dict(net.named_modules()) lists all names."
        return next(hint for names, hint in self.hints.items() if re.fullmatch(names, name))


@dataclass(frozen=True, kw_only=True)
class ChoiceExercise(Exercise):
    """The answer is one word for each letter, read from the table that is to be examined."""

    letters: str
    words: Sequence[str]
    hints: Mapping[str, str]  # by letter and word, by letter, or by word

    @property
    def takes(self) -> str:
        """Name the letters and the words."""
        letters, words = ", ".join(self.letters), ", ".join(self.words)
        return tr("Give a word for each of {letters}: {words}.", letters=letters, words=words)

    def find_mistake(self, answer: object) -> str:
        """Return the hint for the first letter with a wrong word."""
        if not isinstance(answer, Mapping) or not set(answer) <= set(self.letters):
            return self.takes
        if all(word in (None, ..., "") for word in answer.values()):
            raise NotImplementedError
        known = {word.lower(): word for word in self.words}
        for letter, right in self.solution(self.examine()).items():
            word = known.get(str(answer.get(letter)).strip().lower())
            if word is None:
                words = ", ".join(self.words)
                return tr("{letter} has none of these words: {words}.", letter=letter, words=words)
            if word != right:
                hint = next(filter(None, map(self.hints.get, (f"{letter} {word}", letter, word))))
                return f"{letter}: {tr(hint)}"
        return ""
