"""Check a profile before it is handed in: what fails, what to look at again, and why."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from seminar_utils.github_profile.checks import page as checks
from seminar_utils.github_profile.checks.privacy import person, privacy
from seminar_utils.github_profile.checks.tables import LEVELS, Finding, in_order, is_meaningful
from seminar_utils.github_profile.reading.addresses import local_file, path_in_repository, user_name
from seminar_utils.github_profile.reading.handed_in import read
from seminar_utils.github_profile.reading.page import Page, read_page
from seminar_utils.github_profile.reading.pictures import image_type
from seminar_utils.github_profile.reading.texts import decode, message, one_line, table
from seminar_utils.language import N_, Later, tr
from seminar_utils.tables import Table

__all__ = ["Report", "check"]

# Of each level its name, the title above such findings, and the colour beside them.
SHOWN = {
    "fail": (N_("fail"), N_("Must be fixed"), "#D55E00"),
    "warn": (N_("warn"), N_("Look at it again"), "#E69F00"),
    "advice": (N_("advice"), N_("Advice"), "#0072B2"),
}

# What stays unknown without a network and without eyes; first, without the name of a user.
UNKNOWN = tuple(Later(text) for (text,) in table("unknown.tsv"))
# The rubric by key: points that a machine can know, those left to the teacher, and why.
GIVEN = {key: row for key, *row in table("rubric.tsv")}


@dataclass(frozen=True)
class _Points:
    """One line of the rubric: ``known`` points are given, ``open`` ones are the teacher's."""

    item: str
    most: int
    known: int
    open: int
    reason: str


@dataclass(frozen=True)
class Report:
    """What the check of one profile found."""

    name: str
    findings: tuple[Finding, ...]
    points: tuple[_Points, ...]
    unknown: tuple[str, ...]

    def of(self, level: str) -> list[Finding]:
        """Return the findings of a level: "fail", "warn" or "advice"."""
        return [finding for finding in self.findings if finding.level == level]

    @property
    def known(self) -> int:
        """Points that are given."""
        return sum(points.known for points in self.points)

    @property
    def open(self) -> int:
        """Points that are left to the teacher."""
        return sum(points.open for points in self.points)

    def __repr__(self) -> str:
        """Return the report as lines of text."""
        lines = [self._title()]
        for each in self.findings:
            lines += ["", f"{tr(SHOWN[each.level][0]):6}  {_where(each)}{tr(each.what)}"]
            lines += [" " * 8 + tr("Why:  {sentence}", sentence=each.why)]
            lines += [" " * 8 + tr("Fix:  {sentence}", sentence=each.mend)]
        lines += ["", repr(self._table()), "", tr("Not known offline:")]
        return "\n".join([*lines, *(f"  - {tr(text)}" for text in self.unknown)])

    def _repr_html_(self) -> str:
        """Return the report for a notebook, with everything from the README escaped."""
        html = f"<h4>{escape(self._title())}</h4>"
        for level, (_, title, colour) in SHOWN.items():
            if found := self.of(level):
                style = f"border-left: 5px solid {colour}; padding-left: 1em"
                html += f'<div style="{style}"><b>{tr(title)}</b><ul>'
                for each in found:
                    what, why, mend = (escape(tr(x)) for x in (each.what, each.why, each.mend))
                    html += f"<li>{_where(each)}<b>{what}</b><br>{why}<br><i>{mend}</i></li>"
                html += "</ul></div>"
        unknown = "".join(f"<li>{escape(tr(text))}</li>" for text in self.unknown)
        head = tr("Not known offline:")
        return f"{html}{self._table()._repr_html_()}<p>{head}</p><ul>{unknown}</ul>"

    def _title(self) -> str:
        fails, warnings, advice = (len(self.of(level)) for level in LEVELS)
        numbers = {"fails": fails, "warnings": warnings, "advice": advice}
        return message("report_title", name=self.name, **numbers)

    def _table(self) -> Table:
        rows = [(each.item, each.most, each.known, each.open, each.reason) for each in self.points]
        head = (N_("points for"), N_("at most"), N_("the check gives"))
        head += (N_("your teacher decides on"), N_("why"))
        return Table(head, rows, message("report_points", known=self.known, open=self.open))


def check(path: str | Path, user: str | None = None) -> Report:
    """Check a profile; nothing in it is run, and nothing is loaded from the web.

    Args:
        path: The repository's folder, or a zip of it.
        user: Name on GitHub or any link to it; without it the repository's name is not compared.

    Raises:
        FileNotFoundError: There is nothing at ``path``.
        ValueError: The folder or zip cannot be read or is refused, or ``user`` is no user name.
    """
    name = None if user is None else user_name(user)
    folder, files = read(path)
    page, missing = None, checks.readme_file(files)
    findings = [*missing, *checks.beside(files), *privacy(files, name or "")]
    findings += checks.repository_name(folder, name) if name else ()
    if not missing:
        text, encoded = decode(files["README.md"])
        page = read_page(text)
        findings += [*checks.encoding(encoded), *checks.words(text), *person(text)]
        findings += checks.on_page(page, files, name or folder or "")
    return Report(
        one_line(folder or Path(path).stem),
        in_order(findings),
        _rubric(page, files, {finding.costs for finding in findings}),
        UNKNOWN[1:] if name else UNKNOWN,
    )


def _rubric(page: Page | None, files: dict[str, bytes], costs: set[str]) -> tuple[_Points, ...]:
    """Fill in the rubric from what the findings cost; without README.md there is no page."""
    shown = page or Page()
    figures = [x for x in shown.all("img") if image_type(local_file(x.address, files) or b"")]
    has_words = any(is_meaningful(each.get("alt"), each.address) for each in figures)
    programs = {name for name in files if name.lower().endswith((".ipynb", ".py"))}
    linked = {path_in_repository(link.address) for link in shown.all("a")}
    has_code = shown.all("code") or programs & linked
    opening = "flawed" if "opening" in costs else "opens"
    rows = (
        (N_("opens and reads"), 2, "no page" if page is None else opening),
        (N_("figure"), 3, "figure" if has_words else "mute figure" if figures else "no figure"),
        (N_("checked statement"), 2, "statement"),
        (N_("somebody else can repeat it"), 2, "code" if has_code else "no code"),
        (N_("privacy list done"), 1, "told" if "privacy" in costs else "private"),
    )
    question = N_("is it from an own run, with n, seed and an honest caption?")
    given = ((*row, *GIVEN["model" if "all" in costs else key]) for *row, key in rows)
    return tuple(
        _Points(item, most, int(known), int(open_), Later(reason, question=question))
        for item, most, known, open_, reason in given
    )


def _where(finding: Finding) -> str:
    return "" if finding.line is None else tr("line {n}: ", n=finding.line)
