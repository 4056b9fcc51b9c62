"""The ten points of the assignment: those a machine can know, and those left to the teacher."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from seminar_utils.github_profile.checks.tables import Finding, is_meaningful
from seminar_utils.github_profile.reading.addresses import local_file, path_in_repository
from seminar_utils.github_profile.reading.page import Page
from seminar_utils.github_profile.reading.pictures import image_type
from seminar_utils.github_profile.reading.texts import table
from seminar_utils.language import N_, Later

__all__ = ["Points", "rubric"]

# By key: points given, points that are the teacher's, and why.
GIVEN = {key: row for key, *row in table(Path(__file__).with_name("rubric.tsv"))}


@dataclass(frozen=True)
class Points:
    """One line of the rubric: ``known`` points are given, ``open`` ones are the teacher's."""

    item: str
    most: int
    known: int
    open: int
    reason: str


def rubric(
    page: Page | None, files: dict[str, bytes], findings: Iterable[Finding]
) -> tuple[Points, ...]:
    """Fill in the rubric from what findings cost; without README.md there is no page."""
    costs, shown = {finding.costs for finding in findings}, page or Page()
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
    points = []
    for item, most, key in rows:
        known, open_, reason = GIVEN["model" if "all" in costs else key]
        reason = Later(reason, question=question)
        points.append(Points(item, most, int(known), int(open_), reason))
    return tuple(points)
