"""The finished pages in Chromium: nothing from elsewhere, no dead link, keyboard, accessibility."""

import io
import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import build
import lesson
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from seminar_utils import paper
from seminar_utils.figures.googlenet import lanes_of
from seminar_utils.language import languages
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import TABLE_1, Inception
from seminar_utils.paper.claims import all_claims
from seminar_utils.widgets.nets import module_inputs
from tests import korean

SITE = Path(__file__).resolve().parents[1]
HTML = SITE / "build" / "html"
PAGES = sorted(path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html"))
LOOKED_AT = ["index.html", "claims.html", "glossary.html", "curves.html", "price.html"]
LOOKED_AT += [page for page in PAGES if "notebooks/" in page] + ["api/figures.html"]
LOOKED_AT += [f"ko/{page}" for page in ("index.html", "claims.html", "curves.html", "price.html")]
AXE = SITE / "node_modules" / "axe-core" / "axe.min.js"


class Links(HTMLParser):
    """What a page can be pointed at, and what it points to."""

    def __init__(self, text: str):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids.add(attributes.get("id"))
        for name in ("href", "src"):
            if attributes.get(name):
                self.links.append((tag, attributes[name]))


@pytest.fixture(scope="module")
def parsed():
    assert PAGES, "there are no pages: run `make site`"
    return {page: Links((HTML / page).read_text("utf-8")) for page in PAGES}


def test_every_internal_link_and_anchor_exists(parsed):
    broken = []
    for page, found in parsed.items():
        for _, link in found.links:
            target, _, anchor = unquote(link).partition("#")
            if re.match(r"[a-z]+:", link) or page.endswith(("search.html", "genindex.html")):
                continue
            path = (HTML / page).parent / target.split("?")[0] if target else HTML / page
            name = path.resolve().relative_to(HTML.resolve()).as_posix()
            if not path.exists() or (anchor and name in parsed and anchor not in parsed[name].ids):
                broken.append(f"{page}: {link}")
    assert broken == []


def test_what_a_page_loads_lies_beside_it(parsed):
    loading = ("script", "img", "link", "iframe", "source")
    foreign = [
        (page, link)
        for page, found in parsed.items()
        for tag, link in found.links
        if tag in loading and re.match(r"(https?:)?//", link)
    ]
    assert foreign == []


def test_every_mark_leads_to_its_statement(parsed):
    anchors = {name.lower() for name in all_claims()}
    assert anchors <= parsed["claims.html"].ids & parsed["ko/claims.html"].ids
    for start, notebooks in (("notebooks/", lesson.names()), ("ko/notebooks/", lesson.names("ko"))):
        links = [
            link for page in parsed if page.startswith(start) for _, link in parsed[page].links
        ]
        linked = {link.partition("#")[2] for link in links if "claims.html#" in link}
        sections = {lesson.SECTION_OF[name[:2]] for name in notebooks}
        of_these = {c.id.lower() for c in all_claims().values() if c.section in sections}
        assert of_these <= linked <= anchors


def test_a_page_says_its_language_and_leads_to_the_same_page_in_the_other(parsed):
    for page in PAGES:
        text = (HTML / page).read_text("utf-8")
        language = "ko" if page.startswith("ko/") else "en"
        assert f' lang="{language}"' in text[:200], page
        twin = page.removeprefix("ko/") if language == "ko" else f"ko/{page}"
        found = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)"', text))
        if twin not in PAGES or page.endswith(("search.html", "genindex.html")):
            assert found == {}, page
            continue
        here = (HTML / page).parent
        leads = {
            of: (here / link).resolve().relative_to(HTML).as_posix() for of, link in found.items()
        }
        assert leads == {language: page, {"en": "ko", "ko": "en"}[language]: twin}
        switch = re.findall(r'<p class="edition"><a href="([^"]+)" hreflang="(\w+)"', text)
        assert switch == [(found[other], other) for other in found if other != language]


def test_the_switch_keeps_the_place(browser):
    """The section at the top of the window, in both directions, also of a route."""
    for page, place, query in (
        ("notebooks/03_resnet.html", "nb03-5", ""),
        ("ko/notebooks/03_resnet.html", "nb03-d4", ""),
        ("notebooks/03_resnet.html", "nb03-5", "?route=90"),
        ("claims.html", "r7", ""),
        ("ko/glossary.html", "term-gradient", ""),
    ):
        tab = browser.new_page(viewport={"width": 1280, "height": 720})
        tab.goto(f"{(HTML / page).as_uri()}{query}#{place}")
        there = f"document.getElementById('{place}').getBoundingClientRect().top"
        assert 0 < tab.evaluate(there) < 100
        tab.locator(".edition a").dispatch_event("click")  # without scrolling up to it
        twin = page.removeprefix("ko/") if page.startswith("ko/") else f"ko/{page}"
        tab.wait_for_url(f"**/html/{twin}{query}#*")
        assert 0 < tab.evaluate(there) < 100
        tab.close()
    tab = browser.new_page()
    tab.goto((HTML / "notebooks/03_resnet.html").as_uri())
    tab.locator(".edition a").click()
    tab.wait_for_url("**/html/ko/notebooks/03_resnet.html")  # from the top to the top
    tab.close()


def test_every_word_of_the_pages_is_translated_and_no_other():
    said = []
    for path in [*SITE.glob("*.py"), *SITE.glob("templates/*.html"), *SITE.glob("static/*.js")]:
        kind = {".py": "python", ".html": "jinja2", ".js": "javascript"}[path.suffix]
        text = io.BytesIO(path.read_bytes())
        said += [each[1] for each in extract(kind, text, {"_": None, "N_": None, "say": None})]
    said += [term.definition for term in lesson.glossary()]
    said += [text for note in lesson.notes().values() for text in note.values() if text]
    with (SITE / "locale/ko/LC_MESSAGES/sphinx.po").open("rb") as file:
        entries = [entry for entry in read_po(file) if entry.id]
    ours = {entry.id for entry in entries if entry.auto_comments != ["the theme"]}
    assert ours == {*said}
    assert [entry.id for entry in entries if not entry.string or entry.fuzzy] == []
    problems = {entry.id: korean.all_problems(entry.id, entry.string) for entry in entries}
    assert {text: found for text, found in problems.items() if found} == {}


@pytest.mark.parametrize(
    "path", [SITE.parent / "README.ko.md", *(SITE / "pages/ko").glob("*.md")], ids=lambda p: p.name
)
def test_a_korean_page_reads_well(path):
    text = path.read_text("utf-8")
    assert korean.all_problems(text, text) == []


def test_evidence_is_folded_and_sections_say_where_they_belong():
    page = (HTML / "notebooks" / "03_resnet.html").read_text("utf-8")
    folds = page.count('<details class="admonition hide above-input">')
    source = json.loads((HTML.parent / "source/en/notebooks/03_resnet.ipynb").read_text("utf-8"))
    tags = [cell["metadata"].get("tags", []) for cell in source["cells"]]
    assert folds == sum("hide-cell" in each for each in tags) > 0
    headings = ["".join(cell["source"]) for cell in source["cells"]]
    timed = ["min-" in " ".join(each) for each in tags]
    assert page.count('class="in-class') == sum(timed)
    assert page.count('class="at-home') == sum("## D" in text for text in headings)


@pytest.mark.parametrize("page", PAGES)
def test_no_request_leaves_the_console_is_silent_and_nothing_is_too_wide(browser, page):
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    said, asked, widths = [], [], []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto((HTML / page).as_uri())
    for width in (1280, 360):
        tab.set_viewport_size({"width": width, "height": 800})
        widths.append(tab.evaluate("document.documentElement.scrollWidth"))
    tab.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert widths[0] <= 1280 and widths[1] <= 360


def test_a_printed_page_shows_answers_but_no_evidence_and_no_controls(browser):
    tab = browser.new_page()
    tab.goto((HTML / "notebooks" / "03_resnet.html").as_uri())
    tab.emulate_media(media="print")
    closed = "[...document.querySelectorAll('article details:not(.hide) :is(p, td)')]"
    assert tab.evaluate(f"{closed}.every(e => e.checkVisibility())")
    assert tab.evaluate(f"{closed}.length") > 20
    hidden = ".edition, .routes, details.hide, .skip-to-content, .sidebar-drawer"
    shown = f"[...document.querySelectorAll('{hidden}')].filter(e => e.checkVisibility()).length"
    assert tab.evaluate(shown) == 0
    tab.set_viewport_size({"width": 680, "height": 1000})  # A4 between its margins
    cut = "[...document.querySelectorAll('pre')].filter(e => e.scrollWidth > e.clientWidth + 1)"
    assert tab.evaluate(f"{cut}.filter(e => e.checkVisibility()).length") == 0
    tab.close()


@pytest.mark.parametrize(
    ("scheme", "rules"),
    [
        ("light", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]),
        ("dark", ["color-contrast", "link-in-text-block"]),
    ],
)
@pytest.mark.parametrize("page", LOOKED_AT)
def test_axe_finds_no_serious_problem(browser, page, scheme, rules):
    tab = browser.new_page(color_scheme=scheme)
    tab.goto((HTML / page).as_uri())
    tab.add_script_tag(path=AXE)
    # Thousands of coloured words of code would take minutes; the theme's colours are made for this.
    tab.evaluate("document.querySelectorAll('pre').forEach((c) => c.textContent = c.textContent)")
    found = tab.evaluate(f"axe.run({{runOnly: {json.dumps(rules)}}})")["violations"]
    tab.close()
    serious = [
        (each["id"], [node["target"] for node in each["nodes"]][:5])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_the_keyboard_reaches_every_control(browser):
    for page in ("curves.html", "price.html", "notebooks/03_resnet.html"):
        tab = browser.new_page()
        tab.goto((HTML / page).as_uri())
        controls = "article :is(a[href], input, select, summary)"
        wanted = tab.evaluate(
            f"[...document.querySelectorAll('{controls}')]"
            ".filter(e => e.checkVisibility({visibilityProperty: true})).length"
        )
        tab.evaluate(
            "window.reached = new Set();"
            "document.addEventListener('focusin', e => reached.add(e.target))"
        )
        for _ in range(wanted + 100):
            tab.keyboard.press("Tab")
        reached = tab.evaluate(f"[...reached].filter(e => e.matches('{controls}')).length")
        tab.close()
        assert reached == wanted >= 2


def test_the_search_works_on_a_page_opened_as_a_file(browser):
    tab = browser.new_page()
    said = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto((HTML / "search.html").as_uri() + "?q=degradation")
    tab.wait_for_selector("#search-results li")
    assert "Glossary" in tab.locator("#search-results").inner_text()
    tab.wait_for_load_state("networkidle")
    tab.close()
    assert said == []


def test_the_route_is_chosen_with_the_keyboard(browser):
    tab = browser.new_page()
    tab.goto((HTML / "notebooks/03_resnet.html").as_uri())
    sections = "[...document.querySelectorAll('section > section:has(> h2)')]"
    shown = f"{sections}.filter(e => !e.hidden).length"
    whole = tab.evaluate(shown)
    tab.focus(".routes select")
    counts = []
    for _ in range(2):
        tab.keyboard.press("ArrowDown")
        counts.append(tab.evaluate(shown))
    tab.close()
    routes = [part.routes for part in lesson.read("03_resnet").sections if part.number is not None]
    assert counts == [sum(route in each for each in routes) for route in ("180", "90")]
    assert whole > counts[0] > counts[1]


@pytest.mark.parametrize("language", languages())
def test_the_curve_reader_says_what_python_says(browser, language):
    tab = browser.new_page()
    tab.goto((HTML / build.folder(language) / "curves.html").as_uri())
    for iteration in [0, 5_000, 30_000, 150_000, 300_000, 550_000]:
        tab.fill("#iteration", str(iteration))
        rows = tab.locator("#readings tbody tr").all_inner_texts()
        expected = []
        for network, depth in (("plain", 18), ("plain", 34), ("resnet", 18), ("resnet", 34)):
            pair = [paper.curve(4, network, depth, split) for split in ("train", "val")]
            cells = [
                f"{curve.at(iteration):.1f}"
                if curve.iterations[0] <= iteration <= curve.iterations[-1]
                else lesson.words(language)("not drawn")
                for curve in pair
            ]
            expected.append("\t".join([pair[0].name, *cells]))
        assert rows == expected
    tab.close()


def bill(channels, grid, filters):
    """The price of each branch as Python counts it, written as the page writes it."""
    module = Inception(channels, *filters)
    size = (channels, grid, grid)
    parameters = {name: 0 for name in ("1x1", "3x3", "5x5", "pool")}
    for layer in layer_table(module, size):
        branch = layer.name.partition(".")[0].removeprefix("branch_")
        parameters[branch] += layer.parameters
    adds = {name: lane.multiply_adds for name, lane in lanes_of(module, size).items()}
    return {name: f"{parameters[name]:,}\t{adds[name]:,}" for name in adds}


@pytest.mark.parametrize("language", languages())
def test_the_price_calculator_counts_as_python_does(browser, language):
    tab = browser.new_page()
    tab.goto((HTML / build.folder(language) / "price.html").as_uri())
    inputs, chance = module_inputs(), random.Random(0)
    for name, filters in TABLE_1.items():
        tab.select_option("#module", name)
        assert read_bill(tab) == bill(*inputs[name], filters)
    for _ in range(5):
        values = [chance.randrange(1, 600) for _ in range(8)]
        values[1] = chance.randrange(7, 57)
        for number, value in enumerate(values):
            tab.fill(f"#field-{number}", str(value))
        assert read_bill(tab) == bill(values[0], values[1], values[2:])
    tab.close()


def read_bill(tab):
    *rows, _ = [row.split("\t") for row in tab.locator("#bill tbody tr").all_inner_texts()]
    return {name: f"{parameters}\t{adds}" for name, parameters, adds, _ in rows}
