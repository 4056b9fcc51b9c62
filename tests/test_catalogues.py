"""Every catalogue translates what the course says now, and every notebook is made of one."""

import nbformat
import pytest

from seminar_utils.jupyter.notebooks import dumps, normalise
from seminar_utils.jupyter.recording import NOTEBOOKS
from seminar_utils.jupyter.translation import translated
from seminar_utils.language import ENGLISH, LOCALE, PACKAGE, languages
from seminar_utils.paper.claims import all_claims
from seminar_utils.training import data
from tests import catalogues, korean
from tests.notebook_rules import stored_form
from tests.output_rules import figures, live_cells, machine_paths, outputs, tags_of

WANTED = catalogues.sources()
TRANSLATED = [
    NOTEBOOKS / language / f"{name}.ipynb"
    for language in languages()
    for name in sorted(WANTED.keys() - {*PACKAGE})
    if language != ENGLISH
]
EACH = pytest.mark.parametrize("path", TRANSLATED, ids=lambda p: f"{p.parent.name}/{p.name}")


@pytest.mark.parametrize("name", WANTED)
def test_a_catalogue_has_every_text_translated_and_no_other(name):
    path = LOCALE / "ko" / f"{name}.po"
    assert catalogues.problems(catalogues.read(path), WANTED[name]) == []
    assert catalogues.written(catalogues.read(path)) == path.read_bytes()


def test_every_catalogue_is_wanted_and_every_notebook_made_of_one():
    assert {path.stem for path in (LOCALE / "ko").glob("*.po")} == WANTED.keys()
    assert {*NOTEBOOKS.glob("[!.]*/*.ipynb")} == {*TRANSLATED}


@pytest.mark.parametrize("name", WANTED)
def test_a_translation_keeps_what_it_must_and_reads_well(name):
    for entry in catalogues.read(LOCALE / "ko" / f"{name}.po"):
        assert not entry.id or korean.all_problems(entry.id, entry.string) == [], entry.context


@EACH
def test_a_translated_notebook_is_the_english_one_in_other_words(path):
    text = path.read_bytes().decode("utf-8")
    found = nbformat.reads(text, as_version=4)
    made = translated(path)
    cells = ("id", "cell_type", "source")
    assert [[c[key] for key in cells] for c in found.cells] == [
        [c[key] for key in cells] for c in made.cells
    ]
    for ours, theirs in zip(found.cells, made.cells, strict=True):
        assert ours.metadata == theirs.metadata, ours.id
    assert stored_form(text) == []
    for rule in (live_cells, outputs, figures, machine_paths):
        assert rule(found) == []


def shown(output):
    """Return the text of an output; of a picture it is the alt text."""
    return output.get("text") or output.get("evalue") or output["data"]["text/plain"]


def differing_outputs(ours, theirs):
    """Name the cells whose outputs differ although the package said nothing in Korean."""
    found = []
    for one, other in zip(ours.cells, theirs.cells, strict=True):
        if "nbval-ignore-output" in tags_of(one):
            continue
        texts = [[shown(output) for output in cell.get("outputs", [])] for cell in (one, other)]
        korean_text = any("가" <= letter <= "힣" for text in texts[0] for letter in text)
        if len(texts[0]) != len(texts[1]) or (texts[0] != texts[1] and not korean_text):
            found.append(one.id)
    return found


@EACH
def test_outputs_differ_only_where_the_package_speaks(path):
    ours = nbformat.read(path, as_version=4)
    theirs = nbformat.read(NOTEBOOKS / path.name, as_version=4)
    assert differing_outputs(ours, theirs) == []
    silent = next(cell for cell in ours.cells if cell.cell_type == "code" and not cell.outputs)
    silent.outputs.append(nbformat.v4.new_output("stream", text="3"))
    assert differing_outputs(ours, theirs) == [silent.id]


def english_left(notebook):
    """Name English sentences of outputs that neither the code says nor somebody is quoted with."""
    code = " ".join(" ".join(c.source.split()) for c in notebook.cells if c.cell_type == "code")
    quoted = [
        *(photo.credit for photo in data.photos().values()),
        *(claim.claim_ko for claim in all_claims().values()),
        "larger, smaller, equal, not shown",  # what the answer to R-6 is made of
        "Sizes of tensors must match except in dimension",  # PyTorch's own words
        "test error (%) of each seed",  # in the code, with its bracket
        "convolution, inception",  # rows of Table 1, as the paper names them
    ]
    found = []
    for cell in notebook.cells:
        for text in map(shown, cell.get("outputs", [])):
            for words in quoted:
                text = text.replace(words, "")
            sentences = (one.removeprefix("English: ") for one in korean.no_english("", text))
            found += [(cell.id, one) for one in sentences if one not in code]
    return found


@EACH
def test_no_output_says_an_english_sentence(path):
    ours = nbformat.read(path, as_version=4)
    assert english_left(ours) == []
    spoken = next(cell for cell in ours.cells if cell.get("outputs"))
    spoken.outputs.append(nbformat.v4.new_output("stream", text="The test error of the net falls"))
    assert english_left(ours) == [(spoken.id, "The test error of the net falls")]


# ---- what a change does --------------------------------------------------------------------------

OLD = [("a", "# One", "class"), ("b", "Two nets", ""), ("", "Right: {n} steps.", "x.py")]
IN_KOREAN = {"# One": "# 하나", "Two nets": "네트워크 둘", "Right: {n} steps.": "맞음: {n}단계."}


@pytest.fixture
def old(tmp_path):
    """A catalogue with three translated texts, read from its file."""
    path = tmp_path / "ko" / "small.po"
    path.parent.mkdir()
    new = catalogues.updated(catalogues.read(path), OLD)
    for entry in new:
        entry.string = IN_KOREAN.get(entry.id, "")
    path.write_bytes(catalogues.written(new))
    return catalogues.read(path)


def test_what_is_unchanged_keeps_its_translation(old):
    assert catalogues.problems(old, OLD) == []
    assert catalogues.written(catalogues.updated(old, OLD)) == catalogues.written(old)


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        ([("a", "# One, and two", "class"), *OLD[1:]], "fuzzy: a # One, and two"),
        ([*OLD[:2], ("", "Right: {n} equal steps.", "x.py")], "fuzzy: Right: {n} equal steps."),
        ([*OLD, ("c", "Three", "")], "untranslated: c Three"),
        ([*OLD, ("", "Something else altogether", "")], "untranslated: Something else altogether"),
        (OLD[:2], ""),
        ([("a", "# One", "class"), ("a", "Two nets", ""), OLD[2]], "untranslated: a Two nets"),
    ],
)
def test_a_changed_text_is_doubtful_until_somebody_has_looked(old, new, problem):
    before = catalogues.problems(old, new)
    assert before and all(one.startswith(("missing: ", "surplus: ")) for one in before)
    after = catalogues.updated(old, new)
    assert catalogues.problems(after, new) == [problem] * bool(problem)
    for entry in after:
        if entry.fuzzy:
            assert entry.string and entry.previous_id
            entry.flags.discard("fuzzy")
    left = catalogues.problems(after, new)
    assert left == ([problem] if problem.startswith("untranslated") else [])


def test_the_command_names_what_is_left(tmp_path, monkeypatch, capsys):
    (tmp_path / "ko").mkdir()
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogues, "languages", lambda: ["en", "ko"])
    monkeypatch.setattr(catalogues, "sources", lambda: {"small": OLD})
    assert catalogues.main() == 1
    assert "ko/small.po: untranslated: a # One" in capsys.readouterr().out
    path = tmp_path / "ko" / "small.po"
    done = catalogues.read(path)
    for entry in done:
        entry.string = IN_KOREAN.get(entry.id, "")
    path.write_bytes(catalogues.written(done))
    assert catalogues.main() == 0


def test_a_text_says_where_it_comes_from():
    assert ("", "Not yet. {mistake}", "exercises/__init__.py") in WANTED["package"]
    within_another = "is not shown to differ from"  # a text for a field of a text
    assert ("", within_another, "experiments/finding.py") in WANTED["package"]
    asked = [text for _, text, place in WANTED["statements"] if place == "03_resnet e1800001"]
    assert asked and asked[0].endswith("How can a training error be the higher one?")
    drawn = [text for _, text, place in WANTED["tables"] if place == "nested_classes.svg"]
    assert "nested: {0} layers contain {1}" in drawn and "wanted" in drawn


def test_a_notebook_that_is_not_wholly_translated_is_not_written(tmp_path, monkeypatch):
    from seminar_utils import language

    path = tmp_path / "ko" / "01_small.ipynb"
    cells = [nbformat.v4.new_markdown_cell("# One", id="a"), nbformat.v4.new_code_cell("1")]
    source = nbformat.v4.new_notebook(cells=cells)
    (tmp_path / path.name).write_text(dumps(normalise(source)), encoding="utf-8")
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    path.parent.mkdir()
    entry = 'msgctxt "a"\nmsgid "# {}"\nmsgstr "# 하나"\n'
    for text, works in (("One", True), ("Two", False)):
        (tmp_path / "ko" / "01_small.po").write_text(entry.format(text), encoding="utf-8")
        language.catalogue.cache_clear()
        if works:
            assert [cell.source for cell in translated(path).cells] == ["# 하나", "1"]
        else:
            with pytest.raises(ValueError, match=r"present text of a: run `python -m tests"):
                translated(path)
    language.catalogue.cache_clear()
