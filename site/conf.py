"""Settings of Sphinx, and how the course's own marks become links.

`build.py` lays out the pages below `build/source` and runs Sphinx on them with this file, once for
each language.
"""

import re
from collections.abc import Iterator

import lesson
from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxTranslator

from seminar_utils.language import ENGLISH, current, languages
from seminar_utils.paper.claims import all_claims

language = current()
_ = lesson.words(language)

project = _("GoogLeNet and ResNet: a seminar that you run")
html_title = _("GoogLeNet and ResNet")
copyright = _("code MIT, text and figures CC BY 4.0")
locale_dirs = ["build/locale"]
templates_path = ["templates"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
nb_execution_mode = "off"  # the stored outputs are what is shown
nb_ipywidgets_js = {}  # these would come from elsewhere
nb_code_prompt_show = nb_code_prompt_hide = _("Folded: the checks of this section, or one answer")
myst_enable_extensions = ["dollarmath", "attrs_inline", "colon_fence"]
suppress_warnings = ["myst.header"]
# What exists in English only: en://measured.html, seen from the English start page.
myst_url_schemes = ["http", "https", "mailto", "en"]

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_preserve_defaults = True
napoleon_custom_sections = ["Shape", "Source"]
default_role = "code"

html_theme = "furo"
html_static_path = [f"build/source/{language}/static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_theme_options = {"navigation_with_keys": False}
html_math_renderer = "mathml"
html_show_sphinx = False
html_copy_source = False
html_show_search_summary = False  # a page opened as a file may not read its neighbours

MARK = re.compile(r"(?<![\w-])[WGRA]\d{1,2}(?![A-Za-z0-9_-])")  # a Korean particle may follow
MARK_IN_OUTPUT = re.compile(r'(<b>|<td style="text-align: left">)([WGRA]\d{1,2})(?=[<:])')
NO_LINKS = (nodes.title, nodes.reference, nodes.literal, nodes.literal_block, nodes.math)


def mark_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Say of each section of a notebook whether it belongs to the class, and to which routes."""
    name = app.env.docname
    if not name.startswith("notebooks/"):
        return
    one = lesson.read(name.split("/")[1], language)
    counted = {section.title: section for section in one.sections}
    for node in doctree.findall(nodes.section):
        section = counted.get(node.next_node(nodes.title).astext())
        if section and section.number is not None:
            routes = [f"route-{route}" for route in section.routes]
            node["classes"] += ["in-class", *routes]
            text = _("In class, {n} minutes.").format(n=section.tag)
            text += " " + _("Also in the class of 90 minutes.") if "90" in section.routes else ""
        elif lesson.HOME.match(node.next_node(nodes.title).astext()):
            node["classes"] += ["at-home"]
            text = _("Deep dive, for home.")
        else:
            continue
        node.insert(1, nodes.paragraph("", text, classes=["badge"]))


def link_marks(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Link each mark such as [R7] to its statement, and each term's first use to the glossary."""
    if not name.startswith("notebooks/"):
        return
    statements = app.builder.get_relative_uri(name, "claims")
    glossary = app.builder.get_relative_uri(name, "glossary")
    terms = {term.anchor: term.pattern for term in lesson.glossary()}

    def linked(text: str) -> Iterator[nodes.Node]:
        """Cut a text at its marks and terms."""
        found = [
            (mark.span(), f"{statements}#{mark[0].lower()}")
            for mark in MARK.finditer(text)
            if mark[0] in all_claims()
        ]
        for anchor, pattern in list(terms.items()):
            match = pattern.search(text)
            if match and not any(s < match.end() and match.start() < e for (s, e), _ in found):
                found.append((match.span(), f"{glossary}#{anchor}"))
                del terms[anchor]
        at = 0
        for (start, end), uri in sorted(found):
            yield nodes.Text(text[at:start])
            kind = "term" if uri.startswith(glossary) else "mark"
            link = nodes.reference("", text[start:end], refuri=uri, internal=True, classes=[kind])
            yield link
            at = end
        yield nodes.Text(text[at:])

    for node in list(doctree.findall(nodes.Text)):
        parent = node.parent
        while parent is not None and not isinstance(parent, NO_LINKS):
            parent = parent.parent
        pieces = list(linked(node.astext())) if parent is None else []
        if len(pieces) > 1:
            node.parent.replace(node, pieces)
    for node in list(doctree.findall(nodes.raw)):
        text = MARK_IN_OUTPUT.sub(
            lambda m: f'{m[1]}<a href="{statements}#{m[2].lower()}">{m[2]}</a>', node.astext()
        )
        node.children, node.rawsource = [nodes.Text(text)], text


def as_plain_text(
    app: Sphinx, what: str, name: str, found: object, options: object, lines: list[str]
) -> None:
    """Keep what a docstring lays out by blanks; docstrings here are no reStructuredText."""
    paragraphs = "\n".join(lines).replace("|", r"\|").split("\n\n")
    if what == "module":
        paragraphs = [
            "::\n\n    " + paragraph.replace("\n", "\n    ").replace(r"\|", "|")
            if re.search(r"(^|\S) {2,}\S", paragraph, re.MULTILINE)
            else paragraph
            for paragraph in paragraphs
        ]
    lines[:] = "\n\n".join(paragraphs).splitlines()


def inline_formula(self: SphinxTranslator, node: nodes.math) -> None:
    """Write a formula as MathML, which browsers draw themselves."""
    self.body.append(convert(node.astext()))
    raise nodes.SkipNode


def formula(self: SphinxTranslator, node: nodes.math_block) -> None:
    """Write a formula with its own line."""
    self.body.append(f'<div class="formula">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def mend_page(app: Sphinx, name: str, template: str, context: dict, doctree: object) -> None:
    """Name what a screen reader stumbles over, and lead to the page in other languages."""
    up = "../" * (name.count("/") + (language != ENGLISH))  # to the English start page
    for part, text, instead in (
        ("furo_navigation_tree", 'role="heading"', 'role="heading" aria-level="2"'),
        ("body", ' aria-label="Toggle hidden content"', ""),
        ("furo_navigation_tree", 'href="en://', f'hreflang="en" href="{up}'),
        ("body", 'href="en://', f'hreflang="en" href="{up}'),
    ):
        context[part] = context.get(part, "").replace(text, instead)
    context["editions"] = [
        (other, up + (f"{other}/" if other != ENGLISH else "") + f"{name}.html")
        for other in languages()
        if all(_is_page(name, each) for each in languages())
    ]


def _is_page(name: str, wanted: str) -> bool:
    """Tell whether there is a page of this name in a language."""
    room, _, notebook = name.rpartition("/")
    if room == "notebooks":
        return notebook in lesson.names(wanted)
    pages = lesson.HERE / "pages" / ("" if wanted == ENGLISH else wanted)
    return name in ("claims", "glossary") or (pages / f"{name}.md").exists()


def setup(app: Sphinx) -> None:
    """Name the functions above to Sphinx."""
    app.add_html_math_renderer("mathml", (inline_formula, None), (formula, None))
    app.connect("autodoc-process-docstring", as_plain_text)
    app.connect("doctree-read", mark_sections)
    app.connect("doctree-resolved", link_marks)
    app.connect("html-page-context", mend_page, priority=900)  # after the theme
