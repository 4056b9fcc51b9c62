"""Build what is shown of the course from the stored notebooks: python site/build.py WHAT.

site      pages for the web, in site/build/html; needs no network and no browser
decks     a presentation for each notebook, in site/build/decks; needs `npm ci` in site/
handouts  sheets with room for guesses, as PDF, in site/build/handouts; needs Chromium

Each is made in English and, in a folder `ko`, of what there is in Korean: the notebooks of
`notebooks/ko`, the pages of `pages/ko`, the statements and the glossary. Words between these come
from `locale/ko/LC_MESSAGES/sphinx.po`, where Sphinx and its theme look, too.
"""

import io
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
from babel.messages.extract import extract  # noqa: E402
from babel.messages.mofile import write_mo  # noqa: E402
from babel.messages.pofile import read_po  # noqa: E402
from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: E402

import seminar_utils  # noqa: E402
from bench import growth  # noqa: E402
from seminar_utils import experiments, figures, paper  # noqa: E402
from seminar_utils.language import ENGLISH, N_, current, languages, tr, use  # noqa: E402
from seminar_utils.models.googlenet import TABLE_1  # noqa: E402
from seminar_utils.paper.claims import OUTCOMES, VERDICTS, Claim, all_claims  # noqa: E402
from seminar_utils.widgets.nets import module_inputs  # noqa: E402

BUILD = HERE / "build"
SOURCE = BUILD / "source"
LIBRARIES = HERE / "node_modules"
NUMBERED = re.compile(r"^## (?:Deep dive |D(?=\d)|(?=\d))(\d+)[.:]", re.MULTILINE)
CHAPTERS = {
    "week 4 review": N_("Week 4 review"),
    "GoogLeNet": N_("GoogLeNet"),
    "ResNet": N_("ResNet"),
    "assignment": N_("Assignment"),
}
templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), undefined=StrictUndefined, trim_blocks=True
)


def site() -> None:
    """Lay out the pages, then run Sphinx on them; a warning is an error."""
    from sphinx.cmd.build import build_main

    for language in languages():
        use(language)
        places = [
            BUILD / "doctrees" / language,
            lay_out(language),
            BUILD / "html" / folder(language),
        ]
        options = ["-b", "html", "-c", str(HERE), "-W", "--keep-going", "-q", "-j", "auto", "-d"]
        if build_main([*options, *map(str, places)]):
            sys.exit("Sphinx reports the problems above.")
    use(ENGLISH)
    shutil.rmtree(BUILD / "html" / "jupyter_execute", ignore_errors=True)  # nothing was executed


def lay_out(language: str) -> Path:
    """Write what Sphinx makes pages of in one language, and return the folder."""
    source = BUILD / "source" / language
    shutil.rmtree(source, ignore_errors=True)
    others = shutil.ignore_patterns(*languages())
    shutil.copytree(HERE / "pages" / folder(language), source, ignore=others)
    shutil.copytree(HERE / "static", source / "static")
    write(source / "static" / "data.js", f"const COURSE = {json.dumps(course_data())};\n")
    write(source / "static" / "words.js", words_js(language))
    entries = "\n".join(map(_entry, lesson.names()))
    pictures = {"index.md": ("twins", figures.training_curves(experiments.recorded("twins")))}
    if language == ENGLISH:
        pictures["measured.md"] = ("growth", growth.picture())
    for page, (name, picture) in pictures.items():
        (source / "static" / f"{name}.png").write_bytes(picture.png())
        text = (source / page).read_text("utf-8").replace("![ALT]", f"![{picture.alt}]")
        write(source / page, text.replace("NOTEBOOKS", entries))
    for name in lesson.names(language):
        write(source / "notebooks" / f"{name}.ipynb", page_of(lesson.read(name, language)))
    write(source / "claims.md", claims_page())
    write(source / "glossary.md", glossary_page())
    if language == ENGLISH:
        for name in ("CONTRIBUTING.md", "CHANGELOG.md"):
            shutil.copy(ROOT / name, source / name.lower())
        for room, modules in rooms().items():
            write(source / "api" / f"{room}.md", api_page(room, modules))
    else:
        catalogue = f"locale/{language}/LC_MESSAGES/sphinx.po"
        compiled = (BUILD / catalogue).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with (HERE / catalogue).open("rb") as file, compiled.open("wb") as made:
            write_mo(made, read_po(file))
    return source


def _entry(name: str) -> str:
    """Return a line that leads to a notebook, or to the English one where there is no other."""
    there = name in lesson.names(current())
    title = lesson.read(name, current() if there else ENGLISH).title
    address = f"notebooks/{name}.ipynb" if there else f"en://notebooks/{name}.html"
    return f"- {name[:2]} [{title}]({address})"


def folder(language: str) -> str:
    """Return the folder of a language below that of the English files."""
    return "" if language == ENGLISH else language


def words_js(language: str) -> str:
    """Return the script with `say`, which translates what the other scripts write on a page."""
    _ = lesson.words(language)
    files = [path.read_bytes() for path in sorted((HERE / "static").glob("*.js"))]
    said = [f[1] for text in files for f in extract("javascript", io.BytesIO(text), {"say": None})]
    words = json.dumps({text: _(text) for text in said}, ensure_ascii=False)
    fill = "MESSAGES[text].replace(/{(\\w+)}/g, (_, name) => fields[name])"
    return f"const MESSAGES = {words};\nconst say = (text, fields = {{}}) => {fill};\n"


def decks() -> None:
    """Write a presentation for each notebook, one file that needs nothing else."""
    if not (LIBRARIES / "reveal.js").exists():
        sys.exit("reveal.js is not there: run `npm ci --ignore-scripts` in site/.")
    reveal = LIBRARIES / "reveal.js"
    scripts = [reveal / "dist" / "reveal.js", reveal / "plugin" / "notes" / "notes.js"]
    styles = [reveal / "dist" / "reset.css", reveal / "dist" / "reveal.css"]
    styles.append(HERE / "static" / "deck.css")
    scripts.append(HERE / "static" / "deck.js")
    styles = [path.read_text("utf-8") for path in styles]
    for language in languages():
        code = [words_js(language), *(path.read_text("utf-8") for path in scripts)]
        for name in lesson.names(language):
            page = rendered("deck.html", name, language, scripts=code, styles=styles)
            write(BUILD / "decks" / folder(language) / f"{name}.html", page)


def handouts() -> None:
    """Print a sheet with room for guesses for each notebook."""
    from browser import chromium

    with chromium() as browser:
        page = browser.new_page()
        for language in languages():
            sheets = BUILD / "handouts" / folder(language)
            sheets.mkdir(parents=True, exist_ok=True)
            for name in lesson.names(language):
                page.set_content(rendered("handout.html", name, language))
                page.pdf(
                    path=sheets / f"{name}.pdf",
                    format="A4",
                    tagged=True,
                    outline=True,
                    prefer_css_page_size=True,
                )


def rendered(template: str, name: str, language: str, **parts: object) -> str:
    """Fill a template with a notebook's class path and the words of its language."""
    one = lesson.read(name, language)
    return templates.get_template(template).render(lesson=one, _=lesson.words(language), **parts)


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
    """Return a notebook as a page: sections and cells get lasting addresses, one title stays."""
    notebook = nbformat.from_dict(one.notebook)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            cell.source = NUMBERED.sub(
                lambda m: f"({address(one.name[:2], m)})=\n\n{m[0]}", cell.source
            )
            cell.source = cell.source if number == 0 else re.sub(r"^# ", "## ", cell.source)
            cell.source = f"(cell-{cell.id})=\n\n{cell.source}"
    return nbformat.writes(notebook)


def address(book: str, heading: re.Match) -> str:
    """Return the name of a section's place: nb03-2, or nb03-d4 for a deep dive."""
    return f"nb{book}-{'' if heading[0][3].isdigit() else 'd'}{heading[1]}"


def claims_page() -> str:
    """Return every statement of the seminar: words, verdict, the paper, where it is tested."""
    _ = lesson.words(current())
    addresses = {
        address(name[:2], heading)
        for name in lesson.names(current())
        for cell in lesson.read(name, current()).notebook.cells
        for heading in NUMBERED.finditer(cell.source if cell.cell_type == "markdown" else "")
    }
    known = {section: book for book, section in lesson.SECTION_OF.items()}
    chapters: dict[str, list[str]] = {}
    for claim in all_claims().values():
        chapters.setdefault(claim.section, []).append(_statement(claim, known, addresses))
    intro = _(
        "Every statement of the seminar, in the presenter's words, with what the paper says and "
        "where the notebooks test it. A verdict is on the sentence, never on the person."
    )
    page = "# " + _("The statements") + f"\n\n{intro}\n"
    for name, statements in chapters.items():
        page += f"\n## {_(CHAPTERS[name])}\n\n" + "\n---\n\n".join(statements)
    return page


def _statement(claim: Claim, books: dict[str, str], addresses: set[str]) -> str:
    places = []
    for place in filter(None, claim.tested_in.replace(" ", "").split(",")):
        target = f"nb{books[claim.section]}-{place.lower()}"
        places.append(f"[{place}](#{target})" if target in addresses else place)
    _ = lesson.words(current())
    outcome = tr(OUTCOMES[claim.outcome]) + (f": {tr(claim.tested_by)}" if claim.tested_by else "")
    where = _("Section {places}. In the notebook: {outcome}.")
    meaning = f"\n*{claim.claim_en}*" if claim.sentence == claim.claim_en else ""
    fields = [
        f'**{claim.id}** <span lang="ko">“{claim.claim_ko}”</span>{meaning}',
        f"**{tr(VERDICTS[claim.verdict]).capitalize()}.** {tr(claim.paper_says)}",
        where.format(places=", ".join(places), outcome=outcome) if places else "",
    ]
    text = "\n\n".join(filter(None, fields)).replace("$", r"\$")
    return f"({claim.id.lower()})=\n\n{text}\n"


def glossary_page() -> str:
    """Return the words of the field in alphabetical order."""
    _ = lesson.words(current())
    lines = {}
    for term in lesson.glossary():
        other = f'<span lang="ko">{term.korean}</span>'
        words = (term.korean, f"({term.term})") if current() == "ko" else (term.term, f"({other})")
        text = f"**{words[0]}** {words[1]}: {_(term.definition)}"
        lines[words[0].lower()] = f"({term.anchor})=\n\n{text}\n"
    intro = _("The words of the field, with the Korean ones.")
    title = _("Glossary")
    return f"# {title}\n\n{intro}\n\n" + "\n".join(lines[key] for key in sorted(lines))


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
    made = {"site": "html"}.get(sys.argv[1], sys.argv[1])
    print(f"{BUILD / made}: {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
