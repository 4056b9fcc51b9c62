"""The ten points of the assignment: those a machine can know, and those left to the teacher."""

from dataclasses import dataclass

from seminar_utils.github_profile.checks.findings import Finding
from seminar_utils.github_profile.reading.addresses import local_file, path_in_repository
from seminar_utils.github_profile.reading.page import Page
from seminar_utils.github_profile.reading.pictures import image_type, is_meaningful
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
    page: Page | None,
    files: dict[str, bytes],
    readme: list[Finding],
    privacy: list[Finding],
    is_template: bool = False,
) -> tuple[Points, ...]:
    """Fill in the rubric.

    Args:
        page: None where there is no README.md.
        files: Of the repository, by name.
        readme: Findings on how README.md opens and reads; no advice among them.
        privacy: Findings on what should not be published; no advice among them.
        is_template: The page is that of notebook 04, and nobody's own.
    """
    opening = (2, 0, N_("README.md opens, and all on it is found"))
    if page is None:
        opening = (0, 0, N_("there is no README.md to open"))
    elif readme:
        opening = (1, 0, N_("it opens, but see the findings on README.md"))
    secrets = (0, 1, N_("nothing was found; are there faces, other names?"))
    tested = N_("is it tested, and does the caption say what for?")
    points = (
        Points(N_("opens and reads"), 2, *opening),
        Points(N_("figure"), 3, *_figure(page, files)),
        Points(N_("checked statement"), 2, 0, 2, tested),
        Points(N_("somebody else can repeat it"), 2, *_repeats(page, files)),
        Points(
            N_("privacy list done"), 1, *((0, 0, N_("see the findings")) if privacy else secrets)
        ),
    )
    if is_template:
        reason = N_("this is still the model page of notebook 04")
        return tuple(Points(each.item, each.most, 0, 0, reason) for each in points)
    return points


def _figure(page: Page | None, files: dict[str, bytes]) -> tuple[int, int, str]:
    """Give a point for a figure of the repository that opens, and one for words of its own."""
    pictures = page.all("img") if page else []
    local = [each for each in pictures if image_type(local_file(each.get("src"), files) or b"")]
    if not local:
        return 0, 3, N_("no figure of the repository is shown")
    own_run = N_("is it from an own run, with n, seed and an honest caption?")
    if any(is_meaningful(each.get("alt"), each.get("src")) for each in local):
        return 2, 1, Later("it opens and has an alt text; {question}", question=own_run)
    return 1, 1, Later("it opens, without alt text; {question}", question=own_run)


def _repeats(page: Page | None, files: dict[str, bytes]) -> tuple[int, int, str]:
    paths = [path_in_repository(link.get("href")) for link in page.all("a")] if page else []
    programs = {name for name in files if name.lower().endswith((".ipynb", ".py"))}
    if (page and page.all("code")) or not programs.isdisjoint(paths):
        return 1, 1, N_("there is code; does it lead to the figure?")
    return 0, 2, N_("no code was seen; do the words suffice?")
