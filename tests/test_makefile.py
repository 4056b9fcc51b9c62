"""What ``make`` does to an environment, tried in a folder of its own with a Python that plays."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import seminar_utils
from seminar_utils.jupyter.installed import differences
from tests import ROOT

PACKAGE = Path(seminar_utils.__file__).parent
COMPLETE = (ROOT / "requirements.txt").read_text("utf-8")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")

# It makes environments that hold nothing but itself, and notes what it was asked for.
PLAYING = """\
#!/bin/sh
echo "$*" >> "{log}"
case "$*" in
  *version_info*)
    test ! -e version || {real} -c "$(echo "$2" | sed s/sys.version_info/$(cat version)/)" ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *"pip install"*"--dry-run"*) test ! -e offline ;;
  *"pip install"*) test ! -e broken && touch "$(dirname "$0")/installed" ;;
  *"import seminar_utils"*) test -e "$(dirname "$0")/installed" && echo works ;;
esac
"""


def executable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


class Course:
    """A course folder whose environments cost nothing."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        for name in ("Makefile", "requirements.txt", "constraints.txt", "pyproject.toml"):
            shutil.copy(ROOT / name, folder)
        (folder / "seminar_utils").symlink_to(PACKAGE)
        self.venv = folder / ".venv"
        self.log = folder / "asked"
        self.python = folder / "playing-python"
        executable(self.python, PLAYING.format(log=self.log, real=sys.executable))

    def make(self, *goals: str) -> subprocess.CompletedProcess:
        self.log.write_text("")
        return subprocess.run(
            ["make", *goals, f"PYTHON={self.python}"],
            cwd=self.folder,
            env={name: os.environ[name] for name in os.environ if not name.startswith("MAKE")},
            capture_output=True,
            encoding="utf-8",
        )

    def asked(self, words: str) -> int:
        return self.log.read_text().count(words)

    def environment_by_hand(self, python: str) -> None:
        """Lay out an environment with a file of the user's in it."""
        (self.venv / "bin").mkdir(parents=True)
        (self.venv / "mine").touch()
        executable(self.venv / "bin" / "python", python)


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path / "course")


@pytest.mark.parametrize(
    ("version", "fits"),
    [("(3,10)", False), ("(3,11)", True), ("(3,14,9)", True), ("(3,15)", False)],
)
def test_a_python_that_pytorch_is_not_built_for_is_refused_at_once(course, version, fits):
    (course.folder / "version").write_text(version)
    made = course.make("lab")
    assert course.venv.exists() == (made.returncode == 0) == fits
    assert fits or "needs Python 3.11 to 3.14" in made.stderr


def test_only_a_language_behind_make_counts_not_the_systems_own(course, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "ko:en")  # as Korean systems have it
    course.make("lab")
    assert course.asked("-m seminar_utils.jupyter.lab") == 1 and course.asked("--language") == 0
    for goal in ("lab", "lab-source"):
        course.make(goal, "LANGUAGE=ko")
        assert course.asked("--language ko") == 1


def test_torch_without_cuda_is_asked_of_uv_and_of_nothing_else(course):
    assert course.make("lab", "TORCH=cpu").returncode == 0
    uv = "-m uv pip install --quiet --python .venv/bin/python --torch-backend cpu"
    assert course.asked(f"{uv} -r requirements.txt") == course.asked("-r requirements.txt") == 1
    assert course.make("lab").returncode == 0
    assert course.asked("-r requirements.txt") == 0


def test_an_older_edition_of_makes_own_environment_is_made_anew(course):
    course.make("lab")
    (course.venv / "old").touch()
    (course.venv / "made-by-make").unlink()  # which the first editions did not leave
    with (course.folder / "requirements.txt").open("a") as file:
        file.write("another==1.0\n")
    assert course.make("lab").returncode == 0
    assert course.asked("-r requirements.txt") == 1
    assert not (course.venv / "old").exists()


def test_a_half_finished_installation_is_begun_again(course):
    (course.folder / "broken").touch()
    stopped = course.make("lab")
    assert stopped.returncode != 0 and course.asked("-m seminar_utils.jupyter.lab") == 0
    assert "not finished" in stopped.stderr
    (course.folder / "broken").unlink()
    assert course.make("lab").returncode == 0
    assert course.asked("-r requirements.txt") == course.asked("-m seminar_utils.jupyter.lab") == 1
    assert course.make("lab").returncode == 0  # and then it just starts
    assert course.asked("-r requirements.txt") == 0
    assert course.asked("-m seminar_utils.jupyter.lab") == 1


def test_without_a_network_make_says_so_before_pip_tries(course):
    (course.folder / "offline").touch()
    stopped = course.make("lab")
    assert stopped.returncode != 0
    assert "there is no network" in stopped.stderr and "Connect" in stopped.stderr
    assert course.asked("-r requirements.txt") == 0
    (course.folder / "offline").unlink()
    assert course.make("lab").returncode == 0


def test_an_environment_made_by_hand_is_used_when_it_is_complete(course):
    log = f'echo "$*" >> "{course.log}"\n'
    course.environment_by_hand(
        f'#!/bin/sh\n{log}case "$*" in -P*) exec "{sys.executable}" "$@" ;; esac\n'
    )
    assert course.make("format").returncode == 0
    assert course.asked("-m ") >= 1 and course.asked("pip") == 0
    assert (course.venv / "mine").exists()
    assert not list(course.venv.glob("installed-*")), "make must not take it for its own"


@pytest.mark.parametrize("python", ["#!/bin/sh\nexit 1\n", "#!/no/such/python\n"])
def test_an_environment_made_by_hand_is_never_removed(course, python):
    course.environment_by_hand(python)
    for goal in ("lab", "test", "notebooks"):
        stopped = course.make(goal)
        assert stopped.returncode != 0 and "leaves it as it is" in stopped.stderr
        assert "pip install -r requirements.txt -c constraints.txt" in stopped.stderr
        assert (course.venv / "mine").exists() and course.asked("venv") == 0


def test_clean_removes_what_make_made_and_nothing_else(course, tmp_path):
    course.make("lab")
    course.make("clean")
    assert not course.venv.exists()
    other = Course(tmp_path / "other")
    other.make("lab")
    course.venv.symlink_to(other.venv)  # a link was made by hand
    assert course.make("clean").returncode == 0 and course.venv.is_symlink()
    course.venv.unlink()
    course.environment_by_hand("#!/bin/sh\n")
    assert "stays" in course.make("clean").stdout and (course.venv / "mine").exists()


def test_differences_name_what_is_missing_and_what_is_other(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    assert differences(COMPLETE) == ([], [])
    changed = COMPLETE.replace("numpy==", "numpy==9").replace("scipy==", "no-such-package==")
    missing, (other,) = differences(changed)
    assert missing == ["no-such-package"]
    assert other.startswith("numpy ") and "instead of 9" in other
    monkeypatch.setattr("seminar_utils.jupyter.installed.version", lambda name: "2.14.1+cpu")
    assert differences("torch==2.14.1 # nets\n") == ([], [])  # the small build
    (tmp_path / "seminar_utils").mkdir()
    monkeypatch.chdir(tmp_path)
    assert differences("") == (["seminar_utils from this folder"], [])
