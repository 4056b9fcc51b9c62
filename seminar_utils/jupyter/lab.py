"""Open JupyterLab on the student's copies of the notebooks, on this machine only.

    python -m seminar_utils.jupyter.lab              the copies in workbook/, as ``make lab``
    python -m seminar_utils.jupyter.lab --source     the notebooks themselves, to change the course
    python -m seminar_utils.jupyter.lab --language ko    the Korean edition, in workbook/ko

The first start opens the first notebook, later ones what was open before. Settings that a student
makes in JupyterLab stay in ``workbook/.jupyter``: the course neither reads nor changes those of the
home folder, those of IPython and matplotlib included. Its own defaults stand in
``lab_settings/overrides.json``: no news pop-up, no search for updates, no status bar, and sliders
that are saved with the notebook; its style in ``lab_settings/custom.css``.
"""

import argparse
import contextlib
import os
import shutil
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from seminar_utils.language import ENGLISH, current, tr, use
from seminar_utils.machine import ONE_THREAD

__all__ = ["ROOT", "WORKBOOK", "arguments", "environment", "has_display", "main", "running"]

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
WORKBOOK = ROOT / "workbook"
LAB_SETTINGS = Path(__file__).resolve().parent / "lab_settings"


def arguments(folder: Path, first: str | None, browser: bool) -> list[str]:
    """Build JupyterLab's command line; its token stays on, because nothing here turns it off.

    ``first`` is the notebook to open; None opens what was open before.
    """
    settings = LAB_SETTINGS if current() == ENGLISH else LAB_SETTINGS / current()
    options = [
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.ip=127.0.0.1",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.custom_css=True",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--KernelManager.transport_encryption=auto",  # without it each kernel prints a warning
        "--ServerApp.log_level=ERROR",  # the address is shown all the same
        "--LabApp.log_level=ERROR",
        "--allow-root",  # as in a bare container, where JupyterLab would refuse to start
    ]
    if first is not None:
        options.append(f"--LabApp.default_url=/lab/tree/{quote(first)}")
    if not browser:
        options.append("--no-browser")
    return options


def environment(workbook: Path, data: Path) -> dict[str, str]:
    """Return the environment of the course's JupyterLab, apart from others, and of its kernels.

    A kernel computes as those that recorded the notebooks did. The running state stays in ``data``,
    in the home folder, if one can write there, and only otherwise goes into the workbook: its disk
    may be one that knows no permissions (a USB stick, a Windows disk under WSL), and there Jupyter
    refuses to write the keys of its kernels.
    """
    settings = workbook / ".jupyter"
    variables = ONE_THREAD | {
        "JUPYTER_CONFIG_DIR": str(settings),
        "IPYTHONDIR": str(settings / "ipython"),
        "MPLCONFIGDIR": str(settings / "matplotlib"),
        "JUPYTER_PREFER_ENV_PATH": "1",  # the kernel python3 is this Python, not the home folder's
    }
    try:
        data.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=data).close()
    except OSError:
        variables["JUPYTER_DATA_DIR"] = str(settings / "data")
    return variables


def running(folder: Path, servers: Iterable[Mapping]) -> str | None:
    """Return the address of the server, if any, that runs on a folder and can be reached.

    A server that was killed leaves its note behind, and its process number may be another's now.
    """
    for server in servers:
        if Path(server["root_dir"]) == folder:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", server["port"]), timeout=2).close()
                return f"{server['url']}lab?token={server['token']}"
    return None


def has_display(platform: str, variables: Mapping[str, str]) -> bool:
    """Tell whether a browser with windows can open.

    Without a display Python would start a text browser in the terminal, where one is installed.
    """
    graphical = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
    return platform != "linux" or any(variables.get(name) for name in graphical)


def main(argv: Sequence[str] | None = None) -> str | None:
    """Prepare the workbook and run JupyterLab until it is stopped; return what is in the way."""
    parser = argparse.ArgumentParser(
        prog="python -m seminar_utils.jupyter.lab",
        description="Open JupyterLab on your own copies of the notebooks.",
        epilog="Other options are JupyterLab's own, such as --no-browser and --port=9000.",
    )
    source = "open notebooks/ instead of the copies"
    parser.add_argument("--source", action="store_true", help=source)
    parser.add_argument("--language", default=current(), help="such as ko; default: English")
    options, of_jupyterlab = parser.parse_known_args(argv)
    try:
        use(options.language)
    except ValueError as error:
        return str(error)
    edition = "" if current() == ENGLISH else current()
    notebooks, workbook = NOTEBOOKS / edition, WORKBOOK / edition
    folder = notebooks if options.source else workbook
    browser = "--no-browser" not in of_jupyterlab and has_display(sys.platform, os.environ)
    try:
        # Imported here, because JupyterLab reads the environment and either may be missing.
        from jupyter_core.paths import jupyter_data_dir

        os.environ.update(environment(WORKBOOK, Path(jupyter_data_dir())))
        from jupyter_server.serverapp import list_running_servers
        from jupyterlab.labapp import LabApp

        from seminar_utils.jupyter.notebooks import find_notebooks
        from seminar_utils.jupyter.workbook import copy_notebooks

        if address := running(folder, list_running_servers()):
            message = tr(
                "JupyterLab is running on {folder} already: open {address} in a browser. "
                "To start it anew, first press Ctrl+C twice in the window where it was started.",
                **{"folder": folder, "address": address},
            )
            print(message, flush=True)
            if browser:
                webbrowser.open(address)
            return None
        # IPython warns where its folder is missing; JupyterLab takes its style from this one.
        (WORKBOOK / ".jupyter" / "custom").mkdir(parents=True, exist_ok=True)
        shutil.copy(LAB_SETTINGS / "custom.css", WORKBOOK / ".jupyter" / "custom")
        news = [] if options.source else copy_notebooks(notebooks, workbook)
    except ImportError as error:
        return tr(
            "{name} is not installed here; `make lab` or the README's lines do it.", name=error.name
        )
    except (FileExistsError, NotADirectoryError):
        return tr(
            "{folder} is a file, but the notebooks need a folder there; rename the file.",
            folder=WORKBOOK,
        )
    except (OSError, ValueError) as error:
        return str(error)

    opens = tr(
        "JupyterLab opens {folder}; press Ctrl+C twice in this window to stop it.", folder=folder
    )
    print(*news, opens, sep="\n", flush=True)
    was_open = any((WORKBOOK / ".jupyter" / "lab" / "workspaces").glob("*"))
    names = [path.name for path in find_notebooks(notebooks)]
    first = names[0] if names and not was_open else None
    LabApp.launch_instance([*arguments(folder, first, browser), *of_jupyterlab])
    return None


if __name__ == "__main__":
    sys.exit(main())
