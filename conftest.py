"""How nbval checks the notebooks, whoever calls it: ``pytest --nbval notebooks`` is enough.

It belongs here, above tests/ and notebooks/, where pytest reads it in any case.
"""

import os
import tempfile
from collections import Counter
from itertools import chain
from pathlib import Path, PurePosixPath

import pytest

OUTPUT_SECONDS = 180
# The bytes of a picture differ by machine; its alt text is compared.
IMAGES = [rf'(?<=data:image/{kind};base64,)[^"]+' for kind in ("png", "jpeg")]


def pytest_configure(config):
    """Give the kernels this Python and the environment in which the notebooks were recorded."""
    if not config.option.nbval:
        return
    from seminar_utils.jupyter.recording import CELL_SECONDS, KERNEL_ENVIRONMENT
    from seminar_utils.machine import KERNEL

    config.option.nbval_current_env = config.option.nbval_kernel_name is None
    config.option.nbval_cell_timeout = CELL_SECONDS
    # An empty IPython profile: start-up files of the user's own must not change what is shown.
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    config.add_cleanup(profile.cleanup)
    os.environ.update(KERNEL_ENVIRONMENT, IPYTHONDIR=profile.name)
    os.environ[KERNEL] = "compared"
    if not os.access(Path.home(), os.W_OK):  # matplotlib would say so in every notebook
        os.environ.setdefault("MPLCONFIGDIR", profile.name)


def pytest_collection_modifyitems(items):
    """Let the output of a notebook cell take its time, 5 s for nbval, and compare no bytes."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = OUTPUT_SECONDS
            item.parent.sanitize_patterns.update(dict.fromkeys(IMAGES, ""))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Let a kernel speak the language of its notebook's folder, and all other tests English."""
    from seminar_utils.jupyter.translation import language_of
    from seminar_utils.language import use

    use(language_of(item.path))


def pytest_terminal_summary(terminalreporter, config):
    """Say what each notebook and each room's tests took, the longest first."""
    if not config.option.nbval:
        return
    seconds = Counter()
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if hasattr(report, "duration"):
            path = PurePosixPath(report.nodeid.partition("::")[0])
            seconds["/".join(path.parts[:2] if path.suffix == ".py" else path.parts)] += (
                report.duration
            )
    taken = ", ".join(f"{name} {took:.0f}" for name, took in seconds.most_common() if took >= 1)
    terminalreporter.write_line(f"seconds of computing: {taken}")
