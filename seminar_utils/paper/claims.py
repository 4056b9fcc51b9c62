"""The 92 statements of the seminar, as cards, as checks that can fail, and as a ledger.

A notebook shows a statement (``card``) and runs something that would come out differently if what
the notebook says of it were false (``shown``): silent while it holds, an error as soon as it does
not. What nothing here can decide is only ``cited``: quotations, opinions, and what the paper alone
can tell. ``index`` lists all statements: where each is tested and how that came out.

The statements are quoted from the presenter's slides; the verdict is on the sentence, against the
paper, never on the person.
"""

from dataclasses import dataclass
from functools import cache
from html import escape

from seminar_utils.files import read_rows
from seminar_utils.language import N_, current, tr
from seminar_utils.tables import Display, Table

__all__ = ["Claim", "ClaimError", "all_claims", "card", "cited", "index", "shown"]

VERDICTS = {
    "exact": N_("as in the paper"),
    "imprecise": N_("one thing to add"),
    "half": N_("half of it"),
    "differs": N_("differs from the paper"),
    "opinion": N_("the presenter's reading"),
    "citation": N_("a citation"),
    "instruction": N_("an instruction"),
}
# How a test came out. An opinion, a citation and an instruction have none.
OUTCOMES = {
    "holds": N_("holds"),
    "half": N_("half of it holds"),
    "differs": N_("differs"),
    "not shown": N_("not shown at this scale"),
    "paper": N_("checked in the paper"),
    "": N_("named"),
}


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
    tested_in: str  # sections and deep dives of its notebook, such as "2, D4"
    tested_by: str  # what decides it
    outcome: str  # key of OUTCOMES

    @property
    def testable(self) -> bool:
        """Whether a run or a calculation can decide it."""
        return self.outcome not in ("paper", "")

    @property
    def sentence(self) -> str:
        """The statement in the language of the reader: the slides', or its translation."""
        return self.claim_ko if current() == "ko" else self.claim_en


class ClaimError(AssertionError):
    """A statement's demonstration came out against what the notebook says."""


_looked_at: set[str] = set()  # statements that were shown or cited since the kernel started


@cache
def all_claims() -> dict[str, Claim]:
    """Return all statements by id, in the order of the slides."""
    return {row["id"]: Claim(**row) for row in read_rows("claims.csv")}


def card(*ids: str, ask: str = "", measured: Table | None = None) -> Display:
    """Show statements with a question; verdict and paper are folded away until it is answered.

    Args:
        ids: Of the statements, such as "R7".
        ask: What a class decides before it opens the fold.
        measured: What a run says to it, shown first in the fold.
    """
    asked, before, lines, folded, answers = tr("Decide first:"), [], [], [], []
    for claim in map(_find, ids):
        meaning = claim.claim_en if claim.sentence == claim.claim_en else ""
        quoted = f'<p><b>{claim.id}</b> <span lang="ko">“{escape(claim.claim_ko)}”</span> '
        before.append(quoted + (f"<br><i>{escape(meaning)}</i></p>" if meaning else "</p>"))
        lines.append(f"{claim.id} “{claim.claim_ko}”" + (f" ({meaning})" if meaning else ""))
        verdict, says = f"{claim.id}: {tr(VERDICTS[claim.verdict])}.", tr(claim.paper_says)
        folded.append(f"<p><b>{verdict}</b> {escape(says)}</p>")
        answers.append(f"{verdict} {says}")
    if ask:
        before.append(f"<p><b>{asked}</b> {escape(tr(ask))}</p>")
        lines.append(f"{asked} {tr(ask)}")
    if measured:
        folded.insert(0, measured._repr_html_())
        lines.append(repr(measured))
    summary = tr("Verdict, and what the paper says")
    html = (
        '<div style="border-left: 5px solid #0072B2; padding: 0 1em; font-size: 1.1em">'
        f"{''.join(before)}<details><summary>{summary}</summary>"
        f"{''.join(folded)}</details></div>"
    )
    return Display(html, "\n".join([*lines, *answers]))


def shown(*ids_and_condition: object) -> None:
    """Note that statements are demonstrated: ``shown("G5", "G10", condition)``.

    Says nothing while the condition holds.

    Raises:
        ClaimError: The condition is false, so the notebook's text would mislead.
    """
    *ids, condition = ids_and_condition or ("",)
    if not ids or isinstance(condition, str):
        raise ValueError(
            'claims.shown needs ids and then a condition, as in claims.shown("R7", deep > shallow).'
        )
    claims = [_find(name) for name in ids]
    if not bool(condition):
        _looked_at.difference_update(ids)  # shown earlier, but not any more
        sentences = "; ".join(f"{c.id}: {c.sentence}" for c in claims)
        raise ClaimError(
            tr(
                "The demonstration does not bear out what the text says of {sentences}.",
                sentences=sentences,
            )
        )
    _looked_at.update(ids)


def cited(*ids: str) -> None:
    """Note that statements have been named which nothing here can test.

    These are opinions, citations, and what only the paper can decide.

    Raises:
        ValueError: A statement can be tested, or its id is unknown.
    """
    for claim in map(_find, ids):
        if claim.testable:
            raise ValueError(f"{claim.id} can be tested: demonstrate it and call claims.shown.")
    _looked_at.update(ids)


def index(section: str) -> Table:
    """List a section's statements: verdict, where each is tested, and how that came out.

    What has not been run since the kernel started is "not run yet", with the place to find it.

    Args:
        section: "week 4 review", "GoogLeNet", "ResNet" or "assignment".
    """
    claims = [claim for claim in all_claims().values() if claim.section == section]
    if not claims:
        known = ", ".join(sorted({claim.section for claim in all_claims().values()}))
        said = {"name": section, "known": known}
        raise ValueError(tr("There is no section {name!r}; take one of: {known}.", **said))
    rows = [(c.id, c.sentence, VERDICTS[c.verdict], c.tested_in, _became(c)) for c in claims]
    done = sum(claim.id in _looked_at for claim in claims)
    note = tr("{n} of {all} statements were looked at in this run.", n=done, all=len(claims))
    header = (N_("id"), N_("statement"), N_("verdict"), N_("section"), N_("how it came out"))
    return Table(header, rows, note)


def _became(claim: Claim) -> str:
    """Say how a statement's test came out, and by what, or where it waits to be run."""
    if claim.id not in _looked_at:
        return tr("not run yet ({place})", place=claim.tested_in)
    by = f" ({tr(claim.tested_by)})" if claim.tested_by else ""
    return tr(OUTCOMES[claim.outcome]) + by


def _find(name: object) -> Claim:
    claims = all_claims()
    if name not in claims:
        raise ValueError(
            tr(
                "There is no statement {name!r}: ids run W1 to W3, G1 to G46, R1 to R42 and A1.",
                name=name,
            )
        )
    return claims[name]
