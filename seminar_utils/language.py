"""The language in which the package speaks: English, or one of the folders of ``locale/``.

A sentence for the reader stands in English where it is made: ``tr("Step {n} differs.", n=3)``. One
that stands in a constant goes through ``tr`` where it is shown; ``N_`` marks it if nothing else
tells the catalogues of it. Which language it is says the variable SEMINAR_LANGUAGE, which
``make lab LANGUAGE=ko`` and ``use`` set; what the machine itself speaks does not count.

The gettext catalogues are read as they are, with Babel, which JupyterLab needs anyway: a clone
speaks Korean without anything to be compiled. ``python -m tests.catalogues`` brings them up to
date after a change of the English texts.
"""

import os
import re
import unicodedata
from functools import cache
from pathlib import Path

__all__ = [
    "ENGLISH",
    "LOCALE",
    "N_",
    "VARIABLE",
    "Later",
    "catalogue",
    "current",
    "languages",
    "tr",
    "tr_words",
    "use",
    "with_particles",
    "without_numbers",
]

LOCALE = Path(__file__).resolve().parents[1] / "locale"
VARIABLE = "SEMINAR_LANGUAGE"
PACKAGE = ("package", "statements", "tables")  # catalogues of what the package says
ENGLISH = "en"

NUMBER = re.compile(r"(?<![\w.\-])[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?!\w)")
# A translation has a particle in both forms where the word before it is known only later.
PARTICLES = re.compile(r"(은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로|\(이\)라)")
# What nobody reads aloud before the particle; of 3/4 (four's three) it is the 3 that comes last.
UNREAD = re.compile(r"(\([^()]*\)|[^\w%]|(?<=\d)/\d+)*$")
# Read aloud in Korean, this ends in a consonant: 영, 일, 삼, 육, 칠, 팔; 엘, 엠, 엔, 알 of a name
# in capitals, or of a lone letter; a word such as block, convolution, kernel, net, not GitHub, png.
# The sign %p is 퍼센트포인트.
CLOSED = re.compile(
    r"([013678]|(?<![A-Za-z])[A-Z]*[LMNR]|(?<![A-Za-z])[lmnr]|[a-z][bcklmnp]|[a-z]ng|[aeiou]t"
    r"|\bNone)(?<!GitHub)(?<!png)$"
)
ENDS_IN_L = re.compile(r"([178]|(?<![A-Za-z])[A-Z]*[LR]|[a-z]l)$")


def languages() -> list[str]:
    """List English and every language that has catalogues."""
    return [ENGLISH, *sorted(path.name for path in LOCALE.glob("*") if path.is_dir())]


def current() -> str:
    """Return the language of this process, such as "ko"."""
    return _known(os.environ.get(VARIABLE) or ENGLISH)


def use(language: str) -> None:
    """Speak this language from now on, in this process and in those that it starts.

    Raises:
        ValueError: There is no such language.
    """
    os.environ[VARIABLE] = _known(language)


def tr(message: str, **fields: object) -> str:
    """Return a message in the current language, with its fields filled in.

    A field that is a message itself (``Later``) is translated, too.
    """
    language = current()
    if isinstance(message, Later):
        message, fields = message.message, message.fields
    if language != ENGLISH:
        message = _messages(language).get(message, message)
        fields = {name: tr(x) if isinstance(x, Later) else x for name, x in fields.items()}
    text = message.format(**fields) if fields else message
    return text if language == ENGLISH else with_particles(text)


def tr_words(text: str) -> str:
    """Translate what a table shows, whatever its numbers: "97 of 500" as "{0} of {1}"."""
    if (found := tr(text)) != text or current() == ENGLISH:
        return found
    message, numbers = without_numbers(text)
    found = _messages(current()).get(message)
    return with_particles(found.format(*numbers)) if found else text


def without_numbers(text: str) -> tuple[str, list[str]]:
    """Return a text with a field for each number, and the numbers."""
    numbers: list[str] = []

    def field(match: re.Match) -> str:
        numbers.append(match[0])
        return f"{{{len(numbers) - 1}}}"

    return NUMBER.sub(field, text), numbers


class Later(str):
    """An English message that ``tr`` can still translate: code may go on comparing it."""

    def __new__(cls, message: str, **fields: object) -> "Later":
        """Fill in the fields."""
        made = super().__new__(cls, message.format(**fields) if fields else message)
        made.message, made.fields = message, fields
        return made


def N_(message: str) -> Later:
    """Mark a constant that goes through ``tr`` where it is shown."""
    return Later(message)


@cache
def catalogue(language: str, name: str) -> dict[tuple[str, str], str]:
    """Read a catalogue: translations, without the doubtful ones, by context and English text."""
    from babel.messages.pofile import read_po  # English needs neither its time nor its presence

    with (LOCALE / language / f"{name}.po").open("rb") as file:
        entries = list(read_po(file, abort_invalid=True))
    return {(e.context or "", e.id): e.string for e in entries if e.id and e.string and not e.fuzzy}


def with_particles(text: str) -> str:
    """Choose the form of every particle that has both: "ResNet-32은(는)" is "ResNet-32는"."""
    first, *others = PARTICLES.split(text)
    for particle, after in zip(others[::2], others[1::2], strict=True):
        first += _form(UNREAD.sub("", first), particle) + after
    return first


def _form(before: str, particle: str) -> str:
    """Choose by how the end of the text before is read aloud."""
    name = unicodedata.name(before[-1:], "") if before else ""
    final = (ord(before[-1]) - 0xAC00) % 28 if name.startswith("HANGUL SYLLABLE") else None
    closed = final > 0 if final is not None else bool(CLOSED.search(before))
    if particle == "(으)로":
        ends_in_l = final == 8 if final is not None else bool(ENDS_IN_L.search(before))
        return "으로" if closed and not ends_in_l else "로"
    if particle == "(이)라":
        return "이라" if closed else "라"
    return particle[0] if closed else particle[2]


@cache
def _messages(language: str) -> dict[str, str]:
    catalogues = [catalogue(language, name) for name in PACKAGE]
    return {text: found for entries in catalogues for (_, text), found in entries.items()}


def _known(language: str) -> str:
    if language not in languages():
        raise ValueError(
            f"There is no language {language!r} here; take one of: {', '.join(languages())}."
        )
    return language
