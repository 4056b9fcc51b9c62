"""The table of patterns: every row finds its examples, and every find is what it is meant to be."""

import pytest

from seminar_utils.github_profile.checks.privacy import SENTENCES, privacy
from seminar_utils.github_profile.checks.tables import patterns
from seminar_utils.github_profile.reading.handed_in import COMMITS
from seminar_utils.github_profile.reading.texts import table
from tests.github_profile.corpus import cases, drawn

DRAWS = 10  # a shape that is found by luck is not found


def found(kind, text):
    """What is found of a kind, and of no other, in a text."""
    if kind in SENTENCES:
        name = {"author": COMMITS, "editor": "a.ipynb"}.get(kind, "README.md")
        return [
            each.what.partition(" in ")[0].removesuffix(".") + "."
            for each in privacy({name: f"a\n{text}".encode()})
        ]
    return [sentence(row) for row in patterns(kind) if row.pattern.search(text)]


def sentence(row):
    return f"{row.what[0].upper()}{row.what[1:]}."


EXAMPLES = [
    pytest.param(row, example, is_found, id=f"{number}: {example}")
    for number, (row, cells) in enumerate(
        zip(patterns(), table("checks/patterns.tsv"), strict=True), 2
    )
    for several, is_found in ((cells[4], True), (cells[5], False))
    for example in several.split(" ¦ ")
]


@pytest.mark.parametrize(("row", "example", "is_found"), EXAMPLES)
def test_every_example_is_found_and_what_only_looks_like_one_is_left_alone(row, example, is_found):
    assert example
    for text in (drawn(example, seed) for seed in range(DRAWS)):
        said = found(row.kind, text)
        assert sentence(row) in said if is_found else said == [], text
        assert set(said) <= set(map(sentence, patterns()))


def test_every_row_is_said_and_every_kind_is_known():
    assert all(row.what and row.hint == [word.lower() for word in row.hint] for row in patterns())
    apart = {"name", "school", "class", "placeholder", "counter", "dead", "archive"}
    apart |= {"sample", "no value", "no reader", "nobody", "doubled", "bare", "no words"}
    apart |= {"script", "disk", "github", "picture", "in address", "label", "brand"}
    assert {row.kind for row in patterns()} == SENTENCES.keys() | apart


@pytest.mark.parametrize(
    ("kind", "words", "number"),
    [("credential", "", 83), ("phone", "telephone", 26), ("registration", "registration", 11)],
)
def test_the_corpus_is_caught(kind, words, number):
    """Texts as people paste them, written down apart from the table."""
    assert len(cases(kind)) == number
    for template, name in cases(kind):
        for text in (drawn(template, seed) for seed in range(DRAWS)):
            assert any(words in each for each in found("secret", text)), (name, text)
