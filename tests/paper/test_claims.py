"""The seminar's statements: cards that ask first, checks that can fail, an honest index."""

import re
from dataclasses import replace
from html import escape, unescape

import numpy as np
import pytest
import torch

from seminar_utils.paper import claims
from seminar_utils.tables import Table
from tests import refused

SECTIONS = {"W": "week 4 review", "G": "GoogLeNet", "R": "ResNet", "A": "assignment"}
ALL = tuple(claims.all_claims().values())


@pytest.fixture(autouse=True)
def fresh_state(monkeypatch):
    monkeypatch.setattr(claims, "_looked_at", set())


def became(claim_id):
    """Return the ledger's last column for a statement."""
    (row,) = [row for row in claims.index(SECTIONS[claim_id[0]]).rows if row[0] == claim_id]
    return row[-1]


def waits(claim_id):
    """Whether the ledger says where a statement still waits to be run."""
    return became(claim_id) == f"not run yet ({claims.all_claims()[claim_id].tested_in})"


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
        assert claim.outcome in claims.OUTCOMES and claim.tested_in
        assert (claim.outcome == "") == (claim.verdict in ("opinion", "citation", "instruction"))
        assert bool(claim.tested_by) == (claim.outcome != "")
        assert len(claim.tested_by) <= 90
        assert claim.claim_ko and claim.claim_en and claim.paper_says


def test_a_card_shows_sentence_and_question_and_folds_the_verdict_away():
    """The subject of a verdict is the sentence, never the person: nothing says wrong."""
    for claim in ALL:
        card = claims.card(claim.id, ask="Which is deeper?")
        before, folded = map(visible, card.html.split("<details>"))
        assert f'<span lang="ko">“{escape(claim.claim_ko)}”</span>' in card.html
        assert card.html.endswith("</details></div>") and card.html.count("</details>") == 1
        for text in (claim.id, f"“{claim.claim_ko}”", claim.claim_en, "Which is deeper?"):
            assert text in before
        for text in (f"{claim.id}: {claims.VERDICTS[claim.verdict]}.", claim.paper_says):
            assert text in folded and text not in before
        assert not any(word in before for word in claims.VERDICTS.values())
        assert "wrong" not in (card.html + card.text).lower()
        line, question, answer = repr(card).splitlines()  # the same in a terminal
        assert (line, question) == (
            f"{claim.id} “{claim.claim_ko}” ({claim.claim_en})",
            "Decide first: Which is deeper?",
        )
        assert answer.startswith(f"{claim.id}: ") and answer.endswith(claim.paper_says)
    assert len(repr(claims.card("G8", "G9")).splitlines()) == 4  # without a question


def test_what_was_measured_stands_in_the_fold_before_the_paper():
    measured = Table(("net", "word"), [("plain", "grows")])
    card = claims.card("R27", ask="Does it vanish?", measured=measured)
    before, folded = card.html.split("<details>")
    assert measured._repr_html_() not in before
    assert 0 < folded.index(measured._repr_html_()) < folded.index("R27: ")
    assert repr(measured) in card.text


def test_pages_escape_what_they_quote(monkeypatch):
    evil = replace(ALL[0], claim_ko="<script>", claim_en="<script>", paper_says="<script>&")
    monkeypatch.setattr(claims, "all_claims", lambda: {"W1": evil})
    card = claims.card("W1", ask="<script>")
    for html, times in ((card.html, 4), (claims.index("week 4 review")._repr_html_(), 1)):
        assert html.count("&lt;script&gt;") == times and "<script>" not in html
    assert "&lt;script&gt;&amp;" in card.html and "<script>&" in card.text


@pytest.mark.parametrize("true", [True, np.bool_(True), torch.tensor(True), np.float64(2) > 1])
def test_shown_is_silent_while_it_holds(true, capsys):
    assert claims.shown("G5", "G10", true) is None
    assert capsys.readouterr() == ("", "")
    assert not waits("G5") and not waits("G10")
    assert waits("G6")


@pytest.mark.parametrize("false", [False, np.bool_(False), torch.tensor(False), None])
def test_shown_stops_when_it_does_not_hold(false):
    assert issubclass(claims.ClaimError, AssertionError)
    names = f"R7: {claims.all_claims()['R7'].claim_en}; R8: {claims.all_claims()['R8'].claim_en}"
    claims.shown("R7", True)  # earlier, but not any more
    with pytest.raises(claims.ClaimError, match=re.escape(names)):
        claims.shown("R7", "R8", false)
    assert waits("R7") and waits("R8")


def test_only_statements_without_a_possible_test_are_cited():
    for claim in ALL:
        if claim.outcome in ("", "paper"):
            claims.cited(claim.id)
            words = "named" if claim.outcome == "" else f"checked in the paper ({claim.tested_by})"
            assert became(claim.id) == words
        else:
            with pytest.raises(ValueError, match=f"{claim.id} can be tested.*claims.shown"):
                claims.cited(claim.id)
            assert waits(claim.id)


def test_mistakes_get_one_clear_sentence_and_leave_no_trace():
    refused(
        (lambda: claims.shown(), "needs ids and then a condition"),
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
    )
    assert waits("R7") and waits("R3")


@pytest.mark.parametrize("section", SECTIONS.values())
def test_the_ledger_lists_every_statement_of_its_section(section):
    ours = [claim for claim in ALL if claim.section == section]
    ledger = claims.index(section)
    assert ledger.header == ("id", "statement", "verdict", "section", "how it came out")
    assert [row[:2] for row in ledger.rows] == [(c.id, c.claim_en) for c in ours]
    assert all(row[4] == f"not run yet ({row[3]})" and row[3] for row in ledger.rows)
    assert ledger.note == f"0 of {len(ours)} statements were looked at in this run."
    assert "wrong" not in repr(ledger).lower()


def test_the_ledger_tells_how_each_came_out(monkeypatch):
    """What is only cited has a test of its own."""
    outcomes = {"holds": "holds", "half": "half of it holds", "differs": "differs"}
    outcomes |= {"not shown": "not shown at this scale"}
    rows = [
        replace(ALL[0], id=f"W{n}", outcome=outcome, tested_by="a run")
        for n, outcome in enumerate(outcomes)
    ]
    monkeypatch.setattr(claims, "all_claims", lambda: {c.id: c for c in rows})
    claims.shown("W0", "W1", "W2", "W3", True)
    ledger = claims.index("week 4 review")
    assert [row[-1] for row in ledger.rows] == [f"{words} (a run)" for words in outcomes.values()]
    assert ledger.note == "4 of 4 statements were looked at in this run."
