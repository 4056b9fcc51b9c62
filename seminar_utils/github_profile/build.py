"""Build a GitHub profile from a dictionary: README.md and one figure, in a local git repository.

Nothing leaves this machine, and nothing is committed: the student looks first. What is pushed stays
readable for everybody, so the repository signs with a nickname and a no-reply address from its
first commit. Users who joined since July 2017 have a number in theirs (Settings > Emails shows it);
GitHub counts a commit as theirs only with the number, which ``git config user.email`` adds at any
time. Source: GitHub Docs, "Setting your commit email address".
"""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from seminar_utils.files import keep_copy, write_atomically
from seminar_utils.github_profile.profile_text import FIGURE, problems, readme
from seminar_utils.github_profile.reading.addresses import user_name
from seminar_utils.github_profile.reading.pictures import stripped
from seminar_utils.github_profile.reading.texts import message, refuse_if
from seminar_utils.jupyter.lab import ROOT, WORKBOOK
from seminar_utils.language import tr
from seminar_utils.machine import KERNEL

__all__ = ["build", "signature"]

# Of hosts that everybody can reach; a name or a token before the host is left out.
PUBLIC = re.compile(
    r"(?:https://(?:[^/@]*@)?|(?:ssh://)?git@)(?P<host>github\.com|gitlab\.com|codeberg\.org)[:/]"
    r"(?P<path>[\w.-]+/[\w.-]+?)(?:\.git)?/?"
)
SECONDS = 30  # for a git command that takes milliseconds


def build(profile: Mapping[str, object], folder: str | Path) -> Path:
    """Write a profile into the folder named like its user, and say what comes next.

    A README.md or figure that is there already is first copied into ``USER.earlier`` beside the
    repository: inside, it would be handed in as well, with all that was since taken out.

    Returns:
        The repository, ``folder / user``.

    Raises:
        ValueError: Something in the profile is missing, unknown or wrong; one line for each. Or the
            folder belongs to the course.
        OSError: The folder is not yours to write in.
    """
    folder = Path(folder).resolve()
    is_the_courses = folder.is_relative_to(ROOT) and not folder.is_relative_to(WORKBOOK)
    refuse_if(is_the_courses, "course_folder", folder=folder)
    found, figure = problems(profile), profile.get("figure")
    try:
        # That there is none is told among the other keys.
        raw = b"" if figure is None or figure == "" else _figure(figure)
    except ValueError as error:
        found.append(str(error))
    if found:
        raise ValueError("\n".join(found))
    user = user_name(profile["user"])
    repository, earlier = folder / user, folder / f"{user}.earlier"
    # A recorded notebook does not tell where it ran.
    place = user if KERNEL in os.environ else repository
    steps = message("next_steps", user=user, place=place)
    said = [message("written", figure=FIGURE, place=place)]
    text = readme({**profile, "user": user}, _course_address()).encode("utf-8")
    for path, content in ((repository / FIGURE, raw), (repository / "README.md", text)):
        if path.is_file() and path.read_bytes() != content:
            copy = f"{earlier.name}/{keep_copy(path, earlier).name}"
            said.append(message("kept", name=path.name, copy=copy))
        write_atomically(path, content)
    print(*said, _make_repository(repository, user) or steps, sep="\n")
    return repository


def signature() -> str:
    """Return the name and the address that git writes into the next commit on this machine."""
    if KERNEL in os.environ or not shutil.which("git"):
        return tr("Your next commit: shown on your own machine, where git is installed.")
    found = [_setting(Path.cwd(), name) for name in ("user.name", "user.email")]
    said = " ".join(filter(None, found)) or tr("git knows no name of yours yet")
    return tr("Your next commit: {said}", said=said)


def _course_address() -> str:
    """Return the public address from which this course was cloned, "" for any other."""
    found = PUBLIC.fullmatch(_setting(ROOT, "remote.origin.url"))
    is_told = found and KERNEL not in os.environ
    return f"https://{found['host']}/{found['path']}" if is_told else ""


def _figure(figure: object) -> bytes:
    """Return a figure as PNG without metadata."""
    try:
        # A Picture, without loading matplotlib to see it.
        return stripped(figure.png() if hasattr(figure, "png") else Path(figure).read_bytes())
    except TypeError:
        raise ValueError(message("figure_kind", value=figure)) from None
    except OSError as error:
        words = {"value": str(figure), "reason": error.strerror or error}
        raise ValueError(message("figure_path", **words)) from error
    except ValueError as error:
        raise ValueError(f"figure: {error}") from error


def _make_repository(folder: Path, user: str) -> str:
    """Make a folder a git repository, which keeps the settings it has; return what went wrong."""
    if not shutil.which("git"):
        return message("git_missing")
    try:
        if not (folder / ".git").exists():
            _git(folder, "init", "--quiet")
            _git(folder, "symbolic-ref", "HEAD", "refs/heads/main")
        there = set(_git(folder, "config", "--local", "--list", "--name-only").split())
        wanted = {"user.name": user, "user.email": f"{user}@users.noreply.github.com"}
        for name in sorted(wanted.keys() - there):
            _git(folder, "config", "--local", name, wanted[name])
        if "remote.origin.url" not in there:
            _git(folder, "remote", "add", "origin", f"https://github.com/{user}/{user}.git")
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        return message("git_failed", error=said[0] if said else error)
    return ""


def _setting(folder: Path, name: str) -> str:
    """Return a setting of git, "" where there is none."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return _git(folder, "config", name).strip()
    return ""


def _git(folder: Path, *arguments: str) -> str:
    # In a hook, variables such as GIT_DIR would lead git to another repository.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.check_output(
        [shutil.which("git") or "git", *arguments],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
    )
