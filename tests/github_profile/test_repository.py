"""A local repository that signs with a nickname, and nothing that leaves the machine."""

import os
import shutil
import subprocess
import sys

import pytest

from seminar_utils.github_profile import build

repository = sys.modules[build.__module__]
make_repository, next_steps = repository._make_repository, repository._next_steps

USER = "mina-example"
ADDRESS = f"{USER}@users.noreply.github.com"


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Run git in a folder, without the settings of this machine."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(folder, *arguments):
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
        return done.stdout.decode("utf-8").strip()

    return run


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "한글 폴더" / USER
    path.mkdir(parents=True)
    (path / "README.md").write_text("# 안녕", encoding="utf-8")
    return path


def test_everything_is_ready_for_the_first_commit(folder, git):
    assert make_repository(folder, USER) == ""
    assert git(folder, "rev-parse", "--show-toplevel").endswith(f"/{USER}")
    assert git(folder, "status", "--porcelain") == "?? README.md"  # nothing added
    assert git(folder, "rev-list", "--all") == ""  # nothing committed
    assert git(folder, "remote", "get-url", "origin") == f"https://github.com/{USER}/{USER}.git"
    git(folder, "add", "README.md")
    git(folder, "commit", "-m", "My profile")
    assert git(folder, "log", "--format=%an %ae %cn %ce") == f"{USER} {ADDRESS} {USER} {ADDRESS}"
    assert git(folder, "branch", "--show-current") == "main"


def test_a_repository_that_exists_keeps_its_settings(folder, git):
    git(folder, "init", "--quiet", "--initial-branch=other")
    git(folder, "config", "user.email", "7+mina@users.noreply.github.com")
    git(folder, "remote", "add", "origin", "https://a.example/x.git")
    for _ in range(2):
        assert make_repository(folder, USER) == ""
    assert git(folder, "config", "user.email") == "7+mina@users.noreply.github.com"
    assert git(folder, "config", "user.name") == USER
    assert git(folder, "remote", "-v").count("https://a.example/x.git") == 2
    assert git(folder, "branch", "--show-current") == "other"


def test_a_hooks_variables_do_not_lead_to_another_repository(folder, git, tmp_path, monkeypatch):
    other = tmp_path / "course"
    other.mkdir()
    git(other, "init", "--quiet")
    before = (other / ".git" / "config").read_bytes()
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert make_repository(folder, USER) == ""
    assert (other / ".git" / "config").read_bytes() == before
    assert (folder / ".git" / "config").exists()
    assert os.environ["GIT_DIR"] == str(other / ".git")


def test_without_git_one_sentence_says_what_to_install(folder, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    sentence = make_repository(folder, USER)
    assert "git is not installed" in sentence and "https://git-scm.com" in sentence
    assert sorted(path.name for path in folder.iterdir()) == ["README.md"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (subprocess.CalledProcessError(1, "git", stderr="xcrun: error\nmore"), "(xcrun: error)"),
        (subprocess.CalledProcessError(1, "git", stderr=""), "status 1"),
        (subprocess.TimeoutExpired("git", 30), "30 seconds"),
        (PermissionError("denied"), "(denied)"),
    ],
)
def test_what_git_says_is_passed_on(folder, monkeypatch, error, said):
    def fail(*arguments, **options):
        raise error

    monkeypatch.setattr(repository.subprocess, "run", fail)
    sentence = make_repository(folder, USER)
    assert said in sentence and sentence.startswith("git could not make the repository")
    assert "\n" not in sentence and "git --version" in sentence


def test_a_broken_repository_is_named_and_left(folder):
    (folder / ".git").write_text("gitdir: nowhere")
    assert "not a git repository" in make_repository(folder, USER)
    assert (folder / ".git").read_text() == "gitdir: nowhere"


def test_next_steps_are_three_commands():
    lines = next_steps(USER).splitlines()
    commands = [line.strip() for line in lines if line.startswith("    ")]
    assert [command.split()[:2] for command in commands] == [
        ["git", "add"],
        ["git", "commit"],
        ["git", "push"],
    ]
    assert USER in lines[0] and "zip" in lines[-1]
