import hashlib
import json

import nbformat
import pytest
from nbformat.v4 import new_output

from seminar_utils.jupyter import EDITIONS
from seminar_utils.jupyter.notebooks import dumps, normalise, without_outputs
from seminar_utils.jupyter.workbook import copy_notebooks
from tests.small_notebooks import code, figure, markdown, notebook

NAME = "03_resnet.ipynb"
BESIDE = "03_resnet.new-edition.ipynb"


class Course:
    """A folder of notebooks and a student's workbook."""

    def __init__(self, folder):
        self.source, self.workbook = folder / "공유 폴더" / "notebooks", folder / "내 문서"
        for place in (self.source, self.workbook):
            place.mkdir(parents=True)
        self.publish("first edition")

    def publish(self, title, name=NAME, result="2"):
        shown = [figure(), new_output("stream", text=result)]
        book = normalise(notebook(markdown(f"# {title}"), code("1 + 1", outputs=shown)))
        for n, cell in enumerate(book.cells):
            cell.id = f"cell-{n}"
        (self.source / name).parent.mkdir(exist_ok=True)
        (self.source / name).write_bytes(dumps(book).encode())

    def copy(self):
        return copy_notebooks(self.source, self.workbook)

    def files(self):
        """Return what is in the workbook; today's edition without outputs is True."""
        bare = without_outputs(nbformat.read(self.source / NAME, as_version=4))
        paths = [path for path in self.workbook.iterdir() if path.name != EDITIONS]
        return {path.name: path.read_bytes() == dumps(bare).encode() for path in paths}

    def mine(self, change=lambda path: None, name=NAME):
        """Let the student change a file and return its bytes."""
        change(self.workbook / name)
        return (self.workbook / name).read_bytes()


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


@pytest.fixture
def copied(course):
    """A course whose first edition was copied."""
    assert course.copy() == []
    return course


@pytest.fixture
def old(course):
    """A workbook as it was when copies carried the recorded outputs."""
    text = (course.source / NAME).read_bytes()
    (course.workbook / NAME).write_bytes(text)
    memory = {NAME: {NAME: hashlib.sha256(text).hexdigest()}}
    (course.workbook / EDITIONS).write_text(json.dumps(memory), encoding="utf-8")
    return course


def changed(path, change):
    book = nbformat.read(path, as_version=4)
    change(book)
    nbformat.write(book, path)


def edit(path):
    changed(path, lambda book: book.cells[0].update(source=book.cells[0].source + "my own words"))


def run(path):
    """Run all cells live and save."""
    shown = {"execution_count": 1, "outputs": [new_output("stream", text="live")]}
    changed(path, lambda book: book.cells[1].update(shown))


def clear(path):
    changed(path, lambda book: book.cells[1].update(execution_count=None, outputs=[]))


def look(path):
    """Change what JupyterLab changes when it saves a notebook that was only looked at."""

    def change(book):
        book.metadata.language_info.update(version="3.12.1", file_extension=".py")
        book.cells[0].metadata["editable"] = True

    changed(path, change)


def leave(path):
    pass


def test_the_first_copy_is_silent_and_shows_no_outputs(course):
    course.publish("한국어", other := "04 과제.ipynb")
    assert course.copy() == []
    for name in (NAME, other):
        stored = nbformat.read(course.source / name, 4)
        copy = nbformat.read(course.workbook / name, 4)
        assert stored.cells[1].outputs and stored.cells[1].execution_count == 1
        assert copy.cells[1].outputs == [] and copy.cells[1].execution_count is None
        assert [cell.source for cell in copy.cells] == [cell.source for cell in stored.cells]
        assert [cell.id for cell in copy.cells] == [cell.id for cell in stored.cells]
    assert set(json.loads((course.workbook / EDITIONS).read_text("utf-8"))) == {NAME, other}


@pytest.mark.parametrize("change", [leave, run, edit])
def test_the_same_edition_and_a_mere_recording_touch_nothing(copied, change):
    mine = copied.mine(change)
    for result in ("2", "3"):
        copied.publish("first edition", result=result)
        assert copied.copy() == [] and copied.mine() == mine
        assert list(copied.files()) == [NAME]
    (copied.workbook / NAME).unlink()  # and a deleted file is copied again
    assert copied.copy() == [] and copied.files() == {NAME: True}


@pytest.mark.parametrize("title", ["first edition", "second edition"])
@pytest.mark.parametrize("change", [leave, look])
@pytest.mark.parametrize("kind", ["copied", "old"])
def test_an_unchanged_file_becomes_the_new_edition(request, kind, change, title):
    """A copy with outputs, as the first course made them, gives way even to the same edition."""
    course = request.getfixturevalue(kind)
    course.mine(change)
    course.publish(title)
    news = course.copy()
    if (kind, title) == ("copied", "first edition"):
        assert news == []
        return
    assert news == [f"{NAME} is now the newer edition; you had not changed it."]
    assert course.files() == {NAME: True} and course.copy() == []


@pytest.mark.parametrize("kind", ["copied", "old"])
@pytest.mark.parametrize("change", [run, edit])
def test_a_new_edition_is_put_beside_a_changed_file_once(request, kind, change):
    course = request.getfixturevalue(kind)
    mine = course.mine(change)
    course.publish("second edition")
    (sentence,) = course.copy()
    assert sentence.startswith(f"{NAME} has a newer edition") and BESIDE in sentence
    assert course.mine() == mine and course.files() == {NAME: False, BESIDE: True}
    assert course.copy() == []
    (course.workbook / BESIDE).unlink()
    assert course.copy() == [], "an edition that was deleted does not come back"
    assert list(course.files()) == [NAME]


def test_a_third_edition_replaces_the_second_unless_that_was_changed(copied):
    copied.mine(edit)
    for title in ("second edition", "third edition"):
        copied.publish(title)
        copied.copy()
    assert copied.files() == {NAME: False, BESIDE: True}
    mine = copied.mine(edit, BESIDE)
    copied.publish("fourth edition")
    copied.copy()
    assert copied.files() == {NAME: False, BESIDE: False, "03_resnet.new-edition-2.ipynb": True}
    assert copied.mine(name=BESIDE) == mine


def test_a_file_that_was_only_run_is_the_students_until_its_outputs_are_cleared(copied):
    copied.mine(run)
    copied.publish("second edition")
    copied.copy()
    copied.mine(clear)
    copied.mine(run, BESIDE)
    copied.publish("third edition")
    copied.copy()
    assert copied.files() == {NAME: True, BESIDE: False}


def test_a_copy_with_outputs_that_was_only_run_is_already_the_newest_edition(old):
    mine = old.mine(run)
    assert old.copy() == [] and old.mine() == mine
    old.mine(clear)
    old.publish("second edition")
    old.copy()
    assert old.files() == {NAME: True}


@pytest.mark.parametrize("memory", [None, "", "{half", "{}"])
def test_without_a_memory_every_different_file_is_the_students(copied, memory):
    copied.publish("second edition")
    mine = copied.mine()
    (copied.workbook / EDITIONS).unlink()
    if memory is not None:
        (copied.workbook / EDITIONS).write_text(memory, encoding="utf-8")
    copied.copy()
    assert copied.mine() == mine and copied.files() == {NAME: False, BESIDE: True}


def test_a_file_that_is_no_notebook_any_more_is_kept(copied):
    mine = copied.mine(lambda path: path.write_text("half a notebook {", encoding="utf-8"))
    copied.publish("second edition")
    copied.copy()
    assert copied.mine() == mine and copied.files() == {NAME: False, BESIDE: True}
