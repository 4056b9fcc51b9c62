import random
import re
from decimal import Decimal

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from seminar_utils.jupyter.notebooks import find_notebooks
from tests import numbers
from tests.number_sources import CHECKED, COUNTS, Book, holds, propose
from tests.number_words import NUMBER, SOURCES, agree, masked, numbers_in, numbers_of
from tests.numbers import LOCKS, NOTEBOOKS, Line, differences, problems, proposed, read, unsourced
from tests.small_notebooks import LIVE, code, markdown, notebook

ALL = {path.stem: path for path in find_notebooks(NOTEBOOKS)}


@pytest.fixture(scope="module")
def books():
    """Every notebook with its lock file."""
    return {
        name: (Book(nbformat.read(path, as_version=4), name), read(LOCKS / f"{name}.csv"))
        for name, path in ALL.items()
    }


@pytest.mark.parametrize("name", ALL)
def test_every_number_has_a_source(books, name):
    assert problems(*books[name]) == []


def test_every_lock_file_belongs_to_a_notebook():
    assert {path.stem for path in LOCKS.iterdir()} == ALL.keys()


def spoiled(text, generator):
    """Yield a text once for each digit of its prose, with another one in its place."""
    for match in re.finditer("[0-9]", masked(text)):
        digit = generator.choice("0123456789".replace(match[0], ""))
        yield text[: match.start()] + digit + text[match.end() :]


def test_every_digit_of_every_notebook_is_guarded(books):
    """Another digit anywhere in prose or tags changes the numbers of its cell."""
    generator, changed = random.Random(0), 0
    for book, lines in books.values():
        for cell in book.cells.values():
            text, tags = cell.source, cell.metadata.get("tags", [])
            others = []
            for n, tag in enumerate(tags):
                changed_tags = ([*tags[:n], x, *tags[n + 1 :]] for x in spoiled(tag, generator))
                others += [(text, other_tags) for other_tags in changed_tags]
            if cell.cell_type == "markdown":
                assert not re.search(r"\d", NUMBER.sub("", masked(text))), cell.id
                if not SOURCES.search(text):
                    others += [(other, tags) for other in spoiled(text, generator)]
            locked = [line.number for line in lines if line.cell == cell.id]
            assert numbers_of(cell) == locked
            for source, other_tags in others:
                other = NotebookNode(cell, source=source, metadata={"tags": other_tags})
                assert numbers_of(other) != locked, (cell.id, source)
            changed += len(others)
    assert changed > 1000


# ---- what a number is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rises by 0.60 or +0.60 or −0.60", ["0.60", "+0.60", "-0.60"]),
        ("14 to 22 %, 8-100 %, 61~64 %", ["14", "22 %", "8", "100 %", "61", "64 %"]),
        ("3.5 %p, 3.5%포인트, 3.5 %-points, 3.5 points", ["3.5"] * 4),
        ("1,755장 가운데 30장, 12,345,678", ["1,755", "30", "12,345,678"]),
        ("[R6, R10], R12와, ResNet-34는, 4a, (3b)", ["R6", "R10", "R12", "ResNet-34", "4a", "3b"]),
        ("8x, 8배, 34-layer, 34층, 1,2", ["8", "8", "34", "34", "1", "2"]),
        ("3x3, 14 x 14, 14\nx 14, 2 x 0.3", ["3x3", "14x14", "14x14", "2", "0.3"]),
        ("3×3×64", ["3x3x64"]),
        ("10^4, 10^-2.0, 10⁴, 5e-3, 8.6e-08", ["10^4", "10^-2.0", "10⁴", "5e-3", "8.6e-08"]),
        ("15.5 G, 7.0M, 4 GPUs, 12 million", ["15.5 G", "7.0 M", "4", "12"]),
        ("3/4 and 4/3; 31.0/31.4", ["3/4", "4/3", "31.0", "31.4"]),
        ("k² and 27 C²; conv3_1; Inception-v3", ["k²", "27", "C²", "conv3_1", "Inception-v3"]),
        ("`x = 3`, ``a`b 4``, https://a.example/5, <b class='6'>", []),
        ("`3.57 %` and `65 %` of `-0.25`, but `224`", ["3.57 %", "65 %", "-0.25"]),
        ("```\n7\n```\n\narXiv:1512.03385v1, [text](page-8.html)", []),
        ("### Title 9\n\n1. One.\n| 2 | 3 |", ["9", "1", "2", "3"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_numbers_of_a_text(text, found):
    assert numbers_in(text) == found


def test_references_are_no_prose_and_tags_count():
    for heading in ("Sources and further reading", "출처"):
        assert numbers_of(markdown(f"## {heading}\n\nA. B, 2015.")) == []
    assert numbers_of(markdown("## 4. Build", "class", "min-7")) == ["min-7", "4"]
    assert numbers_of(code("x = 3", "min-7", "class")) == ["min-7"]


# By number of the prose: values that it agrees with, and values that it does not.
AGREE = {
    "3.5": ("3.51; -3.51", "3.57"),
    "-3.5": ("-3.51", "3.51"),
    "+3.5": ("3.51", "-3.51"),
    "3.51": ("", "3.5"),
    "3.50": ("3.501", "3.5"),
    "2.8": ("2.85", "2.86"),  # half even
    "2.9": ("2.85", "2.84"),  # half up
    "1,755": ("1755", "1,775"),
    "1755": ("1,755", "1,775"),
    "65 %": ("65.4 %; 65.4; 0.654", "6.54"),
    "65": ("", "0.654"),
    "128.0": ("128.0 M", "128.1 M"),
    "15.5 G": ("15470264320; 15.47", "1547026432"),
    "10^4": ("10^4", "10^3; 10,000"),
    "10⁴": ("10⁴", "10,000"),
    "4": ("", "10^4"),
    "8.6e-8": ("8.60e-08", "8.6e-07"),
    "3x3": ("3x3", "5x5"),
    "R6": ("R6", "R7"),
    "6": ("", "R6"),
}


def test_numbers_that_agree_and_that_do_not():
    for number, tables in AGREE.items():
        for values, expected in zip(tables, (True, False), strict=True):
            for value in filter(None, values.split("; ")):
                assert agree(number, value) == expected, (number, value)
    assert agree("12.3 %", Decimal("12.298528")) and agree("4.0", Decimal(4))
    assert not agree("12.3 %", Decimal("12.36"))


# ---- where a number comes from -------------------------------------------------------------------


def small(**texts):
    """A notebook with an output in each of two sections, and a text below them."""
    cells = {
        "head": markdown("# T\n\n12 minutes. (1) a (2) b", "class"),
        "one": markdown("## 1. One", "class", "min-5"),
        "run": code("fit()", outputs=[new_output("stream", text="error 3.51, 128.0 M, lr 0.10")]),
        "two": markdown("## 2. Two", "class", "min-7"),
        "fig": code(
            'check("R-1")\nx\ny',
            outputs=[new_output("display_data", data={"text/plain": "ends at 28.54, 4a"})],
        ),
        "live": code("now()", *LIVE, outputs=[new_output("stream", text="77.7 seconds")]),
        "text": markdown("It was 28.5 and 3.5, deep dive 1. (3) c"),
        "end": markdown("# The class ends here"),
        "dive": markdown("## Deep dive 1: more (5 min)"),
        "later": code("", outputs=[new_output("error", ename="E", evalue="expected 99")]),
    }
    for name, cell in cells.items():
        cell.update(id=name, source=texts.get(name, cell.source))
    return Book(notebook(*cells.values()), "03_small")


# By source: numbers of the cell "text" that come from it, and some that do not.
SOURCES_OF = {
    "output": ("28.5; 4a", "3.5; 28.4; 77.7"),  # 3.5 is of another section, 77.7 live
    "output run": ("3.5; 128.0", "28.5"),
    "output fig": ("28.54 %", "3.5"),
    "output later": ("", "99"),  # below the cell
    "output nowhere": ("", "28.5"),
    "output live": ("", "77.7"),
    "claim R2": ("3.57 %", "3.75 %"),
    "claim R99": ("", "3.57 %"),
    "claim G26": ("0.3", "0.4"),
    "paper resnet_tables.csv 2,34 layers,ResNet top-1 err.": ("25.03 %", "34"),  # names the row
    "paper resnet_tables.csv 2,18 layers": ("27.94", "25.03 %"),
    "paper resnet_tables.csv 2,34": ("", "25.03 %"),  # half a cell
    "paper resnet_tables.csv": ("25.03", "25.30 %"),
    "paper googlenet_table3.csv 1,10": ("9.15 %", "9.51 %"),
    "paper nothing.csv": ("", "25.03"),
    "paper ../claims.csv": ("", "25.03"),
    "runs twins plain-32 - plain-8 training": ("+11.1", "-11.1; 11.2"),
    "runs twins plain-8 training": ("", "14.4"),
    "runs twins plain-32 - plain-9 training": ("", "11.1"),
    "runs nothing plain-32 - plain-8 training": ("", "11.1"),
    "runs twins plain-32": ("", "11.1"),
    "= (28.54 - 25.03) / 100 * 50_000": ("1,755", "1,775"),
    "= 25.03 - 28.54": ("-3.51", "3.15"),
    "= log(10)": ("2.30", "2.31"),
    "= 28.54 + 3.51": ("32.05", "32.50"),
    "= 28.54 - 25.21": ("", "3.33"),  # 25.21 stands nowhere
    **dict.fromkeys(("= 3.51 if 3.51 else 3.51", "= print(3.51)", "= 3.51 / 0"), ("", "3.51")),
    **dict.fromkeys(("= 3.51 -", "=", "= log - 3.51", "= log(-3.51)"), ("", "3.51")),
    "count layers": ("20", "21"),
    **dict.fromkeys(("count nothing", "count"), ("", "20")),
    "count year": ("2015", "2013"),
    "count statement": ("R12; 12", "R43; 47"),
    "count section": ("2", "3"),
    "count deep dive": ("1; D1", "2; D2"),
    "count item": ("3", "1; 4"),  # 1 stands in another cell only
    "count exercise": ("R-1", "R-2"),
    "count lines of code": ("3", "4"),
    "source: He et al. 2015, Sec. 4.2": ("64,000", ""),
    **dict.fromkeys(("source: somewhere", "source:", "?", "", "hearsay, Sec. 4"), ("", "64,000")),
}


def test_sources_that_hold_and_that_do_not():
    for source, tables in SOURCES_OF.items():
        for numbers_of_source, expected in zip(tables, (True, False), strict=True):
            for number in filter(None, numbers_of_source.split("; ")):
                assert holds(small(), "text", number, source) == expected, (number, source)


def test_tags_headings_and_items_hold_each_other():
    sound = ["one min-5 tag", "one 5 tag", "head 12 tag", "two 2 count heading"]
    sound += ["dive 1 count heading", "head 2 count item"]
    wrong = ["one min-6 tag", "one 7 tag", "head 13 tag", "head min-12 tag", "two 1 count heading"]
    for line in sound + wrong:
        assert holds(small(), *line.split(" ", 2)) == (line in sound), line
    assert not holds(small(two="## 3. Two"), "two", "3", "count heading")
    assert not holds(small(head="(1) a (3) b"), "head", "3", "count item")


def test_a_notebook_counts_its_own_statements(books):
    book, _ = books["02_googlenet"]
    cell = next(reversed(book.cells))
    assert holds(book, cell, "46", "count statements")
    assert not holds(book, cell, "45", "count statements")


def test_every_kind_of_count_is_used(books):
    used = {line.source for _, lines in books.values() for line in lines}
    kinds = {f"count {kind}" for kind in (*COUNTS, *CHECKED)}
    assert kinds - used <= {"count factor"}  # which arithmetic alone uses


# ---- the lock file -------------------------------------------------------------------------------

LOCK = """\
head,12,tag
head,1,count item
head,2,count item
one,min-5,tag
one,1,count heading
two,min-7,tag
two,2,count heading
text,28.5,output
text,3.5,output run
text,1,count deep dive
text,3,count item
dive,1,count heading
dive,5,count minutes
"""
LINES = [Line(*line.split(",")) for line in LOCK.splitlines()]


def test_differences_are_seen_and_name_cell_numbers_and_candidates():
    assert problems(small(), LINES) == []
    for lines in (
        LINES[:-1],
        [*LINES, Line("dive", "6", "count minutes")],
        [*LINES, Line("nowhere", "6", "count minutes")],
        [*LINES[:7], Line("text", "28.6", "output"), *LINES[8:]],
        [*LINES[3:], *LINES[:3]],
        [LINES[1], LINES[0], *LINES[2:]],
    ):
        assert differences(small(), lines)
    for text in ("It was 28.5 %", "It was 3.5 and 28.5", "It was 25.8 and 3.5", "It was 2 28.5"):
        found = differences(small(text=f"{text}, deep dive 1. (3) c"), LINES)
        assert found and all(one.startswith("cell text: the text has ") for one in found)
    assert differences(small(text="It was 28.45 and 3.5, deep dive 1. (3) c"), LINES) == [
        "cell text: the text has 28.45, the lock file 28.5; nearest above: 28.54, 128.0 M"
    ]


def test_a_source_that_changed_is_seen():
    book = small()
    book.cells["run"].outputs[0].text = "error 3.71, 128.0 M"
    assert unsourced(book, LINES) == [
        "cell text: 3.5 is not found by `output run`; nearest above: 3.71, 28.54"
    ]


def test_writing_keeps_what_holds_and_asks_for_the_rest():
    assert list(proposed(small(), LINES)) == LINES
    anew = {(line.cell, line.number): line.source for line in proposed(small(), [])}
    assert "?" not in anew.values()
    assert anew["text", "28.5"] == "output"
    assert anew["text", "3.5"] == "output run"
    assert anew["one", "min-5"] == anew["head", "12"] == "tag"
    assert anew["dive", "1"] == "count heading" and anew["dive", "5"] == "count minutes"
    book = small(text="It was 28.5 and 4.9, deep dive 1. (3) c")
    changed = [line for line in proposed(book, LINES) if line not in LINES]
    assert changed == [Line("text", "4.9", propose(book, "text", "4.9", 1))]
    assert Line("text", "6.283185", "?") in proposed(small(text="It was 6.283185"), LINES)


def test_the_command_fails_on_a_wrong_number(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(numbers, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(numbers, "LOCKS", tmp_path)
    monkeypatch.setattr("sys.argv", ["numbers"])
    cell = markdown("It was 6.283185")
    nbformat.write(notebook(cell), tmp_path / "05_new.ipynb")
    assert numbers.main() == 1 and "the text has 6.283185" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["numbers", "--write"])
    assert numbers.main() == 1 and "is not found by `?`" in capsys.readouterr().out
    lock = tmp_path / "05_new.csv"
    assert lock.read_text() == f"cell,number,source\n{cell.id},6.283185,?\n"
    lock.write_text(lock.read_text().replace("?", "source: definition of two pi"))
    monkeypatch.setattr("sys.argv", ["numbers"])
    assert numbers.main() == 0
