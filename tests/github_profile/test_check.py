"""The whole check: three profiles, and texts that nobody would write."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar_utils.github_profile import TEMPLATE, build
from seminar_utils.github_profile.check import Report, check
from seminar_utils.github_profile.checks.tables import LEVELS
from seminar_utils.github_profile.reading.texts import decode
from tests.github_profile import profiles
from tests.github_profile.corpus import cases
from tests.github_profile.judge import SETTINGS, hostile
from tests.github_profile.profiles import TOKEN, USER, png, write


def words(report, level):
    return " ".join(f"{each.line}: {each.what}" for each in report.of(level))


def points(report):
    return {each.item: (each.known, each.open) for each in report.points}


def test_a_built_profile_has_no_findings(tmp_path, capsys):
    report = check(profiles.good(tmp_path), f"https://github.com/{USER}")
    assert report.findings == ()
    assert points(report) == {
        "opens and reads": (2, 0),
        "figure": (2, 1),
        "checked statement": (0, 2),
        "somebody else can repeat it": (1, 1),
        "privacy list done": (0, 1),
    }
    assert (report.known, report.open, sum(each.most for each in report.points)) == (5, 5, 10)


def test_a_careless_profile_is_told_everything_in_text_and_page(tmp_path):
    report = check(profiles.careless(tmp_path), USER)
    fails = ["13: The picture Figure.png", "16: The link #my-result", "17: The link mina-example"]
    assert all(expected in words(report, "fail") for expected in fails)
    assert len(report.of("fail")) == len(fails)
    for expected in (
        "1: README.md begins with a byte-order mark",
        "1: Real name, school and class",
        "4: A telephone number",
        "4: A placeholder: 여기에",
        "7: This is shown as text, not as Markdown: ## My figure",
        "8: This is shown as text",
        "11: The picture figure.png has no words",
        "14: A placeholder: your-username",
        "16: An address with two beginnings",
        "desk.jpg carries metadata: where it was taken (GPS)",
        "figure.png carries metadata: a text named Author",
        "home folder in run.ipynb, output of cell 1, line 1",
    ):
        assert expected in words(report, "warn")
    assert "14: A counter or card" in words(report, "advice")
    assert points(report)["privacy list done"] == (0, 0)
    assert points(report)["opens and reads"] == (1, 0)

    text, html = str(report), report._repr_html_()
    assert text.startswith("Check of mina-example: fails 3, warnings 12, advice 1\n")
    for finding in report.findings:
        assert all(sentence in text for sentence in (finding.what, finding.why, finding.mend))
    assert html.count("<li>") == len(report.findings) + len(report.unknown)
    assert all(f"border-left: 5px solid {colour}" in html for colour in ("#D55E00", "#0072B2"))
    for said in (text, html):
        assert "Of 10 points, the check gives 4 and your teacher decides on 4." in said
        assert all(each.reason in said for each in report.points) and "{" not in said


def test_a_hostile_profile_is_read_and_shown_harmlessly(tmp_path):
    report = check(profiles.hostile(tmp_path), USER)
    for expected in (
        *("somebody-else, the user mina-example", "<script>", "onerror", "<iframe>", "data:"),
        *("that is a script", "../../../etc/passwd", "not_a_picture.png is no picture"),
        *("A GitHub token", "registration number", "private key", "svg carries a script"),
    ):
        assert expected.lower() in words(report, "fail").lower()
    for text in (str(report), report._repr_html_()):
        assert TOKEN not in text and profiles.REGISTRATION_NUMBER not in text
        assert "\x1b" not in text and "\u202e" not in text
    assert not re.search(r"<(?:script|iframe|img|svg)", report._repr_html_())


def test_a_profile_without_readme_or_user(tmp_path):
    folder = write(tmp_path / "mina", {"readme.txt": b"hi"})
    report = check(folder)
    assert len(report.findings) == 1
    assert points(report)["opens and reads"] == (0, 0)
    assert "no user name was given" in report.unknown[0]
    assert "no user name" not in str(check(folder, "mina"))
    with pytest.raises(ValueError, match="mina example!"):
        check(folder, "mina example!")


def test_the_model_page_is_told_so_and_gets_no_points(tmp_path):
    write(tmp_path, {"figure.png": png()})
    model = {**profiles.PROFILE, **TEMPLATE, "figure": tmp_path / "figure.png"}
    own = {key: profiles.PROFILE[key] for key in ("about", "surprised", "open_question")}
    for fields in (", ".join(own), *own):  # one field that is left is enough
        page = {**model, **own, **{key: TEMPLATE[key] for key in fields.split(", ")}}
        report = check(build(page, tmp_path / fields), USER)
        assert f"still the model page of notebook 04: {fields}." in words(report, "warn")
        assert (report.known, report.open) == (0, 0)
    report = check(build({**model, **own}, tmp_path / "own"), USER)
    assert report.findings == () and report.known == 5


@pytest.mark.parametrize(("text", "expected"), cases("points"))
def test_points_a_machine_can_know(tmp_path, text, expected):
    files = {"README.md": text.encode(), "a.png": png(), "c.png": b"MZ", "run.ipynb": b""}
    found = points(check(write(tmp_path / "m", files)))
    figure, code = found["figure"], found["somebody else can repeat it"]
    assert [*figure, *code] == list(map(int, expected.split()))


ENCODING = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp949"])
TEXT = st.builds(str.encode, hostile(), ENCODING, st.just("replace"))
RAW = st.one_of(st.binary(max_size=200), TEXT)


@SETTINGS
@given(RAW, st.sampled_from(["a.ipynb", "a.png", "a.jpg", "a.svg", "readme.md"]), RAW)
def test_the_check_always_returns_a_report(tmp_path_factory, readme, name, other):
    root = tmp_path_factory.getbasetemp() / "random" / USER
    for path in root.glob("*"):
        path.unlink()
    report = check(write(root, {name: other, "README.md": readme}), USER)
    assert isinstance(report, Report)
    assert str(report).replace("\n", "").isprintable()
    assert not re.search(r"<(?:script|img|iframe)", report._repr_html_())
    last = decode(readme)[0].count("\n") + 1
    for finding in report.findings:
        assert finding.level in LEVELS
        assert finding.line is None or 1 <= finding.line <= last
