"""What every drawing by hand owes its reader, and what each of them states."""

import base64
import html
import math
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from unicodedata import east_asian_width
from xml.etree import ElementTree

import matplotlib
import pytest
from PIL import ImageFont

from seminar_utils import figures
from seminar_utils.figures import svg as module
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.shown import LONGEST_LINE
from seminar_utils.figures.svg import FOLDER, drawing, texts
from seminar_utils.jupyter.notebooks import find_notebooks
from seminar_utils.language import use
from tests import NOTEBOOKS

SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}
XMLNS = ' xmlns="http://www.w3.org/2000/svg"'
DRAWN = {name: ElementTree.fromstring(svg.replace(XMLNS, "")) for name, svg in SOURCES.items()}
EVERY_DRAWING = pytest.mark.parametrize("name", DRAWN)
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ("en", "ko"))
WORDS, SHAPES = {"title", "desc", "text"}, {"path", "rect", "circle", "ellipse"}
PALETTE = {*COLORS.values(), "#FFFFFF", "#C8C8C8", "#D9D9D9", "none"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
FONT = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans{{}}.ttf"  # as wide as fonts get


def numbers(text):
    return [float(number) for number in NUMBER.findall(text)]


def sizes(element, *names):
    return [float(element.get(name, 0)) for name in names]


def named(name, group):
    return next(one for one in DRAWN[name].iter() if one.get("id") == group)


def of_class(name, *classes):
    return [one for one in DRAWN[name].iter() if one.get("class") in classes]


def copies(element):
    return Counter(one.get("href") for one in element.iter("use"))


def look(name, element):
    """Return what an element and the style of its drawing say of its look."""
    names = {element.tag, *(f".{one}" for one in element.get("class", "").split())}
    found = {key: element.get(key) for key in ("fill", "stroke") if element.get(key)}
    for selector, rules in re.findall(r"([^{}]+){([^{}]*)}", DRAWN[name].find("style").text):
        if names & set(re.split(r"[\s,]+", selector)):
            found |= dict(re.findall(r"([\w-]+): ([^;]+?) ?(?=;|$)", rules))
    return found


def shown(name):
    """Return what is drawn, copies too, with the way by which each is moved."""

    def walk(element, x, y):
        moved = numbers(element.get("transform", ""))
        x, y = x + sum(moved[:1]), y + sum(moved[1:])
        if element.tag == "use":
            dx, dy = sizes(element, "x", "y")
            yield from walk(named(name, element.get("href")[1:]), x + dx, y + dy)
        elif element.tag in SHAPES | {"text"}:
            yield element, x, y
        for child in element if element.tag != "defs" else ():
            yield from walk(child, x, y)

    return list(walk(DRAWN[name], 0, 0))


def boxes(name):
    """Return left, top, right and bottom of every text and of every box."""
    found = {"text": [], "rect": []}
    for element, dx, dy in shown(name)[1:]:
        x, y, width, height = sizes(element, "x", "y", "width", "height")
        if element.tag == "text":
            style, text = look(name, element), module.tr_words(element.text)
            size = numbers(style.get("font-size", style["font"]))[0]
            font = ImageFont.truetype(FONT.format("-Bold" * ("font-weight" in style)), size)
            latin = "".join(one for one in text if east_asian_width(one) not in "WF")
            width, height = font.getlength(latin) + size * (len(text) - len(latin)), size
            x -= {"start": 0, "middle": 0.5, "end": 1}[style["text-anchor"]] * width
            y -= 0.75 * size
        found.get(element.tag, []).append((x + dx, y + dy, x + dx + width, y + dy + height))
    return found


def meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def is_inside(one, other):
    return min(one[0] - other[0], one[1] - other[1], other[2] - one[2], other[3] - one[3]) >= 0


def test_every_file_of_the_folder_is_a_drawing_of_a_notebook():
    notebooks = [path.read_text(encoding="utf-8") for path in find_notebooks(NOTEBOOKS)]
    used = re.findall(r'drawing\(\\"(\w+)\\"\)', "".join(notebooks))
    assert sorted(used) == list(DRAWN) == sorted(path.stem for path in FOLDER.glob("*.svg"))


def test_another_name_is_answered_with_those_that_exist():
    known = ", ".join(DRAWN)
    with pytest.raises(ValueError, match=f"^There is no drawing 'crane'; take one of: {known}.$"):
        figures.drawing("crane")


def test_a_drawing_loads_nothing_that_draws():
    code = "import sys; from seminar_utils import figures; figures.drawing('fable').html(); "
    code += "print({'matplotlib', 'numpy', 'PIL', 'babel', 'torch'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@EVERY_DRAWING
@IN_BOTH_LANGUAGES
def test_a_cell_shows_the_file_in_the_words_of_the_reader(name, language):
    use(language)
    one, told = drawing(name), [module.tr_words(text) for text in texts(SOURCES[name])]
    page = re.fullmatch('<img alt="(.*)" src="data:image/svg[+]xml;base64,(.*)">', one.html())
    content = base64.b64decode(page[2]).decode("utf-8")
    assert texts(content) == told and html.unescape(page[1]) == one.alt == told[1]
    assert (told == texts(SOURCES[name])) is (language == "en")


def test_what_a_translation_says_is_escaped(monkeypatch):
    monkeypatch.setattr(module, "tr_words", lambda text: f"<&> {text}")
    content = base64.b64decode(drawing("block_backward").html().split("base64,")[1])
    assert b"<text>" not in content and b">&lt;&amp;&gt; open where F(x) + x &gt; 0<" in content


@EVERY_DRAWING
def test_title_and_description_come_first_and_every_word_is_found(name):
    elements = list(DRAWN[name].iter())
    assert [one.tag for one in DRAWN[name]][:2] == ["title", "desc"]
    found = [" ".join(one.text.split()) for one in elements if one.tag in WORDS]
    assert texts(SOURCES[name]) == found
    between = [one.text for one in elements if one.tag not in WORDS | {"style"}]
    assert not "".join(filter(None, [*between, *(one.tail for one in elements)])).strip()


@EVERY_DRAWING
def test_the_line_is_short_and_the_numbers_of_the_description_are_drawn(name):
    one, drawn = drawing(name), " ".join(texts(SOURCES[name])[2:])
    assert 20 < len(one.data) <= LONGEST_LINE and one.description.endswith(".")
    drawn += f" {copies(DRAWN[name]).total()} "
    for number in re.findall(r"\d+(?:x\d+)*", one.description):
        assert re.search(rf"\b{number}\b", drawn), number


@EVERY_DRAWING
def test_a_drawing_is_inert_and_needs_nothing_from_outside(name):
    elements, svg = list(DRAWN[name].iter()), SOURCES[name].replace(XMLNS, "")
    known = WORDS | SHAPES | {"svg", "style", "defs", "g", "use", "marker"}
    assert {element.tag for element in elements} <= known
    attributes = {attribute for element in elements for attribute in element.attrib}
    assert not [one for one in attributes if one.startswith("on") or one in ("style", "xmlns")]
    there = {f"#{element.get('id')}" for element in elements}
    links = {element.get("href") for element in elements} - {None}
    assert {*re.findall(r"url\((.*?)\)", svg), *links} <= there
    assert not re.search(r"@|://|<[!?](?!--)", svg)


@EVERY_DRAWING
def test_colours_are_those_of_the_palette_on_white(name):
    for element in DRAWN[name].iter():
        if element.tag in SHAPES | {"text"}:
            style = look(name, element)
            assert {style.get("fill", "black"), style.get("stroke", "none")} <= PALETTE, style
    (_, _, *area), (paper, *_) = numbers(DRAWN[name].get("viewBox")), shown(name)[0]
    assert area == sizes(DRAWN[name], "width", "height") == sizes(paper, "width", "height")
    assert paper.tag == "rect" and look(name, paper) == {"fill": "#FFFFFF"}


@EVERY_DRAWING
def test_letters_are_large(name):
    style = DRAWN[name].find("style").text
    found = re.findall(r"font(?:-size)?: (\d+)px(?: sans-serif;| })", style)
    assert found and min(map(int, found)) >= 17
    assert len(found) == style.count("font") - style.count("font-weight")
    assert "scale" not in SOURCES[name]


@EVERY_DRAWING
@IN_BOTH_LANGUAGES
def test_texts_neither_touch_nor_are_cut_and_fit_into_their_boxes(name, language):
    use(language)
    found, (_, _, width, height) = boxes(name), numbers(DRAWN[name].get("viewBox"))
    assert all(is_inside(text, (0, 0, width, height)) for text in found["text"])
    assert not any(meet(*two) for two in combinations(found["text"], 2))
    for text in found["text"]:
        assert all(is_inside(text, box) for box in found["rect"] if meet(text, box))


# ---- what they state -----------------------------------------------------------------------------


def test_the_beak_touches_the_soup_of_the_plate_and_reaches_into_that_of_the_jar():
    x, tip = numbers(of_class("fable", "beak")[0].get("d"))[-2:]
    for soup, (least, most) in zip(of_class("fable", "soup"), ((0, 5), (20, 40)), strict=True):
        left, surface, *_, right, _ = numbers(soup.get("d"))
        assert left < x < right and least <= tip - surface <= most
    assert copies(DRAWN["fable"]) == {"#crane": 2}


@pytest.mark.parametrize(("name", "sign"), [("block_forward", 1), ("block_backward", -1)])
def test_arrows_lead_through_the_block_and_one_around_its_convolutions(name, sign):
    ways = [numbers(one.get("d"))[1:] for one in of_class(name, "way", "shortcut")]
    assert len(ways) == 6 and all(sign * (way[-1] - way[0]) > 0 for way in ways)
    top, bottom = sorted((ways[-1][0], ways[-1][-1]))
    layers = [sizes(one, "y", "height") for one in of_class(name, "layer")]
    assert len(layers) == 2 and all(top < y and y + height < bottom for y, height in layers)


def test_the_whole_net_has_32_layers_in_boxes_as_high_as_their_maps():
    blocks = copies(DRAWN["whole_net"])
    assert blocks == {"#block-1": 5, "#block-2": 5, "#block-3": 5}
    layers = [one for one, *_ in shown("whole_net") if one.get("class") == "layer"]
    assert len(layers) + blocks.total() == 32 == 1 + 3 * 5 * 2 + 1  # a block has two
    pixels = [(bottom - top) / 11 for _, top, _, bottom in boxes("whole_net")["rect"]]
    assert pixels == [14, 14, *5 * [14], *5 * [7], *5 * [4], 1, 1]


def test_later_nets_have_these_boxes_sums_and_gates():
    groups = DRAWN["where_it_went"].findall("g")
    assert {group.get("id"): dict(copies(group)) for group in groups} == {
        "ResNet": {"#around": 1, "#box": 2, "#gate": 1},
        "pre-activation": {"#around": 1, "#box": 2, "#out": 1},
        "ResNeXt": {"#around": 1, "#thin": 6, "#gate": 1},
        "DenseNet": {"#around": 1, "#box": 1, "#out": 1},
        "Transformer": {"#half": 2, "#box": 2, "#out": 1},
        "ConvNeXt": {"#around": 1, "#box": 3, "#out": 1},
    }
    assert [group.get("id") for group in groups if "[ , ]" in group.itertext()] == ["DenseNet"]


def outline(cx, cy, rx, ry):
    turns = (math.tau * n / 360 for n in range(360))
    return [(cx + rx * math.cos(turn), cy + ry * math.sin(turn)) for turn in turns]


def covers(ellipse, *points):
    cx, cy, rx, ry = ellipse
    return all(math.hypot((x - cx) / rx, (y - cy) / ry) <= 1 for x, y in points)


def gap(point, ellipse):
    return min(math.dist(point, other) for other in outline(*ellipse))


@pytest.mark.parametrize(("group", "nested"), [("not-nested", False), ("nested", True)])
def test_only_nested_sets_contain_each_other_and_come_nearer_with_more_layers(group, nested):
    element = named("nested_classes", group)
    sets = [sizes(one, "cx", "cy", "rx", "ry") for one in element.iter("ellipse")]
    large, middle, small = sets
    star = sizes(element.find("use"), "x", "y")
    assert covers(middle, *outline(*small)) is covers(large, *outline(*middle)) is nested
    assert (gap(star, large) < gap(star, middle)) is nested and not covers(large, star)
    if nested:
        dot = sizes(element.find("circle"), "cx", "cy")
        cross = [start + 8 for start in numbers(element.find("path").get("d"))[:2]]
        assert gap(dot, middle) < 3 and covers(large, cross) and not covers(middle, cross)
        assert math.dist(cross, star) > math.dist(dot, star)
