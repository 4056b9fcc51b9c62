from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from tests import ROOT, output_rules
from tests.small_notebooks import LIVE, code, figure, markdown, notebook


def test_after_a_live_cell_comes_an_assertion():
    live = code("train()", *LIVE)
    for after in (
        [],
        [code("print(1)")],
        [code("# assert x")],
        [code("assert True")],
        [code("def f():\n    assert x")],
        [code("assert x", *LIVE)],
        [code("assert x", "raises-exception")],
        [code("print(1)"), code("assert x")],
        [markdown("assert x")],
    ):
        assert output_rules.live_cells(notebook(live, *after)), after
    shown = "%matplotlib inline\nclaims.shown('R17', gap > 0)"
    for source in ("assert x > 0", shown, "for x in y:\n    check(x)"):
        assert not output_rules.live_cells(notebook(live, markdown("text"), code(source)))


def test_outputs_flags_counts_stderr_and_errors():
    for counts in ([1, None], [2, 3], [1, 3], [2, 1]):
        book = notebook(code("1"), code("2"))
        for cell, count in zip(book.cells, counts, strict=True):
            cell.execution_count = count
        assert output_rules.outputs(book), counts
    error = new_output("error", ename="ValueError", evalue="5")
    stderr = new_output("stream", name="stderr", text="a warning")
    assert output_rules.outputs(notebook(code("1", outputs=[stderr])))
    assert output_rules.outputs(notebook(code("1", outputs=[error])))
    assert output_rules.outputs(notebook(code("1", "raises-exception")))
    assert not output_rules.outputs(notebook(code("1", "raises-exception", outputs=[error])))


def test_figures_are_small_and_have_an_alt_text():
    bare = [{"image/png": "AAAA", "text/plain": "a curve that falls"}]
    bare += [{"text/html": '<img src="data:image/png;base64,AAAA">'}]
    bad = [figure(size=60_001), figure(alt=""), figure(alt="<Figure size 640x480 with 1 Axes>")]
    bad += [figure(size=8_001, kind="svg+xml")]
    for output in bad + [new_output("display_data", data=data) for data in bare]:
        assert output_rules.figures(notebook(code("draw()", outputs=[output]))), output
    good = figure(alt='a "curve" that falls > 0', size=60_000)
    drawn = figure(size=8_000, kind="svg+xml")
    assert not output_rules.figures(notebook(code("draw()", outputs=[good, drawn])))


def test_machine_paths_flags_folders_and_nothing_else():
    folders = ["open('/home/me/x')", "/Users/kim/course", "saved to /tmp/abc", r"C:\Users\kim"]
    folders += ["C:/Users/kim", "/root/Course", str(ROOT / "data"), str(Path.home() / "x")]
    for text in folders:
        for cell in (
            markdown(text),
            code(text),
            code("1", outputs=[new_output("stream", text=text)]),
            code("1", outputs=[new_output("error", ename="E", evalue=text)]),
            code("1", outputs=[new_output("display_data", data={"text/html": f"<b>{text}</b>"})]),
        ):
            assert output_rules.machine_paths(NotebookNode(cells=[cell])), text
    other = ["https://example.org/home/x", "print('loss:\\n')", "1/tmp", "data/runs/x.json"]
    for text in [*other, "the root/leaf", "N:\\n"]:
        assert not output_rules.machine_paths(notebook(markdown(text))), text
