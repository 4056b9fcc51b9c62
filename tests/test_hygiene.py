import pytest
from nbformat.v4 import new_output

from seminar_utils.jupyter.notebooks import dumps, find_notebooks, normalise
from tests import ROOT, notebook_rules
from tests.notebook_rules import all_problems
from tests.small_notebooks import LIVE, code, figure, markdown, notebook

NOTEBOOKS = find_notebooks(ROOT / "notebooks")
HEAD = "# A title\n\nThe goal: one sentence. 5 minutes on two cores."


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_notebook_keeps_every_rule(path):
    assert all_problems(path.read_bytes().decode("utf-8"), path.name) == []


def good():
    """A small notebook that keeps every rule, as a function so that a test may spoil it."""
    return notebook(
        markdown(HEAD, "class"),
        markdown("## One\n**Summary** ...", "class", "min-4"),
        code("train()", "class", *LIVE, outputs=[new_output("stream", text="loss 0.3\n")]),
        code("assert loss < 1", "class", "evidence"),
        code("draw();", "class", outputs=[figure()]),
        markdown("## The class ends here. Below: for home."),
        code("Conv2d(x)", "raises-exception", outputs=[new_output("error", ename="E", evalue="5")]),
    )


def test_a_good_notebook_has_no_problems():
    assert all_problems(dumps(normalise(good())), "03_small.ipynb") == []


def test_every_rule_is_applied():
    spoiled = good()
    spoiled.cells[0].source = "no title"
    spoiled.cells[2].metadata.tags = ["odd", *LIVE]
    spoiled.cells[3].source = "print('/home/me/course')"
    spoiled.cells[4].outputs = [figure(alt=""), new_output("stream", name="stderr", text="oh")]
    spoiled.cells[5].metadata.tags = ["class"]
    spoiled.cells[6].metadata.tags.append("evidence")
    problems = "\n".join(all_problems(dumps(spoiled), "03_small.ipynb"))
    words = ("title", "unknown", "folder", "alt text", "stderr", "is live", "stores", "after")
    assert not [word for word in (*words, "evidence") if word not in problems]


def test_stored_form_flags_what_normalising_changes_bytes_and_size():
    book = normalise(good())
    book.cells[2].metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    assert notebook_rules.stored_form(dumps(book))
    assert not notebook_rules.stored_form(dumps(normalise(book)))
    text = dumps(normalise(good()))
    assert notebook_rules.stored_form(text.rstrip("\n"))
    assert notebook_rules.stored_form(text.replace("\n", "\r\n"))
    large = normalise(notebook(markdown(HEAD), code("1", outputs=[figure(800_000)])))
    assert "bytes" in notebook_rules.stored_form(dumps(large))[0]


def test_head_flags_what_is_missing():
    for source in ("A title. The goal. 5 minutes", "# A title\n5 minutes", "# A title\nThe goal."):
        assert len(notebook_rules.head(notebook(markdown(source)))) == 1
        assert len(notebook_rules.head(notebook(code(source)))) == 3
    assert len(notebook_rules.head(notebook())) == 3


def test_tags_flags_unknown_tags_markers_and_long_cells():
    unknown = [code("1", tag) for tag in ("nbval-skip", "min-0", "min-4 ", "Class")]
    markers = [code("x = 1  # NBVAL_IGNORE_OUTPUT"), code("#PYTEST_VALIDATE_IGNORE_OUTPUT\n1")]
    for cell in (*unknown, *markers, code("\n".join(["x = 1"] * 26))):
        assert len(notebook_rules.tags(notebook(cell))) == 1, cell


def class_problems(*cells, minutes=10):
    return notebook_rules.class_path(notebook(*cells), minutes)


def test_class_path_needs_an_end_or_tags_everywhere():
    end = markdown("# The class ends here\n")
    assert class_problems(markdown("text"), code("1"))
    assert not class_problems(markdown("text", "class"), code("1", "class"))
    assert not class_problems(markdown("text"), code("1"), end, code("1", "deep-dive"))
    assert class_problems(markdown("text"), code("1", "deep-dive"), end)
    assert class_problems(markdown("text"), end, code("1", "class"))


def test_class_path_flags_minutes():
    end = markdown("## The class ends here")
    home = markdown("## D1", "deep-dive", "min-9")
    one, two = markdown("## One", "min-4"), markdown("Intro\n## Two", "min-6")
    assert not class_problems(one, two, end, home)
    assert "11 minutes" in class_problems(one, markdown("## Two", "min-7"), end)[0]
    assert not class_problems(one, markdown("## Two", "min-7"), end, minutes=None)
    assert class_problems(one, markdown("## Two"), end)
    assert class_problems(one, markdown("text", "min-2"), end)
    assert class_problems(one, code("1", "min-2"), end)
    assert class_problems(one, markdown("## Two", "min-2", "min-3"), end)


def test_evidence_stands_in_one_silent_cell_a_section():
    one, two = markdown("## One", "class"), markdown("## Two", "class")
    check = code("assert x", "class", "evidence")
    named = code("claims.cited('R1')", "class", "evidence")
    shows = code("assert x", "evidence", outputs=[new_output("stream", text="x")])

    def problems(*cells):
        return len(notebook_rules.evidence(notebook(*cells)))

    assert problems(one, check, two, named) == problems(one, code("draw()", "class")) == 0
    assert problems(one, code("assert x", "class")) == 1
    assert problems(one, code("y = 1\nclaims.shown('R1', x)", "class")) == 1
    assert problems(one, code("assert x", "deep-dive"), code("f('claims.card')", "class")) == 0
    assert problems(one, shows) == 1
    assert problems(one, code("draw()", "class", "evidence")) == 1
    assert problems(one, named, check) == problems(one, check, named, two) == 1


def test_class_path_counts_code_cells():
    end, cells = markdown("## The class ends here"), [code("1") for _ in range(20)]
    assert not class_problems(*cells, code("assert x", "evidence"), end, code("1"))
    assert class_problems(*cells, code("1"), end)
