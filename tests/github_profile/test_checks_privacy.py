"""Keys, numbers of persons and home folders: found in every text, never repeated."""

import json
import re
import time

import pytest

from seminar_utils.github_profile.checks import privacy as checks
from seminar_utils.github_profile.checks.privacy import archives, person, privacy
from seminar_utils.github_profile.reading.texts import pieces
from tests.github_profile.profiles import PRIVATE_KEY, TOKEN, notebook, split

README = "README.md"


def found(text):
    return privacy({README: text.encode()}, README)


def places(files):
    return [each.what.partition(" in ")[2] for each in privacy(files, README)]


# Put together here, so that no scanner takes this file for a leak.
SECRETS = {
    "GitHub": [TOKEN, "gho_" + "Z9" * 18, "github_pat_" + "11ABCDE0_" * 6],
    "Amazon": ["AKIA" + "IOSFODNN7ABCDEFG"],
    "Google": ["AIza" + "Sy-_5" * 7],
    "Slack": ["xoxb-" + "123456789012-abc", "https://hooks.slack." + "com/services/T00000/B000/x"],
    "OpenAI": ["sk-" + "a1" * 24, "sk-proj-" + "b2" * 24, "sk-ant-api03-" + "c3" * 24],
    "Hugging": ["hf_" + "aB" * 17],
    "Jupyter": ["http://localhost:8888/?token=" + "0a" * 24],
    "address": ["https://mina:hunter22@example.org/"],
    "private": [PRIVATE_KEY, "-----BEGIN " + "PRIVATE KEY-----", "-----BEGIN RSA " + "PRIVATE KEY"],
    "password": [
        *("password = 'hunter2'", 'PASSWORD: "correct-horse"', "password: hunter22"),
        *('"api_key": "a8f5f167f44f"', "API_KEY='a8f5f167f44f'", "비밀번호: abcd1234"),
        "secret_key = `a8f5f167f44f`",
    ],
}


@pytest.mark.parametrize("kind", SECRETS)
def test_secrets_fail_and_are_not_repeated(kind):
    for secret in SECRETS[kind]:
        (finding,) = found(f"# hi\n\ntext {secret} text\n")
        assert (finding.level, finding.line) == ("fail", 3)
        assert kind in finding.what
        said = finding.what + finding.why + finding.mend
        for word in set(re.findall(r"\w{6,}", secret)) - {"password", "PRIVATE"}:
            assert word not in said


def test_first_four_characters_tell_which_key():
    assert found(TOKEN)[0].what == "A GitHub token that begins with ghp_."
    assert "begins with hunt." in found("password = 'hunter2'")[0].what


# Beginning, letter and the fewest that follow: both sides of each pattern's limit.
SHORTEST = """
ghp_ A 30;github_pat_ A 20;AKIA A 16;AIza A 35;xoxp- A 10;sk- A 20;hf_ A 30;?token= a 32
"""


@pytest.mark.parametrize("key", SHORTEST.strip().split(";"))
def test_a_key_has_its_length(key):
    begins, letter, fewest = key.split()
    assert len(found(begins + letter * int(fewest))) == 1
    assert found(begins + letter * (int(fewest) - 1)) == []


RESIDENTS = """
990101-1234567;990101 - 1234567;000229-3234567;번호:850315–2345678;990101-5234567;8502281234566
"""
TELEPHONES = """
010-1234-5678;01012345678;010 1234 5678;010.1234.5678;011-123-4567;+82 10-1234-5678
+82-10-1234-5678;+821012345678;+82 (0)10-1234-5678;+1 (555) 010-0123;+44 20 7946 0958
+4915112345678;전화:010-1234-5678.
"""
NUMBERS = "학번: 20231234;Student ID: 20231234;student number 20231234;여권번호: M12345678"
HOMES = r"""
/home/mina/course;/Users/mina;C:\Users\mina\x;'d:\\Users\\mina.kim';file:///home/mina
/mnt/c/Users/mina/x;(/c/Users/mina);C:\Users\김미나\x;/home/김미나
"""


@pytest.mark.parametrize(
    ("level", "what", "text"),
    [
        *(("fail", "A Korean resident registration number.", text) for text in split(RESIDENTS)),
        *(("warn", "A telephone number.", text) for text in split(TELEPHONES)),
        *(("warn", "A student or passport number.", text) for text in split(NUMBERS)),
        *(("warn", "A path that holds the name of a home folder.", text) for text in split(HOMES)),
    ],
)
def test_numbers_of_persons_and_home_folders_are_found_and_not_repeated(level, what, text):
    (finding,) = found(f"a\n{text}")
    assert (finding.level, finding.line, finding.what) == (level, 2, what)
    said = finding.why + finding.mend
    assert not any(sign.isdigit() for sign in said) and "mina" not in said


NOTHING = r"""
password = getpass();password = os.environ['X1'];password = None;password: forgotten again
password = 'your-password';password='********';api_key = '<your key>';api_key=os.environ
token = tokenizer("sentence1");task-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;sk-learn AKIA AIza ghp_short
https://example.org:8080/@x;https://github.com/mina@example.org;비밀번호를 잊었습니다
990230-1234567;991301-1234567;010229-3234567;000229-5234567;000229-1234567;990101-9234567
990101-12345678;990101-1******;8502281234567;1700000000000;1712121712345;0.9901011234567
x990101-1234567;2026-990101-1234567;990101-123456;19990101-1234567
0.01012345678;10-1234-5678;+1.2345678901;1+2 34 5678 9012;3.14010123456789;+0.5;2010-1234-5678
+12 %p;+1 10 100;a010-1234-5678;28 x 28 +10 20;224 224 3;1,582,671,872;+7.5 +- 1.5;010-1234-56789
/home/user/x;/home/NAME;/home/<name>;/home/...;/home/$USER;/home/jovyan;/root/home/x;athome/mina
https://example.org/home/news;~/home;/home;/Users/Shared/x;C:\Users\Public\x;C:\Users\
sha256 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
"""


@pytest.mark.parametrize("text", split(NOTHING))
def test_what_only_looks_private_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "저는 김미나입니다. 한국대학교 통계학과 2학년.",
        "이름: 김미나\n\n학교: 서울고등학교 3반",
        "My name is Mina Example, second-year student at Example University.",
        "I'm Mina Example. Class 3, Example High School",
        "Name: Mina Example, University of Example, 23학번",
    ],
)
def test_name_school_and_class_together_warn(text):
    (finding,) = person(f"# a\n\n{text}")
    assert (finding.level, finding.line) == ("warn", 3)
    assert "guess" in finding.why and "Mina" not in finding.what


TWO_OF_THREE = """
저는 김미나입니다. 2학년.;저는 대학생입니다. 한국대학교 2학년.
mina-example, second-year student at Example University;I am Mina Example at Example University
My name is Mina Example. I study statistics.
I am interested in what Example University taught in class 3
"""


@pytest.mark.parametrize("text", split(TWO_OF_THREE))
def test_two_of_the_three_are_fine(text):
    assert person(text) == []


def test_other_texts_are_looked_through_and_named():
    text = f"a\n{TOKEN}\n".encode()
    assert places({"src/run.py": text}) == ["src/run.py, line 2."]
    assert places({"LICENSE": text, ".env": text}) == ["LICENSE, line 2.", ".env, line 2."]
    assert places({"korean.txt": f"한글\n{TOKEN}".encode("cp949")}) == ["korean.txt, line 2."]
    assert places({"wide.txt": f"한글\n{TOKEN}".encode("utf-16")}) == ["wide.txt, line 2."]
    assert places({"picture.png": b"\x89PNG\0" + text}) == []


def test_notebooks_are_looked_through_cell_by_cell():
    assert places({"a.ipynb": notebook(f"x = 1\ny = '{TOKEN}'")}) == ["a.ipynb, cell 1, line 2."]
    coloured = "\x1b[0;32m/home/mina/run.py\x1b[0m"
    assert places({"a.ipynb": notebook("1", coloured)}) == ["a.ipynb, output of cell 1, line 1."]
    outputs = [
        {"output_type": "execute_result", "data": {"text/html": ["<b>", TOKEN, "</b>"]}},
        {"output_type": "error", "traceback": ["a", f"\x1b[31mb {TOKEN}\x1b[0m"]},
        {"output_type": "display_data", "data": {"image/png": TOKEN}},  # nobody reads pixels
    ]
    cells = [{"cell_type": "markdown", "source": TOKEN}, {"source": "", "outputs": outputs}]
    assert len(places({"a.ipynb": json.dumps({"cells": cells}).encode()})) == 3


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '{"cells": 3}', '{"cells": [3]}', "[" * 100_000, "1" * 10_000),
        *('{"cells": [{"source": 3, "outputs": [3, {"data": 1, "text": {}, "traceback": 1}]}]}',),
        *('{"cells": [{"source": ["a", 1, null], "outputs": {}}]}', '{"cells": {"a": 1}}'),
    ],
    ids=lambda text: text[:12],
)
def test_broken_notebooks_are_texts(text):
    assert privacy({"a.ipynb": text.encode()}, README) == []
    assert places({"a.ipynb": f"{text}\n{TOKEN}".encode()})


def test_archives_are_named_and_not_opened():
    names = ["a.zip", "b.TAR", "c/d.7z", "e.tar.gz", "f.alz"]
    found = archives(dict.fromkeys([*names, "g.md"], b""))
    assert [(each.what.split()[0], each.level) for each in found] == [(n, "warn") for n in names]


def test_a_flood_is_cut_off():
    assert len(found("/home/mina ssh\n" * 10_000)) <= 100


SLOW = "A;1;010-;가;password;password   ;a:;+1 23 45;://a:b;저는 김미나;-"


@pytest.mark.parametrize("text", SLOW.split(";"))
def test_no_pattern_is_slow(text):
    long = text * (200_000 // len(text))
    start = time.process_time()
    found(long)
    person(long)
    assert time.process_time() - start < 20  # quadratic time would be minutes


def test_what_was_not_looked_through_is_said(monkeypatch):
    monkeypatch.setattr(checks, "MOST_CHARACTERS", 1_000)
    half = f"{TOKEN}\n".encode() + b"a" * 500
    first, missed = privacy({"a.txt": half, "b.txt": half, README: half}, README)
    assert (first.level, first.line) == ("fail", 1)  # README.md comes first
    assert missed.level == "warn"
    assert missed.what == "a.txt, and what follows, were not looked through."


def test_a_notebook_as_large_as_the_memory_is_a_text():
    raw = b'{"cells": [' + b"{}," * 4_000_000 + b"{}]}"
    assert [place for place, _ in pieces("a.ipynb", raw)] == ["a.ipynb"]
