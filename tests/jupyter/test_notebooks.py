import copy
import json

import pytest
from nbformat.v4 import new_output

from seminar_utils.jupyter.notebooks import dumps, find_notebooks, normalise
from tests.small_notebooks import code, figure, markdown, notebook

WIDGET = "application/vnd.jupyter.widget-view+json"


def messy():
    """A notebook as an editor may leave it."""
    slider = figure()
    slider.data[WIDGET] = {"model_id": "a1b2c3", "version_major": 2, "version_minor": 0}
    frames = ["Traceback", "/home/me/torch/conv.py", "ValueError: 5 channels"]
    error = new_output("error", ename="ValueError", evalue="5 channels", traceback=frames)
    chunks = [new_output("stream", text=text) for text in ("1/3", "\r2/3", "\r3/3", "\nloss 0.3\n")]
    book = notebook(
        markdown("# 제목", "class"),
        code("train()", outputs=[*chunks, new_output("stream", name="stderr", text="oh\n")]),
        code("slider", outputs=[new_output("stream", text="a\n"), slider]),
        code("1 / 0", "raises-exception", outputs=[error]),
    )
    book.metadata = {
        "kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.12.1"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
        "vscode": {"interpreter": "x"},
    }
    book.cells[0].metadata.update(slideshow={"slide_type": "slide"}, collapsed=False)
    book.cells[1].metadata.update(execution={"iopub.status.busy": "2026"}, tags=[], scrolled=True)
    return book


def test_normalising_keeps_what_belongs_to_the_course():
    before = messy()
    after = normalise(before)
    assert after.metadata.kernelspec.name == "python3"
    assert after.metadata.language_info == {"name": "python"}
    assert after.cells[0].metadata == {"tags": ["class"], "slideshow": {"slide_type": "slide"}}
    assert after.cells[3].metadata == {"tags": ["raises-exception"]}
    for old, new in zip(before.cells, after.cells, strict=True):
        assert (new.id, new.source) == (old.id, old.source)
        assert new.get("execution_count") == old.get("execution_count")


def test_evidence_is_folded_skipped_and_hidden():
    book = notebook(code("assert x", "class", "evidence"), code("draw()", "class"))
    evidence, drawn = normalise(book).cells
    assert evidence.metadata == {
        "jupyter": {"source_hidden": True},
        "slideshow": {"slide_type": "skip"},
        "tags": ["class", "evidence", "hide-cell"],
    }
    assert drawn.metadata == {"tags": ["class"]}
    assert dumps(normalise(normalise(book))) == dumps(normalise(book))


def test_normalising_drops_what_differs_between_machines():
    after = normalise(messy())
    assert set(after.metadata) == {"kernelspec", "language_info"}
    assert after.metadata.kernelspec.display_name == "Python 3 (ipykernel)"
    assert after.cells[1].metadata == {}
    assert "/home/me" not in dumps(after)
    assert after.cells[3].outputs[0].traceback == ["ValueError: 5 channels"]


def test_normalising_joins_the_chunks_of_a_text():
    outputs = normalise(messy()).cells[1].outputs
    assert [(output.name, output.text) for output in outputs] == [
        ("stdout", "3/3\nloss 0.3\n"),
        ("stderr", "oh\n"),
    ]


@pytest.mark.parametrize(
    "text, shown",
    [
        ("10 %\r20 %\n", "20 %\n"),
        ("a\nb\rc\nd", "a\nc\nd"),
        ("two\r\nlines\r\n", "two\r\nlines\r\n"),
        ("still running\r", "still running\r"),
    ],
)
def test_a_carriage_return_wipes_its_own_line_alone(text, shown):
    book = notebook(code("1", outputs=[new_output("stream", text=text)]))
    assert normalise(book).cells[0].outputs[0].text == shown


def test_a_slider_leaves_its_picture_and_alt_text():
    stream, picture = normalise(messy()).cells[2].outputs
    assert stream.text == "a\n"
    assert set(picture.data) == {"text/html", "text/plain"}
    assert picture.data["text/html"].startswith('<img alt="a curve that falls"')


def test_normalising_is_idempotent_and_leaves_its_argument_alone():
    book = messy()
    before = copy.deepcopy(book)
    once = normalise(book)
    assert book == before
    assert normalise(once) == once
    assert dumps(normalise(once)) == dumps(once)


def test_text_form():
    text = dumps(normalise(messy()))
    assert text.endswith("}\n") and not text.endswith("\n\n")
    assert "제목" in text
    assert text == json.dumps(json.loads(text), sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def test_find_notebooks_leaves_out_checkpoints(tmp_path):
    names = ["02.ipynb", "01.ipynb", "ko/01.ipynb", ".ipynb_checkpoints/01.ipynb", "notes.md"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in find_notebooks(tmp_path)]
    assert found == ["01.ipynb", "02.ipynb", "ko/01.ipynb"]
