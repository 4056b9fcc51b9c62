from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from tests import output_rules
from tests.small_notebooks import LIVE, code, figure, markdown, notebook

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "after",
    [
        [],
        [code("print(1)")],
        [code("# assert x")],
        [code("assert True")],
        [code("def f():\n    assert x")],
        [code("assert x", *LIVE)],
        [code("assert x", "raises-exception")],
        [code("print(1)"), code("assert x")],
        [markdown("assert x")],
    ],
)
def test_live_cells_flags_a_missing_assertion(after):
    assert output_rules.live_cells(notebook(code("train()", *LIVE), *after))


@pytest.mark.parametrize(
    "source",
    [
        "assert x > 0",
        "%matplotlib inline\nclaims.shown('R17', gap > 0)",
        "for x in y:\n    check(x)",
    ],
)
def test_live_cells_accepts_an_assertion(source):
    live = code("train()", *LIVE)
    assert not output_rules.live_cells(notebook(live, markdown("text"), code(source)))


def test_outputs_flags_counts():
    for counts in ([1, None], [2, 3], [1, 3], [2, 1]):
        book = notebook(code("1"), code("2"))
        for cell, count in zip(book.cells, counts, strict=True):
            cell.execution_count = count
        assert output_rules.outputs(book), counts


def test_outputs_flags_stderr_and_errors():
    error = new_output("error", ename="ValueError", evalue="5")
    stderr = new_output("stream", name="stderr", text="a warning")
    assert output_rules.outputs(notebook(code("1", outputs=[stderr])))
    assert output_rules.outputs(notebook(code("1", outputs=[error])))
    assert output_rules.outputs(notebook(code("1", "raises-exception")))
    assert not output_rules.outputs(notebook(code("1", "raises-exception", outputs=[error])))


@pytest.mark.parametrize(
    "bad",
    [
        figure(size=60_001),
        figure(alt=""),
        figure(alt="<Figure size 640x480 with 1 Axes>"),
        new_output("display_data", data={"image/png": "AAAA", "text/plain": "a curve that falls"}),
        new_output("display_data", data={"text/html": '<img src="data:image/png;base64,AAAA">'}),
    ],
)
def test_figures_flags_size_and_alt_text(bad):
    assert output_rules.figures(notebook(code("draw()", outputs=[bad])))


def test_figures_accepts_a_picture_with_alt_text():
    good = figure(alt='a "curve" that falls > 0', size=60_000)
    assert not output_rules.figures(notebook(code("draw()", outputs=[good])))


@pytest.mark.parametrize(
    "text",
    [
        "open('/home/me/x')",
        "/Users/kim/course",
        "saved to /tmp/abc",
        r"C:\Users\kim",
        "C:/Users/kim",
        "/root/Course",
        str(ROOT / "data"),
        str(Path.home() / "x"),
    ],
)
def test_machine_paths_flags_folders(text):
    for cell in (
        markdown(text),
        code(text),
        code("1", outputs=[new_output("stream", text=text)]),
        code("1", outputs=[new_output("error", ename="E", evalue=text)]),
        code("1", outputs=[new_output("display_data", data={"text/html": f"<b>{text}</b>"})]),
    ):
        assert output_rules.machine_paths(NotebookNode(cells=[cell]))


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/home/x",
        "print('loss:\\n')",
        "1/tmp",
        "data/runs/x.json",
        "the root/leaf",
        "N:\\n",
    ],
)
def test_machine_paths_accepts_other_text(text):
    assert not output_rules.machine_paths(notebook(markdown(text)))
