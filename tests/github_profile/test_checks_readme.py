"""README.md: there, named and stored as GitHub reads it, without scripts or templates."""

import pytest

from seminar_utils.github_profile.checks import readme
from seminar_utils.github_profile.checks.findings import Finding, in_order
from seminar_utils.github_profile.reading.page import read_page
from seminar_utils.github_profile.reading.texts import decode, one_line
from tests.github_profile.profiles import split


def only(findings):
    """The one finding, with everything a student needs in sentences."""
    (finding,) = findings
    for sentence in (finding.what, finding.why, finding.mend):
        assert sentence and "\n" not in sentence
    return finding


NAMES = """
mina-example;Mina-Example;MINA-example-main;mina-example-main (1)
mina-example - 복사본;mina-example (2)
mina-example - Copy;mina-example - 복사본 (2);mina-example_master
"""


@pytest.mark.parametrize("name", split(NAMES))
def test_the_repository_is_named_like_the_user(name):
    assert readme.repository_name(name, "mina-Example") == []


def test_another_name_fails_and_no_name_warns():
    for name in ("mina", "mina-example2", "mina-example-develop", "mina-example (a)"):
        found = only(readme.repository_name(name, "mina-example"))
        assert found.level == "fail" and name in found.what and "mina-example" in found.mend
    assert readme.repository_name("mina-main", "mina-main") == []
    assert only(readme.repository_name(None, "mina")).level == "warn"


MISSING = {
    "README.md is missing.": ["a.txt", "doc.md"],
    "README.md is missing, and a zip": ["a.ZIP"],
    "There is README.txt, but no": ["README.txt"],
    "There is Readme, but no": ["Readme", "x/README.md"],
    "not in the root but here: mina/README.md": ["mina/README.md", "mina/zoo/README.md"],
}


@pytest.mark.parametrize("words", MISSING)
def test_a_missing_readme_fails_and_says_what_there_is(words):
    found = only(readme.readme_file(dict.fromkeys(MISSING[words], b"hi")))
    assert found.level == "fail" and words in found.what
    assert ("plain text" in found.why) == words.startswith("There is")


@pytest.mark.parametrize("raw", [b"", b" \n\r\n\t", b"\xef\xbb\xbf", b"\xff\xfe\n\0"])
def test_an_empty_readme_fails(raw):
    assert only(readme.readme_file({"README.md": raw})).what == "README.md is empty."
    assert readme.readme_file({"README.md": raw + b"a"}) == []


ENCODED = {
    "UTF-8": "안녕 🙂".encode(),
    "UTF-8 with a byte-order mark": "안녕 🙂".encode("utf-8-sig"),
    "UTF-16": "안녕 🙂".encode("utf-16"),
    "CP949": "안녕".encode("cp949"),
    "unknown": b"\xff\xff\x81",
}


@pytest.mark.parametrize("name", ENCODED)
def test_encodings_are_told_apart(name):
    text, encoding = decode(ENCODED[name])
    assert encoding == name
    assert text.startswith("안녕") or name == "unknown"
    found = readme.encoding(encoding)
    assert [each.level for each in found] == ["warn"] * (name != "UTF-8")
    assert ["byte-order" in each.what for each in found] == ["mark" in name] * (name != "UTF-8")


def test_line_ends_become_one_kind():
    assert decode(b"a\r\nb\rc\n")[0] == "a\nb\nc\n"


STRIPPED = [
    *("<script>alert(1)</script>", "<SCRIPT src=x></SCRIPT>", "<img src=a.png OnError='x'>"),
    *("<svg onload=x></svg>", "<p onclick=x>a</p>", "[a](javascript:x)", "[a](JavaScript:x)"),
    *("<a href=' java\tscript:x'>a</a>", "<a href='&#106;avascript:x'>a</a>", "[a](vbscript:x)"),
    *("[a](<data:text/html;base64,AA>)", "<iframe src=x></iframe>", "<object data=x></object>"),
    *("<embed src=x>", "<form action=x><input></form>", "<meta http-equiv=refresh content=0>"),
    *("<b onmouseover=x>a</b>", "<p onbeforeinput=x>a</p>"),
    "<svg><a xlink:href='javascript:x'>a</a></svg>",
]


@pytest.mark.parametrize("text", STRIPPED)
def test_what_could_run_fails(text):
    for before in ("", "<div>\n\n- "):
        found = only(readme.scripts(read_page(f"# a\n\n{before}{text}\n")))
        assert found.level == "fail" and found.line == 3 + 2 * bool(before)


@pytest.mark.parametrize(
    "text",
    [
        *("`<script>alert(1)</script>`", "```\n<script>\n```", "    <img onerror=x>"),
        *("<!-- <script>x</script> -->", "on = 1; javascript is a language"),
        "[a](https://javascript.info) [b](mailto:mina@example.org) [c](on.md)",
        *("<details open><summary>a</summary></details>", "- [x] done", "&lt;script&gt;"),
    ],
)
def test_what_cannot_run_is_left_alone(text):
    assert not list(readme.scripts(read_page(text)))


def test_markdown_shown_as_text_warns():
    page = read_page("<div>\n## a\n</div>\n\n![b](c d.png)\n")
    in_html, unread = readme.shown_as_text(page)
    assert (in_html.level, in_html.line, unread.level, unread.line) == ("warn", 2, "warn", 5)
    assert "empty line" in in_html.why and "%20" in unread.mend


def test_a_page_that_was_not_seen_in_full_fails():
    assert only(readme.too_long(read_page("a" * 600_000))).level == "fail"
    assert readme.too_long(read_page("a" * 10_000)) == []  # one long line is none


def test_placeholders_warn():
    found = only(readme.placeholders("a\nTODO: write\n"))
    assert (found.level, found.line) == ("warn", 2) and "TODO" in found.what


def test_a_comment_is_no_placeholder_and_keeps_the_lines():
    (found,) = readme.placeholders("<!-- TODO: x\n<your name> -->\n<your name>\n<!-- TODO: y")
    assert found.line == 3


def test_a_style_without_effect_gets_advice():
    (found,) = readme.styles(read_page("a\n\n<p style='color: red' align=center>b</p>"))
    assert (found.level, found.line) == ("advice", 3) and "align=" in found.mend


def test_a_flood_of_placeholders_is_cut_off():
    assert len(list(readme.placeholders("TODO\n" * 1_000))) == 100


def finding(level="fail", line=1, what="a", why="b"):
    return Finding(level, line, what, why, "c")


def test_findings_come_by_level_and_line():
    given = [finding("advice"), finding("warn", 2), finding("fail", 9), finding("fail", None)]
    assert in_order(given + given) == (given[3], given[2], given[1], given[0])


def test_more_than_ten_of_a_kind_are_counted():
    ordered = in_order([finding(line=line) for line in range(1, 31)] + [finding(why="other")])
    assert [each.line for each in ordered if each.why == "b"] == [*range(1, 11), None]
    assert "20 more" in next(each.what for each in ordered if each.line is None)
    assert len([each for each in ordered if each.why == "other"]) == 1


def test_texts_are_shown_in_one_harmless_line():
    assert one_line("한국어 a\n b\x1b[2J\u202e") == "한국어 a b\ufffd[2J\ufffd"
    assert one_line("x" * 100, 5) == "xxxxx..." and one_line("x" * 5, 5) == "xxxxx"
    assert one_line("\n" * 100) == "..."
