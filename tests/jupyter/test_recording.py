import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_output

from seminar_utils.jupyter.notebooks import dumps, normalise
from seminar_utils.jupyter.recording import main, record
from tests.run_checks import ROOT
from tests.small_notebooks import code, markdown, notebook

PROGRESS = """\
for step in range(3):
    print(f"\\rstep {step}/2", end="", flush=True)
print()"""
SLIDER = """\
import ipywidgets
from IPython.display import display
view = {"model_id": ipywidgets.IntSlider().model_id, "version_major": 2, "version_minor": 0}
mime = "application/vnd.jupyter.widget-view+json"
page = '<img alt="a %s" src="data:image/png;base64,%s">' % ("slider", 4 * "A")
display({mime: view, "text/html": page, "text/plain": "a slider"}, raw=True)"""
WHERE = """\
import os, sys
import local_module
sys.executable, os.environ["OMP_NUM_THREADS"]"""


def save(path, *sources):
    book = notebook(markdown("# 제목"), *[code(source) for source in sources])
    nbformat.write(book, path)
    return path


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A notebook recorded once, on a machine whose Jupyter path offers another Python."""
    folder = tmp_path_factory.mktemp("공책")
    (folder / "local_module.py").write_text("", encoding="utf-8")
    other = folder / "jupyter" / "kernels" / "python3"
    other.mkdir(parents=True)
    kernel = {"argv": ["no-such-python"], "display_name": "x", "language": "python"}
    (other / "kernel.json").write_text(json.dumps(kernel), encoding="utf-8")
    path = save(folder / "작은 공책.ipynb", PROGRESS, SLIDER, WHERE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        record(path)
    return path


def test_a_recording_holds_what_was_shown_and_a_second_one_changes_no_byte(recorded):
    before = recorded.read_bytes()
    book = nbformat.read(recorded, as_version=4)
    progress, slider, where = (cell.outputs for cell in book.cells[1:])
    assert [output.text for output in progress] == ["step 2/2\n"]
    assert set(slider[0].data) == {"text/html", "text/plain"}
    assert where[0].data["text/plain"] == repr((sys.executable, "1"))
    record(recorded)
    assert recorded.read_bytes() == before == dumps(book).encode()


def test_an_error_stops_the_recording_and_leaves_the_file(tmp_path):
    bad = save(tmp_path / "01_bad.ipynb", "1 + 1", "raise ValueError('5 channels\\nand more')")
    later = save(tmp_path / "02_later.ipynb", "1 + 1")
    before = bad.read_bytes(), later.read_bytes()
    sentence = main([str(bad), str(later)])
    assert sentence == "01_bad.ipynb: code cell [2] stopped: ValueError: 5 channels"
    assert (bad.read_bytes(), later.read_bytes()) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [bad.name, later.name]
    bad.write_text("{", encoding="utf-8")
    for path in (bad, tmp_path / "03_missing.ipynb"):
        assert main([str(path)]).startswith(f"{path.name}: ")


ENVIRONMENT = """\
import os, sys, warnings
print(os.environ["OMP_NUM_THREADS"], os.environ["IPYTHONDIR"] != "elsewhere", sys.prefix == {!r})
print(any(kind == "error" for kind, *_ in warnings.filters))"""


def test_nbval_compares_the_recording_with_what_it_sees_as_the_recording_did(recorded, tmp_path):
    """An altered number or alt text fails; an honest recording and other bytes of a PNG pass.

    One thread, warnings as errors, this Python, no start-up files: conftest.py sees to that.
    """
    (tmp_path / "local_module.py").write_text("", encoding="utf-8")
    shown = [new_output("stream", text="1 True True\nTrue\n")]
    cell = code(ENVIRONMENT.format(sys.prefix), outputs=shown)
    nbformat.write(normalise(notebook(cell)), tmp_path / "environment.ipynb")
    text = recorded.read_text(encoding="utf-8")
    editions = {
        "honest": text,
        "number": text.replace('"step 2/2', '"step 3/2'),
        "png": text.replace("base64,AAAA", "base64,BBBBB"),
        "alt": text.replace('alt=\\"a slider', 'alt=\\"a button'),
    }
    assert len(set(editions.values())) == len(editions)
    for name, edition in editions.items():
        (tmp_path / f"{name}.ipynb").write_text(edition, encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "-p", "conftest", "--nbval"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "2", "IPYTHONDIR": "elsewhere", "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "number.ipynb::Cell 0" in result.stdout
    assert "alt.ipynb::Cell 1" in result.stdout
    assert "2 failed, 11 passed" in result.stdout
