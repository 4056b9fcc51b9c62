"""One Chromium for all tests of the site; `build.py` made what they look at."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]

from browser import chromium  # noqa: E402


@pytest.fixture(scope="session")
def browser():
    with chromium() as one:
        yield one
