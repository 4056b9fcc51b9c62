"""A profile is written whole, with a copy of what was there, and only where it belongs.

Its repository signs with a nickname, and nothing leaves the machine.
"""

import os
import subprocess
import sys

import pytest
from PIL import Image

from seminar_utils.github_profile import build, signature
from seminar_utils.github_profile.profile_text import readme
from seminar_utils.machine import KERNEL
from tests.github_profile.corpus import cases
from tests.github_profile.profiles import PROFILE, USER, png, write

ADDRESS = f"{USER}@users.noreply.github.com"
module = sys.modules[build.__module__]
course_address = module._course_address


class Picture:
    """Stands for a figure of the course."""

    def png(self):
        return png(colour="blue")


@pytest.fixture(autouse=True)
def no_course(monkeypatch):
    """Whatever this course was cloned from; and no kernel of the tests of notebooks."""
    monkeypatch.setattr(module, "_course_address", lambda: "")
    monkeypatch.delenv(KERNEL, raising=False)


@pytest.fixture
def profile(tmp_path):
    write(tmp_path, {"그림.png": png(text={"Author": "Mina"})})
    return {**PROFILE, "figure": tmp_path / "그림.png"}


def files(folder):
    """Return the files below a folder, but for those of git."""
    paths = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_readme_and_figure_stand_in_a_repository(profile, tmp_path, capsys):
    folder = tmp_path / "내 폴더"
    path = build(profile, str(folder))
    assert path == (folder / USER).resolve() and (path / ".git").is_dir()
    found = files(folder)
    assert found.keys() == {f"{USER}/README.md", f"{USER}/images/figure.png"}
    assert found[f"{USER}/README.md"] == readme(profile).encode("utf-8")
    assert b"\r" not in found[f"{USER}/README.md"]
    assert b"Mina" not in found[f"{USER}/images/figure.png"]
    said = capsys.readouterr().out
    assert said.startswith(f"Written: README.md and images/figure.png in {path}; nothing is")
    steps = [line.split(maxsplit=1) for line in said.splitlines() if line.startswith("  ")]
    assert [number for number, _ in steps] == [f"{n}." for n in range(1, 7)]
    assert steps[0][1] == f'cd "{path}"' and USER in steps[3][1]
    commands = [step.split()[1] for _, step in steps if step.startswith("git ")]
    assert commands == ["add", "commit", "remote", "push"]
    assert "hand in a zip" in said and "kept" not in said


def test_a_recorded_notebook_does_not_tell_where_it_ran(profile, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(KERNEL, "recorded")
    build(profile, tmp_path)
    said = capsys.readouterr().out
    assert f"figure.png in {USER}; nothing" in said and f'cd "{USER}"' in said
    assert str(tmp_path) not in said


def test_a_picture_of_the_course_and_a_pasted_name_are_taken(profile, tmp_path):
    link = f"https://github.com/{USER}/{USER}"
    path = build({**profile, "figure": Picture(), "user": link}, tmp_path)
    assert path.name == USER
    assert (path / "README.md").read_text(encoding="utf-8").startswith(f"# {USER}\n")
    with Image.open(path / "images" / "figure.png") as figure:
        assert figure.getpixel((0, 0)) == (0, 0, 255)


def test_what_was_there_is_copied_beside_the_repository(profile, tmp_path, capsys):
    path = write(tmp_path / USER, {"README.md": b"# my own\r\n\xff", "notes.txt": b"mine"})
    earlier = tmp_path / f"{USER}.earlier"
    build(profile, tmp_path)
    kept = {"README.1.md": b"# my own\r\n\xff"}
    assert files(earlier) == kept
    said = f"The earlier README.md is kept as {USER}.earlier/README.1.md."
    assert said in capsys.readouterr().out
    kept |= {"README.2.md": readme(profile).encode("utf-8")}
    kept |= {"figure.1.png": (path / "images/figure.png").read_bytes()}

    build(profile, tmp_path)  # nothing changed, so there is nothing to keep
    assert files(earlier).keys() == {"README.1.md"}
    assert "kept" not in capsys.readouterr().out

    build({**profile, "figure": Picture(), "surprised": "Nothing."}, tmp_path)
    assert files(earlier) == kept
    assert (path / "notes.txt").read_text() == "mine"


def test_all_problems_are_told_at_once_and_nothing_is_written(profile, tmp_path):
    before = files(tmp_path)
    wrong = {**profile, "seed": -1, "figure": tmp_path / "none.png", "colour": "red"}
    del wrong["alt"]
    with pytest.raises(ValueError) as caught:
        build(wrong, tmp_path / "new")
    lines = str(caught.value).splitlines()
    assert [line.split()[0] for line in lines] == ["'colour'", "alt", "seed", "figure"]
    assert "none.png" in lines[-1] and "cannot be opened" in lines[-1]
    assert files(tmp_path) == before and not (tmp_path / "new").exists()


NO_FIGURES = {
    **{None: "figure is empty: a Picture", "": "figure is empty: a Picture"},
    **{7.5: "figure is 7.5: put a Picture", "README.md": "figure: the picture cannot be read"},
    **{".": "figure is '.', which cannot be opened", "a\0b": "figure"},
}


@pytest.mark.parametrize("figure", NO_FIGURES)
def test_a_figure_that_is_none_is_named(profile, tmp_path, monkeypatch, figure):
    monkeypatch.chdir(write(tmp_path, {"README.md": b"# a"}))
    with pytest.raises(ValueError) as caught:
        build({**profile, "figure": figure}, tmp_path)
    sentence = str(caught.value)
    assert sentence.startswith(NO_FIGURES[figure]) and "\n" not in sentence


def test_the_courses_own_folder_is_refused_but_for_the_workbook(profile, tmp_path, monkeypatch):
    course = tmp_path.resolve() / "course"
    monkeypatch.setattr(module, "ROOT", course)
    monkeypatch.setattr(module, "WORKBOOK", course / "workbook")
    for folder in (course, course / "notebooks", course / "workbook" / ".." / "data"):
        with pytest.raises(ValueError, match=r"belongs to the course.*take workbook/"):
            build(profile, folder)
    assert not course.exists()
    assert build(profile, course / "workbook").is_dir()


def test_without_git_the_folder_is_written_all_the_same(profile, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("shutil.which", lambda name: None)
    path = build(profile, tmp_path)
    assert files(path).keys() == {"README.md", "images/figure.png"}
    assert not (path / ".git").exists()
    said = capsys.readouterr().out
    assert "git is not installed" in said and "https://git-scm.com" in said
    assert "git push" not in said


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Run git in a folder, without the settings of this machine; the course runs as in a hook."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1"}
    # Such variables would lead to another repository.
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))

    def run(folder, *arguments):
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.decode("utf-8").strip()

    yield run
    assert not (tmp_path / "other").exists()
    assert os.environ["GIT_DIR"] == str(tmp_path / "other")


def test_everything_is_ready_for_the_first_commit(profile, tmp_path, git):
    path = build(profile, tmp_path / "한글 폴더")
    assert git(path, "rev-parse", "--show-toplevel").endswith(f"/{USER}")
    assert git(path, "status", "--porcelain").split() == ["??", "README.md", "??", "images/"]
    assert git(path, "rev-list", "--all") == ""  # nothing committed
    assert git(path, "remote", "get-url", "origin") == f"https://github.com/{USER}/{USER}.git"
    git(path, "add", "README.md")
    git(path, "commit", "-m", "My profile")
    assert git(path, "log", "--format=%an %ae %cn %ce") == f"{USER} {ADDRESS} {USER} {ADDRESS}"
    assert git(path, "branch", "--show-current") == "main"


def test_the_next_commits_name_and_address_are_shown_but_in_no_recorded_notebook(
    tmp_path, git, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert signature() == "Your next commit: git knows no name of yours yet"
    git(tmp_path, "config", "--global", "user.name", "Mina Kim")
    git(tmp_path, "config", "--global", "user.email", "mina@school.example")
    assert signature() == "Your next commit: Mina Kim mina@school.example"
    monkeypatch.setenv(KERNEL, "recorded")
    assert "Mina" not in signature() and "mina" not in signature()


@pytest.mark.parametrize(("remote", "address"), [*cases("remote"), (None, "")])
def test_the_course_is_linked_where_everybody_can_reach_it(
    tmp_path, git, monkeypatch, remote, address
):
    monkeypatch.setattr(module, "ROOT", tmp_path)
    git(tmp_path, "init", "--quiet")
    if remote:
        git(tmp_path, "remote", "add", "origin", remote)
    assert course_address() == address
    monkeypatch.setenv(KERNEL, "recorded")
    assert course_address() == ""


def test_a_repository_that_exists_keeps_its_settings(profile, tmp_path, git, capsys):
    path = tmp_path / USER
    path.mkdir()
    git(path, "init", "--quiet", "--initial-branch=other")
    git(path, "config", "user.email", "7+mina@users.noreply.github.com")
    git(path, "remote", "add", "origin", "https://a.example/x.git")
    for _ in range(2):
        build(profile, tmp_path)
        assert "git push" in capsys.readouterr().out
    assert git(path, "config", "user.email") == "7+mina@users.noreply.github.com"
    assert git(path, "config", "user.name") == USER
    assert git(path, "remote", "-v").count("https://a.example/x.git") == 2
    assert git(path, "branch", "--show-current") == "other"


GIT_SAYS = {
    "(xcrun: error)": subprocess.CalledProcessError(1, "git", stderr="xcrun: error\nmore"),
    "status 1": subprocess.CalledProcessError(1, "git", stderr=""),
    "30 seconds": subprocess.TimeoutExpired("git", 30),
    "(denied)": PermissionError("denied"),
}


@pytest.mark.parametrize("said", GIT_SAYS)
def test_what_git_says_is_passed_on(profile, tmp_path, monkeypatch, capsys, said):
    def fail(*arguments, **options):
        raise GIT_SAYS[said]

    monkeypatch.setattr(subprocess, "run", fail)
    build(profile, tmp_path)
    _, sentence = capsys.readouterr().out.splitlines()
    assert said in sentence and sentence.startswith("git could not make the repository")
    assert "git --version" in sentence


def test_what_is_in_the_way_is_named_and_left(profile, tmp_path, capsys):
    mine = {f"{USER}/.git": b"gitdir: nowhere", f"other/{USER}": b"mine"}
    write(tmp_path, mine)
    build(profile, tmp_path)
    assert "not a git repository" in capsys.readouterr().out
    with pytest.raises(OSError, match=f"{USER}.* cannot be written"):
        build(profile, tmp_path / "other")
    assert all((tmp_path / name).read_bytes() == content for name, content in mine.items())
