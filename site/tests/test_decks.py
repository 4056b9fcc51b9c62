"""The decks in Chromium: nothing runs out of a slide, what is seen waits for a key, routes."""

import re
from pathlib import Path

import build
import lesson
import pytest

from seminar_utils.language import languages
from tests import minutes

DECKS = Path(__file__).resolve().parents[1] / "build" / "decks"
# What of the current slide lies outside it or has less room than it needs, all fragments shown.
OUTSIDE = """() => {
  const slide = Reveal.getCurrentSlide(), frame = slide.getBoundingClientRect();
  const left = '.notes, .notes *, math *, [data-kind=figure] > div *';
  const parts = [...slide.querySelectorAll(`:not(${left})`)];
  return parts.filter((part) => {
    const box = part.getBoundingClientRect();
    return box.width && (box.bottom > frame.bottom - 20 || box.right > frame.right + 1 ||
      (part.tagName === 'PRE' && part.scrollWidth > part.clientWidth + 1));
  }).map((part) => part.outerHTML.slice(0, 200));
}"""
LESSONS = [lesson.read(name, of) for of in languages() for name in lesson.names(of)]
SLIDES = "Reveal.getSlides().map((slide) => Reveal.getIndices(slide))"


def address(one):
    return DECKS / build.folder(one.language) / f"{one.name}.html"


@pytest.fixture(params=LESSONS, ids=lambda one: f"{one.language}-{one.name}")
def deck(browser, request):
    """A deck of 1280 x 720 that counts what it says and asks for."""
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    tab.set_default_timeout(120_000)  # of a machine that has other work
    tab.said, tab.asked, tab.lesson = [], [], request.param
    tab.on("console", lambda message: tab.said.append(message.text))
    tab.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.on("request", lambda one: tab.asked.append(one.url))
    tab.address = address(request.param).as_uri()
    tab.goto(tab.address)
    yield tab
    tab.close()


def test_a_translated_deck_has_the_blocks_and_minutes_of_the_english_one():
    for one in LESSONS:
        pairs = zip(one.sections, lesson.read(one.name).sections, strict=True)
        for ours, theirs in pairs:
            assert [b.kind for b in ours.blocks] == [b.kind for b in theirs.blocks]
            assert ours.counted.minutes == theirs.counted.minutes and ours.tag == theirs.tag
            assert len(ours.questions) == len(theirs.questions)
            assert ours.number == theirs.number and all(ours.questions)


def test_every_section_has_a_note_for_the_speaker_and_every_note_a_section():
    sections = [
        (name[:2], "" if section.number is None else str(section.number))
        for name in lesson.names()
        for section in minutes.sections(lesson.read(name).notebook)
    ]
    assert sorted(lesson.notes()) == sorted(sections)
    for note in lesson.notes().values():
        assert note["late"].endswith(".") and note["misunderstanding"].endswith(".")
        assert note["ask"] == "" or note["ask"].endswith("?")


def test_a_speaker_has_something_to_ask_in_every_section():
    for one in LESSONS:
        assert all(part.questions or part.note["ask"] for part in one.sections)


def test_no_slide_overflows_and_nothing_is_loaded(deck):
    problems, sizes = {}, []
    for number, place in enumerate(deck.evaluate(SLIDES)):
        deck.evaluate("([h, v]) => Reveal.slide(h, v, 99)", [place["h"], place["v"]])
        outside = deck.evaluate(OUTSIDE)
        if outside:
            problems[number] = outside
        sizes.append(
            float(deck.evaluate("Reveal.getCurrentSlide().style.getPropertyValue('--size') || 1"))
        )
    assert problems == {}
    assert min(sizes) >= 0.7, "letters of a slide would be too small for the last row"
    assert deck.evaluate("document.documentElement.lang") == deck.lesson.language
    assert deck.said == []
    assert [url for url in deck.asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_every_block_of_the_class_path_is_on_a_slide(deck):
    shown = deck.evaluate(
        "[...document.querySelectorAll('.slides [data-kind]')].map((b) => b.dataset.kind)"
    )
    blocks = [block.kind for part in deck.lesson.sections for block in part.blocks]
    assert sorted(shown) == sorted(["cover", *blocks])
    empty = "[...document.querySelectorAll('.content')].filter((c) => !c.children.length).length"
    assert deck.evaluate(empty) == 0


def test_a_verdict_waits_for_a_key(deck):
    later = ".verdict, [data-kind=answer], [data-kind=seen], [data-kind=result]"
    hidden = (
        f"[...Reveal.getCurrentSlide().querySelectorAll('{later}')]"
        ".map((each) => getComputedStyle(each).visibility)"
    )
    met = 0
    for place in deck.evaluate(SLIDES):
        deck.evaluate("([h, v]) => Reveal.slide(h, v, -1)", [place["h"], place["v"]])
        before = deck.evaluate(hidden)
        if not before:
            continue
        assert set(before) == {"hidden"}
        for _ in before:
            deck.keyboard.press("Space")
        assert deck.evaluate(hidden) and set(deck.evaluate(hidden)) == {"visible"}
        met += 1
    assert met > 0


def test_a_route_shows_its_sections_and_their_minutes(deck):
    for route in deck.lesson.routes:
        deck.goto(f"{deck.address}?route={route}")
        parts = [part for part in deck.lesson.sections if route in part.routes]
        assert deck.evaluate("document.querySelectorAll('.slides > section').length") == len(parts)
        counted = sum(part.counted.minutes for part in parts)
        deck.keyboard.press("t")
        deck.wait_for_function("document.getElementById('clock').textContent")
        times = re.findall(r"(\d+):(\d\d)", deck.text_content("#clock"))
        planned = max(int(clock[0]) * 60 + int(clock[1]) for clock in times)
        assert abs(planned - 60 * counted) < deck.evaluate("Reveal.getTotalSlides()")


def test_the_speakers_window_has_notes(deck):
    deck.evaluate("Reveal.slide(1, 0)")
    with deck.expect_popup() as popup:
        deck.keyboard.press("s")
    window = popup.value
    window.wait_for_function(
        "document.querySelector('.speaker-controls-notes .value')?.textContent"
    )
    notes = " ".join(window.text_content(".speaker-controls-notes .value").split())
    window.close()
    _ = lesson.words(deck.lesson.language)
    part = next(part for part in deck.lesson.sections if part.number is not None)
    counted = _("{n} counted.").format(n=f"{part.counted.minutes:.1f}")
    late = _("When late") + ": " + _(part.note["late"])
    think = _("They may think") + ": " + _(part.note["misunderstanding"])
    for expected in (part.title, counted, late, think, *part.questions):
        assert expected in notes


def test_a_hand_out_asks_everything_and_tells_nothing():
    for one in LESSONS:
        sheet = build.rendered("handout.html", one.name, one.language)
        guesses, _, figures = sheet.partition(lesson.words(one.language)("What you saw"))
        assert f'<html lang="{one.language}">' in sheet
        asked = [question for part in one.sections for question in part.questions]
        assert guesses.count('class="question"') == len(asked)
        gaps = [gap for part in one.sections for gap in part.gaps]
        assert all(text in guesses for text in (*asked, *gaps))
        blocks = [block for part in one.sections for block in part.blocks]
        assert figures.count('class="seen"') == sum(block.kind == "figure" for block in blocks)
        told = ("seen", "answer", "result")
        assert not any(block.html in sheet for block in blocks if block.kind in told)


def test_a_deck_is_one_file():
    for one in LESSONS:
        page = address(one).read_text("utf-8").partition("<script>")[0]
        assert not re.search(r'\bsrc="(?!data:)|<link\b|url\((?!["\']?data:)', page), one.name
