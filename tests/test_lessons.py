"""A lesson accounts for every statement of its section, each at its place.

Main statements have a card on the class path, margin ones a mark such as [G11] in the prose, and
every one that can be tested has a check whose condition is computed, not written down.
"""

import ast
import re

import nbformat
import pytest

from seminar_utils.paper import claims
from tests import NOTEBOOKS

HEADING = re.compile(r"^## (?:(\d+)\.|(?:D|Deep dive )(\d+))", re.MULTILINE)
LESSONS = {
    "01_week4_review.ipynb": "week 4 review",
    "02_googlenet.ipynb": "GoogLeNet",
    "03_resnet.ipynb": "ResNet",
    "04_assignment.ipynb": "assignment",
}


@pytest.fixture(params=LESSONS)
def lesson(request):
    """The cells of a notebook and the statements of its section."""
    cells = nbformat.read(NOTEBOOKS / request.param, as_version=4).cells
    section = LESSONS[request.param]
    return cells, {c.id: c for c in claims.all_claims().values() if c.section == section}


def calls(cells, function):
    """Return the calls of ``claims.<function>`` as pairs of ids and last argument."""
    trees = (ast.parse(cell.source) for cell in cells if cell.cell_type == "code")
    return [
        ([a.value for a in node.args if isinstance(a, ast.Constant)], node.args[-1])
        for node in (node for tree in trees for node in ast.walk(tree))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"claims.{function}"
    ]


def ids_of(cells, function):
    """Return all ids that occur in calls of ``claims.<function>``."""
    return {name for ids, _ in calls(cells, function) for name in ids}


def test_every_statement_is_accounted_for_and_tested_if_it_can_be(lesson):
    cells, statements = lesson
    assert ids_of(cells, "shown") | ids_of(cells, "cited") == statements.keys()
    assert ids_of(cells, "shown") == {c.id for c in statements.values() if c.testable}


def test_the_ledger_says_where_each_is_tested(lesson):
    cells, statements = lesson
    places, place = {}, ""
    for cell in cells:
        if cell.cell_type == "markdown" and (head := HEADING.search(cell.source)):
            place = head[1] or f"D{head[2]}"
        for name in ids_of([cell], "shown") | ids_of([cell], "cited"):
            places.setdefault(name, []).append(place)
    for name, claim in statements.items():
        assert claim.tested_in == ", ".join(dict.fromkeys(places[name])), name


def cannot_fail(condition):
    """Tell whether a condition is written down, or compares something with itself."""
    if not any(isinstance(node, ast.Name) for node in ast.walk(condition)):
        return True
    for node in ast.walk(condition):
        if isinstance(node, ast.Compare):
            sides = node.left, *node.comparators
            known = all(isinstance(side, ast.Constant) for side in sides)
            if known or len(set(map(ast.dump, sides))) < len(sides):
                return True
    return False


def test_every_check_can_fail(lesson):
    cells, _ = lesson
    for ids, condition in calls(cells, "shown"):
        assert not cannot_fail(condition), ids
    known = ["True", "256 == 256", "deep > 1 and 3 == 3", "f(x) + x == f(x) + x", "a < b < a"]
    open_ones = ["deep > shallow", "1 < deep < 10", "equal", "torch.equal(a, b)"]
    for condition in known + open_ones:
        tree = ast.parse(condition, mode="eval").body
        assert cannot_fail(tree) == (condition in known), condition


def test_main_statements_have_a_card_in_class_and_no_other_has_one_alone(lesson):
    cells, statements = lesson
    path = [cell for cell in cells if "class" in cell.metadata.get("tags", [])]
    main = {c.id for c in statements.values() if c.level == "main"}
    assert main <= ids_of(path, "card")
    assert all(main & set(ids) for ids, _ in calls(path, "card"))


def test_a_card_stands_before_its_check(lesson):
    cells, _ = lesson
    for position, cell in enumerate(cells):
        for name in ids_of([cell], "card"):
            assert name not in ids_of(cells[:position], "shown") | ids_of(cells[:position], "cited")


def test_margin_statements_have_a_mark_in_the_prose(lesson):
    cells, statements = lesson
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    marks = {name for group in re.findall(r"\[([WGRA]\d+(?:, [WGRA]\d+)*)\]", prose)
             for name in group.split(", ")}  # fmt: skip
    margin = {c.id for c in statements.values() if c.level == "margin"}
    assert margin - ids_of(cells, "card") <= marks <= statements.keys()
