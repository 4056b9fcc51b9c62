import random
import re
from decimal import Decimal

import nbformat
import pytest
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


# ---- every changed digit is caught ---------------------------------------------------------------


def digits(cell):
    """Where digits stand: (None, place) in the prose, (number of the tag, place) in a tag."""
    places = []
    if cell.cell_type == "markdown" and not SOURCES.search(cell.source):
        prose = masked(cell.source)
        places += [(None, match.start()) for match in re.finditer("[0-9]", prose)]
    for number, tag in enumerate(cell.metadata.get("tags", [])):
        places += [(number, match.start()) for match in re.finditer("[0-9]", tag)]
    return places


def spoil(cell, place, digit):
    """Put another digit in a place, and return what undoes it."""
    tag, start = place
    old = cell.source if tag is None else cell.metadata.tags[tag]
    new = old[:start] + digit + old[start + 1 :]
    if tag is None:
        cell.source = new
        return lambda: setattr(cell, "source", old)
    cell.metadata.tags[tag] = new
    return lambda: cell.metadata.tags.__setitem__(tag, old)


def other(generator, cell, place):
    """Draw another digit for a place."""
    tag, start = place
    text = cell.source if tag is None else cell.metadata.tags[tag]
    return generator.choice("0123456789".replace(text[start], ""))


@pytest.mark.parametrize("name", ALL)
def test_random_changes_of_a_digit_are_caught(books, name):
    generator, (book, lines) = random.Random(name), books[name]
    places = [(cell, place) for cell in book.cells for place in digits(cell)]
    in_tags = [(cell, place) for cell, place in places if place[0] is not None]
    for cell, place in [*generator.sample(places, 15), *generator.sample(in_tags, 3)]:
        undo = spoil(cell, place, other(generator, cell, place))
        found = differences(book, lines)
        undo()
        assert found and cell.id in found[0], (cell.id, place)
    assert differences(book, lines) == []


def test_every_digit_of_every_notebook_is_guarded(books):
    generator, changed = random.Random(0), 0
    for book, lines in books.values():
        for cell in book.cells:
            locked = [line.number for line in lines if line.cell == cell.id]
            for place in digits(cell):
                undo = spoil(cell, place, other(generator, cell, place))
                assert numbers_of(cell) != locked, (cell.id, place)
                undo()
                changed += 1
            assert numbers_of(cell) == locked
    assert changed > 1000


@pytest.mark.parametrize(
    ("name", "cell", "old", "new"),
    [
        ("03_resnet", "e1000021", "The 3.57", "The 3.75"),
        ("02_googlenet", "googlenet-004", "9.15", "9.51"),
        ("02_googlenet", "googlenet-028", "128.0", "182.0"),
        ("03_resnet", "3466b1e6", "is 11.1", "is 12.1"),
        ("03_resnet", "c2e972a1", "min-10", "min-9"),
        ("03_resnet", "b55d700e", "1,755", "1,775"),
        ("03_resnet", "e1000021", "The 3.57 %", "The 3.57"),
        ("03_resnet", "ac1a7f51", "**Decide:**", "**Decide 2:**"),
        ("01_week4_review", "week4-39", "61 to 64 %", "64 to 61 %"),
    ],
)
def test_known_slips_are_caught_with_cell_number_and_candidates(books, name, cell, old, new):
    book, lines = books[name]
    spoiled = book.cells[book.position[cell]]
    source, tags = spoiled.source, [*spoiled.metadata.tags]
    assert old in source or old in tags
    spoiled.source = source.replace(old, new)
    spoiled.metadata.tags = [new if tag == old else tag for tag in tags]
    found = differences(book, lines)
    spoiled.source, spoiled.metadata.tags = source, tags
    assert len(found) == 1 and f"cell {cell}: the text has" in found[0]
    if new == "The 3.75":
        assert "the text has 3.75 %, the lock file 3.57 %; nearest above: " in found[0]


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
        (
            "3x3, 14 x 14, 14\nx 14, 3×3×64, 2 x 0.3",
            ["3x3", "14x14", "14x14", "3x3x64", "2", "0.3"],
        ),
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


def test_no_digit_is_left_out(books):
    for book, _ in books.values():
        for cell in book.cells:
            if cell.cell_type == "markdown":
                assert not re.search(r"\d", NUMBER.sub("", masked(cell.source))), cell.id


def test_references_are_no_prose_and_tags_count():
    assert numbers_of(markdown("## Sources and further reading\n\nA. B, 2015.")) == []
    assert numbers_of(markdown("## 출처\n\nA. B, 2015.")) == []
    assert numbers_of(markdown("## 4. Build", "class", "min-7")) == ["min-7", "4"]
    assert numbers_of(code("x = 3", "min-7", "class")) == ["min-7"]


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("3.5", "3.51"),
        ("3.5", "-3.51"),
        ("-3.5", "-3.51"),
        ("+0.6", "0.60"),
        ("2.8", "2.85"),  # half even
        ("2.9", "2.85"),  # half up
        ("1,755", "1755"),
        ("1755", "1,755"),
        ("65 %", "65.4 %"),
        ("65 %", "65.4"),
        ("65 %", "0.654"),
        ("128.0", "128.0 M"),
        ("15.5 G", "15470264320"),
        ("15.5 G", "15.47"),
        ("10^4", "10^4.0"),
        ("10⁴", "12,000"),
        ("10^-2", "0.0098"),
        ("8.6e-8", "8.60e-08"),
        ("3x3", "3x3"),
        ("12.3 %", Decimal("12.298528")),
        ("4.0", Decimal(4)),
    ],
)
def test_numbers_that_agree(number, value):
    assert agree(number, value)


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("3.5", "3.57"),
        ("3.51", "3.5"),
        ("3.50", "3.5"),
        ("+3.5", "-3.51"),
        ("-3.5", "3.51"),
        ("2.7", "2.85"),
        ("1,755", "1,775"),
        ("65 %", "6.54"),
        ("65", "0.654"),
        ("128.0", "128.1 M"),
        ("15.5 G", "1547026432"),
        ("10^4", "10^3.3"),
        ("10^4", "2,000"),
        ("4", "10^4"),
        ("8.6e-8", "8.6e-07"),
        ("3x3", "5x5"),
        ("R6", "R7"),
        ("6", "R6"),
        ("12.3 %", Decimal("12.36")),
    ],
)
def test_numbers_that_do_not_agree(number, value):
    assert not agree(number, value)


# ---- where a number comes from -------------------------------------------------------------------


def small():
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
        cell["id"] = name
    return Book(notebook(*cells.values()), "03_small")


@pytest.mark.parametrize(
    ("number", "source"),
    [
        ("28.5", "output"),
        ("4a", "output"),
        ("3.5", "output run"),
        ("28.54 %", "output fig"),
        ("128.0", "output run"),
        ("3.57 %", "claim R2"),
        ("0.3", "claim G26"),
        ("25.03 %", "paper resnet_tables.csv 2,34 layers,ResNet top-1 err."),
        ("25.03", "paper resnet_tables.csv"),
        ("9.15 %", "paper googlenet_table3.csv 1,10"),
        ("8.75", "paper README.md Table 6"),
        ("5.6", "paper resnet_training_curves.csv ends 6 plain 56 train"),
        ("+11.1", "runs twins plain-32 - plain-8 training"),
        ("14.4", "runs twins plain-8 training"),
        ("1,755", "= (28.54 - 25.03) / 100 * 50_000"),
        ("-3.51", "= 25.03 - 28.54"),
        ("2.30", "= log(10)"),
        ("32.05", "= 28.54 + 3.51"),
        ("20", "count layers"),
        ("2015", "count year"),
        ("95 %", "count interval"),
        ("R12", "count statement"),
        ("12", "count statement"),
        ("2", "count section"),
        ("1", "count deep dive"),
        ("D1", "count deep dive"),
        ("8", "count deep dive of 02"),
        ("10", "count section of 02"),
        ("3", "count item"),
        ("R-1", "count exercise"),
        ("3", "count lines of code"),
        ("64,000", "source: He et al. 2015, Sec. 4.2"),
    ],
)
def test_sources_that_hold(number, source):
    assert holds(small(), "text", number, source)


@pytest.mark.parametrize(
    ("number", "source"),
    [
        ("3.5", "output"),  # of another section
        ("28.4", "output"),
        ("28.5", "output run"),
        ("99", "output later"),  # below the cell
        ("28.5", "output nowhere"),
        ("77.7", "output live"),
        ("77.7", "output"),
        ("3.75 %", "claim R2"),
        ("3.57 %", "claim R99"),
        ("25.03 %", "paper resnet_tables.csv 2,18 layers"),
        ("25.30 %", "paper resnet_tables.csv"),
        ("34", "paper resnet_tables.csv 2,34 layers,ResNet top-1 err."),  # names the row only
        ("25.03 %", "paper resnet_tables.csv 2,34"),  # half a cell
        ("25.03", "paper nothing.csv"),
        ("25.03", "paper ../claims.csv"),
        ("6.5", "paper resnet_training_curves.csv ends 6 plain 56 train"),
        ("5.6", "paper resnet_training_curves.csv ends 6 plain 57 train"),
        ("-11.1", "runs twins plain-32 - plain-8 training"),
        ("11.2", "runs twins plain-32 - plain-8 training"),
        ("11.1", "runs twins plain-32 - plain-9 training"),
        ("11.1", "runs nothing plain-32 - plain-8 training"),
        ("11.1", "runs twins plain-32"),
        ("1,775", "= (28.54 - 25.03) / 100 * 50_000"),
        ("3.33", "= 28.54 - 25.21"),  # 25.21 stands nowhere
        ("3.51", "= 3.51 if 3.51 else 3.51"),
        ("3.51", "= print(3.51)"),
        ("3.51", "= 3.51 / 0"),
        ("3.51", "= 3.51 -"),
        ("3.51", "="),
        ("21", "count layers"),
        ("20", "count nothing"),
        ("20", "count"),
        ("2013", "count year"),
        ("R43", "count statement"),
        ("47", "count statement"),
        ("3", "count section"),
        ("2", "count deep dive"),
        ("D2", "count deep dive"),
        ("11", "count deep dive of 02"),
        ("1", "count item"),  # stands in another cell only
        ("4", "count item"),
        ("R-2", "count exercise"),
        ("4", "count lines of code"),
        ("64,000", "source: somewhere"),
        ("64,000", "source:"),
        ("64,000", "?"),
        ("64,000", ""),
        ("64,000", "hearsay, Sec. 4"),
    ],
)
def test_sources_that_do_not_hold(number, source):
    assert not holds(small(), "text", number, source)


def test_tags_hold_each_other():
    book = small()
    assert holds(book, "one", "min-5", "tag") and not holds(book, "one", "min-6", "tag")
    assert holds(book, "one", "5", "tag") and not holds(book, "one", "7", "tag")
    assert holds(book, "head", "12", "tag") and not holds(book, "head", "13", "tag")
    assert not holds(book, "head", "min-12", "tag")


def test_headings_and_items_are_in_order():
    book = small()
    assert holds(book, "two", "2", "count heading") and not holds(book, "two", "1", "count heading")
    assert holds(book, "dive", "1", "count heading")
    assert holds(book, "head", "2", "count item")
    book.cells[book.position["two"]].source = "## 3. Two"
    assert not holds(book, "two", "3", "count heading")
    book.cells[book.position["head"]].source = "(1) a (3) b"
    assert not holds(book, "head", "3", "count item")


def test_a_notebook_counts_its_own_statements(books):
    book, _ = books["02_googlenet"]
    assert holds(book, "googlenet-057", "46", "count statements")
    assert not holds(book, "googlenet-057", "45", "count statements")


def test_every_kind_of_count_is_used(books):
    used = {line.source for _, lines in books.values() for line in lines}
    kinds = {f"count {kind}" for kind in (*COUNTS, *CHECKED)}
    arithmetic_only = {"count factor"}
    assert kinds - used <= arithmetic_only


# ---- the lock file -------------------------------------------------------------------------------


LINES = [
    Line("head", "12", "tag"),
    Line("head", "1", "count item"),
    Line("head", "2", "count item"),
    Line("one", "min-5", "tag"),
    Line("one", "1", "count heading"),
    Line("two", "min-7", "tag"),
    Line("two", "2", "count heading"),
    Line("text", "28.5", "output"),
    Line("text", "3.5", "output run"),
    Line("text", "1", "count deep dive"),
    Line("text", "3", "count item"),
    Line("dive", "1", "count heading"),
    Line("dive", "5", "count minutes"),
]


def test_a_good_lock_file_has_no_problems():
    assert problems(small(), LINES) == []


@pytest.mark.parametrize(
    "lines",
    [
        LINES[:-1],
        [*LINES, Line("dive", "6", "count minutes")],
        [*LINES, Line("nowhere", "6", "count minutes")],
        [*LINES[:7], Line("text", "28.6", "output"), *LINES[8:]],
        [*LINES[3:], *LINES[:3]],
        [LINES[1], LINES[0], *LINES[2:]],
    ],
)
def test_differences_are_seen(lines):
    assert differences(small(), lines)


def test_differences_name_cell_numbers_and_candidates():
    book = small()
    book.cells[book.position["text"]].source = "It was 28.45 and 3.5, deep dive 1. (3) c"
    assert differences(book, LINES) == [
        "cell text: the text has 28.45, the lock file 28.5; nearest above: 28.54, 128.0 M"
    ]


def test_another_language_may_order_a_cells_numbers_anew():
    book = small()
    book.cells[book.position["text"]].source = "심화 1에서 3.5와 28.5이다. (3) 다"
    assert differences(book, LINES)
    assert differences(book, LINES, ordered=False) == []
    book.cells[book.position["text"]].source = "심화 1에서 3.6과 28.5이다. (3) 다"
    assert "the text has 3.6, the lock file 3.5" in differences(book, LINES, ordered=False)[0]


def test_a_source_that_changed_is_seen():
    book = small()
    book.cells[book.position["run"]].outputs[0].text = "error 3.71, 128.0 M"
    assert unsourced(book, LINES) == [
        "cell text: 3.5 is not found by `output run`; nearest above: 3.71, 28.54"
    ]


def test_writing_keeps_what_holds_and_asks_for_the_rest():
    written = list(proposed(small(), LINES))
    assert written == LINES
    anew = {(line.cell, line.number): line.source for line in proposed(small(), [])}
    assert anew["text", "28.5"] == "output"
    assert anew["text", "3.5"] == "output run"
    assert anew["one", "min-5"] == anew["head", "12"] == "tag"
    assert anew["dive", "5"] == "count minutes"
    book = small()
    book.cells[book.position["text"]].source = "It was 28.5 and 4.9, deep dive 1. (3) c"
    changed = [line for line in proposed(book, LINES) if line not in LINES]
    assert changed == [Line("text", "4.9", propose(book, "text", "4.9", 1))]
    book.cells[book.position["text"]].source = "It was 6.283185"
    assert list(proposed(book, LINES))[7] == Line("text", "6.283185", "?")
    assert not holds(book, "text", "6.283185", "?")


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
