"""A profile is written whole, with a copy of what was there, and only where it belongs."""

import io
import subprocess
import sys

import pytest
from PIL import Image, PngImagePlugin

from seminar_utils.github_profile import build, check
from seminar_utils.github_profile.profile_text import readme
from tests.github_profile.test_profile_text import PROFILE

USER = PROFILE["user"]
module = sys.modules[build.__module__]


def png(colour="white"):
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Mina")
    file = io.BytesIO()
    Image.new("RGB", (9, 9), colour).save(file, format="PNG", pnginfo=texts)
    return file.getvalue()


class Picture:
    """Stands for a figure of the course."""

    def png(self):
        return png("blue")


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "그림.png"
    path.write_bytes(png())
    return {**PROFILE, "figure": path}


def files(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def test_readme_and_figure_stand_in_a_repository(profile, tmp_path, capsys):
    folder = tmp_path / "내 폴더"
    path = build(profile, folder)
    assert path == (folder / USER).resolve()
    assert files(folder) == {f"{USER}/README.md", f"{USER}/images/figure.png"}
    assert (path / "README.md").read_bytes() == readme(profile).encode("utf-8")
    assert b"\r" not in (path / "README.md").read_bytes()
    assert b"Mina" in png() and b"Mina" not in (path / "images" / "figure.png").read_bytes()
    assert (path / ".git").is_dir()
    said = capsys.readouterr().out
    assert said.startswith(f"Written: {USER}/README.md and {USER}/images/figure.png; nothing is")
    assert "git push -u origin main" in said and "kept" not in said
    assert str(tmp_path) not in said  # a notebook's output does not tell where it ran


def test_what_is_built_passes_the_check(profile, tmp_path):
    found = check(build(profile, str(tmp_path)), USER)
    assert found.findings == ()


def test_a_picture_of_the_course_and_a_pasted_name_are_taken(profile, tmp_path):
    link = f"https://github.com/{USER}/{USER}"
    path = build({**profile, "figure": Picture(), "user": link}, tmp_path)
    assert path.name == USER
    assert (path / "README.md").read_text(encoding="utf-8").startswith(f"# {USER}\n")
    with Image.open(path / "images" / "figure.png") as figure:
        assert figure.getpixel((0, 0)) == (0, 0, 255)


def test_what_was_there_is_copied_beside_the_repository(profile, tmp_path, capsys):
    path, earlier = tmp_path / USER, tmp_path / f"{USER}.earlier"
    path.mkdir()
    (path / "README.md").write_bytes(b"# my own\r\n\xff")
    (path / "notes.txt").write_text("mine")
    build(profile, tmp_path)
    assert files(earlier) == {"README.1.md"}
    assert (earlier / "README.1.md").read_bytes() == b"# my own\r\n\xff"
    assert (
        f"The earlier README.md is kept as {USER}.earlier/README.1.md." in capsys.readouterr().out
    )

    build(profile, tmp_path)  # nothing changed, so there is nothing to keep
    assert files(earlier) == {"README.1.md"}
    assert "kept" not in capsys.readouterr().out

    build({**profile, "figure": Picture(), "surprised": "Nothing."}, tmp_path)
    assert files(earlier) == {"README.1.md", "README.2.md", "figure.1.png"}
    assert (earlier / "README.2.md").read_bytes() == readme(profile).encode("utf-8")
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


@pytest.mark.parametrize(
    ("figure", "sentence"),
    [
        (None, "figure is empty: a Picture"),
        ("", "figure is empty: a Picture"),
        (7.5, "figure is 7.5: put a Picture"),
        ("README.md", "figure: the picture cannot be read"),
        (".", "figure is '.', which cannot be opened"),
        ("a\0b", "figure"),
    ],
)
def test_a_figure_that_is_none_is_named(profile, tmp_path, monkeypatch, figure, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("# a")
    with pytest.raises(ValueError) as caught:
        build({**profile, "figure": figure}, tmp_path)
    assert str(caught.value).startswith(sentence) and "\n" not in str(caught.value)


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
    assert files(path) == {"README.md", "images/figure.png"} and not (path / ".git").exists()
    said = capsys.readouterr().out
    assert "git is not installed" in said and "git push" not in said


def test_a_file_in_the_way_is_named_and_left(profile, tmp_path):
    (tmp_path / USER).write_text("mine")
    with pytest.raises(OSError, match=f"{USER}.* cannot be written"):
        build(profile, tmp_path)
    assert (tmp_path / USER).read_text() == "mine"


def test_the_package_is_imported_without_torch_or_matplotlib():
    code = (
        "import sys, seminar_utils.github_profile as made; made.build, made.check, made.report; "
        "assert callable(made.build) and callable(made.check) and callable(made.preview); "
        "assert not {'torch', 'matplotlib', 'IPython'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
