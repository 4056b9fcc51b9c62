import hashlib
import json

import nbformat
import pytest
from nbformat.v4 import new_output

from seminar_utils.jupyter.notebooks import dumps, normalise, without_outputs
from seminar_utils.jupyter.workbook import EDITIONS, copy_notebooks
from tests.small_notebooks import code, figure, markdown, notebook

NAME = "03_resnet.ipynb"
BESIDE = "03_resnet.new-edition.ipynb"


@pytest.fixture
def folders(tmp_path):
    source, workbook = tmp_path / "공유 폴더" / "notebooks", tmp_path / "내 문서" / "workbook"
    for folder in (source, workbook):
        folder.mkdir(parents=True)
    publish(source, "first edition")
    return source, workbook


def publish(source, title, name=NAME, result="2"):
    shown = [figure(), new_output("stream", text=result)]
    book = normalise(notebook(markdown(f"# {title}"), code("1 + 1", outputs=shown)))
    for n, cell in enumerate(book.cells):
        cell.id = f"cell-{n}"
    (source / name).parent.mkdir(exist_ok=True)
    (source / name).write_bytes(dumps(book).encode())


def edit(path, words="my own words"):
    book = nbformat.read(path, as_version=4)
    book.cells[0].source += words
    nbformat.write(book, path)


def run(path, result="2"):
    """Run all cells and save."""
    book = nbformat.read(path, as_version=4)
    book.cells[1].update(execution_count=1, outputs=[new_output("stream", text=result)])
    nbformat.write(book, path)


def clear(path):
    book = nbformat.read(path, as_version=4)
    book.cells[1].update(execution_count=None, outputs=[])
    nbformat.write(book, path)


def bare(path):
    """Return the bytes of the copy that a student gets of a stored notebook."""
    return dumps(without_outputs(nbformat.read(path, as_version=4))).encode()


def copied_by_the_first_course(source, workbook):
    """Lay out a workbook as it was when copies carried the recorded outputs."""
    text = (source / NAME).read_bytes()
    (workbook / NAME).write_bytes(text)
    memory = {NAME: {NAME: hashlib.sha256(text).hexdigest()}}
    (workbook / EDITIONS).write_text(json.dumps(memory), encoding="utf-8")


def open_in_jupyterlab(path):
    """Change what JupyterLab changes when it saves a notebook that was only looked at."""
    book = nbformat.read(path, as_version=4)
    book.metadata.language_info.update(version="3.12.1", file_extension=".py")
    book.cells[0].metadata["editable"] = True
    nbformat.write(book, path)


def files(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != EDITIONS)


def test_the_first_copy_is_silent_and_shows_no_outputs(folders):
    source, workbook = folders
    publish(source, "한국어", "ko/03_resnet.ipynb")
    assert copy_notebooks(source, workbook) == []
    for name in (NAME, "ko/03_resnet.ipynb"):
        stored, copy = (nbformat.read(folder / name, 4) for folder in (source, workbook))
        assert stored.cells[1].outputs and stored.cells[1].execution_count == 1
        assert copy.cells[1].outputs == [] and copy.cells[1].execution_count is None
        assert [cell.source for cell in copy.cells] == [cell.source for cell in stored.cells]
        assert [cell.id for cell in copy.cells] == [cell.id for cell in stored.cells]
    assert set(json.loads((workbook / EDITIONS).read_text("utf-8"))) == {NAME, "ko/03_resnet.ipynb"}


def test_the_same_edition_never_touches_a_changed_file(folders):
    source, workbook = folders
    copy_notebooks(source, workbook)
    edit(workbook / NAME)
    mine = (workbook / NAME).read_bytes()
    assert copy_notebooks(source, workbook) == []
    assert (workbook / NAME).read_bytes() == mine
    assert files(workbook) == [NAME]


@pytest.mark.parametrize("look", [lambda path: None, open_in_jupyterlab])
def test_an_unchanged_file_becomes_the_new_edition(folders, look):
    source, workbook = folders
    copy_notebooks(source, workbook)
    look(workbook / NAME)
    publish(source, "second edition")
    (sentence,) = copy_notebooks(source, workbook)
    assert NAME in sentence and "newer edition" in sentence
    assert (workbook / NAME).read_bytes() == bare(source / NAME)
    assert files(workbook) == [NAME]
    assert copy_notebooks(source, workbook) == []


def test_a_new_edition_is_put_beside_a_changed_file_once(folders):
    source, workbook = folders
    copy_notebooks(source, workbook)
    edit(workbook / NAME)
    mine = (workbook / NAME).read_bytes()
    publish(source, "second edition")
    (sentence,) = copy_notebooks(source, workbook)
    assert NAME in sentence and BESIDE in sentence
    assert (workbook / NAME).read_bytes() == mine
    assert (workbook / BESIDE).read_bytes() == bare(source / NAME)
    assert copy_notebooks(source, workbook) == []
    (workbook / BESIDE).unlink()
    assert copy_notebooks(source, workbook) == [], "an edition that was deleted does not come back"
    assert files(workbook) == [NAME]


def test_a_third_edition_replaces_the_second_unless_that_was_changed(folders):
    source, workbook = folders
    copy_notebooks(source, workbook)
    edit(workbook / NAME)
    for title in ("second edition", "third edition"):
        publish(source, title)
        copy_notebooks(source, workbook)
    assert files(workbook) == [NAME, BESIDE]
    assert (workbook / BESIDE).read_bytes() == bare(source / NAME)

    edit(workbook / BESIDE)
    mine = (workbook / BESIDE).read_bytes()
    publish(source, "fourth edition")
    copy_notebooks(source, workbook)
    assert (workbook / BESIDE).read_bytes() == mine
    newest = workbook / "03_resnet.new-edition-2.ipynb"
    assert newest.read_bytes() == bare(source / NAME)


def test_a_deleted_file_is_copied_again(folders):
    source, workbook = folders
    copy_notebooks(source, workbook)
    (workbook / NAME).unlink()
    assert copy_notebooks(source, workbook) == []
    assert (workbook / NAME).read_bytes() == bare(source / NAME)


def test_a_file_that_was_only_run_is_the_students_until_its_outputs_are_cleared(folders):
    source, workbook = folders
    copy_notebooks(source, workbook)
    run(workbook / NAME)
    mine = (workbook / NAME).read_bytes()
    assert copy_notebooks(source, workbook) == []
    publish(source, "second edition")
    (sentence,) = copy_notebooks(source, workbook)
    assert BESIDE in sentence
    assert (workbook / NAME).read_bytes() == mine

    clear(workbook / NAME)
    run(workbook / BESIDE)
    publish(source, "third edition")
    copy_notebooks(source, workbook)
    assert (workbook / NAME).read_bytes() == bare(source / NAME)
    assert files(workbook) == [NAME, BESIDE]


@pytest.mark.parametrize("change", [lambda path: None, run, edit])
def test_a_mere_recording_is_no_newer_edition(folders, change):
    source, workbook = folders
    copy_notebooks(source, workbook)
    change(workbook / NAME)
    mine = (workbook / NAME).read_bytes()
    publish(source, "first edition", result="3")
    assert copy_notebooks(source, workbook) == []
    assert (workbook / NAME).read_bytes() == mine
    assert files(workbook) == [NAME]


@pytest.mark.parametrize("title", ["first edition", "second edition"])
@pytest.mark.parametrize("look", [lambda path: None, open_in_jupyterlab])
def test_an_unchanged_copy_with_outputs_gives_way_to_one_without(folders, title, look):
    source, workbook = folders
    copied_by_the_first_course(source, workbook)
    look(workbook / NAME)
    publish(source, title)
    (sentence,) = copy_notebooks(source, workbook)
    assert f"{NAME} is now the newer edition" in sentence
    assert (workbook / NAME).read_bytes() == bare(source / NAME)
    assert files(workbook) == [NAME]
    assert copy_notebooks(source, workbook) == []


@pytest.mark.parametrize("change", [edit, lambda path: run(path, "live")])
def test_a_changed_copy_with_outputs_stays_the_students(folders, change):
    source, workbook = folders
    copied_by_the_first_course(source, workbook)
    change(workbook / NAME)
    mine = (workbook / NAME).read_bytes()
    publish(source, "second edition")
    (sentence,) = copy_notebooks(source, workbook)
    assert BESIDE in sentence
    assert (workbook / NAME).read_bytes() == mine
    assert (workbook / BESIDE).read_bytes() == bare(source / NAME)


def test_a_copy_with_outputs_that_was_only_run_is_already_the_newest_edition(folders):
    source, workbook = folders
    copied_by_the_first_course(source, workbook)
    run(workbook / NAME, "live")
    mine = (workbook / NAME).read_bytes()
    assert copy_notebooks(source, workbook) == []
    assert (workbook / NAME).read_bytes() == mine
    clear(workbook / NAME)
    publish(source, "second edition")
    copy_notebooks(source, workbook)
    assert (workbook / NAME).read_bytes() == bare(source / NAME)
    assert files(workbook) == [NAME]


@pytest.mark.parametrize("memory", [None, "", "{half", "{}"])
def test_without_a_memory_every_different_file_is_the_students(folders, memory):
    source, workbook = folders
    copy_notebooks(source, workbook)
    publish(source, "second edition")
    mine = (workbook / NAME).read_bytes()
    (workbook / EDITIONS).unlink()
    if memory is not None:
        (workbook / EDITIONS).write_text(memory, encoding="utf-8")
    copy_notebooks(source, workbook)
    assert (workbook / NAME).read_bytes() == mine
    assert files(workbook) == [NAME, BESIDE]


def test_a_file_that_is_no_notebook_any_more_is_kept(folders):
    source, workbook = folders
    copy_notebooks(source, workbook)
    (workbook / NAME).write_text("half a notebook {", encoding="utf-8")
    publish(source, "second edition")
    copy_notebooks(source, workbook)
    assert (workbook / NAME).read_text(encoding="utf-8") == "half a notebook {"
    assert files(workbook) == [NAME, BESIDE]


def test_no_notebooks_is_an_error_with_a_way_out(folders):
    source, workbook = folders
    (source / NAME).unlink()
    with pytest.raises(FileNotFoundError, match="git checkout"):
        copy_notebooks(source, workbook)
