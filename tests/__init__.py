"""What tests of all rooms share."""

import pytest

__all__ = ["refused"]


def refused(*cases, error=ValueError):
    """Check that each call is refused in the words of its pattern."""
    for call, words in cases:
        with pytest.raises(error, match=words):
            call()
