"""Addresses: where they lead, and user names in the forms that people paste."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar_utils.github_profile.reading.addresses import (
    local_file,
    path_in_repository,
    user_name,
)
from tests.github_profile.judge import SETTINGS, hostile

PASTED = """
mina-example @mina-example mina-example/ mina-example/mina-example github.com/mina-example
github.com/mina-example/ www.github.com/mina-example https://github.com/mina-example
http://www.github.com/mina-example/mina-example
https://github.com/mina-example/mina-example/blob/main/README.md
https://github.com/mina-example/mina-example/tree/main#readme
https://github.com/mina-example?tab=repositories&q=https://github.com/other
https://github.com/mina-example#top https://github.com//mina-example
https://github.com/@mina-example https:github.com/mina-example
https://mina-example@github.com/mina-example/mina-example.git HTTPS://GitHub.COM/mina-example
https:/github.com/mina-example https//github.com/mina-example
git@github.com:mina-example/mina-example.git ssh://git@github.com/mina-example/mina-example.git
git://github.com/mina-example/mina-example.git https://mina-example.github.io
mina-example.github.io/course/ https://gist.github.com/mina-example/0123456789
https://raw.githubusercontent.com/mina-example/mina-example/main/README.md
<https://github.com/mina-example> (https://github.com/mina-example)
"https://github.com/mina-example", `mina-example` **mina-example**
[mina](https://github.com/mina-example)
[https://github.com/mina-example](https://github.com/mina-example)
GitHub:https://github.com/mina-example https://github.com/mina-example。 「mina-example」
＠ｍｉｎａ－ｅｘａｍｐｌｅ ｈｔｔｐｓ：／／ｇｉｔｈｕｂ．ｃｏｍ／ｍｉｎａ－ｅｘａｍｐｌｅ
https://github.com/mina%2Dexample%E2%80%8B
"""
PHRASES = """
git clone https://github.com/mina-example/mina-example.git
[my own page](<https://github.com/mina-example> "GitHub")
- [ ] https://github.com/mina-example
My GitHub: https://github.com/mina-example.
제 깃허브는 https://github.com/mina-example 입니다
"""
UNSEEN = [
    *(" mina-example ", "\thttps://github.com/mina-example\r\n"),
    *("\u200bhttps://github.com/mina-example\u200b", "\ufeffmina-example", "mina\u00ad-example"),
    *("https://github.com/mina-example\u00a0", "\u202amina-example\u202c"),
]
REFUSED = {
    **{"": "names no user.*such as mina-example", " ?! ": "names no user", "😀": "names no user"},
    **dict.fromkeys(("https://", "https://github.com/", "github.com?x"), "names no user"),
    "/home/mina": "names no user",
    "mina@school.example": "e-mail address: nobody needs yours",
    "mailto:mina@school.example": "e-mail address",
    "1+mina-example@users.noreply.github.com": "e-mail address",
    "https://gitlab.com/mina-example": "leads to gitlab.com, not to GitHub",
    "https://github.com.evil.example/mina": "leads to github.com.evil.example",
    "https://github.com@evil.example/mina": "leads to evil.example",
    "https://evil.example/github.com/mina": "leads to evil.example",
    "evilgithub.com/mina": "leads to evilgithub.com",
    **{"www.mina.github.io": "leads to www.mina.github.io", "github.io": "leads to github.io"},
    "https://github.com/settings/profile": "settings, a page of GitHub itself.*top right",
    "https://github.com/orgs/mina/people": "orgs, a page of GitHub",
    "Login": "login, a page of GitHub",
    **dict.fromkeys(("-mina", "mina-", "mi--na", "github.com/mina-"), "a hyphen stands between"),
    "m" * 40: "40 characters: 39 are the most",
    "김미나": "holds '김' '나' '미', which no user name does",
    **{"https://github.com/김미나": "holds '김'", "mina-example입니다": "holds '니'"},
    **{"mina_example": "holds '_'", "mina–example": "holds '–'"},
    "mіna": "holds 'і'",  # the second letter is Cyrillic
    "javascript:alert(1)": "holds",
    "Mina Example": "several words: paste the address of your profile alone",
    "github.com/a github.com/b": "several words",
    "mina " * 500: "a whole text",
}
DOUBLED = """
https://https://github.com/mina-example http://https://github.com/mina-example
https://http://github.com/mina-example https://https//github.com/mina-example
https:https://github.com/mina-example https://https://https://github.com/mina-example
github.com/https://github.com/mina-example https://github.com/https://github.com/mina-example
"""


@pytest.mark.parametrize("text", [*PASTED.split(), *PHRASES.strip().splitlines(), *UNSEEN])
def test_user_name_is_found(text):
    assert user_name(text) == "mina-example"


@pytest.mark.parametrize("name", ["a", "0", "octocat", "Mina-2", "m" * 39, "a-b-c", "my-git"])
def test_every_form_of_name_is_kept_as_it_is_written(name):
    for form in ("{}", "{}/{}", "github.com/{}", "https://{}.github.io", "git@github.com:{}/{}"):
        assert user_name(form.replace("{}", name)) == name


TWICE = dict.fromkeys(DOUBLED.split(), "two addresses in one.* https://github.com/mina-example")


@pytest.mark.parametrize(("text", "words"), (REFUSED | TWICE).items())
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
    start = time.perf_counter()
    for length in (1_900, 100_000):
        with pytest.raises(ValueError):
            user_name(piece * (length // len(piece)))
    assert time.perf_counter() - start < 20  # quadratic time would be minutes


def test_paths_stay_in_the_repository():
    assert path_in_repository("a/../../b") is None and path_in_repository("..") is None
    assert path_in_repository("/a/./b?c#d") == "a/b" and path_in_repository("#x") == ""


def test_an_address_of_the_web_is_no_file():
    files = {"https:/a.org/b.png": b"x", "b.png": b"y"}
    assert local_file("https://a.org/b.png", files) is None
    assert local_file("./b.png#c", files) == b"y" and local_file("../b.png", files) is None
