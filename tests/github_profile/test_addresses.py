"""Addresses: where they lead, and user names in the forms that people paste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar_utils.github_profile.reading.addresses import (
    local_file,
    path_in_repository,
    user_name,
)
from tests.github_profile.corpus import cases
from tests.github_profile.judge import SETTINGS, hostile, quickly

UNSEEN = [
    *(" mina-example ", "\thttps://github.com/mina-example\r\n"),
    *("\u200bhttps://github.com/mina-example\u200b", "\ufeffmina-example", "mina\u00ad-example"),
    *("https://github.com/mina-example\u00a0", "\u202amina-example\u202c"),
]
PASTED = [text for text, name in cases("user") if name == "mina-example"]
REFUSED = [(text, said) for text, said in cases("user") if said != "mina-example"]
REFUSED += [("", "names no user.*such as mina-example"), ("mina " * 500, "a whole text")]
REFUSED += [("m" * 40, "40 characters: 39 are the most")]


@pytest.mark.parametrize("text", [*PASTED, *UNSEEN])
def test_user_name_is_found(text):
    assert user_name(text) == "mina-example"


@pytest.mark.parametrize("name", ["a", "0", "octocat", "Mina-2", "m" * 39, "a-b-c", "my-git"])
def test_every_form_of_name_is_kept_as_it_is_written(name):
    for form in ("{}", "{}/{}", "github.com/{}", "https://{}.github.io", "git@github.com:{}/{}"):
        assert user_name(form.replace("{}", name)) == name


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_is_none_is_named_in_one_sentence(text, words):
    with pytest.raises(ValueError, match=words) as caught:
        user_name(text)
    sentence = str(caught.value)
    assert sentence.startswith('"') and sentence.endswith(".") and "\n" not in sentence
    assert len(sentence) < 300


@SETTINGS
@given(st.one_of(hostile(), st.text()))
def test_any_text_gives_a_name_or_a_sentence(text):
    try:
        name = user_name(text)
    except ValueError as error:
        assert str(error).isprintable() and str(error).endswith(".")
    else:
        assert name.isascii() and name.replace("-", "").isalnum() and len(name) <= 39
        assert user_name(name) == name


@pytest.mark.parametrize("piece", ["a.", "[", "a.a@", "https:/", "(", "%", "-"])
def test_long_texts_are_read_quickly(piece):
    for length in (1_900, 100_000):
        with quickly(), pytest.raises(ValueError):
            user_name(piece * (length // len(piece)))


def test_paths_stay_in_the_repository_and_the_web_is_no_file():
    assert path_in_repository("a/../../b") is None and path_in_repository("..") is None
    assert path_in_repository("/a/./b?c#d") == "a/b" and path_in_repository("#x") == ""
    files = {"https:/a.org/b.png": b"x", "b.png": b"y"}
    assert local_file("https://a.org/b.png", files) is None
    assert local_file("./b.png#c", files) == b"y" and local_file("../b.png", files) is None
