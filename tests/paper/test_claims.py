"""The seminar's statements: cards that ask first, checks that can fail, an honest index."""

import csv
import re
from dataclasses import asdict, replace
from html import escape, unescape
from pathlib import Path

import numpy as np
import pytest
import torch

from seminar_utils.paper import claims

FILE = Path(__file__).parents[2] / "data" / "claims.csv"
SECTIONS = {"W": "week 4 review", "G": "GoogLeNet", "R": "ResNet", "A": "assignment"}
ALL = tuple(claims.all_claims().values())


@pytest.fixture(autouse=True)
def fresh_state(monkeypatch):
    monkeypatch.setattr(claims, "_state", {})


def became(claim_id):
    """Return the index's last column for a statement."""
    lines = claims.index(SECTIONS[claim_id[0]]).text.splitlines()
    (line,) = [line for line in lines if line.startswith(f"{claim_id} | ")]
    return line.split(" | ")[-1]


def visible(html):
    """Return what a page says, without its tags."""
    return unescape(re.sub(r"<[^>]*>", " ", html))


def test_all_92_statements_are_there():
    ids = [f"W{n}" for n in range(1, 4)] + [f"G{n}" for n in range(1, 47)]
    ids += [f"R{n}" for n in range(1, 43)] + ["A1"]
    assert list(claims.all_claims()) == ids and len(ids) == 92
    for claim in ALL:
        assert claim.section == SECTIONS[claim.id[0]]
        assert claim.verdict in claims.VERDICTS
        assert claim.level in {"main", "margin", "ledger"}


def test_statements_are_those_of_the_file():
    with FILE.open(encoding="utf-8", newline="") as file:
        assert [asdict(claim) for claim in ALL] == list(csv.DictReader(file))
    assert all(claim.claim_ko and claim.claim_en and claim.paper_says for claim in ALL)


@pytest.mark.parametrize("claim", ALL, ids=lambda claim: claim.id)
def test_a_card_shows_sentence_and_question_and_folds_the_verdict_away(claim):
    card = claims.card(claim.id, ask="Which is deeper?")
    before, folded = map(visible, card.html.split("<details>"))
    assert f'<span lang="ko">“{escape(claim.claim_ko)}”</span>' in card.html
    assert card.html.endswith("</details></div>") and card.html.count("</details>") == 1
    for text in (claim.id, f"“{claim.claim_ko}”", claim.claim_en, "Which is deeper?"):
        assert text in before
    for text in (f"{claim.id}: {claims.VERDICTS[claim.verdict]}.", claim.paper_says):
        assert text in folded and text not in before
    assert not any(word in before for word in claims.VERDICTS.values())


def test_a_card_says_the_same_in_a_terminal_and_takes_several_statements():
    card = claims.card("G8", "G9", ask="Where would it lie?")
    before, folded = map(visible, card.html.split("<details>"))
    first, second, question, *answers = repr(card).splitlines()
    assert question == "Decide first: Where would it lie?" and len(answers) == 2
    for claim_id, line, answer in zip(("G8", "G9"), (first, second), answers, strict=True):
        claim = claims.all_claims()[claim_id]
        assert claim.claim_ko in before and claim.paper_says in folded
        assert line == f"{claim_id} “{claim.claim_ko}” ({claim.claim_en})"
        assert answer.startswith(f"{claim_id}: ") and answer.endswith(claim.paper_says)
    bare = claims.card("G8")
    assert bare._repr_html_() == bare.html and "Decide first" not in bare.html + bare.text


def test_pages_escape_what_they_quote(monkeypatch):
    evil = replace(ALL[0], claim_ko="<script>", claim_en="<script>", paper_says="<script>&")
    monkeypatch.setattr(claims, "all_claims", lambda: {"W1": evil})
    card = claims.card("W1", ask="<script>")
    for html, times in ((card.html, 4), (claims.index("week 4 review").html, 1)):
        assert html.count("&lt;script&gt;") == times and "<script>" not in html
    assert "&lt;script&gt;&amp;" in card.html and "<script>&" in card.text


def test_nothing_says_wrong():
    """The subject of a verdict is the sentence, never the person."""
    pages = [claims.card(claim.id) for claim in ALL] + [claims.index(s) for s in SECTIONS.values()]
    for page in pages:
        assert "wrong" not in (page.html + page.text).lower()


@pytest.mark.parametrize("true", [True, np.bool_(True), torch.tensor(True), np.float64(2) > 1])
def test_shown_is_silent_while_it_holds(true, capsys):
    assert claims.shown("G5", "G10", true) is None
    assert capsys.readouterr() == ("", "")
    assert became("G5") == became("G10") == "shown above"
    assert became("G6") == "not in this edition"


@pytest.mark.parametrize("false", [False, np.bool_(False), torch.tensor(False), None])
def test_shown_stops_when_it_does_not_hold(false):
    assert issubclass(claims.ClaimError, AssertionError)
    names = f"R7: {claims.all_claims()['R7'].claim_en}; R8: {claims.all_claims()['R8'].claim_en}"
    with pytest.raises(claims.ClaimError, match=re.escape(names)):
        claims.shown("R7", "R8", false)
    assert became("R7") == became("R8") == "not in this edition"


def test_only_statements_without_a_possible_test_are_cited():
    for claim in ALL:
        if claim.verdict in ("opinion", "citation", "instruction"):
            claims.cited(claim.id)
            assert became(claim.id) == "cited above"
        else:
            with pytest.raises(ValueError, match=f"{claim.id} can be tested.*claims.shown"):
                claims.cited(claim.id)
            assert became(claim.id) == "not in this edition"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: claims.shown(), "needs ids and then a condition"),
        (lambda: claims.shown("R7"), "needs ids and then a condition"),
        (lambda: claims.shown("R7", "R8"), "needs ids and then a condition"),
        (lambda: claims.shown(True), "needs ids and then a condition"),
        (lambda: claims.shown("R7", "R99", True), "no statement 'R99': ids run .* R1 to R42"),
        (lambda: claims.shown("R99", False), "no statement 'R99'"),
        (lambda: claims.card("R7", "r7"), "no statement 'r7'"),
        (lambda: claims.cited("R3", "R99"), "no statement 'R99'"),
        (lambda: claims.cited("R3", "R7"), "R7 can be tested"),
        (
            lambda: claims.index("AlexNet"),
            r"^There is no section 'AlexNet'; take one of: "
            r"GoogLeNet, ResNet, assignment, week 4 review\.$",
        ),
    ],
)
def test_mistakes_get_one_clear_sentence_and_leave_no_trace(call, words):
    with pytest.raises(ValueError, match=words):
        call()
    assert became("R7") == became("R3") == "not in this edition"


@pytest.mark.parametrize("section", SECTIONS.values())
def test_the_index_lists_every_statement_of_its_section(section):
    ours = [claim for claim in ALL if claim.section == section]
    page = claims.index(section)
    total, header, *rows = page.text.splitlines()
    assert total == f"0 of {len(ours)} statements of section {section} are accounted for."
    assert header == "id | statement | verdict | in this notebook"
    cells = [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", page.html)]
    assert [cell for row in rows for cell in row.split(" | ")] == cells
    assert cells[::4] == [claim.id for claim in ours]
    assert cells[1::4] == [claim.claim_en for claim in ours]
    assert cells[2::4] == [claims.VERDICTS[claim.verdict] for claim in ours]
    assert visible(page.html).strip().startswith(total)


def test_the_index_tells_what_became_of_each():
    claims.shown("R7", "R8", True)
    claims.shown("R7", True)
    claims.cited("R3")
    claims.shown("G5", True)
    page = claims.index("ResNet")
    assert page.text.startswith("3 of 42 statements")
    states = {"R7": "shown above", "R8": "shown above", "R3": "cited above"}
    for claim in ALL[-43:-1]:
        assert became(claim.id) == states.get(claim.id, "not in this edition")
    assert (page.html.count("shown above"), page.html.count("cited above")) == (2, 1)


def test_a_statement_that_no_longer_holds_is_not_listed_as_shown():
    claims.shown("R7", True)
    with pytest.raises(claims.ClaimError):
        claims.shown("R7", False)
    assert "0 of 42 statements" in claims.index("ResNet").text
