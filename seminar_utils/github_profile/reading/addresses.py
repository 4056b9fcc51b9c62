"""The user name in whatever somebody pastes as a link to a GitHub profile.

Source: GitHub's form for a new account: letters a-z, digits and single hyphens, not at the
beginning or end, at most 39 characters. Capitals make no difference.
"""

import re
import unicodedata
from urllib.parse import unquote

from seminar_utils.github_profile.checks.findings import shown

__all__ = ["profile_address", "user_name"]

MOST_LETTERS = 39
LONGEST_TEXT = 2_000  # characters in which a link is looked for

HOSTS = {"github.com", "www.github.com", "gist.github.com", "raw.githubusercontent.com"}
PAGES = ".github.io"  # mina-example.github.io is the web page of mina-example

# First words of addresses on github.com that are no user names, such as github.com/settings.
RESERVED = """
about account apps blog codespaces collections contact copilot customer-stories dashboard
discussions enterprise events explore features issues join login logout marketplace new
notifications organizations orgs pricing pulls readme search security session sessions settings
signup site sponsors stars team topics trending users watching
"""

# [words](address) or [words](<address> "title")
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^\s()<>]+)")
# A colon or slash is easily lost.
SCHEME = re.compile(r"(?<![\w.-])(?:https?:/*|https?//|(?:ssh|git)://)", re.IGNORECASE)
E_MAIL = re.compile(r"(?:mailto:)?[^/:@]+@[^/:@]+", re.IGNORECASE)
# The name before @ is that of a login, such as git in git@github.com:mina-example.
ADDRESS = re.compile(r"(?:[^/@]*@)?(?P<host>[^/:@]+\.[^/:@]+)(?:[:/]+(?P<path>.*))?")


def user_name(text: str) -> str:
    """Find the user name in a name, an address or a link as people paste them.

    Args:
        text: Such as "mina-example", "@mina-example" or
            "https://github.com/mina-example/mina-example/blob/main/README.md".

    Returns:
        The name, in the capitals in which it was written.

    Raises:
        ValueError: There is no user name in it; the sentence says what there is.
    """
    if len(text) > LONGEST_TEXT:
        raise _error(text, "is a whole text: paste the address of your profile alone")
    address = _without_scheme(_word(_clean(text), text), text)
    name = _in_address(address, text)
    _check(name, text)
    return name


def profile_address(name: str) -> str:
    """Return the address of a user's profile.

    Args:
        name: As ``user_name`` takes it.

    Raises:
        ValueError: As ``user_name``.
    """
    return f"https://github.com/{user_name(name)}"


def _clean(text: str) -> str:
    """Undo full-width letters and %-codes, and drop what has no width."""
    plain = unicodedata.normalize("NFKC", unquote(text))
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


def _word(cleaned: str, text: str) -> str:
    """Return the only word, or the only one of several that is a link to GitHub."""
    in_link = MARKDOWN_LINK.search(cleaned)
    words = [in_link[1]] if in_link else cleaned.split()
    if len(words) > 1:
        words = [word for word in words if "github.com" in word.lower() or PAGES in word.lower()]
        if len(words) != 1:
            raise _error(text, "is several words: paste the address of your profile alone")
    return _bare(words[0]) if words else ""


def _bare(word: str) -> str:
    """Strip quotes, brackets, full stops and the like; what an address may begin with stays."""

    def is_part(letter: str) -> bool:
        return letter in "/-_" or unicodedata.category(letter)[0] not in "PSZC"

    kept = [at for at, letter in enumerate(word) if is_part(letter)]
    return word[kept[0] : kept[-1] + 1] if kept else ""


def _without_scheme(word: str, text: str) -> str:
    address = re.split(r"[?#]", word, maxsplit=1)[0]
    schemes = list(SCHEME.finditer(address))
    if not schemes:
        return address
    before, behind = address[: schemes[-1].start()], address[schemes[-1].end() :]
    if len(schemes) > 1 or "github.com" in before.lower():
        once = shown(f"https://{behind}")
        raise _error(text, f"is two addresses in one: write https:// once, as in {once}")
    return behind


def _in_address(address: str, text: str) -> str:
    """Return the part of an address that should be a user name."""
    if E_MAIL.fullmatch(address):
        raise _error(text, "is an e-mail address: nobody needs yours; paste your name on GitHub")
    found = ADDRESS.fullmatch(address)
    if not found:
        return address.split("/")[0]  # a name, or name/repository
    host, path = found["host"].lower(), found["path"] or ""
    if host.endswith(PAGES) and host.count(".") == 2:
        return found["host"].split(".")[0]
    if host not in HOSTS:
        raise _error(
            text, f"leads to {shown(host)}, not to GitHub: it must begin https://github.com/"
        )
    return path.strip("/").split("/")[0].removeprefix("@")


def _check(name: str, text: str) -> None:
    if not name:
        raise _error(text, "names no user: paste your name on GitHub, such as mina-example")
    odd = sorted({letter for letter in name if not re.fullmatch("[A-Za-z0-9-]", letter)})
    if odd:
        raise _error(
            text,
            f"holds {' '.join(map(repr, odd[:5]))}, which no user name does: "
            "it is made of letters a-z, digits and single hyphens",
        )
    if len(name) > MOST_LETTERS:
        raise _error(text, f"names a user in {len(name)} characters: {MOST_LETTERS} are the most")
    if name.startswith("-") or name.endswith("-") or "--" in name:
        raise _error(text, "is no user name: a hyphen stands between two letters or digits")
    if name.lower() in RESERVED.split():
        raise _error(
            text,
            f"leads to {name.lower()}, a page of GitHub itself: open your profile from your "
            "picture at the top right, and copy its address",
        )


def _error(text: str, problem: str) -> ValueError:
    return ValueError(f'"{shown(text, 80)}" {problem}.')
