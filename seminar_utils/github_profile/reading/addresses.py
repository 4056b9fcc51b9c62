"""Addresses: where one in a README leads, and the user name in whatever is pasted as a link.

Source of the rules for names: GitHub's form for a new account: letters a-z, digits and single
hyphens, not at the beginning or end, at most 39 characters. Capitals make no difference.
"""

import posixpath
import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote

from seminar_utils.github_profile.reading.texts import Refused, message, one_line, refuse_if

__all__ = ["FOLLOWED", "is_on_the_web", "is_own", "local_file", "path_in_repository", "user_name"]

SCHEME = re.compile(r"(?!file:)(?:[a-z][a-z\d+.-]+:|//)", re.IGNORECASE)  # C: is a drive
FOLLOWED = re.compile("https?://|mailto:", re.IGNORECASE)  # others lead into a preview's server
OWN = re.compile(
    r"https?://(?:raw\.githubusercontent|github)\.com/(?P<user>[\w-]+)/(?P=user)/(?:(?:blob|raw)/)?"
    r"(?:refs/heads/)?[^/]+/.+",
    re.IGNORECASE,
)

MOST_LETTERS = 39
LONGEST_TEXT = 2_000  # characters in which a link is looked for

HOSTS = {"github.com", "www.github.com", "gist.github.com", "raw.githubusercontent.com"}
PAGES = ".github.io"  # mina-example.github.io is the web page of mina-example

# First words of addresses on github.com that are no user names, such as github.com/settings.
RESERVED = Path(__file__).with_name("reserved_names.txt").read_text(encoding="utf-8").split()

# [words](address) or [words](<address> "title")
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^\s()<>]+)")
# A colon or slash is easily lost.
BEGINNING = re.compile(r"(?<![\w.-])(?:https?:/*|https?//|(?:ssh|git)://)", re.IGNORECASE)
E_MAIL = re.compile(r"(?:mailto:)?[^/:@]+@[^/:@]+", re.IGNORECASE)
# The name before @ is that of a login, such as git in git@github.com:mina-example.
ADDRESS = re.compile(r"(?:[^/@]*@)?(?P<host>[^/:@]+\.[^/:@]+)(?:[:/]+(?P<path>.*))?")


def is_on_the_web(address: str) -> bool:
    """Tell whether an address has a scheme, so that it is no file of the repository."""
    return bool(SCHEME.match(address))


def path_in_repository(address: str) -> str | None:
    """Return the path that an address means on GitHub, "" for the root, None for one outside it."""
    name = re.split(r"[?#]", address, maxsplit=1)[0]
    path = posixpath.normpath(unquote(name).lstrip("/") or ".")
    if path.startswith("../") or path == "..":
        return None
    return "" if path == "." else unicodedata.normalize("NFC", path)


def is_own(address: str, user: str) -> bool:
    """Tell whether an address of the web means a file in the user's own repository."""
    found = OWN.fullmatch(address.partition("?")[0])
    return bool(found) and found["user"].lower() == user.lower()


def local_file(address: str, files: dict[str, bytes]) -> bytes | None:
    """Return the repository's file at an address, None where it means none."""
    return None if is_on_the_web(address) else files.get(path_in_repository(address))


def user_name(text: str) -> str:
    """Find the user name in a name, an address or a link as people paste them.

    It keeps the capitals in which it was written.

    Args:
        text: Such as "mina-example", "@mina-example" or
            "https://github.com/mina-example/mina-example/blob/main/README.md".

    Raises:
        ValueError: There is no user name in it; the sentence says what there is.
    """
    try:
        return _name(_address(text))
    except Refused as problem:
        raise Refused(message("name", text=one_line(text, 80), problem=problem)) from None


def _address(text: str) -> str:
    """Return the only word, or the only one of several that is a link to GitHub, from its host."""
    refuse_if(len(text) > LONGEST_TEXT, "name_text")
    # Full-width letters and %-codes are undone; what has no width is dropped.
    plain = unicodedata.normalize("NFKC", unquote(text))
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    in_link = MARKDOWN_LINK.search(plain)
    words = [in_link[1]] if in_link else plain.split()
    if len(words) > 1:
        words = [word for word in words if "github.com" in word.lower() or PAGES in word.lower()]
        refuse_if(len(words) != 1, "name_words")
    # Quotes, brackets, full stops and the like are stripped, but not what an address begins with.
    word = re.sub(r"^[^\w/-]+|[^\w/-]+$", "", "".join(words))
    *others, address = BEGINNING.split(re.split(r"[?#]", word, maxsplit=1)[0])
    is_twice = len(others) > 1 or "github.com" in "".join(others).lower()
    refuse_if(is_twice, "name_twice", once=one_line(f"https://{address}"))
    return address


def _name(address: str) -> str:
    """Return the user name in an address."""
    refuse_if(E_MAIL.fullmatch(address), "name_mail")
    name = address.split("/")[0]  # a name, or name/repository
    if found := ADDRESS.fullmatch(address):
        host = found["host"].lower()
        is_page = host.endswith(PAGES) and host.count(".") == 2
        refuse_if(not is_page and host not in HOSTS, "name_host", host=one_line(host))
        path = (found["path"] or "").strip("/").split("/")[0].removeprefix("@")
        name = found["host"].split(".")[0] if is_page else path
    refuse_if(not name, "name_none")
    odd = sorted(set(re.findall("[^A-Za-z0-9-]", name)))
    refuse_if(odd, "name_signs", signs=" ".join(map(repr, odd[:5])))
    refuse_if(len(name) > MOST_LETTERS, "name_long", n=len(name), most=MOST_LETTERS)
    refuse_if(name.startswith("-") or name.endswith("-") or "--" in name, "name_hyphen")
    refuse_if(name.lower() in RESERVED, "name_github", name=name.lower())
    return name
