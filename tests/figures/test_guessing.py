"""Guesses beside outcomes: where each dot lies, and what each row says."""

import warnings

import pytest

from seminar_utils import figures
from seminar_utils.figures.question import Question
from tests.figures import BLUE, color, points


def drawn(*questions):
    picture = figures.guesses(questions)
    (axis,) = picture.figure.axes
    dots = [line for line in axis.lines if color(line) == BLUE]
    return picture, axis, dots


def rows(axis):
    return [label.get_text() for label in axis.get_yticklabels()]


def test_a_dot_lies_at_guess_minus_outcome_in_spreads():
    picture, _, dots = drawn(Question("a", "points", 5, 11, 3), Question("b", "", 2, 1, 0.5))
    assert [points(dot) for dot in dots] == [[(-2, 0)], [(2, 1)]]
    assert "a: guess +5.0, came out +11.0 ± 3.0 points, -2.0 spreads away" in picture.data
    assert picture.data.endswith("b: guess +2.0, came out +1.0 ± 0.5, +2.0 spreads away")


def test_rows_without_a_guess_or_an_outcome_say_what_there_is():
    picture, axis, dots = drawn(
        Question("a", "points", None, 11, 3), Question("b", "points", 4), Question("c")
    )
    assert not dots
    assert rows(axis) == [
        "a\nno guess, came out +11.0 ± 3.0 points",
        "b\nguess +4.0 points, not measured yet",
        "c\nno guess, not measured yet",
    ]
    assert "3 questions" in picture.alt


def test_a_name_that_the_font_cannot_write_gets_a_number():
    picture, axis, _ = drawn(Question("훈련 오차", "점", 5, 11, 3))
    assert rows(axis) == ["question 1\nguess +5.0, came out +11.0 ± 3.0"]
    assert "훈련 오차" in picture.alt and "훈련 오차" in picture.data
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture.png()


def test_no_question_is_one_sentence():
    with pytest.raises(ValueError, match="There is no question to draw"):
        figures.guesses([])
