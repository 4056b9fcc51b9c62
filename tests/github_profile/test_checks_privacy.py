"""Keys, numbers of persons and home folders: found in every text, never repeated."""

import json

import pytest

from seminar_utils.github_profile.checks import privacy as checks
from seminar_utils.github_profile.checks.privacy import person, privacy
from seminar_utils.github_profile.reading.texts import pieces
from tests.github_profile.corpus import cases
from tests.github_profile.judge import quickly
from tests.github_profile.profiles import TOKEN, kinds, notebook

README = "README.md"


def found(text):
    return privacy({README: text.encode()})


def places(files):
    return [each.what.partition(" in ")[2] for each in privacy(files)]


def test_a_finding_has_its_line_and_none_of_what_was_found():
    (finding,) = found(f"# hi\n\ntext password = 'hunter-two' {TOKEN}\n")
    assert (finding.level, finding.line, finding.what) == ("fail", 3, "A GitHub token.")
    (finding,) = found("# hi\npassword = 'hunter-two'")
    assert "hun" not in finding.what + finding.why + finding.mend
    # A line may hold several kinds.
    said = [each.what for each in found("010-1234-5678, mina@school.kr, 010-1234-5679")]
    assert said == ["A telephone number.", "An e-mail address."]


def test_the_public_name_of_the_user_and_authors_of_code_are_no_secret_but_addresses_on_a_page():
    text = b"dotfiles: `/home/mina/.config`"
    assert privacy({README: text})
    assert privacy({README: text}, "Mina") == []
    text = b"# by mina@school.ac.kr"
    assert privacy({"package.json": text, "a.py": text}) == []
    assert places({"a.md": text, "b.ipynb": notebook(text.decode())}) == [
        *("a.md, line 1.", "b.ipynb, cell 1, line 1."),
    ]


@pytest.mark.parametrize(("text", "kind"), cases("person"))
def test_name_school_and_class_together_warn_and_two_of_the_three_are_fine(text, kind):
    found = person(f"# a\n\n{text}")
    assert kinds(found) == [(kind, 3)] * bool(kind)
    assert all("guess" in each.why and "Mina" not in each.what for each in found)


TEXT = f"한글\n{TOKEN}\n"
PLACES = {
    **dict.fromkeys(("src/run.py", "LICENSE", ".env"), (TEXT.encode(), "line 2.")),
    "korean.txt": (TEXT.encode("cp949"), "line 2."),
    "wide.txt": (TEXT.encode("utf-16"), "line 2."),
    "a.ipynb": (notebook(f"x = 1\ny = '{TOKEN}'"), "cell 1, line 2."),
    "b.ipynb": (notebook("1", "\x1b[0;32m/home/mina/a.py\x1b[0m"), "output of cell 1, line 1."),
}


@pytest.mark.parametrize("name", PLACES)
def test_other_texts_are_looked_through_and_named_cell_by_cell(name):
    raw, place = PLACES[name]
    assert places({name: raw}) == [f"{name}, {place}"]
    assert places({"picture.png": b"\x89PNG\0" + raw}) == []


HIDDEN = [
    {"output_type": "execute_result", "data": {"text/html": ["<b>", TOKEN, "</b>"]}},
    {"output_type": "execute_result", "data": {"application/json": {"a": [{"b": TOKEN}]}}},
    {"output_type": "display_data", "data": {"image/svg+xml": ["<svg>\n", f"<!-- {TOKEN} -->"]}},
    {"output_type": "display_data", "data": {}, "metadata": {"a": {"b": TOKEN}}},
    {"output_type": "error", "traceback": ["a", f"\x1b[31mb {TOKEN}\x1b[0m"]},
    {"output_type": "error", "evalue": TOKEN},
    f"no output at all: {TOKEN}",
]


@pytest.mark.parametrize("output", HIDDEN)
def test_what_no_page_shows_is_looked_through(output):
    raw = json.dumps({"cells": [{"source": "", "outputs": [output]}]}).encode()
    (place,) = places({"a.ipynb": raw})
    assert place.startswith("a.ipynb, output of cell 1, line")


def test_metadata_are_looked_through_but_no_pixels():
    user = {"displayName": "Mina Kim", "userId": "01234567890123456789"}
    colab = {"source": "", "metadata": {"executionInfo": {"user": user, "status": "ok"}}}
    pixels = {"source": "", "attachments": {"a.png": {"image/png": TOKEN}}}
    output = {"output_type": "display_data", "data": {"image/png": TOKEN, "video/mp4": TOKEN}}
    cells = [colab, pixels, {"source": "", "outputs": [output]}]
    book = {"cells": cells, "metadata": {"authors": [{"name": "Mina Kim"}], "key": TOKEN}}
    assert places({"a.ipynb": json.dumps(book).encode()}) == [
        *("a.ipynb, metadata of cell 1, line 1.", "a.ipynb, metadata, line 1."),
        "a.ipynb, metadata, line 1.",
    ]


BROKEN = [
    *("", "{", "[]", "null", '{"cells": 3}', '{"cells": [3]}', "[" * 100_000, "1" * 10_000),
    *('{"cells": [{"source": 3, "outputs": [3, {"data": 1, "text": {}, "traceback": 1}]}]}',),
    *('{"cells": [{"source": ["a", 1, null], "outputs": {}}]}', '{"cells": {"a": 1}}'),
]


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: text[:12])
def test_broken_notebooks_are_texts(text):
    assert privacy({"a.ipynb": text.encode()}) == []
    assert places({"a.ipynb": f"{text}\n{TOKEN}".encode()})


def test_a_flood_is_cut_off():
    assert len(found("/home/mina ssh\n" * 10_000)) <= 100


SLOW = (
    "A;1;010-;가;password;password   ;a:;+1 23 45;://a:b;저는 김미나;-;KEY=;eyJ;a@a.;curl -u ;1234 "
)


@pytest.mark.parametrize("text", SLOW.split(";"))
def test_no_pattern_is_slow(text):
    long = text * (200_000 // len(text))
    with quickly():
        found(long)
        person(long)


def test_what_was_not_looked_through_is_said(monkeypatch):
    monkeypatch.setattr(checks, "MOST_CHARACTERS", 1_000)
    half = f"{TOKEN}\n".encode() + b"a" * 500
    first, missed = privacy({"a.txt": half, "b.txt": half, README: half})
    assert (first.level, first.line) == ("fail", 1)  # README.md comes first
    assert missed.level == "warn"
    assert missed.what == "a.txt, and what follows, were not looked through."


def test_a_notebook_as_large_as_the_memory_is_a_text():
    raw = b'{"cells": [' + b"{}," * 4_000_000 + b"{}]}"
    assert [place for place, _ in pieces("a.ipynb", raw)] == ["a.ipynb"]
