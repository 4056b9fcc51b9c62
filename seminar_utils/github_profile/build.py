"""Build a GitHub profile from a dictionary: README.md and one figure, in a local git repository.

Nothing leaves this machine, and nothing is committed: the student looks first.
"""

from collections.abc import Mapping
from itertools import count
from pathlib import Path

from seminar_utils.files import write_atomically
from seminar_utils.github_profile.profile_text import FIGURE, problems, readme
from seminar_utils.github_profile.reading.addresses import user_name
from seminar_utils.github_profile.reading.pictures import stripped
from seminar_utils.github_profile.repository import make_repository, next_steps
from seminar_utils.jupyter.lab import ROOT, WORKBOOK

__all__ = ["build"]


def build(profile: Mapping[str, object], folder: str | Path) -> Path:
    """Write a profile into the folder named like its user, and say what comes next.

    A README.md or figure that is there already is first copied into ``USER.earlier`` beside the
    repository: inside, it would be handed in as well, with all that was since taken out.

    Args:
        profile: What ``profile_text.KEYS`` lists.
        folder: Where the repository's folder stands or is to stand.

    Returns:
        The repository, ``folder / user``.

    Raises:
        ValueError: Something in the profile is missing, unknown or wrong; one line for each. Or the
            folder belongs to the course.
        OSError: The folder is not yours to write in.
    """
    folder = Path(folder).resolve()
    if folder.is_relative_to(ROOT) and not folder.is_relative_to(WORKBOOK):
        raise ValueError(
            f"{folder} belongs to the course, whose next edition would get in your way: "
            "take workbook/, or a folder outside the course."
        )
    figure, found = _figure(profile)
    found = problems(profile) + found
    if found:
        raise ValueError("\n".join(found))
    user = user_name(profile["user"])
    repository = folder / user
    text = readme({**profile, "user": user}).encode("utf-8")
    kept = _replace(repository, FIGURE, figure) + _replace(repository, "README.md", text)
    missing = make_repository(repository, user)
    written = f"Written: {user}/README.md and {user}/{FIGURE}; nothing is committed or uploaded."
    print(*[written, *kept, missing or next_steps(user)], sep="\n")
    return repository


def _figure(profile: Mapping[str, object]) -> tuple[bytes, list[str]]:
    """Return the figure as PNG without metadata, and what is wrong with it."""
    figure = profile.get("figure")
    if figure is None or figure == "":
        return b"", []  # told among the other keys
    try:
        if hasattr(figure, "png"):  # a Picture, without loading matplotlib to see it
            return stripped(figure.png()), []
        return stripped(Path(figure).read_bytes()), []
    except TypeError:
        return b"", [f"figure is {figure!r}: put a Picture of your own run, or a path, in quotes."]
    except OSError as error:
        reason = error.strerror or error
        return b"", [f"figure is {str(figure)!r}, which cannot be opened ({reason}): see its path."]
    except ValueError as error:
        return b"", [f"figure: {error}"]


def _replace(repository: Path, name: str, content: bytes) -> list[str]:
    """Write a file after copying what was there; return a sentence about the copy, if any."""
    path = repository / name
    kept = []
    if path.is_file() and path.read_bytes() != content:
        copy = _free(repository.with_name(f"{repository.name}.earlier"), path)
        write_atomically(copy, path.read_bytes())
        kept = [f"The earlier {path.name} is kept as {copy.parent.name}/{copy.name}."]
    write_atomically(path, content)
    return kept


def _free(folder: Path, path: Path) -> Path:
    names = (f"{path.stem}.{number}{path.suffix}" for number in count(1))
    return next(folder / name for name in names if not (folder / name).exists())
