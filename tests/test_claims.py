"""The seminar's statements: cards that ask first, checks that can fail, an honest index."""

import pytest

from seminar_utils import claims


@pytest.fixture(autouse=True)
def fresh_state(monkeypatch):
    monkeypatch.setattr(claims, "_state", {})


def test_all_92_statements_are_there():
    ids = [
        "W1",
        "W2",
        "W3",
        *(f"G{n}" for n in range(1, 47)),
        *(f"R{n}" for n in range(1, 43)),
        "A1",
    ]
    assert list(claims.all_claims()) == ids
    for claim in claims.all_claims().values():
        assert claim.verdict in claims.VERDICTS
        assert claim.level in {"main", "margin", "ledger"}


def test_a_card_shows_sentence_and_question_and_folds_the_verdict_away():
    card = claims.card("R7", ask="Where would it lie?")
    claim = claims.all_claims()["R7"]
    before, folded = card.html.split("<details>")
    assert claim.claim_ko in before and claim.claim_en in before and "Where would it lie?" in before
    assert "as in the paper" not in before
    assert "as in the paper" in folded
    assert claim.claim_ko in card.text and claim.paper_says in card.text


def test_cards_escape_what_they_quote(monkeypatch):
    evil = claims.Claim("X", "s", "main", "<script>", "<b>", "exact", "<i>", "")
    monkeypatch.setattr(claims, "all_claims", lambda: {"X": evil})
    html = claims.card("X", ask="<u>").html
    assert "<script>" not in html and "<u>" not in html and "&lt;script&gt;" in html


def test_no_verdict_says_wrong():
    assert not any("wrong" in word for word in claims.VERDICTS.values())


def test_shown_is_silent_when_it_holds_and_stops_when_not(capsys):
    claims.shown("G5", "G10", True)
    assert capsys.readouterr().out == ""
    with pytest.raises(claims.ClaimError, match="R7: training error rises too"):
        claims.shown("R7", False)
    assert "R7" not in claims._state


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: claims.shown("R7"), "and then a condition"),
        (lambda: claims.shown("R7", "R8"), "and then a condition"),
        (lambda: claims.shown("R99", True), "no statement 'R99'"),
        (lambda: claims.card("R99"), "no statement 'R99'"),
        (lambda: claims.cited("R7"), "R7 can be tested"),
        (lambda: claims.index("AlexNet"), "no section 'AlexNet'"),
    ],
)
def test_mistakes_get_one_clear_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_index_tells_what_became_of_each():
    claims.shown("R7", True)
    claims.cited("R3")
    text = claims.index("ResNet").text
    assert text.startswith("2 of 42 statements")
    lines = {line.split(" | ")[0]: line for line in text.splitlines()}
    assert lines["R7"].endswith("shown above") and lines["R3"].endswith("cited above")
    assert lines["R8"].endswith("not in this edition")
