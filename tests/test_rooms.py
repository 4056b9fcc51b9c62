"""Who may import whom: the map of the package and the layers in pyproject.toml."""

import ast
import re
import tomllib

import nbformat
from importlinter.cli import lint_imports

import seminar_utils
from seminar_utils import experiments, figures, widgets
from tests import ROOT

CONFIG, CONFTEST = ROOT / "pyproject.toml", ROOT / "conftest.py"
# What every experiment offers, what a command is, and what a student sees: a net printed, a stop.
EXPECTED = {"EXPERIMENT", "jobs", "main", "ConvReLU", "Stopped"}
# Files without ``__all__``: façades, commands, and exercises, whose names students see.
WITHOUT = re.compile(r"__(init|main)__|[wgr][1-9]_\w+")
LATE = (experiments, figures, widgets)  # rooms whose façade is a table


def test_rooms_import_the_rooms_below_them(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(str(CONFIG), no_cache=True) == 0


def test_the_map_shows_the_layers_and_the_readme_lists_them():
    (contract,) = tomllib.loads(CONFIG.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [layer.split(" | ") for layer in contract["layers"]]
    drawn = seminar_utils.__doc__.split("same layers).")[1].strip("\n").split("\n\n")
    assert [[line.split()[0] for line in part.splitlines()] for part in drawn] == layers
    for readme in ("README.md", "README.ko.md"):
        names = re.findall(r"^- `(\w+)[.\w]*/?` ", (ROOT / readme).read_text("utf-8"), re.MULTILINE)
        assert names == [name for layer in layers for name in layer], readme


def trees():
    """Yield every file of the course that takes something from the package, with its syntax."""
    for folder in ("seminar_utils", "tests", "bench", "site"):
        for path in ROOT.joinpath(folder).rglob("*.py"):
            if "node_modules" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))
    yield CONFTEST, ast.parse(CONFTEST.read_text(encoding="utf-8"))
    for path in ROOT.joinpath("notebooks").glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        yield path, ast.parse(re.sub(r"^[%!].*", "", code, flags=re.MULTILINE))


TREES = dict(trees())
OFFERED = {  # by file
    path: {each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant)}
    for path, tree in TREES.items()
    for node in tree.body
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
}


def file_of(module):
    """Return the file of a module."""
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def asked(tree):
    """Yield file and name of all that is taken from other files, by its name or its module's."""
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for one in node.names:
                yield file_of(node.module), one.name
                modules[one.asname or one.name] = file_of(f"{node.module}.{one.name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield modules.get(ast.unparse(node.value)), node.attr
        elif isinstance(node, ast.Call) and len(node.args) > 1:  # setattr(module, "name", ...)
            yield modules.get(ast.unparse(node.args[0])), getattr(node.args[1], "value", None)


def test_a_file_is_asked_only_for_what_it_offers():
    """What ``__all__`` leaves out is private to its file, as names are that begin with _."""
    for path, tree in TREES.items():
        for node in ast.walk(tree) if path.is_relative_to(ROOT / "seminar_utils") else ():
            if isinstance(node, ast.ImportFrom) and (file := file_of(node.module)) in OFFERED:
                files = {each.stem for each in file.parent.glob("*") if file.stem == "__init__"}
                private = {one.name for one in node.names} - OFFERED[file] - files
                assert not private, f"{path} takes {private} of {node.module}"


def test_a_file_offers_only_what_others_ask_for():
    """And a function or class of one file alone begins with _."""
    taken = {each for tree in TREES.values() for each in asked(tree)}
    for room in LATE:
        taken |= {
            (file_of(f"{room.__name__}.{file}"), name)
            for file, names in room.FILES.items()
            for name in names.split()
        }
    for path in ROOT.glob("seminar_utils/**/*.py"):
        names = OFFERED.get(path)
        assert names is not None or WITHOUT.fullmatch(path.stem), f"{path} has no __all__"
        if names is None:
            continue
        unused = {name for name in names - EXPECTED if (path, name) not in taken}
        assert not unused, f"{path} offers {unused}, which nobody asks for"
        for node in TREES[path].body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                assert (node.name[0] == "_") == (node.name not in names), f"{path} {node.name}"
