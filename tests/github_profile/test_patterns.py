"""The table of patterns: every row finds its examples, and every find is what it is meant to be."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from seminar_utils.github_profile.checks.privacy import SENTENCES, privacy
from seminar_utils.github_profile.checks.tables import HERE, patterns
from seminar_utils.github_profile.reading.handed_in import COMMITS
from seminar_utils.github_profile.reading.texts import table
from tests.github_profile.corpus import drawn

README = "README.md"
PATTERNS = HERE / "patterns.tsv"
CORPUS = Path(__file__).with_name("corpus.tsv")
DRAWS = 10  # a shape that is found by luck is not found


def found(kind, text):
    """What is found of a kind, and of no other, in a text."""
    if kind in SENTENCES:
        name = {"author": COMMITS, "editor": "a.ipynb"}.get(kind, README)
        return [
            each.what.partition(" in ")[0].removesuffix(".") + "."
            for each in privacy({name: f"a\n{text}".encode()})
        ]
    return [sentence(row) for row in patterns(kind) if row.pattern.search(text)]


def sentence(row):
    return f"{row.what[0].upper()}{row.what[1:]}."


FOUND, NOT_FOUND = ([cells[at].split(" ¦ ") for cells in table(PATTERNS)] for at in (4, 5))


def cases(examples):
    return [
        pytest.param(row, example, id=f"{number}: {example}")
        for number, (row, several) in enumerate(zip(patterns(), examples, strict=True), 2)
        for example in several
    ]


@pytest.mark.parametrize(("row", "example"), cases(FOUND))
def test_every_example_is_found_and_not_repeated(row, example):
    for seed in range(DRAWS):
        said = found(row.kind, drawn(example, seed))
        assert sentence(row) in said, drawn(example, seed)
        assert set(said) <= set(map(sentence, patterns()))


@pytest.mark.parametrize(("row", "example"), cases(NOT_FOUND))
def test_what_only_looks_like_one_is_left_alone(row, example):
    for seed in range(DRAWS):
        assert found(row.kind, drawn(example, seed)) == [], drawn(example, seed)


def test_every_row_has_examples_and_every_kind_has_rows():
    assert all(map(all, [*FOUND, *NOT_FOUND]))
    for row in patterns():
        assert row.what, row
        assert all(word == word.lower() for word in row.hint)
    apart = {"name", "school", "class", "placeholder", "counter", "dead", "archive"}
    apart |= {"sample", "no value", "no reader", "nobody", "doubled", "bare", "no words"}
    apart |= {"script", "disk", "github", "picture", "in address", "label", "brand"}
    assert {row.kind for row in patterns()} == SENTENCES.keys() | apart


def test_the_corpus_is_caught():
    """Texts as people paste them, written down apart from the table."""
    with CORPUS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    words = {"phone": "telephone", "registration": "registration"}
    for row in rows:
        for text in (drawn(row["text"], seed) for seed in range(DRAWS)):
            said = found("secret", text)
            assert any(words.get(row["kind"], "") in each for each in said), (row["name"], text)
    number = Counter(row["kind"] for row in rows)
    assert number == {"credential": 83, "phone": 26, "registration": 11}
