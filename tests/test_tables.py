"""Tables: the same cells on a page and in a terminal, numbers to the right."""

import re
from html import unescape

import pytest

from seminar_utils.tables import Table

TABLE = Table(("net", "points", "verdict"), [("plain-32", "+11.1", "larger"), ("a", "-1.5", "?")])


def test_lines_are_aligned_and_numbers_stand_right():
    assert repr(TABLE).splitlines() == [
        "net       points  verdict",
        "plain-32   +11.1  larger",
        "a           -1.5  ?",
    ]


def test_a_page_has_the_same_cells_and_breaks_no_number():
    cells = re.findall(r"<t[hd] style=\"([^\"]*)\">(.*?)</t[hd]>", TABLE._repr_html_())
    assert [text for _, text in cells] == [*TABLE.header, *TABLE.rows[0], *TABLE.rows[1]]
    for style, text in cells:
        number = text in ("points", "+11.1", "-1.5")
        assert style == ("text-align: right; white-space: nowrap" if number else "text-align: left")


def test_a_note_stands_below_and_a_page_escapes_what_it_is_given():
    table = Table(("<a>",), [("<b>&",)], "One <i> seed.")
    assert repr(table).splitlines()[-1] == "One <i> seed."
    page = table._repr_html_()
    assert not re.search("<[abi]>", page) and unescape(page).count("<b>&") == 1
    assert page.endswith("</table><p>One &lt;i&gt; seed.</p>") and "<p>" not in TABLE._repr_html_()


def test_a_row_that_does_not_fit_gets_one_clear_sentence():
    for row in (("a",), ("a", "b", "c")):
        with pytest.raises(ValueError, match=f"has {len(row)} cells under 2 headings: give one"):
            Table(("x", "y"), [row])


def test_a_column_of_numbers_is_known_by_all_its_cells():
    for cells in (["1,234", "-5", ""], ["5.3 %", "12.1 G"]):
        assert "right" in Table(("x",), [(cell,) for cell in cells])._repr_html_()
    for cells in (["3 of 3"], ["", ""], ["1", "two"]):
        assert "right" not in Table(("x",), [(cell,) for cell in cells])._repr_html_()
