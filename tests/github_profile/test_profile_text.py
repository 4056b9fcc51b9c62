"""The texts of a profile are shown letter for letter, and every mistake in them is named."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seminar_utils.github_profile.profile_text import COURSE, KEYS, form, problems, readme
from seminar_utils.github_profile.reading.markdown import UNSEEN, to_html
from tests.github_profile import profiles
from tests.github_profile.judge import SETTINGS, Page, hostile

PROFILE = profiles.PROFILE | {"about": "I learn to read papers.", "figure": "a.png", "seed": 0}
TEXTS = sorted(PROFILE.keys() - {"user", "figure", "seed", "repeat"})

MISTAKES = [
    ("user", "", "user is empty: your name on GitHub"),
    ("user", "mina example", "user: .* is several words"),
    ("about", None, "about is empty: who you are"),
    ("about", "a\nb\n\nc\nd", "about has 4 lines, and 3 are the most"),
    ("about", "\u200b \x00\n", "about is empty"),
    ("statement", "Deeper is worse.", "statement has no id: .* such as R7, or .* Table 2"),
    ("statement", "R99: Deeper.", "statement has the id R99, which no sentence has: ids run W1"),
    ("statement", "(R7).", "statement is only the id R7: write the sentence"),
    ("statement", 7, "statement is 7, which is no text: put a sentence .* in quotes"),
    ("caption", "가" * 1_001, "caption has 1,001 characters: 1,000 are the most"),
    ("repeat", " ", "repeat is empty: the line of code"),
    ("seed", -1, "seed is -1, and must be a whole number from 0"),
    *(("seed", True, "seed is True"), ("seed", 2.5, "seed is 2.5"), ("seed", (), "seed is empty")),
    ("seed", (1, "a"), r"seed is \(1, 'a'\), and must"),
]
RIGHT = [
    *(("about", "a\n\n b \r\nc"), ("about", "한국어 👩‍👩‍👧"), ("caption", "가" * 1_000)),
    *(
        ("statement", "G5, G9: Wider costs."),
        ("statement", "표 2: 깊다"),
        ("statement", "Table 2."),
    ),
    *(("seed", value) for value in (0, np.int64(5), [0, 1], range(5), "0 to 4")),
]

MARKDOWN = r"""
*a* **b** _c_ __d__ ~~e~~ | `f` ``g`` | [h](i) ![j](k) <l@m.example> | <b>n</b> &amp; &copy; <!--
# o | 1. p | 2) q | - r | + s | * t | > u | === | --- | ~~~ | ``` | [^1] | [v]: w | ^ x
\* y \ z\ | a \| b | [x] | [ ] c | <script> | \`d\` | &#60;e&#62; | !\[f](g) | R7
"""


def page(course="", **changes):
    return Page(to_html(readme({**PROFILE, **changes}, course)))


def test_a_good_profile_has_no_problems_and_says_everything():
    assert problems(PROFILE) == []
    shown = page()
    for key in set(KEYS) - {"figure", "alt", "seed"}:
        assert PROFILE[key] in shown.text, key
    assert shown.of("img") == [{"src": "images/figure.png", "alt": PROFILE["alt"]}]
    assert "n = 1, seed 0" in shown.text
    assert shown.tags()[:5] == ["h1", "p", "h2", "blockquote", "p"]
    assert "n = 2, seeds 0, 1" in page(seed=[0, 1]).text


@pytest.mark.parametrize(("key", "value", "sentence"), MISTAKES)
def test_every_mistake_is_named(key, value, sentence):
    (found,) = problems({**PROFILE, key: value})
    assert re.match(sentence, found), found
    assert found.endswith(".") and "\n" not in found


@pytest.mark.parametrize(("key", "value"), RIGHT)
def test_other_right_values_are_no_problem(key, value):
    assert problems({**PROFILE, key: value}) == []
    assert page(**{key: value}).tags()[0] == "h1"


def test_the_form_says_of_each_field_what_it_needs_and_why():
    fields = {row[0].strip('"'): row[1:] for row in form().rows}  # as they stand in the code
    assert fields.keys() == PROFILE.keys() == KEYS.keys() and len(KEYS) == 12
    assert all(len(cell) > 10 for _, *cells in fields.values() for cell in cells)
    from_run = {"verdict", "figure", "alt", "seed", "caption", "repeat"}
    sources = dict.fromkeys(KEYS, "you") | dict.fromkeys(from_run, "your run")
    assert {key: source for key, (source, *_) in fields.items()} == sources


def test_the_page_names_the_course_and_links_to_it_where_it_has_an_address():
    assert COURSE in page().text and page().of("a") == []
    assert page("https://github.com/a/b").of("a") == [{"href": "https://github.com/a/b"}]


def test_all_problems_are_told_at_once():
    found = problems({"abot": "me", "colour": "red", "seed": -1})
    assert found[0] == "'abot' is no key of a profile: did you mean about?"
    assert found[1].startswith("'colour' is no key of a profile: the keys are user, about")
    assert [line.split()[:3] for line in found[2:]] == [
        [key, "is", "-1," if key == "seed" else "missing:"] for key in KEYS
    ]


def test_lines_about_the_learner_stay_lines():
    shown = page(about="I learn.\n\n  두 번째 \n# third\x00")
    assert shown.tags()[:5] == ["h1", "p", "br", "br", "h2"]
    assert "I learn.\n두 번째\n# third" in shown.text


def test_addresses_become_links_and_nothing_else_does():
    shown = page(caption="See https://a.example/x_y?b=*c*, www.a.example and http://<b>. ftp://a.b")
    assert shown.of("a") == [{"href": "https://a.example/x_y?b=*c"}]
    assert "https://a.example/x_y?b=*c*, www.a.example and http://<b>. ftp://a.b" in shown.text


def check_that_it_is_shown(key, text):
    """A text is on the page letter for letter, and the page around it is as ever."""
    shown, usual = page(**{key: text}), page()
    read = " ".join(" ".join(UNSEEN.sub("", line) for line in text.splitlines()).split())
    if key == "alt":
        usual.of("img")[0]["alt"] = read
    else:
        assert read in " ".join(shown.text.split())
    elements = [each for each in shown.elements if each[0] not in ("a", "br")]
    assert elements == usual.elements


@pytest.mark.parametrize("key", TEXTS)
def test_markdown_in_a_text_is_shown_as_it_is(key):
    for text in re.split(r" \| |\n", MARKDOWN.strip()):
        check_that_it_is_shown(key, text)


@SETTINGS
@given(st.sampled_from(TEXTS), st.one_of(hostile(), st.text()))
def test_no_text_changes_the_page_around_it(key, text):
    check_that_it_is_shown(key, f"{text} R7")


@SETTINGS
@given(hostile())
@example("```\n# a\n````\n~~~")
def test_no_code_leaves_its_block(code):
    shown = page(repeat=f"{code}\nrun()")
    assert shown.elements == page().elements
    assert "run()" in shown.text
