"""A local git repository that signs with a nickname and a no-reply address.

What is pushed stays readable for everybody, so the address is set before the first commit. Users
who joined since July 2017 have a number in theirs (Settings > Emails shows it); GitHub counts a
commit as theirs only with the number, which `git config user.email` adds at any time.

Source: GitHub Docs, "Setting your commit email address".
"""

import os
import shutil
import subprocess
from pathlib import Path

__all__ = ["make_repository", "next_steps"]

SECONDS = 30  # for a command that takes milliseconds


def make_repository(folder: Path, user: str) -> str:
    """Make a folder a git repository; one that exists keeps its settings.

    Nothing is committed and nothing is sent.

    Args:
        folder: An existing folder.
        user: The user name on GitHub.

    Returns:
        What could not be done and how to do it, "" if all is well.
    """
    git = shutil.which("git")
    if git is None:
        return (
            "git is not installed here, so the folder is no repository yet: install it from "
            "https://git-scm.com and build the profile again."
        )
    try:
        if not (folder / ".git").exists():
            _run(git, folder, "init", "--quiet")
            _run(git, folder, "symbolic-ref", "HEAD", "refs/heads/main")
        settings = set(_run(git, folder, "config", "--local", "--list", "--name-only").split())
        if "user.name" not in settings:
            _run(git, folder, "config", "--local", "user.name", user)
        if "user.email" not in settings:
            address = f"{user}@users.noreply.github.com"
            _run(git, folder, "config", "--local", "user.email", address)
        if "remote.origin.url" not in settings:
            _run(git, folder, "remote", "add", "origin", f"https://github.com/{user}/{user}.git")
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        return (
            f"git could not make the repository ({said[0] if said else error}): "
            "see that `git --version` works in a terminal, and build the profile again."
        )
    return ""


def next_steps(user: str) -> str:
    """Return the three commands that a built profile waits for."""
    return (
        f"Next, in a terminal, in the folder {user}:\n"
        "    git add README.md images\n"
        '    git commit -m "My profile"\n'
        "    git push -u origin main\n"
        f"Before the third, make an empty public repository named {user} on github.com; "
        "or hand in a zip of the folder."
    )


def _run(git: str, folder: Path, *arguments: str) -> str:
    # In a hook, variables such as GIT_DIR would lead git to another repository.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        [git, *arguments],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
        check=True,
    )
    return done.stdout
