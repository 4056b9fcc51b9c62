"""Who may import whom: the map of the package and the layers in pyproject.toml."""

import tomllib
from pathlib import Path

from importlinter.cli import lint_imports

import seminar_utils

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "pyproject.toml"


def test_rooms_import_the_rooms_below_them(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(str(CONFIG), no_cache=True) == 0


def test_the_map_shows_the_layers():
    (contract,) = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = [layer.split(" | ") for layer in contract["layers"]]
    drawn = seminar_utils.__doc__.split("same layers).")[1].strip("\n").split("\n\n")
    assert [[line.split()[0] for line in part.splitlines()] for part in drawn] == layers
