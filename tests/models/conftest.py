"""The counts that follow from Table 1's own columns."""

import csv
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def googlenet_table1() -> dict[str, int]:
    path = Path(__file__).parents[2] / "data" / "paper" / "googlenet_table1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["type"].startswith("inception")]
    return {row["type"][11:13]: int(row["computed_params"]) for row in rows}
