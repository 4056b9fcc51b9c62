"""What a Korean translation must keep, and how it must read.

Each rule is a function of an English text and its translation that returns its problems; an empty
list means that the rule holds. ``test_korean.py`` applies them to every entry of the catalogues.
"""

import csv
import re
import unicodedata
from collections import Counter
from functools import cache

import cmarkgfm

from seminar_utils.language import LOCALE, with_particles
from seminar_utils.training.data import CLASS_NAMES
from tests.number_words import SOURCES, numbers_in

GLOSSARY = LOCALE / "ko" / "glossary.csv"
LONGEST = 120  # letters of a sentence: two lines of a slide

CODE = re.compile(r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
KEPT = {
    "marks": re.compile(r"\[[WGRA]\d+(?:, [WGRA]\d+)*\]"),
    "code": CODE,
    "links": re.compile(r"https?://[^\s<>)가-힣]+|arXiv:[\d.]+|\]\([^)]+\)"),
    "fields": re.compile(r"\{\w+(?:![rs])?(?::[^{}]*)?\}"),
    "headings": re.compile(r"^#{1,6} (?:D?\d+\.)?", re.MULTILINE),
    "gaps": re.compile(r"^\| \? \||\? \|$", re.MULTILINE),
    "page": re.compile(r"</?(?!br|pre)[a-z0-9]+"),  # what the Markdown becomes, so it comes last
}
# A quotation, a title, a bracket and an address may be English.
FOREIGN = re.compile(r"\"[^\"]*\"|“[^”]*”|\([^()]*\)|https?://\S+|(?<!\*)\*[^*\n]+\*(?!\*)|<[^>]+>")
NAMED = re.compile(r"'[^']*'")  # another word for a term, named once
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z']+\b[ ,]+){4,}\b[a-z]+\b")
RANGE = re.compile(r"\d (?:against|and|to|or) -?[\d.]+ ?%")
COUNTERS = "층|개|장|번|배|초|분|픽셀|줄|절"
SPACING = re.compile(rf"\d %p|[가-힣] [.,?!](?!\w)|[가-힣.]  +[가-힣]|(?<!x)\d (?:{COUNTERS})\b")
GARMENT = re.compile("|".join(map(re.escape, sorted(CLASS_NAMES, key=len, reverse=True))))
SENTENCE = re.compile(r"(?<=[.?!:;])\s+|\n\n|^\||\|$|^- |^#+ ", re.MULTILINE)
# Particles that go by how the word before ends; what follows a bracket goes by the word before it.
PARTICLE = re.compile(
    r"(?P<word>[A-Za-z0-9%]+(?:/\d+)?(?:\((?:\d{4}|[A-Za-z가-힣 ,-]+)\))?)"
    r"(?P<particle>은|는|이|가|을|를|과|와|으로|로)(?![가-힣])"
)
FORMS = {"은": "은(는)", "이": "이(가)", "을": "을(를)", "과": "과(와)", "으로": "(으)로"}
FORMS |= {"는": "은(는)", "가": "이(가)", "를": "을(를)", "와": "과(와)", "로": "(으)로"}
UP_TO_TEN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
WORDS = [  # of the source, which may be digits in Korean
    *((word, str(n)) for n, word in enumerate(UP_TO_TEN)),
    *(("tenth", "1"), ("tenth", "10"), ("[a-z]th ", "1"), ("fold", "1"), ("half a minute", "30")),
    *(("half a percentage point", "0.5"), ("a third of a point", "0.3")),
    *(("black", "0"), (" Dec ", "12"), ("hundred", "100"), ("thousand", "1,000")),
    *(("third", "3"), ("quarter", "4")),
]


def prose(text: str) -> str:
    """Return a text without its code."""
    return CODE.sub("코드", text)


def kept(english: str, korean: str) -> list[str]:
    """Marks, code, links, fields, headings, table rows and bold words are those of the source."""
    problems = []
    for what, pattern in KEPT.items():
        if what == "page":
            english, korean = map(cmarkgfm.github_flavored_markdown_to_html, (english, korean))
        ours, theirs = Counter(pattern.findall(korean)), Counter(pattern.findall(english))
        if ours != theirs:
            problems.append(f"{what}: {dict(ours - theirs)} instead of {dict(theirs - ours)}")
    return problems


def numbers(english: str, korean: str) -> list[str]:
    """Every number of the source stands in the translation as often, and no other does.

    A number may be said again, and one that the source has in words may be written in digits.
    """
    english = re.sub(r"(?<=\d) per cent", " %", english)
    english = re.sub(r"([\d.]+) billion", lambda found: f"{10 * float(found[1]):g}억", english)
    english = re.sub(r"(?<=\d) million", " M", english)
    # Both ends of a range may have their sign.
    ends = " %" if RANGE.search(english) else " M" if " M" in english else "no"
    theirs, ours = (
        Counter(one.removesuffix(ends) for one in numbers_in(text)) for text in (english, korean)
    )
    lacking, more = theirs - ours, (ours - theirs).keys() - theirs.keys()
    more -= {digits for word, digits in WORDS if re.search(f"(?i){word}", english)}
    return [f"numbers: {more or {}} instead of {dict(lacking)}"] if lacking or more else []


def no_english(english: str, korean: str) -> list[str]:
    """No English sentence is left over."""
    return [f"English: {found[0]}" for found in ENGLISH.finditer(FOREIGN.sub(" ", prose(korean)))]


def composed(english: str, korean: str) -> list[str]:
    """Hangul is stored in one form (NFC), as keyboards write it."""
    return [] if unicodedata.is_normalized("NFC", korean) else ["not in the form NFC"]


def short(english: str, korean: str) -> list[str]:
    """No sentence is longer than two lines of a slide."""
    text = FOREIGN.sub(" ", prose(korean))
    sentences = (" ".join(one.split()) for one in SENTENCE.split(text))
    return [f"{len(one)} letters: {one}" for one in sentences if len(one) > LONGEST]


def particles(english: str, korean: str) -> list[str]:
    """A particle fits the English word or number before it, as it is read aloud."""
    problems = []
    for found in PARTICLE.finditer(korean):
        chosen = with_particles(found["word"] + FORMS[found["particle"]])
        if chosen != found[0]:
            problems.append(f"particle: {found[0]} instead of {chosen}")
    return problems


def terms(english: str, korean: str) -> list[str]:
    """Each term of the glossary is translated by its word, and by no forbidden one."""
    problems, english, text = [], FOREIGN.sub(" ", prose(english)), NAMED.sub(" ", prose(korean))
    for row in _glossary():
        is_meant = row["english"] and re.search(rf"(?i)\b(?:{row['english']})\b", english)
        if is_meant and not re.search(row["korean"], korean):
            problems.append(f"term: {row['english']} is {row['korean']}")
        if row["never"] and (found := re.search(row["never"], text)):
            problems.append(f"word: {found[0]} ({row['korean'] or row['note']})")
    return problems


def spacing(english: str, korean: str) -> list[str]:
    """Units and counters stand at their number; no blank before a mark, no double one."""
    return [f"spacing: {one}" for one in SPACING.findall(korean)]


def garments(english: str, korean: str) -> list[str]:
    """Classes of Fashion-MNIST that are not translated are the source's, in its order."""
    ours, theirs = GARMENT.findall(korean), GARMENT.findall(english)
    differ = len(theirs) > 1 and ours not in ([], theirs)
    return [f"classes: {ours} instead of {theirs}"] if differ else []


RULES = (kept, composed, particles, spacing, garments)
RULES_OF_PROSE = (numbers, no_english, short, terms)  # references may stay English


def all_problems(english: str, korean: str) -> list[str]:
    """Apply every rule to an entry."""
    rules = RULES if SOURCES.search(english) else (*RULES, *RULES_OF_PROSE)
    return [problem for rule in rules for problem in rule(english, korean)]


@cache
def _glossary() -> tuple[dict[str, str], ...]:
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
