"""What every drawing by hand owes its reader, and what each of them states."""

import base64
import math
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from html.parser import HTMLParser
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

NAMES = sorted(path.stem for path in FOLDER.iterdir())
EVERY_DRAWING = pytest.mark.parametrize("name", NAMES)
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ("en", "ko"))
SVG = "{http://www.w3.org/2000/svg}"
WORDS, SHAPES = {"title", "desc", "text"}, {"path", "rect", "circle", "ellipse"}
GREYS = {"#FFFFFF", "#C8C8C8", "#D9D9D9"}
SMALLEST = 17  # units of a letter
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
FONT = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans{{}}.ttf"  # as wide as fonts get


def source(name):
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@cache
def root(name):
    return ElementTree.fromstring(source(name))


def kind(element):
    return element.tag.removeprefix(SVG)


def numbers(text):
    return [float(number) for number in NUMBER.findall(text)]


def number(element, name, default=0.0):
    return float(element.get(name, default))


def look(name, element):
    """Return what the style of a drawing says of an element."""
    (style,) = root(name).iter(f"{SVG}style")
    names = {kind(element), *(f".{one}" for one in element.get("class", "").split())}
    found = {a: element.get(a) for a in ("fill", "stroke") if element.get(a)}
    for selectors, rules in re.findall(r"([^{}]+){([^{}]*)}", style.text):
        if names & {one.strip() for one in selectors.split(",")}:
            found |= {a.strip(): b.strip() for a, b in re.findall(r"([\w-]+):([^;]+)", rules)}
    return found


def size(name, element):
    style = look(name, element)
    return numbers(style.get("font-size", style["font"]))[0]


def shown(name):
    """Yield what is drawn of an SVG file, copies too, each with how far it is moved."""
    named = {element.get("id"): element for element in root(name).iter() if element.get("id")}

    def walk(element, x, y):
        if kind(element) in ("defs", "style", "title", "desc"):
            return
        if moved := element.get("transform"):
            found = re.fullmatch(r"translate\((\d+)(?:, (\d+))?\)", moved)
            x, y = x + float(found[1]), y + float(found[2] or 0)
        if kind(element) == "use":
            copied = named[element.get("href").removeprefix("#")]
            yield from walk(copied, x + number(element, "x"), y + number(element, "y"))
        elif kind(element) in SHAPES | {"text"}:
            yield element, x, y
        for child in element:
            yield from walk(child, x, y)

    return list(walk(root(name), 0, 0))


def of_group(name, group):
    return next(one for one in root(name).iter() if one.get("id") == group)


def copies(element):
    return Counter(one.get("href") for one in element.iter(f"{SVG}use"))


def boxes(name, language):
    """Return each text as it is shown, and the box that it fills: left, top, right, bottom."""
    use(language)
    found = []
    for element, x, y in shown(name):
        if kind(element) == "text":
            text = module.tr_words(element.text)
            style, letter = look(name, element), size(name, element)
            font = ImageFont.truetype(FONT.format("-Bold" * ("font-weight" in style)), letter)
            latin = "".join(one for one in text if east_asian_width(one) not in "WF")
            width = font.getlength(latin) + letter * (len(text) - len(latin))
            part = {"start": 0, "middle": 0.5, "end": 1}[style["text-anchor"]]
            left, base = x + number(element, "x") - part * width, y + number(element, "y")
            found.append((text, (left, base - 0.75 * letter, left + width, base + 0.25 * letter)))
    return found


def test_every_drawing_is_a_file_of_the_folder_and_used_in_a_notebook():
    used = [
        name
        for path in find_notebooks(NOTEBOOKS)
        for name in re.findall(r'drawing\(\\"(\w+)\\"\)', path.read_text(encoding="utf-8"))
    ]
    assert sorted(used) == NAMES == sorted(path.stem for path in FOLDER.glob("*.svg"))


def test_another_name_is_answered_with_those_that_exist():
    known = ", ".join(NAMES)
    with pytest.raises(ValueError, match=f"^There is no drawing 'crane'; take one of: {known}.$"):
        figures.drawing("crane")


def test_a_drawing_needs_no_matplotlib():
    code = "import sys; from seminar_utils import figures; figures.drawing('fable').html(); "
    code += "print({'matplotlib', 'numpy', 'PIL', 'babel', 'torch'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def packed(page):
    """Return the attributes of the image of a page, and the SVG file in it."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(page)
    ((tag, attributes),) = found
    assert tag == "img" and set(attributes) == {"alt", "src"}
    data = attributes["src"].removeprefix("data:image/svg+xml;base64,")
    return attributes, base64.b64decode(data).decode("utf-8")


@EVERY_DRAWING
@IN_BOTH_LANGUAGES
def test_a_cell_shows_the_file_in_the_words_of_the_reader(name, language):
    use(language)
    one = drawing(name)
    attributes, content = packed(one.html())
    assert attributes["alt"] == one.alt == module.tr_words(texts(source(name))[1])
    assert texts(content) == [module.tr_words(text) for text in texts(source(name))]
    assert (content == source(name)) is False or language == "en"
    assert (module.tr_words(one.data) == one.data) is (language == "en")


def test_what_a_translation_says_is_escaped(monkeypatch):
    monkeypatch.setattr(module, "tr_words", lambda text: f"<&> {text}")
    _, content = packed(drawing("block_backward").html())
    found = ElementTree.fromstring(content).findall(f"{SVG}text")
    assert "<&> open where F(x) + x > 0" in [element.text for element in found]


@EVERY_DRAWING
def test_title_and_description_come_first_and_every_word_can_be_translated(name):
    title, description = root(name)[:2]
    assert (kind(title), kind(description)) == ("title", "desc")
    found = [one for one in root(name).iter() if kind(one) in WORDS]
    assert texts(source(name)) == [" ".join(one.text.split()) for one in found]
    others = [one for one in root(name).iter() if kind(one) not in WORDS | {"style"}]
    assert not [one for one in others if (one.text or "").strip()]
    assert not [one for one in root(name).iter() if (one.tail or "").strip()]


@EVERY_DRAWING
def test_the_line_is_short_and_the_numbers_of_the_description_are_drawn(name):
    one = drawing(name)
    assert 20 < len(one.data) <= LONGEST_LINE and one.description.endswith(".")
    drawn = " ".join(texts(source(name))[2:])
    count = {"15": copies(root(name)).total()} if name == "whole_net" else {}
    for number in re.findall(r"\d+(?:x\d+)*", one.description):
        assert re.search(rf"\b{number}\b", drawn) or count[number] == int(number)


@EVERY_DRAWING
def test_a_drawing_is_inert_and_needs_nothing_from_outside(name):
    known = WORDS | SHAPES | {"svg", "style", "defs", "g", "use", "marker"}
    assert {kind(element) for element in root(name).iter()} <= known
    names = {element.get("id") for element in root(name).iter()}
    for element in root(name).iter():
        assert not [a for a in element.attrib if a.startswith("on") or a == "style" or ":" in a]
        assert element.get("href", "#").startswith("#")
        assert element.get("href") is None or element.get("href")[1:] in names
    assert set(re.findall(r"url\((.*?)\)", source(name))) <= {f"#{one}" for one in names}
    assert "@" not in source(name) and not re.search(r"<[!?](?!--)", source(name))
    addresses = re.findall(r"\w+://[^\"]*", source(name))
    assert addresses == ["http://www.w3.org/2000/svg"]


@EVERY_DRAWING
def test_colours_are_those_of_the_palette_on_white(name):
    palette = {*COLORS.values(), *GREYS, "none"}
    for element in root(name).iter():
        if kind(element) in SHAPES | {"text"}:
            style = look(name, element)
            assert {style.get("fill", "black"), style.get("stroke", "none")} <= palette, style
    colours = re.findall(r"#\w{3,}|(?:fill|stroke|color)\s*:\s*([^;} ]+)", source(name))
    assert {*filter(None, colours)} <= palette
    (paper, *_), (_, _, *area) = shown(name)[0], numbers(root(name).get("viewBox"))
    assert look(name, paper) == {"fill": "#FFFFFF"} and kind(paper) == "rect"
    assert area == [number(paper, "width"), number(paper, "height")]
    assert area == [number(root(name), "width"), number(root(name), "height")]


@EVERY_DRAWING
@IN_BOTH_LANGUAGES
def test_letters_are_large_and_texts_neither_touch_nor_are_cut(name, language):
    found = boxes(name, language)
    width, height = numbers(root(name).get("viewBox"))[2:]
    for text, (left, top, right, bottom) in found:
        assert min(left, top) >= 0 and right <= width and bottom <= height, text
    for (one, a), (other, b) in combinations(found, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one, other)
    for element in root(name).iter(f"{SVG}text"):
        assert size(name, element) >= SMALLEST
    (style,) = root(name).iter(f"{SVG}style")
    assert "scale" not in source(name) and "pt" not in re.findall(r"font[^;]*", style.text)


@EVERY_DRAWING
@IN_BOTH_LANGUAGES
def test_a_word_in_a_box_fits(name, language):
    rectangles = [(one, x, y) for one, x, y in shown(name)[1:] if kind(one) == "rect"]
    for text, (left, top, right, bottom) in boxes(name, language):
        for one, x, y in rectangles:
            x0, y0 = x + number(one, "x"), y + number(one, "y")
            x1, y1 = x0 + number(one, "width"), y0 + number(one, "height")
            if left < x1 and x0 < right and top < y1 and y0 < bottom:  # they meet
                assert x0 + 2 <= left and right <= x1 - 2 and y0 <= top and bottom <= y1, text


# ---- what they state -----------------------------------------------------------------------------


def test_the_beak_touches_the_soup_of_the_plate_and_reaches_into_that_of_the_jar():
    beak = next(one for one in root("fable").iter() if one.get("class") == "beak")
    x, tip = numbers(beak.get("d"))[-2:]
    for group, least, most in (("at-the-plate", 0, 5), ("at-the-jar", 20, 40)):
        assert copies(of_group("fable", group)) == {"#crane": 1}
        soup = next(one for one in of_group("fable", group) if one.get("class") == "soup")
        left, surface = numbers(soup.get("d"))[:2]
        right = numbers(soup.get("d"))[-2]
        assert left < x < right and least <= tip - surface <= most


def direction(element):
    """Return where a path ends, seen from where it begins: down is positive."""
    (_, start), path = numbers(element.get("d"))[:2], element.get("d")
    return numbers(path)[-1] - start


@pytest.mark.parametrize(("name", "sign"), [("block_forward", 1), ("block_backward", -1)])
def test_arrows_lead_through_the_block_and_one_around_its_convolutions(name, sign):
    ways = [one for one in of_group(name, "arrows") if one.get("class") == "way"]
    assert len(ways) == 5 and all(sign * direction(one) > 0 for one in ways)
    (arc,) = (one for one in of_group(name, "arrows") if one.get("class") == "shortcut")
    ends = sorted(numbers(arc.get("d"))[1::6])
    layers = [one for one, *_ in shown(name) if one.get("class") == "layer"]
    assert sign * direction(arc) > 0 and len(layers) == 2
    for one in layers:
        assert ends[0] < number(one, "y") and number(one, "y") + number(one, "height") < ends[1]


def test_the_shortcut_leads_around_both_layers_to_a_plus():
    plain, residual = (of_group("two_kinds", one) for one in ("plain", "with-a-shortcut"))
    assert copies(plain) == copies(residual) == {"#layers": 1}
    for group, count in ((plain, 0), (residual, 1)):
        paths = [one.get("class") for one in group.iter()]
        assert paths.count("shortcut") == count and paths.count("way") == 1
    layers = [number(one, "x") for one in root("two_kinds").iter() if one.get("class") == "layer"]
    arc = next(one for one in residual if one.get("class") == "shortcut")
    plus = next(one for one in residual.iter(f"{SVG}circle"))
    assert numbers(arc.get("d"))[0] < min(layers) < max(layers) < number(plus, "cx")


def test_the_whole_net_has_32_layers_in_boxes_as_high_as_their_maps():
    blocks = copies(root("whole_net"))
    assert blocks == {"#block-1": 5, "#block-2": 5, "#block-3": 5}
    layers = [one for one, *_ in shown("whole_net") if one.get("class") == "layer"]
    assert len(layers) + blocks.total() == 32 == 1 + 3 * 5 * 2 + 1  # a block has two
    boxes = [one for one, *_ in shown("whole_net")[1:] if kind(one) == "rect"]
    pixels = [number(one, "height") / 11 for one in boxes]
    assert pixels == [14, 14, *5 * [14], *5 * [7], *5 * [4], 1, 1]


def ellipses(group):
    found = of_group("nested_classes", group).iter(f"{SVG}ellipse")
    return [[number(one, name) for name in ("cx", "cy", "rx", "ry")] for one in found]


def outline(ellipse):
    cx, cy, rx, ry = ellipse
    turns = (math.tau * n / 360 for n in range(360))
    return [(cx + rx * math.cos(turn), cy + ry * math.sin(turn)) for turn in turns]


def is_in(point, ellipse):
    cx, cy, rx, ry = ellipse
    return math.hypot((point[0] - cx) / rx, (point[1] - cy) / ry) <= 1


def distance(star, ellipse):
    return min(math.dist(star, point) for point in outline(ellipse))


def test_sets_are_nested_on_the_right_only_and_the_largest_is_not_the_nearest_on_the_left():
    stars = {}
    for group, nested in (("not-nested", False), ("nested", True)):
        large, middle, small = ellipses(group)
        star = next(of_group("nested_classes", group).iter(f"{SVG}use"))
        stars[group] = number(star, "x"), number(star, "y")
        for inner, outer in ((small, middle), (middle, large)):
            assert all(is_in(point, outer) for point in outline(inner)) is nested
        assert (distance(stars[group], large) > distance(stars[group], middle)) is not nested
        assert not is_in(stars[group], large)
    group = of_group("nested_classes", "nested")
    dot, cross = group.find(f"{SVG}circle"), group.find(f"{SVG}path")
    copied = number(dot, "cx"), number(dot, "cy")
    found = [start + 8 for start in numbers(cross.get("d"))[:2]]
    assert distance(copied, ellipses("nested")[1]) < 3 and is_in(found, ellipses("nested")[0])
    assert not is_in(found, ellipses("nested")[1])
    assert math.dist(found, stars["nested"]) > math.dist(copied, stars["nested"])


def test_later_nets_have_these_boxes_sums_and_gates():
    found = {
        group.get("id"): dict(copies(group)) for group in root("where_it_went").findall(f"{SVG}g")
    }
    assert found == {
        "ResNet": {"#around": 1, "#box": 2, "#gate": 1},
        "pre-activation": {"#around": 1, "#box": 2, "#out": 1},
        "ResNeXt": {"#around": 1, "#thin": 6, "#gate": 1},
        "DenseNet": {"#around": 1, "#box": 1, "#out": 1},
        "Transformer": {"#half": 2, "#box": 2, "#out": 1},
        "ConvNeXt": {"#around": 1, "#box": 3, "#out": 1},
    }
    assert [one.text for one in of_group("where_it_went", "DenseNet")][-2] == "[ , ]"
