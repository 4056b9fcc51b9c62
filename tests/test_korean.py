"""Every rule for a translation, seen to fail."""

import unicodedata

import pytest

from tests import korean

ENGLISH = (
    "## 4. A net\n\nThe test error of ResNet-32 falls by 3.51 percentage points, to 25.03 % [R37]. "
    "See `x = 3` and <https://a.example>.\n\n- **one**: zero weights"
)
KOREAN = (
    "## 4. 네트워크\n\nResNet-32의 테스트 오차는 3.51%p 낮아져 25.03%가 됩니다 [R37]. "
    "`x = 3`과 <https://a.example>을 보세요.\n\n- **하나**: 0인 가중치"
)


def test_a_good_translation_has_no_problems():
    assert korean.all_problems(ENGLISH, KOREAN) == []


@pytest.mark.parametrize(
    ("rule", "wrong", "right"),
    [
        (korean.kept, "[R36]", "[R37]"),
        (korean.kept, "", "[R37]"),
        (korean.kept, "`x = 4`", "`x = 3`"),
        (korean.kept, "a.example/b", "a.example"),
        (korean.kept, "### 4.", "## 4."),
        (korean.kept, "하나:", "**하나**:"),
        (korean.kept, "**", "- **"),
        (korean.kept, "| **", "- **"),
        (korean.kept, "{n}개", "하나"),
        (korean.numbers, "3.15%p", "3.51%p"),
        (korean.numbers, "몇 %p", "3.51%p"),
        (korean.numbers, "ResNet-23", "ResNet-32"),
        (korean.numbers, "7인", "0인"),
        (korean.no_english, "the test error of the net falls", "테스트 오차는"),
        (korean.composed, unicodedata.normalize("NFD", "네트워크"), "네트워크"),
        (korean.short, "그리고 네트워크는 " * 12, "ResNet-32의 "),
        (korean.particles, "ResNet-32은", "ResNet-32의"),
        (korean.particles, "25.03%이", "25.03%가"),
        (korean.particles, "GoogLeNet(2014)는", "ResNet-32의"),
        (korean.terms, "시험 오차", "테스트 오차"),
        (korean.terms, "오차", "테스트 오차"),
        (korean.terms, "3.51%", "3.51%p"),
        (korean.spacing, "3.51 %p", "3.51%p"),
        (korean.spacing, "네트워크 .", "가중치"),
        (korean.spacing, "8 층", "네트워크"),
    ],
)
def test_each_rule_sees_its_mistake(rule, wrong, right):
    assert right in KOREAN and rule(ENGLISH, KOREAN) == []
    assert rule(ENGLISH, KOREAN.replace(right, wrong)) != []


def test_classes_that_stay_english_are_those_of_the_source():
    source = "Coat, not Shirt; T-shirt/top, not Dress"
    for same in (
        "Coat -> Shirt; T-shirt/top -> Dress",
        "코트는 셔츠가 아니고 티셔츠는 원피스가 아님",
    ):
        assert korean.garments(source, same) == []
    for other in ("Coat -> Dress; T-shirt/top -> Dress", "Shirt -> Coat; T-shirt/top -> Dress"):
        assert korean.garments(source, other) != []


def test_numbers_in_words_and_said_again_are_no_problem():
    assert korean.numbers("Two nets, ten crops, 8 layers", "네트워크 2개, 10-크롭, 8층, 8층") == []
    assert korean.numbers("8 layers and 8 layers", "8층") != []
    assert korean.numbers("on 10 Dec 2015", "2015년 12월 10일") == []
    assert korean.numbers("3.5 per cent", "3.5%") == []
    assert korean.numbers("1.0 instead of 50.2 million", "50.2 M이 아니라 1.0 M") == []
    assert korean.numbers("1.5 billion", "15억") == []
    assert korean.numbers("1.5 billion", "1.5억") != []


def test_references_may_be_english():
    references = "## Sources and further reading\n\n- K. He and others: *Deep Residual Learning*"
    assert korean.all_problems(references, references) == []


def test_every_row_of_the_glossary_is_sound():
    for row in korean._glossary():
        assert row["english"] or row["never"]
        assert bool(row["english"]) == bool(row["korean"])
