import copy
import json

import pytest
from nbformat.v4 import new_output

from seminar_utils.jupyter.notebooks import dumps, find_notebooks, normalise
from tests.small_notebooks import code, figure, markdown, notebook


def messy():
    """A notebook as an editor may leave it."""
    slider = figure()
    slider.data["application/vnd.jupyter.widget-view+json"] = {"model_id": "a1", "version_major": 2}
    frames = ["Traceback", "/home/me/torch/conv.py", "ValueError: 5 channels"]
    error = new_output("error", ename="ValueError", evalue="5 channels", traceback=frames)
    chunks = [new_output("stream", text=text) for text in ("1/3", "\r2/3", "\r3/3", "\nloss 0.3\n")]
    book = notebook(
        markdown("# 제목", "class"),
        code("train()", outputs=[*chunks, new_output("stream", name="stderr", text="oh\n")]),
        code("slider", outputs=[new_output("stream", text="a\n"), slider]),
        code("1 / 0", "raises-exception", outputs=[error]),
        code("assert x", "class", "evidence"),
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


def test_normalising_keeps_what_belongs_to_the_course_and_drops_what_machines_add():
    before = messy()
    after = normalise(before)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    assert after.metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}
    assert [cell.metadata for cell in after.cells] == [
        {"tags": ["class"], "slideshow": {"slide_type": "slide"}},
        {},
        {},
        {"tags": ["raises-exception"]},
        # Evidence is folded, skipped and hidden.
        {
            "jupyter": {"source_hidden": True},
            "slideshow": {"slide_type": "skip"},
            "tags": ["class", "evidence", "hide-cell"],
        },
    ]
    for old, new in zip(before.cells, after.cells, strict=True):
        assert (new.id, new.source) == (old.id, old.source)
        assert new.get("execution_count") == old.get("execution_count")
    assert "/home/me" not in dumps(after)
    assert after.cells[3].outputs[0].traceback == ["ValueError: 5 channels"]
    stream, picture = after.cells[2].outputs  # a slider leaves its picture and alt text
    assert stream.text == "a\n" and set(picture.data) == {"text/html", "text/plain"}
    assert picture.data["text/html"].startswith('<img alt="a curve that falls"')
    chunks = [(output.name, output.text) for output in after.cells[1].outputs]
    assert chunks == [("stdout", "3/3\nloss 0.3\n"), ("stderr", "oh\n")]


@pytest.mark.parametrize(
    ("text", "shown"),
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


def test_the_form_is_one_text_and_normalising_leaves_its_argument_alone():
    book = messy()
    before = copy.deepcopy(book)
    once = normalise(book)
    text = dumps(once)
    assert book == before and normalise(once) == once and dumps(normalise(once)) == text
    assert text.endswith("}\n") and "제목" in text
    assert text == json.dumps(json.loads(text), sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def test_find_notebooks_leaves_out_checkpoints_and_other_languages(tmp_path):
    names = ["02.ipynb", "01.ipynb", "ko/01.ipynb", ".ipynb_checkpoints/01.ipynb", "notes.md"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in find_notebooks(tmp_path)]
    assert found == ["01.ipynb", "02.ipynb"]
