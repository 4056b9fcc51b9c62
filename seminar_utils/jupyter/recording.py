"""Record the notebooks: run each from scratch, then store it in one form, byte for byte.

    python -m seminar_utils.jupyter.recording                               all of notebooks/
    python -m seminar_utils.jupyter.recording notebooks/03_resnet.ipynb     one of them
    python -m seminar_utils.jupyter.recording notebooks/ko/03_resnet.ipynb  its Korean edition

This is the only way in which outputs get into ``notebooks/``. The tests run the same kernel in the
same environment and compare what it shows.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from seminar_utils.files import write_atomically
from seminar_utils.jupyter.notebooks import dumps, find_notebooks, normalise
from seminar_utils.jupyter.translation import language_of, translated
from seminar_utils.language import ENGLISH, LOCALE, VARIABLE
from seminar_utils.machine import KERNEL, ONE_THREAD

__all__ = ["CELL_SECONDS", "KERNEL_ENVIRONMENT", "main", "record", "run"]

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CELL_SECONDS = 600

# A warning is an error: its text carries a process number, so it could never be compared.
KERNEL_ENVIRONMENT = {**ONE_THREAD, "PYTHONWARNINGS": "error::UserWarning"}


class _ThisPython(KernelSpecManager):
    """Finds one kernel, the Python that runs this file, whatever the user has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())


def record(path: Path) -> None:
    """Run a notebook in its own folder and write it back with its outputs, normalised.

    One in another language is first made anew from the English one.

    Raises:
        RuntimeError: a cell stopped with an error; the file stays as it was.
        ValueError: a text cell is not translated; the file stays as it was.
    """
    if (language := language_of(path)) == ENGLISH:
        notebook = nbformat.read(path, as_version=4)
    else:
        notebook = translated(path)
        path.parent.mkdir(exist_ok=True)
    run(notebook, path.parent, language)
    write_atomically(path, dumps(normalise(notebook)))


def run(notebook: NotebookNode, folder: Path, language: str = ENGLISH) -> None:
    """Execute every cell of a notebook in a new kernel whose working folder is ``folder``.

    Raises:
        RuntimeError: says which cell stopped and why.
    """
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=_ThisPython(), transport_encryption="auto"
    )
    client = NotebookClient(
        notebook, km=manager, timeout=CELL_SECONDS, record_timing=False, store_widget_state=False
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # An empty IPython profile: the user's own start-up files must not change what is recorded.
        chosen = {"IPYTHONDIR": profile, KERNEL: "recorded", VARIABLE: language}
        environment = os.environ | KERNEL_ENVIRONMENT | chosen
        try:
            client.execute(cwd=str(folder), env=environment, cleanup_kc=True)
        except CellExecutionError as error:
            reason = f"{error.ename}: {error.evalue}".splitlines()[0]
        except CellTimeoutError:
            reason = f"not done after {CELL_SECONDS} s"
        except DeadKernelError:
            reason = "the kernel died, perhaps for want of memory"
        else:
            return
    raise RuntimeError(f"code cell [{client.code_cells_executed}] stopped: {reason}")


def main(argv: Sequence[str] | None = None) -> str | None:
    """Record the notebooks named, or all of them; return what the first failure says."""
    parser = argparse.ArgumentParser(prog="python -m seminar_utils.jupyter.recording")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of notebooks/")
    paths = parser.parse_args(argv).notebooks
    if not paths:
        paths = find_notebooks(NOTEBOOKS)
        names = {path.stem for path in paths}
        translations = sorted(path for path in LOCALE.rglob("*.po") if path.stem in names)
        paths += [NOTEBOOKS / path.parent.name / f"{path.stem}.ipynb" for path in translations]
    if not paths:
        parser.error(f"there is no notebook in {NOTEBOOKS}")
    for path in paths:
        start = time.perf_counter()
        try:
            record(path)
        except (OSError, RuntimeError, ValueError) as error:
            return f"{path.name}: {error}"
        print(f"{path.name}: recorded in {time.perf_counter() - start:.0f} s", flush=True)
    return None


if __name__ == "__main__":
    sys.exit(main())
