import json
import os
import socket
import sys
from pathlib import Path

import pytest

from seminar_utils.jupyter import lab
from seminar_utils.jupyter.recording import KERNEL_ENVIRONMENT
from tests.small_notebooks import code, notebook

FOLDER = Path("공유 폴더") / "workbook"


def arguments(**changes):
    options = {"first": None, "browser": True, "port": None, "is_root": False} | changes
    return lab.arguments(FOLDER, **options)


def test_jupyterlab_listens_on_this_machine_alone_and_asks_for_its_token():
    options = arguments()
    assert f"--ServerApp.root_dir={FOLDER}" in options
    assert "--ServerApp.ip=127.0.0.1" in options
    assert not [option for option in options if "token" in option or "password" in option]
    assert not [option for option in options if "allow_remote" in option or "0.0.0.0" in option]


def test_root_alone_gets_allow_root():
    assert "--allow-root" not in arguments()
    assert "--allow-root" in arguments(is_root=True)


def test_port_and_browser():
    assert not [option for option in arguments() if option.startswith("--ServerApp.port")]
    assert "--ServerApp.port=9000" in arguments(port=9000)
    assert "--no-browser" not in arguments()
    assert "--no-browser" in arguments(browser=False)


def test_the_first_notebook_is_opened_where_nothing_was_open_before():
    assert not [option for option in arguments() if "default_url" in option]
    assert "--LabApp.default_url=/lab/tree/ko/1%20%EC%9E%A5.ipynb" in arguments(
        first="ko/1 장.ipynb"
    )


def test_a_kernel_computes_as_in_the_recording_but_its_warnings_stay_warnings():
    recording = dict(KERNEL_ENVIRONMENT)
    del recording["PYTHONWARNINGS"]
    kernel = lab.environment(FOLDER)
    assert recording.items() <= kernel.items()
    assert "PYTHONWARNINGS" not in kernel


def test_a_home_that_cannot_be_written_needs_no_traceback(tmp_path):
    """The keys of kernels stay in the home folder where they can: see data_environment."""
    assert lab.data_environment(tmp_path / "home" / "jupyter", FOLDER) == {}
    (tmp_path / "file").touch()
    (folder,) = lab.data_environment(tmp_path / "file" / "jupyter", FOLDER).values()
    settings = lab.environment(FOLDER)
    names = ("JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    for place in (folder, *(settings[name] for name in names)):
        assert Path(place).is_relative_to(FOLDER)


@pytest.fixture
def server():
    """What is known of a server that can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        url = f"http://127.0.0.1:{port}/"
        yield {"root_dir": str(FOLDER), "port": port, "url": url, "token": "abc"}


def test_running_names_the_server_of_this_folder_that_can_be_reached(server):
    assert lab.running(FOLDER, [server]) == f"{server['url']}lab?token=abc"
    assert lab.running(FOLDER, []) is None
    assert lab.running(FOLDER.parent, [server]) is None
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]
    left_behind = server | {"port": closed, "token": "old"}
    assert lab.running(FOLDER, [left_behind]) is None
    assert lab.running(FOLDER, [left_behind, server]).endswith("abc")


def test_no_news_and_no_search_for_updates():
    options = arguments()
    assert "--LabApp.news_url=None" in options
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in options
    assert "--LabApp.extension_manager=readonly" in options


def test_the_course_defaults_are_settings_that_jupyterlab_knows():
    (option,) = [option for option in arguments() if "app_settings_dir" in option]
    overrides = json.loads((Path(option.split("=")[1]) / "overrides.json").read_text("utf-8"))
    data = Path(sys.prefix) / "share" / "jupyter"
    for plugin, settings in overrides.items():
        package, _, name = plugin.partition(":")
        places = [
            data / "lab" / "schemas" / package / f"{name}.json",
            data / "labextensions" / package / "schemas" / package / f"{name}.json",
        ]
        (schema,) = [json.loads(place.read_text("utf-8")) for place in places if place.exists()]
        assert settings.keys() <= schema["properties"].keys()


@pytest.mark.parametrize(
    "platform, variables, expected",
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"BROWSER": "wslview"}, True),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_has_display(platform, variables, expected):
    assert lab.has_display(platform, variables) is expected


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course folder of its own, and the command lines that JupyterLab would have got."""
    root = tmp_path / "한글 폴더"
    (root / "notebooks").mkdir(parents=True)
    text = lab_notebook()
    (root / "notebooks" / "03_resnet.ipynb").write_bytes(text)
    monkeypatch.setattr(lab, "NOTEBOOKS", root / "notebooks")
    monkeypatch.setattr(lab, "WORKBOOK", root / "workbook")
    for name in (*lab.environment(root), "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # restored after the test
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "home"))
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", list)
    monkeypatch.setattr("webbrowser.open", lambda address: pytest.fail("a browser was opened"))
    started = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", started.append)
    return root, started


def lab_notebook():
    from seminar_utils.jupyter.notebooks import dumps, normalise

    return dumps(normalise(notebook(code("1 + 1")))).encode()


def test_the_copies_are_made_before_jupyterlab_starts(course):
    root, started = course
    assert lab.main(["--no-browser", "--port", "9000"]) == 0
    (options,) = started
    assert f"--ServerApp.root_dir={root / 'workbook'}" in options
    assert {"--no-browser", "--ServerApp.port=9000"} <= set(options)
    assert (root / "workbook" / "03_resnet.ipynb").exists()
    assert Path(os.environ["IPYTHONDIR"]).parent.is_dir(), "IPython takes another folder otherwise"
    assert os.environ["JUPYTER_CONFIG_DIR"] == str(root / "workbook" / ".jupyter")


def test_without_a_home_jupyterlab_keeps_everything_in_the_workbook(course, monkeypatch):
    root, started = course
    (root / "file").touch()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(root / "file" / "jupyter"))
    assert lab.main([]) == 0
    assert started
    assert os.environ["JUPYTER_DATA_DIR"] == str(root / "workbook" / ".jupyter" / "data")


def test_source_opens_the_notebooks_themselves_and_copies_nothing(course):
    root, started = course
    assert lab.main(["--source"]) == 0
    assert f"--ServerApp.root_dir={root / 'notebooks'}" in started[0]
    assert not list((root / "workbook").glob("*.ipynb"))


def test_a_new_edition_is_announced(course, capsys):
    root, _ = course
    lab.main([])
    changed = lab_notebook().replace(b"1 + 1", b"1 + 2")
    (root / "workbook" / "03_resnet.ipynb").write_bytes(changed)
    (root / "notebooks" / "03_resnet.ipynb").write_bytes(lab_notebook().replace(b"1 + 1", b"3"))
    capsys.readouterr()
    lab.main([])
    assert "03_resnet.new-edition.ipynb" in capsys.readouterr().out


def test_the_first_start_opens_the_first_notebook_and_later_ones_what_was_open(course):
    root, started = course
    lab.main([])
    assert "--LabApp.default_url=/lab/tree/03_resnet.ipynb" in started.pop()
    workspaces = root / "workbook" / ".jupyter" / "lab" / "workspaces"
    workspaces.mkdir(parents=True)
    (workspaces / "default-37a8.jupyterlab-workspace").touch()
    lab.main([])
    assert not [option for option in started.pop() if "default_url" in option]


def test_a_second_start_says_where_the_first_one_runs(course, capsys, monkeypatch, server):
    root, started = course
    found = [server | {"root_dir": str(root / "workbook")}]
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: found)
    assert lab.main(["--no-browser"]) == 0
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


def full_disk(path, content):
    raise OSError(28, "No space left on device", str(path))


@pytest.mark.parametrize(
    "trouble, advice",
    [
        ("no notebooks", "git checkout"),
        ("half a notebook", "git checkout"),
        ("a file", "rename the file"),
        ("no jupyterlab", "make lab"),
        ("full disk", "No space left"),
    ],
)
def test_trouble_gets_one_sentence(course, capsys, monkeypatch, trouble, advice):
    root, started = course
    if trouble == "no notebooks":
        (root / "notebooks" / "03_resnet.ipynb").unlink()
    elif trouble == "half a notebook":
        (root / "notebooks" / "03_resnet.ipynb").write_text("<<<<<<< HEAD\n{", "utf-8")
    elif trouble == "a file":
        (root / "workbook").touch()
    elif trouble == "no jupyterlab":
        monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    else:
        monkeypatch.setattr("seminar_utils.jupyter.workbook.write_atomically", full_disk)
    assert lab.main([]) == 1
    assert not started
    message = capsys.readouterr().err
    assert len(message.splitlines()) == 1
    assert advice in message
