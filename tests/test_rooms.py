"""Who may import whom: the map of the package and the layers in pyproject.toml."""

import ast
import re
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


FILES = {path: ast.parse(path.read_text("utf-8")) for path in ROOT.glob("seminar_utils/**/*.py")}


def offered(module):
    """Return the names in a file's ``__all__``; None where it has none and offers all."""
    place = ROOT.joinpath(*module.split("."))
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    for node in FILES[file].body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            files = {path.stem for path in place.glob("*")}
            return files | {n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant)}
    return None


def test_a_file_is_asked_only_for_what_it_offers():
    """What ``__all__`` leaves out is private to its file; of constants, nothing else says so."""
    for path, tree in FILES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and "seminar_utils." in node.module:
                names = offered(node.module)
                private = [one.name for one in node.names if names and one.name not in names]
                assert not private, f"{path} takes {private} of {node.module}"


OTHER_DIALECT = {"experiments", "full_scale", "github_profile", "training"}  # rooms, for now
# Files without ``__all__``: façades, commands, and exercises, whose names students see.
WITHOUT = re.compile(r"__(init|main)__|exercises\.[wgr][1-9]_\w+")


def test_functions_and_classes_of_one_file_alone_begin_with_an_underscore():
    for path, tree in FILES.items():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if OTHER_DIALECT.intersection(path.parts):
            continue
        names = offered(module.removesuffix(".__init__"))
        assert names is not None or WITHOUT.search(module), f"{module} has no __all__"
        for node in tree.body:
            if names and isinstance(node, ast.FunctionDef | ast.ClassDef):
                private = node.name.startswith("_")
                assert private == (node.name not in names), f"{module}.{node.name}"
