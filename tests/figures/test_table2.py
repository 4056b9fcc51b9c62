"""Table 2's picture: four errors of the CSV file and the four differences between them."""

import csv
from pathlib import Path

import pytest

from seminar_utils.figures import table_2
from tests.figures import BLACK, GREEN, color, labels, numbers, points, words

FILE = Path(__file__).parents[2] / "data" / "paper" / "resnet_tables.csv"
DIFFERENCES = ["+0.60", "-2.85", "-0.06", "-3.51"]


def published():
    """Return Table 2 as {column: [18 layers, 34 layers]}, in %."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == "2"]
    assert [row["row"] for row in rows] == ["18 layers"] * 2 + ["34 layers"] * 2
    names = ("plain top-1 err.", "ResNet top-1 err.")
    return {name: [float(row["value"]) for row in rows if row["column"] == name] for name in names}


def test_four_points_are_drawn():
    (axis,) = table_2().figure.axes
    plain, residual, _ = axis.lines
    errors = published()
    assert points(plain) == list(enumerate(errors["plain top-1 err."]))
    assert points(residual) == list(enumerate(errors["ResNet top-1 err."]))
    assert plain.get_marker() == residual.get_marker() == "o"
    assert color(residual) == GREEN != color(plain)


def test_a_dotted_line_joins_the_nets_of_34_layers():
    (axis,) = table_2().figure.axes
    plain, residual, gap = axis.lines
    assert points(gap) == [points(plain)[1], points(residual)[1]]
    assert gap.get_linestyle() == ":" and color(gap) == BLACK


def test_errors_and_differences_are_written_in():
    texts = words(table_2())
    assert sorted(n for text in texts for n in numbers(text) if n[0] in "+-") == sorted(DIFFERENCES)
    for error in ("plain: 27.94", "plain: 28.54", "ResNet: 27.88", "ResNet: 25.03"):
        assert error in texts


def test_numbers_have_the_colour_of_their_line():
    (axis,) = table_2().figure.axes
    plain, residual, gap = (color(line) for line in axis.lines)
    found = {text: color(artist) for text, artist in labels(axis).items()}
    assert found["+0.60"] == found["plain: 27.94"] == found["plain: 28.54"] == plain
    assert found["-2.85"] == found["ResNet: 27.88"] == found["ResNet: 25.03"] == residual
    assert found["-3.51"] == found["difference -0.06"] == gap


def test_differences_stand_at_their_lines():
    (axis,) = table_2().figure.axes
    for line, text in zip(axis.lines, ("+0.60", "-2.85", "-3.51"), strict=True):
        (x0, y0), (x1, y1) = points(line)
        x, y = labels(axis)[text].get_position()
        assert y == pytest.approx((y0 + y1) / 2) and x == pytest.approx((x0 + x1) / 2, abs=0.05)
