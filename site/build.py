"""Build what is shown of the course from the stored notebooks: python site/build.py WHAT.

site      pages for the web, in site/build/html; needs no network and no browser
decks     a presentation for each notebook, in site/build/decks; needs `npm ci` in site/
handouts  sheets with room for guesses, as PDF, in site/build/handouts; needs Chromium
"""

import json
import pkgutil
import re
import shutil
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]  # lesson, and the course's own rules in tests/

import lesson  # noqa: E402
import nbformat  # noqa: E402
from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: E402

import seminar_utils  # noqa: E402
from bench import growth  # noqa: E402
from seminar_utils import experiments, figures, paper  # noqa: E402
from seminar_utils.models.googlenet import TABLE_1  # noqa: E402
from seminar_utils.paper.claims import OUTCOMES, VERDICTS, Claim, all_claims  # noqa: E402
from seminar_utils.widgets.nets import module_inputs  # noqa: E402

BUILD = HERE / "build"
SOURCE = BUILD / "source"
LIBRARIES = HERE / "node_modules"
NUMBERED = re.compile(r"^## (?:Deep dive |D(?=\d)|(?=\d))(\d+)[.:]", re.MULTILINE)
templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), undefined=StrictUndefined, trim_blocks=True
)


def site() -> None:
    """Lay out the pages, then run Sphinx on them; a warning is an error."""
    from sphinx.cmd.build import build_main

    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(HERE / "pages", SOURCE)
    shutil.copytree(HERE / "static", SOURCE / "static")
    write(SOURCE / "static" / "data.js", f"const COURSE = {json.dumps(course_data())};\n")
    twins = figures.training_curves(experiments.recorded("twins"))
    for page, name, picture in (
        ("index.md", "twins", twins),
        ("measured.md", "growth", growth.picture()),
    ):
        (SOURCE / "static" / f"{name}.png").write_bytes(picture.png())
        text = (SOURCE / page).read_text("utf-8")
        write(SOURCE / page, text.replace("![ALT]", f"![{picture.alt}]"))
    for name in ("CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, SOURCE / name.lower())
    for name in lesson.names():
        write(SOURCE / "notebooks" / f"{name}.ipynb", page_of(lesson.read(name)))
    write(SOURCE / "claims.md", claims_page())
    write(SOURCE / "glossary.md", glossary_page())
    for room, modules in rooms().items():
        write(SOURCE / "api" / f"{room}.md", api_page(room, modules))
    options = ["-b", "html", "-c", str(HERE), "-W", "--keep-going", "-q", "-j", "auto"]
    if build_main([*options, str(SOURCE), str(BUILD / "html")]):
        sys.exit("Sphinx reports the problems above.")


def decks() -> None:
    """Write a presentation for each notebook, one file that needs nothing else."""
    if not (LIBRARIES / "reveal.js").exists():
        sys.exit("reveal.js is not there: run `npm ci --ignore-scripts` in site/.")
    reveal = LIBRARIES / "reveal.js"
    scripts = [reveal / "dist" / "reveal.js", reveal / "plugin" / "notes" / "notes.js"]
    styles = [reveal / "dist" / "reset.css", reveal / "dist" / "reveal.css"]
    styles.append(HERE / "static" / "deck.css")
    scripts.append(HERE / "static" / "deck.js")
    parts = {
        "scripts": [path.read_text("utf-8") for path in scripts],
        "styles": [path.read_text("utf-8") for path in styles],
    }
    for name in lesson.names():
        page = templates.get_template("deck.html").render(lesson=lesson.read(name), **parts)
        write(BUILD / "decks" / f"{name}.html", page)


def handouts() -> None:
    """Print a sheet with room for guesses for each notebook."""
    from browser import chromium

    (BUILD / "handouts").mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        page = browser.new_page()
        for name in lesson.names():
            sheet = templates.get_template("handout.html").render(lesson=lesson.read(name))
            page.set_content(sheet)
            page.pdf(
                path=BUILD / "handouts" / f"{name}.pdf",
                format="A4",
                tagged=True,
                outline=True,
                prefer_css_page_size=True,
            )


def write(path: Path, text: str) -> None:
    """Write a text file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def course_data() -> dict[str, object]:
    """Return what the interactive pages draw: the curves of Figure 4, and Table 1's modules."""
    drawn = [
        {
            "name": curve.name,
            "split": {"train": "training", "val": "validation"}[curve.split],
            "panel": curve.panel,
            "points": list(zip(curve.iterations, curve.errors, strict=True)),
        }
        for curve in paper.curves(4)
    ]
    inputs = module_inputs()
    modules = {name: [*inputs[name], *filters] for name, filters in TABLE_1.items()}
    return {"curves": drawn, "modules": modules}


def page_of(one: lesson.Lesson) -> str:
    """Return a notebook as a page: its sections get lasting addresses, and one title stays."""
    notebook = nbformat.from_dict(one.notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = NUMBERED.sub(
                lambda m: f"({address(one.name[:2], m)})=\n\n{m[0]}", cell.source
            )
            cell.source = re.sub(r"^# (?=The class ends here)", "## ", cell.source)
    return nbformat.writes(notebook)


def address(book: str, heading: re.Match) -> str:
    """Return the name of a section's place: nb03-2, or nb03-d4 for a deep dive."""
    return f"nb{book}-{'' if heading[0][3].isdigit() else 'd'}{heading[1]}"


def claims_page() -> str:
    """Return every statement of the seminar: words, verdict, the paper, where it is tested."""
    addresses = {
        address(name[:2], heading)
        for name in lesson.names()
        for cell in lesson.read(name).notebook.cells
        for heading in NUMBERED.finditer(cell.source if cell.cell_type == "markdown" else "")
    }
    known = {section: book for book, section in lesson.SECTION_OF.items()}
    chapters: dict[str, list[str]] = {}
    for claim in all_claims().values():
        chapters.setdefault(claim.section, []).append(_statement(claim, known, addresses))
    intro = (
        "# The statements\n\nEvery statement of the seminar, in the presenter's words, with what "
        "the paper says and where the notebooks test it. A verdict is on the sentence, never on "
        "the person.\n"
    )
    for name, statements in chapters.items():
        intro += f"\n## {name[0].upper()}{name[1:]}\n\n" + "\n---\n\n".join(statements)
    return intro


def _statement(claim: Claim, books: dict[str, str], addresses: set[str]) -> str:
    places = []
    for place in filter(None, claim.tested_in.replace(" ", "").split(",")):
        target = f"nb{books[claim.section]}-{place.lower()}"
        places.append(f"[{place}](#{target})" if target in addresses else place)
    outcome = OUTCOMES[claim.outcome] + (f": {claim.tested_by}" if claim.tested_by else "")
    fields = [
        f'**{claim.id}** <span lang="ko">“{claim.claim_ko}”</span>\n*{claim.claim_en}*',
        f"**{VERDICTS[claim.verdict].capitalize()}.** {claim.paper_says}",
        f"Section {', '.join(places)}. In the notebook: {outcome}." if places else "",
    ]
    text = "\n\n".join(filter(None, fields)).replace("$", r"\$")
    return f"({claim.id.lower()})=\n\n{text}\n"


def glossary_page() -> str:
    """Return the words of the field in alphabetical order."""
    entries = (
        f'({term.anchor})=\n\n**{term.term}** (<span lang="ko">{term.korean}</span>): '
        f"{term.definition}\n"
        for term in sorted(lesson.glossary(), key=lambda term: term.term.lower())
    )
    return "# Glossary\n\nThe words of the field, with the Korean ones.\n\n" + "\n".join(entries)


def rooms() -> dict[str, list[str]]:
    """Return the modules with public names of each room, by the room's name."""
    found: dict[str, list[str]] = {}
    for module in pkgutil.walk_packages(seminar_utils.__path__, "seminar_utils."):
        text = Path(ROOT, *module.name.split(".")).with_suffix(".py")
        if not module.ispkg and "\n__all__ = [" in text.read_text("utf-8"):
            found.setdefault(module.name.split(".")[1], []).append(module.name)
    return found


def api_page(room: str, modules: list[str]) -> str:
    """Return the page of a room: its modules' public names with their docstrings."""
    entries = (
        f"## {name.removeprefix('seminar_utils.')}\n\n"
        f"```{{eval-rst}}\n.. automodule:: {name}\n```\n"
        for name in modules
    )
    return f"# {room}\n\n" + "\n".join(entries)


def main() -> None:
    """Build what the command line names, and say how long it took."""
    kinds = {"site": site, "decks": decks, "handouts": handouts}
    if len(sys.argv) != 2 or sys.argv[1] not in kinds:
        sys.exit(f"Name one of {', '.join(kinds)}: python site/build.py site")
    start = time.perf_counter()
    kinds[sys.argv[1]]()
    folder = {"site": "html"}.get(sys.argv[1], sys.argv[1])
    print(f"{BUILD / folder}: {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
