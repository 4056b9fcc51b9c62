"""What the tests of the exercises share: wrong answers as cases, and what a check says."""

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest
import torch

from seminar_utils import exercises

__all__ = ["assert_hints_apart", "assert_own_hint", "cases", "one_thread", "said"]


def cases(table):
    return [
        pytest.param(name, words, n, id=f"{name} {words[-30:]} {n}")
        for name, hints in table.items()
        for words, answers in hints.items()
        for n in range(len(answers))
    ]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors are not worth waiting for a second processor that is busy."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def said(*arguments):
    """Check an answer and return what was printed."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        assert exercises.check(*arguments) is None
    assert err.getvalue() == "" and out.getvalue().count("\n") == 1
    return out.getvalue().strip()


def assert_own_hint(sentence, words, hints):
    """A mistake gets the hint with these words, and no other hint's."""
    assert sentence.startswith("Not yet. ") and words in sentence
    assert [other for other in hints if other in sentence] == [words]


def assert_hints_apart(said_of, hints):
    """A hint is the same for all who make its mistake, and different from every other hint."""
    heard = {
        words: {said_of(words, n) for n in range(len(answers))} for words, answers in hints.items()
    }
    assert [words for words, sentences in heard.items() if len(sentences) != 1] == []
    assert len(set.union(*heard.values())) == len(heard)
