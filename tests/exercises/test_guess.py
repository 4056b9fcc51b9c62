"""Guesses: what is kept where, what is refused, what is shown at the end."""

import json

import pytest

from seminar_utils import exercises
from seminar_utils.exercises import guess as kept_guess  # the function hides its file
from seminar_utils.figures.picture import Picture
from seminar_utils.jupyter import EDITIONS
from seminar_utils.machine import KERNEL

NAME = "plain-32 minus plain-8"
ASKED = kept_guess.__globals__["_asked"]


@pytest.fixture(autouse=True)
def new_kernel(monkeypatch, tmp_path):
    monkeypatch.delenv(KERNEL, raising=False)
    monkeypatch.chdir(tmp_path)
    ASKED.clear()
    yield
    ASKED.clear()


@pytest.fixture
def workbook(tmp_path):
    (tmp_path / EDITIONS).write_text("{}")
    return tmp_path


def content(folder):
    return json.loads((folder / "guesses.json").read_text(encoding="utf-8"))


def test_none_is_no_guess_and_replaces_none(workbook):
    assert exercises.guess(NAME, None) is None
    assert exercises.guess(NAME, -2.5) == -2.5
    ASKED.clear()  # the kernel starts anew
    assert exercises.guess(NAME, None) == -2.5
    assert exercises.guess(NAME, 0) == 0
    assert content(workbook)[NAME]["guess"] == 0


@pytest.mark.parametrize("value", ["5", True, float("nan"), float("inf"), 10**400, 1j, [1]])
def test_what_is_no_number_is_refused_in_one_sentence(workbook, value):
    with pytest.raises(ValueError, match=r"is no number: write one such as 5 or -2\.5, or None"):
        exercises.guess(NAME, value)
    assert not (workbook / "guesses.json").exists()


@pytest.mark.parametrize("spread", [0, -1])
def test_a_spread_is_above_0(spread):
    with pytest.raises(ValueError, match="a spread over seeds is above 0"):
        exercises.outcome(NAME, 1, spread)


def test_outside_of_a_workbook_nothing_is_written(tmp_path):
    assert exercises.guess(NAME, 5) == 5
    assert exercises.guess(NAME) == 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("purpose", ["recorded", "compared"])
def test_recorded_and_compared_notebooks_write_nothing(workbook, monkeypatch, purpose):
    monkeypatch.setenv(KERNEL, purpose)
    assert exercises.guess(NAME, 5) == 5
    exercises.outcome(NAME, 11.1, 3.4)
    assert [path.name for path in workbook.iterdir()] == [EDITIONS]


def test_a_notebook_in_a_folder_of_the_workbook_keeps_there(workbook, monkeypatch):
    (workbook / "more").mkdir()
    monkeypatch.chdir(workbook / "more")
    exercises.guess(NAME, 5)
    assert content(workbook)[NAME]["guess"] == 5


def test_two_notebooks_keep_each_others_guesses(workbook):
    exercises.guess("first", 1)
    ASKED.clear()
    exercises.guess("second", 2)
    assert list(content(workbook)) == ["first", "second"]
    assert "first" not in exercises.guesses().data


def test_a_second_run_changes_nothing(workbook):
    for _ in range(2):
        exercises.guess(NAME, 5, unit="points")
        exercises.outcome(NAME, 11.1, 3.4)
        shown = exercises.guesses().data
    entry = {"name": NAME, "unit": "points", "guess": 5, "outcome": 11.1, "spread": 3.4}
    assert content(workbook) == {NAME: entry} and shown.count(NAME) == 1


ENTRIES = [
    *(b"1", b'{"name": 5}', b'{"name": "a", "guess": "5"}', b'{"name": "a", "outcome": 5}'),
    b'{"name": "a", "outcome": 5, "spread": 0}',
]


@pytest.mark.parametrize("broken", [b"{", b"\xff\xfe", b"[]", *(b'{"a": %s}' % e for e in ENTRIES)])
def test_a_damaged_file_is_kept_beside(workbook, capsys, broken):
    (workbook / "guesses.json").write_bytes(broken)
    assert exercises.guess(NAME, 5) == 5
    exercises.outcome(NAME, 1, 1)
    assert (workbook / "guesses.1.json").read_bytes() == broken
    said = "guesses.json was damaged: it is kept as guesses.1.json, and a new one is begun.\n"
    assert capsys.readouterr().out == said
    assert list(content(workbook)) == [NAME]


def test_a_disk_that_cannot_be_written_stops_no_class(workbook, capsys, monkeypatch):
    def full(path, text):
        raise OSError("the disk is full.")

    monkeypatch.setitem(kept_guess.__globals__, "write_atomically", full)
    assert exercises.guess(NAME, 5) == 5
    assert capsys.readouterr().out.endswith("but is not kept: the disk is full.\n")


def test_korean_names_come_back_as_they_were(workbook):
    exercises.guess("훈련 오차", 3, unit="점")
    ASKED.clear()
    assert exercises.guess("훈련 오차", unit="점") == 3
    assert "훈련 오차" in (workbook / "guesses.json").read_text(encoding="utf-8")


def test_who_guessed_nothing_sees_the_outcomes():
    exercises.guess(NAME, None, unit="points")
    exercises.outcome(NAME, 11.1, 3.4)
    shown = exercises.guesses()
    assert not isinstance(shown, Picture)
    assert f"{NAME}: no guess, came out +11.1 ± 3.4 points" in repr(shown)
    assert "you can make one any time" in shown.html


def test_one_guess_is_a_picture_of_all_questions():
    exercises.guess(NAME, None)
    exercises.guess("other", 1)
    assert isinstance(exercises.guesses(), Picture)
    assert NAME in exercises.guesses().alt
