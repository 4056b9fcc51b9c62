"""The table of patterns: every row finds its examples, and every find is what it is meant to be."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from seminar_utils.github_profile.checks.findings import LEVELS, _sentences
from seminar_utils.github_profile.checks.patterns import patterns
from seminar_utils.github_profile.checks.privacy import SENTENCES, privacy
from seminar_utils.github_profile.reading.handed_in import COMMITS
from tests.github_profile.corpus import drawn

README = "README.md"
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
    return [
        f"{row.what[0].upper()}{row.what[1:]}."
        for row in patterns(kind)
        if row.pattern.search(text)
    ]


def cases(examples):
    return [
        pytest.param(row, example, id=f"{number}: {example}")
        for number, row in enumerate(patterns(), 2)
        for example in getattr(row, examples)
    ]


@pytest.mark.parametrize(("row", "example"), cases("found"))
def test_every_example_is_found_and_not_repeated(row, example):
    words = {f"{each.what[0].upper()}{each.what[1:]}." for each in patterns()}
    for seed in range(DRAWS):
        said = found(row.kind, drawn(example, seed))
        assert f"{row.what[0].upper()}{row.what[1:]}." in said, drawn(example, seed)
        assert words.issuperset(said)


@pytest.mark.parametrize(("row", "example"), cases("not_found"))
def test_what_only_looks_like_one_is_left_alone(row, example):
    for seed in range(DRAWS):
        assert found(row.kind, drawn(example, seed)) == [], drawn(example, seed)


def test_every_row_has_examples_and_every_kind_has_rows():
    for row in patterns():
        assert row.what and all(row.found) and all(row.not_found), row
        assert all(word == word.lower() for word in row.hint)
    apart = {"name", "school", "class", "placeholder", "counter", "dead", "archive"}
    apart |= {"sample", "no value", "no reader", "nobody"}
    assert {row.kind for row in patterns()} == SENTENCES.keys() | apart


def test_the_corpus_is_caught():
    """Texts as people paste them, written down apart from the table."""
    with CORPUS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    words = {"phone": "telephone", "registration": "registration"}
    missed = [
        (row["kind"], row["name"])
        for row in rows
        if not all(
            any(words.get(row["kind"], "") in each for each in found("secret", drawn(text, seed)))
            for seed in range(DRAWS)
            for text in [row["text"]]
        )
    ]
    assert Counter(row["kind"] for row in rows) == {
        "credential": 83,
        "phone": 26,
        "registration": 11,
    }
    assert missed == []


def test_every_finding_has_its_sentences():
    for key, (level, *sentences) in _sentences().items():
        assert level in LEVELS and len(sentences) == 3, key
        assert all(sentences) and sentences[0].endswith((".", "}")), key
    assert set(SENTENCES.values()) <= _sentences().keys()
