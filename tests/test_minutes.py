import nbformat
import pytest
from nbformat.v4 import new_output

from seminar_utils.jupyter.notebooks import find_notebooks
from tests import minutes
from tests.minutes import NOTEBOOKS, sections, too_long
from tests.notebook_rules import MINUTES
from tests.small_notebooks import code, figure, markdown, notebook

ALL = find_notebooks(NOTEBOOKS)
END = markdown("# The class ends here\n")


def read(path):
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_the_notebook_takes_as_long_as_it_says(path):
    assert too_long(read(path), MINUTES[path.name[:2]]) == []


def card(question, verdict="as in the paper."):
    """The output of a claim card."""
    page = (
        f"<div><p><b>R7</b> <i>error rises</i></p><p><b>Decide first:</b> {question}</p>"
        f"<details><summary>Verdict</summary><p><b>R7: {verdict}</b></p></details></div>"
    )
    plain = f"R7 (error rises)\nDecide first: {question}\nR7: {verdict}"
    return new_output("execute_result", data={"text/html": page, "text/plain": plain})


def hidden(source):
    """A cell that is folded in JupyterLab."""
    cell = code(source)
    cell.metadata["jupyter"] = {"source_hidden": True}
    return cell


def counted(*cells):
    """The minutes of one section with these cells, its four words of heading left out."""
    (found,) = sections(notebook(markdown("## 1. two more words", "min-9"), *cells, END))
    return found.minutes - 4 / 110


@pytest.mark.parametrize(
    ("seconds", "cell"),
    [
        (60 / 110, markdown("word")),
        (120 / 110, markdown("**two** words. - | --- | :-: | #")),
        (0, markdown("<details><summary>Answer</summary>\n\nmany words\n\n</details>")),
        (60 / 110, markdown("[link](https://a.example/b.html)<!-- a remark -->")),
        (3, code("x = 1")),
        (6, code("x = 1\n\n    \n# two\n")),
        (0, code("x = 1", "evidence")),
        (0, hidden("x = 1")),
        (20, code("", outputs=[figure()])),
        (40, code("", outputs=[figure(), figure()])),
        (20, code("", outputs=[new_output("display_data", data={minutes.WIDGET: {}})])),
        (0, code("", outputs=[new_output("stream", text="three more words")])),
        (45, markdown("", "ask")),
        (45, code("", "ask")),
        (60 / 110 * 9, code("", outputs=[card("one two three four")])),
        (60 / 110 * 9, code("", outputs=[card("one two three four", "a long verdict")])),
    ],
    ids=lambda value: value.source[:20] if hasattr(value, "source") else f"{value:.1f}",
)
def test_each_component_counts(seconds, cell):
    assert counted(cell) * 60 == pytest.approx(seconds)


def test_home_is_not_counted_and_the_opening_is():
    book = notebook(markdown("# T one"), markdown("## 1. A", "min-2"), END, markdown("## B b b"))
    assert [(found.title, found.counts["words"], found.tag) for found in sections(book)] == [
        ("(opening)", 2, None),
        ("1. A", 2, 2),
    ]


def test_a_section_may_not_exceed_its_tag_nor_the_class_path_85_per_cent():
    for words, problems in ((219, 0), (220, 1)):  # two words of heading; 110 words a minute
        found = too_long(notebook(markdown("## 1. A\n" + "word " * (words - 1), "min-2"), END), 60)
        assert len(found) == problems and all("`1. A` takes 2.0" in one for one in found)
    for words, problems in ((933, 0), (934, 1)):  # 935 words are 8.5 minutes of a slot of ten
        book = notebook(markdown("word " * words), markdown("## 1. A", "min-1"), END)
        assert len(too_long(book, 10)) == problems and not too_long(book, None)


def test_the_table_and_the_route_say_what_was_counted():
    found = sections(notebook(markdown("## 6. Build\n" + "word " * 108, "min-1"), code("x"), END))
    lines = minutes.table("03_small", found, 10).splitlines()
    assert lines[1].split() == ["6.", "Build", "1.1", "1", "110", "1", "0", "0", "too", "long"]
    assert lines[2].split() == ["sum", "1.1", "1", "110", "1", "0", "0"]
    assert "11% of the slot of 10 minutes" in lines[3]
    third = notebook(markdown("## 3. Build\n" + "word " * 108, "min-1"), code("x"), END)
    text = minutes.route(90, {"02": found, "03": sections(third)})
    assert "02 sections 0, 1, 2, 3, 6            1.1" in text
    assert "03 sections 0, 1, 3, 4, 5, 6, 8      1.1" in text
    assert "sum                                  7.1" in text
    text = minutes.route(180, {"02": found, "03": found})
    assert "02 all sections                      1.1" in text
    assert "sum                                  2.1" in text
