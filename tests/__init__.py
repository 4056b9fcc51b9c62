"""What tests of all rooms share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"


def refused(*cases, error=ValueError):
    """Check that each call is refused in the words of its pattern."""
    for call, words in cases:
        with pytest.raises(error, match=words):
            call()
