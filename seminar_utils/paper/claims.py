"""The 92 statements of the seminar, as cards, as checks that can fail, and as an index.

A notebook shows a statement (``card``), runs something that would come out differently if it were
false, and says so (``shown``): silent while it holds, an error as soon as it does not. Statements
that nothing can test, quotations and opinions, are only ``cited``. ``index`` lists all of them with
what became of each in this notebook.

The statements are quoted from the presenter's slides; the verdict is on the sentence, against the
paper, never on the person.
"""

from dataclasses import dataclass
from functools import cache
from html import escape

from seminar_utils.files import read_rows

__all__ = ["Claim", "ClaimError", "Display", "all_claims", "card", "cited", "index", "shown"]

VERDICTS = {
    "exact": "as in the paper",
    "imprecise": "one thing to add",
    "differs": "differs from the paper",
    "opinion": "the presenter's reading",
    "citation": "a citation",
    "instruction": "an instruction",
}
UNTESTABLE = ("opinion", "citation", "instruction")


@dataclass(frozen=True)
class Claim:
    """One statement of the seminar and what the papers say."""

    id: str
    section: str
    level: str  # main: a card; margin: a mark in the prose; ledger: a row of the index
    claim_ko: str  # quoted from the slides
    claim_en: str
    verdict: str  # key of VERDICTS
    paper_says: str
    demonstration: str


class ClaimError(AssertionError):
    """A statement's demonstration came out against what the notebook says."""


@dataclass(frozen=True)
class Display:
    """The same content for a page and for a terminal."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the text."""
        return self.text


# What became of each statement since the kernel started: "shown" or "cited".
_state: dict[str, str] = {}


@cache
def all_claims() -> dict[str, Claim]:
    """Return all statements by id, in the order of the slides."""
    return {row["id"]: Claim(**row) for row in read_rows("claims.csv")}


def card(*ids: str, ask: str = "") -> Display:
    """Show statements with one question; verdict and paper are folded away until it is answered.

    Args:
        ids: Such as "R7".
        ask: What the class decides before the fold is opened.
    """
    claims = [_find(name) for name in ids]
    question = f"<p><b>Decide first:</b> {escape(ask)}</p>" if ask else ""
    quotations = "".join(
        f'<p><b>{c.id}</b> <span lang="ko">“{escape(c.claim_ko)}”</span> '
        f"<br><i>{escape(c.claim_en)}</i></p>"
        for c in claims
    )
    folded = "".join(
        f"<p><b>{c.id}: {VERDICTS[c.verdict]}.</b> {escape(c.paper_says)}</p>" for c in claims
    )
    html = (
        '<div style="border-left: 5px solid #0072B2; padding: 0 1em; font-size: 1.1em">'
        f"{quotations}{question}<details><summary>Verdict, and what the paper says</summary>"
        f"{folded}</details></div>"
    )
    lines = [f"{c.id} “{c.claim_ko}” ({c.claim_en})" for c in claims]
    lines += [f"Decide first: {ask}"] if ask else []
    lines += [f"{c.id}: {VERDICTS[c.verdict]}. {c.paper_says}" for c in claims]
    return Display(html, "\n".join(lines))


def shown(*ids_and_condition: object) -> None:
    """Note that statements are demonstrated: ``shown("G5", "G10", condition)``.

    Says nothing while the condition holds.

    Raises:
        ClaimError: The condition is false, so the notebook's text would mislead.
        ValueError: No condition was given, or an unknown id.
    """
    *ids, condition = ids_and_condition or ("",)
    if not ids or isinstance(condition, str):
        raise ValueError(
            'claims.shown needs ids and then a condition, as in claims.shown("R7", deep > shallow).'
        )
    claims = [_find(name) for name in ids]
    if not bool(condition):
        for name in ids:
            _state.pop(name, None)  # shown earlier, but not any more
        sentences = "; ".join(f"{c.id}: {c.claim_en}" for c in claims)
        raise ClaimError(f"The demonstration does not bear out what the text says of {sentences}.")
    _state.update(dict.fromkeys(ids, "shown"))


def cited(*ids: str) -> None:
    """Note that statements without a possible test (opinions, citations) have been named.

    Raises:
        ValueError: A statement can be tested, or its id is unknown.
    """
    for claim in map(_find, ids):
        if claim.verdict not in UNTESTABLE:
            raise ValueError(f"{claim.id} can be tested: demonstrate it and call claims.shown.")
    _state.update(dict.fromkeys(ids, "cited"))


def index(section: str) -> Display:
    """List a section's statements with their verdicts and what became of them in this notebook.

    Args:
        section: "week 4 review", "GoogLeNet", "ResNet" or "assignment".
    """
    claims = [claim for claim in all_claims().values() if claim.section == section]
    if not claims:
        known = ", ".join(sorted({claim.section for claim in all_claims().values()}))
        raise ValueError(f"There is no section {section!r}; take one of: {known}.")
    states = {"shown": "shown above", "cited": "cited above"}
    header = ("id", "statement", "verdict", "in this notebook")
    rows = [
        (c.id, c.claim_en, VERDICTS[c.verdict], states.get(_state.get(c.id), "not in this edition"))
        for c in claims
    ]
    done = sum(c.id in _state for c in claims)
    total = f"{done} of {len(claims)} statements of section {section} are accounted for."
    html = "".join(
        "<tr>" + "".join(f'<td style="text-align: left">{escape(cell)}</td>' for cell in row)
        for row in rows
    )
    head = "".join(f'<th style="text-align: left">{cell}</th>' for cell in header)
    text = "\n".join(" | ".join(row) for row in [header, *rows])
    return Display(f"<p>{total}</p><table><tr>{head}</tr>{html}</table>", f"{total}\n{text}")


def _find(name: object) -> Claim:
    claims = all_claims()
    if name not in claims:
        raise ValueError(
            f"There is no statement {name!r}: ids run W1 to W3, G1 to G46, R1 to R42 and A1."
        )
    return claims[name]
