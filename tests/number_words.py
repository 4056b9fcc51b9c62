"""The numbers in a text, in any language: what counts as one number, and when two agree.

A number is kept as it is written, with its sign, thousands, decimals, per cent, and G, M or K:
"+0.60", "1,755", "3.57 %", "15.5 G", "10^4". Also kept whole are names ("ResNet-34", "R12", "4a"),
sizes ("3x3", "14 x 14" as 14x14) and fractions of integers ("3/4"). Words that a translation
changes are left out: "8x", "34-layer" and "3.5 %p" give 8, 34 and 3.5.
"""

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from nbformat import NotebookNode

from tests.output_rules import tags_of

# What is not prose: code, addresses, targets of links, HTML tags, numbers of preprints.
EXEMPT = re.compile(
    r"^(?P<fence>```|~~~).*?^(?P=fence)"
    r"|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"
    r"|https?://[^\s<>()]+|\]\([^)]*\)|</?[a-zA-Z][^<>]*>"
    r"|\barXiv:\d{4}\.\d{4,5}(?:v\d)?",
    re.DOTALL | re.MULTILINE,
)
RESULT = re.compile(r"`[-+−]?[0-9][0-9,]*(?:\.[0-9]+(?: ?%)?| ?%)`")  # in code letters, no code
# From this heading to the end stand references.
SOURCES = re.compile(r"^#{1,6} +(?:Sources and further reading|출처)", re.MULTILINE)

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
NUMBER = re.compile(
    rf"""
    (?P<name>
        (?<![A-Za-z0-9.]) [A-Za-z]+ (?:-[A-Za-z]+)* -? [0-9{RAISED}]+
        (?: \.[0-9]+ | [a-z]? (?:_[0-9a-z]+)* )
        | (?<![A-Za-z0-9.,]) [0-9] [a-e] (?![A-Za-z0-9] | [-+][0-9])
    )
    | (?P<size> [0-9]+ (?: (?: [x×] | \s[x×]\s ) [0-9]+ (?![.,]?[0-9]) )+ )
    | (?P<fraction> (?<![0-9.]) [0-9]+/[0-9]+ (?![0-9.]) )
    | (?P<number>
        (?: (?<![\w)\]/.]) [-+−] )?
        (?: [0-9]{{1,3}} (?: ,[0-9]{{3}} )+ (?![0-9]) | [0-9]+ )
        (?: \.[0-9]+ )?
        (?: e[-+]?[0-9]+ | \^[-−]?[0-9]+(?:\.[0-9]+)? | ⁻?[{RAISED}]+ )?
    )
    (?: \s? (?P<percent> %(?!p|-?\s?point|포인트) ) | \s? (?P<unit> [GMK] (?![A-Za-z]) ) )?
    | [{RAISED}]+
    """,
    re.VERBOSE,
)
SCALE = {"K": 3, "M": 6, "G": 9}


def masked(text: str) -> str:
    """Return a text of the same length in which blanks stand for what is not prose."""
    return EXEMPT.sub(
        lambda match: match[0] if RESULT.fullmatch(match[0]) else re.sub(r"[^\n]", " ", match[0]),
        text,
    )


def matches(text: str) -> list[tuple[str, int]]:
    """Return the numbers of a text of prose, as they are kept, and where they begin."""
    return [(_kept(match), match.start()) for match in NUMBER.finditer(masked(text))]


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text of prose."""
    return [number for number, _ in matches(text)]


def numbers_of(cell: NotebookNode) -> list[str]:
    """Return what a cell says in numbers: its tags that have one, then a text cell's numbers."""
    tags = [tag for tag in tags_of(cell) if re.search(r"\d", tag)]
    prose = cell.source if cell.cell_type == "markdown" else ""
    return tags + ([] if SOURCES.search(prose) else numbers_in(prose))


def agree(number: str, value: str | Decimal) -> bool:
    """Tell whether a number of the prose is this value, rounded to the number's own decimals.

    A value that is a text must have as many decimals itself. A number without a sign may be the
    size of a negative value; a share between 0 and 1 may be given in per cent.
    """
    if number == value:
        return True
    ours, theirs = _parsed(number), _parsed(value) if isinstance(value, str) else (value, "")
    if ours is None or theirs is None:
        return False
    (digits, mark), (wanted, its_mark) = ours, theirs
    candidates = [wanted]
    if mark == "%" and its_mark != "%" and abs(wanted) <= 1:
        candidates.append(wanted * 100)
    if mark in SCALE and not its_mark:
        candidates.append(wanted.scaleb(-SCALE[mark]))
    exact = not isinstance(value, str)
    return any(
        _rounds(digits, candidate, number)
        for candidate in candidates
        if exact or candidate.as_tuple().exponent <= digits.as_tuple().exponent
    )


def number_values(text: str) -> list[str]:
    """Return the numbers of an output or a table, where nothing is exempt."""
    return [_kept(match) for match in NUMBER.finditer(text)]


def _kept(match: re.Match) -> str:
    if match["size"]:
        return re.sub(r"\s?[x×]\s?", "x", match["size"])
    if not match["number"]:
        return match[0]
    mark = match["percent"] or match["unit"]
    return match["number"].replace("−", "-") + (f" {mark}" if mark else "")


def _parsed(number: str) -> tuple[Decimal, str] | None:
    """Split a number into its value and its mark; a power agrees with nothing but itself."""
    match = NUMBER.fullmatch(number)
    if not match or not match["number"] or {*match["number"]} & {"^", *RAISED}:
        return None
    digits, mark = match["number"].replace("−", "-"), match["percent"] or match["unit"] or ""
    return Decimal(digits.replace(",", "")), mark


def _rounds(digits: Decimal, value: Decimal, number: str) -> bool:
    step = Decimal(1).scaleb(digits.as_tuple().exponent)
    signed = number[0] in "+-−"
    for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        rounded = value.quantize(step, rounding=rounding)
        if rounded == digits or (not signed and abs(rounded) == digits):
            return True
    return False
