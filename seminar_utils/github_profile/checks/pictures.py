"""Pictures: are they there, described, free of scripts, and the student's own?"""

import io
import re
import warnings

from PIL import Image

from seminar_utils.github_profile.checks.findings import Finding, shown
from seminar_utils.github_profile.checks.links import DEAD_WAY, is_on_the_web, path_in_repository
from seminar_utils.github_profile.reading.page import Element, Page

__all__ = ["alt_texts", "cards", "is_meaningful", "local_pictures", "opens", "svg_scripts"]

# Formats that browsers show; Pillow knows more, and some of them run other programs.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
SVG_SCRIPT = re.compile(rb"<script|\son[a-z]{3,20}\s{0,9}=|javascript:", re.IGNORECASE)
EMPTY_WORDS = re.compile(
    r"(?:an? |the |my )?(?:image|img|picture|pic|photo|figure|fig|screenshot|alt|alt text|plot"
    r"|graph|chart|untitled|그림|이미지|사진|그래프|도표|캡처|스크린샷)[\s\d.:_()-]*",
    re.IGNORECASE,
)
FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|webp|svg|bmp)|https?://\S*", re.IGNORECASE)
# Counters, cards and animations that other people's servers draw at each visit.
CARD = re.compile(
    r"github-readme-(?:stats|streak|activity|quotes)|streak-stats|profile-trophy|komarev\.com"
    r"|hits\.(?:seeyoufarm\.com|sh|dwyl\.com)|visitor-badge|profile-counter|readme-typing-svg"
    r"|capsule-render|profile-summary-cards|ghchart\.|skillicons\.dev|mazassumnida|mazandi"
    r"|/snk/|leetcard|wakatime|spotify-github|img\.shields\.io/(?!badge/)|badge(?:n\.net|\.fury\.io)",
    re.IGNORECASE,
)


def alt_texts(page: Page) -> list[Finding]:
    """Every picture has words for those who cannot see it."""
    findings = []
    for element in page.all("img"):
        alt, source = element.attributes.get("alt", ""), element.attributes.get("src", "")
        if is_meaningful(alt, source):
            continue
        said = f"only “{shown(alt)}”" if alt.strip() else "no words"
        what = f"The picture {_named(source)} has {said} as alt text."
        why = "Whoever cannot see the picture hears the alt text, and nothing of what it shows."
        mend = "Say in one sentence what the figure shows: the axes, the curves and the finding."
        findings.append(Finding("warn", element.line, what, why, mend))
    return findings


def is_meaningful(alt: str, source: str = "") -> bool:
    """Tell whether an alt text is more than a word for picture or the file's name."""
    words = alt.strip().lower()
    name = (path_in_repository(source) or "").rpartition("/")[2].lower()
    names = {name, name.rpartition(".")[0]} - {""}
    return (
        bool(words)
        and words not in names
        and not any(pattern.fullmatch(words) for pattern in (EMPTY_WORDS, FILE_NAME))
    )


def local_pictures(page: Page, files: dict[str, bytes]) -> list[Finding]:
    """Every picture that is not on the web is a file of the repository that opens."""
    findings = []
    for element in page.all("img", "source"):
        for source in _sources(element):
            if not is_on_the_web(source) and (problem := _problem(source, files)):
                what, mend = problem
                findings.append(Finding("fail", element.line, what, DEAD_WAY, mend))
            elif source.lower().startswith("data:"):
                what = "A picture that is written into the text (data:)."
                why = "GitHub does not show such pictures."
                mend = "Save it as a file of the repository, and write its name instead."
                findings.append(Finding("fail", element.line, what, why, mend))
    return findings


def cards(page: Page) -> list[Finding]:
    """Pictures of the page's own, not drawn by other people's servers."""
    findings = []
    for element in page.all("img", "source"):
        for source in _sources(element):
            if not is_on_the_web(source) or source.lower().startswith("data:"):
                continue
            if CARD.search(source):
                what = f"A counter or card that another server draws: {shown(source)}."
                why = (
                    "GitHub fetches it anew for visitors, it may be gone tomorrow, no alt text can "
                    "follow it, and it says nothing about what you know."
                )
                mend = "Leave it out; the checked statement says more."
            else:
                what = f"A picture from another place: {shown(source)}."
                why = "It changes or goes when its owner wishes, and may not be yours to show."
                mend = "Put a picture of your own into the repository."
            findings.append(Finding("advice", element.line, what, why, mend))
    return findings


def svg_scripts(files: dict[str, bytes]) -> list[Finding]:
    """No drawing in SVG carries a script."""
    return [
        Finding(
            "fail",
            None,
            f"{shown(name)} carries a script.",
            "A drawing needs none, and it runs in the browser of whoever opens the file alone.",
            "Save the figure as PNG.",
        )
        for name, raw in files.items()
        if name.lower().endswith(".svg") and SVG_SCRIPT.search(raw)
    ]


def opens(raw: bytes) -> bool:
    """Tell whether a browser would show these bytes as a picture; no pixel is unpacked."""
    if b"<svg" in raw[:5_000]:
        return True
    try:
        # Pillow warns of pictures with very many pixels, which matter only to who unpacks them.
        with warnings.catch_warnings(action="ignore"):
            Image.open(io.BytesIO(raw), formats=FORMATS).verify()
    except Exception:  # a broken picture makes Pillow raise errors of any kind
        return False
    return True


def _sources(element: Element) -> list[str]:
    """Return a picture's address, and those for other sizes and colour schemes."""
    attributes = element.attributes
    several = [part.split()[0] for part in attributes.get("srcset", "").split(",") if part.strip()]
    single = attributes.get("src", "").strip()
    return [single, *several] if single or element.tag == "img" else several


def _problem(source: str, files: dict[str, bytes]) -> tuple[str, str] | None:
    """Return what is wrong with a local picture and how to mend it."""
    path = path_in_repository(source)
    if not source:
        return "A picture without an address.", "Write the file's name, or delete the picture."
    if path in files:
        if opens(files[path]):
            return None
        mend = "Save the figure again as PNG, and look at it before you commit it."
        return f"The file {shown(path)} is no picture that browsers show.", mend
    named = f"The picture {_named(source)} is not among the files"
    if path is None or re.match(r"file:|[a-z]:|/(?:home|Users)/", source, re.IGNORECASE):
        return f"{named}: the address is one of your own disk.", "Copy it beside README.md."
    if "\\" in source or "%5c" in source.lower():
        return f"{named}.", r"Write / for \ in the address: GitHub knows no other sign."
    other = next((name for name in files if name.lower() == path.lower()), None)
    if other:
        return (
            f"{named}, but {shown(other)} is.",
            "Write the same capitals: GitHub tells them apart.",
        )
    return f"{named}.", "Put the file into the repository, or correct its name."


def _named(source: str) -> str:
    return shown(path_in_repository(source) or source) or "without an address"
