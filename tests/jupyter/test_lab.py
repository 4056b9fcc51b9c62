import json
import os
import socket
import sys
from pathlib import Path

import pytest

from seminar_utils.jupyter import lab, workbook
from seminar_utils.jupyter.notebooks import dumps, normalise
from seminar_utils.jupyter.recording import KERNEL_ENVIRONMENT
from seminar_utils.language import VARIABLE
from tests.small_notebooks import code, notebook

FOLDER = Path("공유 폴더") / "workbook"
FIRST = "notebooks/03_resnet.ipynb"
TEXT = dumps(normalise(notebook(code("1 + 1")))).encode()


def test_jupyterlab_listens_on_this_machine_alone_and_asks_for_its_token_and_nobody_else():
    options = lab.arguments(FOLDER, first=None, browser=True)
    assert {
        f"--ServerApp.root_dir={FOLDER}",
        "--ServerApp.ip=127.0.0.1",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    } <= {*options}
    closed = ("token", "password", "allow_remote", "0.0.0.0", "default_url", "no-browser")
    assert not [option for option in options if any(word in option for word in closed)]
    options = lab.arguments(FOLDER, first="ko/1 장.ipynb", browser=False)
    assert "--LabApp.default_url=/lab/tree/ko/1%20%EC%9E%A5.ipynb" in options
    assert "--no-browser" in options


def test_a_kernel_computes_as_in_the_recording_but_its_warnings_stay_warnings(tmp_path):
    recording = dict(KERNEL_ENVIRONMENT)
    del recording["PYTHONWARNINGS"]
    kernel = lab.environment(FOLDER, tmp_path / "home" / "jupyter")
    assert recording.items() <= kernel.items()
    assert not {"PYTHONWARNINGS", "JUPYTER_DATA_DIR"} & kernel.keys()
    (tmp_path / "file").touch()  # a home where nobody can write
    kernel = lab.environment(FOLDER, tmp_path / "file" / "jupyter")
    names = ("JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_DATA_DIR")
    assert all(Path(kernel[name]).is_relative_to(FOLDER) for name in names)


@pytest.fixture
def server():
    """What is known of a server that can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        url = f"http://127.0.0.1:{port}/"
        yield {"root_dir": str(FOLDER), "port": port, "url": url, "token": "abc"}


def test_running_names_the_server_of_this_folder_that_can_be_reached(server):
    assert lab.running(FOLDER, [server]) == f"{server['url']}lab?token=abc"
    assert lab.running(FOLDER, []) is lab.running(FOLDER.parent, [server]) is None
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]
    left_behind = server | {"port": closed, "token": "old"}
    assert lab.running(FOLDER, [left_behind]) is None
    assert lab.running(FOLDER, [left_behind, server]).endswith("abc")


def test_the_course_defaults_are_settings_that_jupyterlab_knows():
    paths = (lab.LAB_SETTINGS / language / "overrides.json" for language in ("", "ko"))
    english, overrides = (json.loads(path.read_text("utf-8")) for path in paths)
    assert english.items() < overrides.items() and len(overrides) == len(english) + 1
    assert f"--LabApp.app_settings_dir={lab.LAB_SETTINGS}" in lab.arguments(FOLDER, None, True)
    data = Path(sys.prefix) / "share" / "jupyter"
    for plugin, settings in overrides.items():
        package, _, name = plugin.partition(":")
        (place,) = data.glob(f"lab*/**/schemas/{package}/{name}.json")
        assert settings.keys() <= json.loads(place.read_text("utf-8"))["properties"].keys()


def test_has_display():
    assert not lab.has_display("linux", {}) and not lab.has_display("linux", {"DISPLAY": ""})
    assert lab.has_display("win32", {}) and lab.has_display("darwin", {})
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        assert lab.has_display("linux", {name: "any"})


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course folder of its own, and the command lines that JupyterLab would have got."""
    root = tmp_path / "한글 폴더"
    (root / "notebooks").mkdir(parents=True)
    (root / FIRST).write_bytes(TEXT)
    monkeypatch.setattr(lab, "NOTEBOOKS", root / "notebooks")
    monkeypatch.setattr(lab, "WORKBOOK", root / "workbook")
    for name in lab.environment(root, tmp_path / "home"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # restored after the test
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "home"))
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", list)
    monkeypatch.setattr("webbrowser.open", lambda address: pytest.fail("a browser was opened"))
    started = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", started.append)
    return root, started


def test_the_copies_are_made_before_jupyterlab_starts_with_the_users_own_options(course):
    root, started = course
    assert lab.main(["--no-browser", "--port", "9000"]) is None
    (options,) = started
    assert f"--ServerApp.root_dir={root / 'workbook'}" in options
    assert options[-3:] == ["--no-browser", "--port", "9000"]
    assert (root / "workbook" / "03_resnet.ipynb").exists()
    assert Path(os.environ["IPYTHONDIR"]).parent.is_dir(), "IPython takes another folder otherwise"
    assert os.environ["JUPYTER_CONFIG_DIR"] == str(root / "workbook" / ".jupyter")
    style = root / "workbook" / ".jupyter" / "custom" / "custom.css"
    assert "--LabApp.custom_css=True" in options and "max-height" in style.read_text("utf-8")


def test_source_opens_the_notebooks_themselves_and_copies_nothing(course):
    root, started = course
    assert lab.main(["--source"]) is None
    assert f"--ServerApp.root_dir={root / 'notebooks'}" in started[0]
    assert not list((root / "workbook").glob("*.ipynb"))


def test_the_first_start_opens_the_first_notebook_and_later_ones_what_was_open(course, capsys):
    root, started = course
    lab.main([])
    assert "--LabApp.default_url=/lab/tree/03_resnet.ipynb" in started.pop()
    (root / FIRST).write_bytes(TEXT.replace(b"1 + 1", b"3"))
    workspaces = root / "workbook" / ".jupyter" / "lab" / "workspaces"
    workspaces.mkdir(parents=True)
    (workspaces / "default-37a8.jupyterlab-workspace").touch()
    lab.main([])
    assert not [option for option in started.pop() if "default_url" in option]
    assert "03_resnet.ipynb is now the newer edition" in capsys.readouterr().out


def test_a_second_start_says_where_the_first_one_runs(course, capsys, monkeypatch, server):
    root, started = course
    found = [server | {"root_dir": str(root / "workbook")}]
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: found)
    assert lab.main(["--no-browser"]) is None
    assert not started and not (root / "workbook").exists()
    (line,) = capsys.readouterr().out.splitlines()
    assert f"{server['url']}lab?token=abc" in line and "Ctrl+C" in line
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setenv("BROWSER", "any")
    lab.main([])
    assert opened == [f"{server['url']}lab?token=abc"]
    lab.main(["--source"])
    assert started, "the notebooks themselves are another folder"


def test_the_korean_edition_is_opened_with_korean_menus_and_kernels(course, monkeypatch, capsys):
    root, started = course
    monkeypatch.setenv(VARIABLE, "en")  # restored after the test
    (root / "notebooks" / "ko").mkdir()
    (root / "notebooks" / "ko" / "03_resnet.ipynb").write_bytes(TEXT)
    assert lab.main(["--language", "ko", "--no-browser"]) is None
    (options,) = started
    assert f"--ServerApp.root_dir={root / 'workbook' / 'ko'}" in options
    assert f"--LabApp.app_settings_dir={lab.LAB_SETTINGS / 'ko'}" in options
    assert "--LabApp.default_url=/lab/tree/03_resnet.ipynb" in options
    assert os.environ[VARIABLE] == "ko"
    assert (root / "workbook" / "ko" / "03_resnet.ipynb").exists()
    assert not (root / "workbook" / "03_resnet.ipynb").exists()
    assert "Ctrl+C를 두 번" in capsys.readouterr().out
    lab.main(["--language", "ko", "--source"])
    assert f"--ServerApp.root_dir={root / 'notebooks' / 'ko'}" in started[1]
    assert lab.main(["--language", "kr"]).endswith("take one of: en, ko.")
    assert len(started) == 2


def full_disk(path, content):
    raise OSError(28, "No space left on device", str(path))


@pytest.mark.parametrize(
    ("spoil", "advice"),
    [
        (lambda root, _: (root / FIRST).unlink(), "git checkout"),
        (lambda root, _: (root / FIRST).write_text("<<<<<<< HEAD\n{", "utf-8"), "git checkout"),
        (lambda root, _: (root / "workbook").touch(), "rename the file"),
        (lambda _, patch: patch.setitem(sys.modules, "jupyterlab.labapp", None), "make lab"),
        (lambda _, patch: patch.setattr(workbook, "write_atomically", full_disk), "No space left"),
    ],
)
def test_trouble_gets_one_sentence(course, monkeypatch, spoil, advice):
    root, started = course
    spoil(root, monkeypatch)
    sentence = lab.main([])
    assert not started and advice in sentence and "\n" not in sentence
