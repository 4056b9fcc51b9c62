"""The ten points of the assignment: those a machine can know, and those left to the teacher."""

from collections.abc import Iterable
from dataclasses import dataclass

from seminar_utils.github_profile.checks.tables import Finding, is_meaningful
from seminar_utils.github_profile.reading.addresses import local_file, path_in_repository
from seminar_utils.github_profile.reading.page import Page
from seminar_utils.github_profile.reading.pictures import image_type
from seminar_utils.language import N_, Later

__all__ = ["Points", "rubric"]


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
    costs = {finding.costs for finding in findings}
    opening = (2, 0, N_("README.md opens, and all on it is found"))
    if page is None:
        opening = (0, 0, N_("there is no README.md to open"))
    elif "opening" in costs:
        opening = (1, 0, N_("it opens, but see the findings on README.md"))
    private = (0, 1, N_("nothing was found; are there faces, other names?"))
    if "privacy" in costs:
        private = (0, 0, N_("see the findings"))
    tested = N_("is it tested, and does the caption say what for?")
    rows = (
        (N_("opens and reads"), 2, *opening),
        (N_("figure"), 3, *_figure(page, files)),
        (N_("checked statement"), 2, 0, 2, tested),
        (N_("somebody else can repeat it"), 2, *_repeats(page, files)),
        (N_("privacy list done"), 1, *private),
    )
    if "all" in costs:
        nobodys = (0, 0, N_("this is still the model page of notebook 04"))
        rows = [(item, most, *nobodys) for item, most, *_ in rows]
    return tuple(Points(*row) for row in rows)


def _figure(page: Page | None, files: dict[str, bytes]) -> tuple[int, int, str]:
    """Give a point for a figure of the repository that opens, and one for words of its own."""
    pictures = page.all("img") if page else []
    local = [each for each in pictures if image_type(local_file(each.address, files) or b"")]
    if not local:
        return 0, 3, N_("no figure of the repository is shown")
    own_run = N_("is it from an own run, with n, seed and an honest caption?")
    if any(is_meaningful(each.get("alt"), each.address) for each in local):
        return 2, 1, Later("it opens and has an alt text; {question}", question=own_run)
    return 1, 1, Later("it opens, without alt text; {question}", question=own_run)


def _repeats(page: Page | None, files: dict[str, bytes]) -> tuple[int, int, str]:
    paths = [path_in_repository(link.address) for link in page.all("a")] if page else []
    programs = {name for name in files if name.lower().endswith((".ipynb", ".py"))}
    if (page and page.all("code")) or not programs.isdisjoint(paths):
        return 1, 1, N_("there is code; does it lead to the figure?")
    return 0, 2, N_("no code was seen; do the words suffice?")
