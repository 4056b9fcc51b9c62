"""The ten points of the assignment: those a machine can know, and those left to the teacher."""

from collections.abc import Iterable
from dataclasses import dataclass

from seminar_utils.github_profile.checks.findings import Finding
from seminar_utils.github_profile.checks.links import is_on_the_web, path_in_repository
from seminar_utils.github_profile.checks.pictures import is_meaningful, opens
from seminar_utils.github_profile.reading.page import Page

__all__ = ["Points", "rubric"]


@dataclass(frozen=True)
class Points:
    """One line of the rubric: `known` points are given, `open` ones are the teacher's."""

    item: str
    most: int
    known: int
    open: int
    reason: str


def rubric(
    page: Page | None,
    files: dict[str, bytes],
    readme: Iterable[Finding],
    privacy: Iterable[Finding],
) -> tuple[Points, ...]:
    """Fill in the rubric.

    Args:
        page: None where there is no README.md.
        files: Of the repository, by name.
        readme: Findings on how README.md opens and reads.
        privacy: Findings on what should not be published.
    """
    return (
        _opens(page, [finding for finding in readme if finding.level != "advice"]),
        _figure(page, files),
        Points("checked statement", 2, 0, 2, "is it tested, and does the caption say what for?"),
        _repeats(page, files),
        _private([finding for finding in privacy if finding.level != "advice"]),
    )


def _opens(page: Page | None, findings: list[Finding]) -> Points:
    if page is None:
        return Points("opens and reads", 2, 0, 0, "there is no README.md to open")
    if findings:
        return Points("opens and reads", 2, 1, 0, "it opens, but see the findings on README.md")
    return Points("opens and reads", 2, 2, 0, "README.md opens, and all on it is found")


def _figure(page: Page | None, files: dict[str, bytes]) -> Points:
    """Give a point for a figure of the repository that opens, and one for words of its own."""
    pictures = [element.attributes for element in page.all("img")] if page else []
    local = [attributes for attributes in pictures if _is_there(attributes.get("src", ""), files)]
    if not local:
        return Points("figure", 3, 0, 3, "no figure of the repository is shown")
    own_run = "is it from an own run, with n, seed and an honest caption?"
    if any(is_meaningful(each.get("alt", ""), each.get("src", "")) for each in local):
        return Points("figure", 3, 2, 1, f"it opens and has an alt text; {own_run}")
    return Points("figure", 3, 1, 1, f"it opens, without alt text; {own_run}")


def _is_there(source: str, files: dict[str, bytes]) -> bool:
    path = path_in_repository(source)
    return not is_on_the_web(source) and path in files and opens(files[path])


def _repeats(page: Page | None, files: dict[str, bytes]) -> Points:
    item = "somebody else can repeat it"
    links = [element.attributes.get("href", "") for element in page.all("a")] if page else []
    programs = {name for name in files if name.lower().endswith((".ipynb", ".py"))}
    if (page and page.all("code")) or any(path_in_repository(link) in programs for link in links):
        return Points(item, 2, 1, 1, "there is code; does it lead to the figure?")
    return Points(item, 2, 0, 2, "no code was seen; do the words suffice?")


def _private(findings: list[Finding]) -> Points:
    if findings:
        return Points("privacy list done", 1, 0, 0, "see the findings")
    return Points("privacy list done", 1, 0, 1, "nothing was found; are there faces, other names?")
