import os

import pytest

from seminar_utils import exercises, language
from seminar_utils.figures.picture import Picture
from seminar_utils.github_profile.check import check
from seminar_utils.github_profile.profile_text import KEYS, TEMPLATE, readme
from seminar_utils.language import N_, VARIABLE, Later, current, tr, use, with_particles
from seminar_utils.paper import claims
from seminar_utils.tables import Table, say


@pytest.fixture
def in_korean():
    """Speak Korean during a test."""
    use("ko")
    yield
    use("en")


def test_english_is_spoken_unless_somebody_asks_for_another_language(monkeypatch):
    for name in ("LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.setenv(name, "ko_KR.UTF-8")
    monkeypatch.delenv(VARIABLE)
    assert current() == "en" and tr("Not yet. {mistake}", mistake="no") == "Not yet. no"
    monkeypatch.setenv(VARIABLE, "")
    assert current() == "en"


def test_use_speaks_korean_here_and_in_processes_that_are_started(in_korean):
    assert current() == "ko" and os.environ[VARIABLE] == "ko"
    assert tr("Not yet. {mistake}", mistake="3") == "아직 아닙니다. 3"
    assert tr("no catalogue has this") == "no catalogue has this"


@pytest.mark.parametrize("name", ["de", "ko_KR", "..", "한국어"])
def test_an_unknown_language_is_refused_with_those_that_there_are(name, monkeypatch):
    with pytest.raises(ValueError, match=r"There is no language .*; take one of: en, ko\."):
        use(name)
    assert current() == "en"
    monkeypatch.setenv(VARIABLE, name)
    with pytest.raises(ValueError, match="There is no language"):
        tr("anything")


def test_a_doubtful_translation_is_not_spoken(tmp_path, monkeypatch):
    (tmp_path / "ko").mkdir()
    text = 'msgid "one"\nmsgstr "하나"\n\n#, fuzzy\nmsgid "two"\nmsgstr "둘"\n\n'
    text += 'msgid "x"\nmsgstr ""\n'
    (tmp_path / "ko" / "small.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    assert language.catalogue("ko", "small") == {("", "one"): "하나"}


@pytest.mark.parametrize(
    ("before", "chosen"),
    [
        *(("ResNet-32", "는 가 를 와 로 라"), ("ResNet-8", "은 이 을 과 로 이라")),
        *(("plain-56", "은 이 을 과 으로 이라"), ("ResNet", "은 이 을 과 으로 이라")),
        *(("GoogLeNet", "은 이 을 과 으로 이라"), ("ReLU", "는 가 를 와 로 라")),
        *(("8층", "은 이 을 과 으로 이라"), ("3.5%p", "는 가 를 와 로 라")),
        *(("25.03%", "는 가 를 와 로 라"), ("F(x)", "는 가 를 와 로 라")),
        *(("병목 블록(bottleneck)", "은 이 을 과 으로 이라"), ("SGD", "는 가 를 와 로 라")),
        *(("'Bag'", "는 가 를 와 로 라"), ("BN", "은 이 을 과 으로 이라")),
        *(("3/4", "은 이 을 과 으로 이라"), ("커널", "은 이 을 과 로 이라")),
        *(("kernel", "은 이 을 과 로 이라"), ("layer", "는 가 를 와 로 라")),
        *(("GitHub", "는 가 를 와 로 라"), ("n", "은 이 을 과 으로 이라")),
        *(("10", "은 이 을 과 으로 이라"), ("None", "은 이 을 과 으로 이라")),
        ("", "는 가 를 와 로 라"),
    ],
)
def test_particles_follow_how_a_word_is_read(before, chosen):
    both = ("은(는)", "이(가)", "을(를)", "과(와)", "(으)로", "(이)라")
    for particle, form in zip(both, chosen.split(), strict=True):
        assert with_particles(f"{before}{particle} x") == f"{before}{form} x"
    assert with_particles(f"{before} x") == f"{before} x"


def test_a_message_for_later_is_english_for_code_and_korean_when_it_is_shown(in_korean):
    word = Later("{word} (grows {factor:,.0f}-fold)", word=N_("explodes"), factor=2000)
    assert word.split()[0] == "explodes"
    assert tr(word) == "폭발 (2,000배로 커짐)"
    table = Table(("56 layers", "plain"), [("with batch norm", word)], "no catalogue has this")
    assert "explodes" in table.rows[0][1]
    assert repr(table).splitlines() == [
        "56층              일반",
        "배치 정규화 있음  폭발 (2,000배로 커짐)",
        "no catalogue has this",
    ]
    assert "<td" in table._repr_html_() and "폭발 (2,000배로 커짐)" in table._repr_html_()


def test_a_number_is_a_field_with_its_exponent():
    text, numbers = language.without_numbers("4e: from 8.6e-08 to 3, module 4a")
    assert (text, numbers) == ("4e: from {0} to {1}, module 4a", ["8.6e-08", "3"])


def test_only_messages_among_the_fields_are_translated(in_korean):
    assert tr("training") == "훈련"
    said = Later("A placeholder: {found}.", found="training")
    assert tr(said) == "채우지 않은 자리: training."
    assert tr("Written: {path}", path=N_("training")) == "저장함: 훈련"
    assert str(Later("a brace { stays")) == "a brace { stays"


def test_a_page_and_its_check_are_korean_and_the_model_page_is_known_in_both(in_korean, tmp_path):
    model = {key: tr(text) for key, text in TEMPLATE.items()}
    fields = {**dict.fromkeys(KEYS, "x"), **model, "seed": 3}
    for name, profile in (("ko", fields), ("en", {**fields, **TEMPLATE})):
        text = readme(profile)
        assert "## 확인해 본 문장" in text and "n = 1, 시드 3" in text
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(text, encoding="utf-8")
        found = check(tmp_path / name)
        assert "model page of notebook 04: about, surprised, open_question." in str(found.findings)
        for shown in (repr(found), found._repr_html_()):
            assert "노트북 04의 예시 페이지 그대로입니다: about, surprised" in shown
            assert "검사: 고칠 것 1" in shown and "오프라인에서는 알 수 없는 것" in shown
    assert model["about"] != TEMPLATE["about"]


def test_a_table_is_translated_whatever_its_numbers(in_korean):
    note = "One standard error is 1,234.5 points, or -3 images."
    table = Table(("difference", "images"), [("plain-34", "97 of 500"), ("A", "x {y} 3")], note)
    assert repr(table).splitlines() == [
        "차이      이미지 수",
        "plain-34  500 중 97",
        "A         x {y} 3",
        "표준오차는 1,234.5%p, 곧 이미지 -3장입니다.",
    ]
    use("en")
    assert repr(table).splitlines()[-1] == note


def test_lines_and_pictures_speak_korean_and_particles_follow_the_numbers(in_korean, capsys):
    say("60 batches, every pixel and every label equal")
    assert capsys.readouterr().out == "배치 60개, 모든 픽셀과 모든 레이블이 같음\n"
    line = "Where x is positive, the last ReLU of a block returns zero at 14% to 22% of the places"
    picture = Picture(None, line, f"What there is to see. {line}")
    assert picture.alt == f"What there is to see. {line}"
    assert (
        Picture(None, "", line).alt
        == "x가 양수인 위치의 14–22%에서 블록의 마지막 ReLU가 0을 돌려줍니다"
    )
    scale = "The three channels on one scale, negative blue, {} white, positive orange: "
    scale += "red 1 to 2; green 3 to 4; blue 5 to 6."
    assert " 0은 하양" in Picture(None, "", scale.format(0)).alt
    assert " 9는 하양" in Picture(None, "", scale.format(9)).alt


def test_a_card_shows_the_slides_words_without_translating_them_back(in_korean):
    shown = claims.card("R7", ask="The bird and the soup stay the same. What changes?")
    for text in (str(shown), shown.html):
        assert "단순히 오버피팅의 문제도 아닙니다" in text and "overfitting, so" not in text
        assert "R7: 논문과 같음" in text and "무엇이 바뀌었을까요?" in text
        assert "not just" not in text and "Decide" not in text and "Verdict" not in text


def test_a_check_a_hint_and_the_ledger_speak_korean(in_korean, capsys):
    exercises.check("W-3", lambda images, mirrored: images.flip(3))
    exercises.check("W-3")
    exercises.hint("W-3")
    lines = capsys.readouterr().out.splitlines()
    said = "아직 아닙니다. 모든 이미지가 반전되었습니다. mirrored가 참인 것만 반전해야 합니다."
    assert lines[0] == said
    assert lines[1].endswith('막혔다면 exercises.hint("W-3")')
    assert lines[2].startswith("모든 이미지를 반전하는 것부터")
    ledger = repr(claims.index("week 4 review"))
    assert "판정" in ledger and "발표자의 해석" in ledger and "statement" not in ledger
