import re
from pathlib import Path

import pytest
from nbval.plugin import get_sanitize_patterns

TEXT = Path(__file__).with_name("nbval_sanitize.cfg").read_text(encoding="utf-8")
PAIRS = get_sanitize_patterns(TEXT)

# What the notebook shows on some machine, and what is compared: one line for each pair of the file.
EXAMPLES = {
    r"(\d+\.\d+\.\d+)\+(?:cpu|cu\d+)": ("torch 2.14.1+cu130, 2.14.1+cpu", "torch 2.14.1, 2.14.1"),
    'data:image/png;base64,[^"]+': (
        '<img alt="A line rises." src="data:image/png;base64,iVBO/+7=">',
        '<img alt="A line rises." src="data:image/png;base64,">',
    ),
}
NUMBERS = [
    "6,998,552",
    "0",
    "-1.5",
    "12.4 / 13.5",
    "2.14.1",
    "1e-4",
    "1.6e+09",
    "7.5+-1.5",
    "0x7f",
    "2 + 3",
    "3+4",
    "(1, 64, 28, 28)",
    "38.2 s",
    "24.7 %",
    "2026-11-24",
]


def unread(text):
    """Lines that look like a part of a pair and are none for nbval."""
    lines = re.findall(r"^\s*(?:regex|replace)\b.*$", text, flags=re.MULTILINE)
    return len(lines) - 2 * len(get_sanitize_patterns(text))


def test_nbval_reads_every_pair():
    assert PAIRS
    assert unread(TEXT) == 0
    assert unread(TEXT.replace("replace:", "\nreplace:")) > 0
    assert unread(TEXT + "regex: [0-9]+\n") > 0


def test_every_pair_has_an_example():
    assert {regex for regex, _ in PAIRS} == set(EXAMPLES)


@pytest.mark.parametrize("regex, replacement", PAIRS)
def test_a_pair_does_what_its_example_says(regex, replacement):
    before, after = EXAMPLES[regex]
    assert re.sub(regex, replacement, before) == after


@pytest.mark.parametrize("regex, replacement", PAIRS)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_pair_leaves_numbers_alone(regex, replacement, number):
    assert re.sub(regex, replacement, number) == number
