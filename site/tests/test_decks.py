"""The decks in Chromium: nothing runs out of a slide, what is seen waits for a key, routes."""

import re
from pathlib import Path

import build
import lesson
import pytest

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
SLIDES = "Reveal.getSlides().map((slide) => Reveal.getIndices(slide))"


@pytest.fixture(params=lesson.names())
def deck(browser, request):
    """A deck of 1280 x 720 that counts what it says and asks for."""
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    tab.set_default_timeout(120_000)  # of a machine that has other work
    tab.said, tab.asked, tab.lesson = [], [], lesson.read(request.param)
    tab.on("console", lambda message: tab.said.append(message.text))
    tab.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.on("request", lambda one: tab.asked.append(one.url))
    tab.address = (DECKS / f"{request.param}.html").as_uri()
    tab.goto(tab.address)
    yield tab
    tab.close()


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
        clock = re.search(r"of (\d+):(\d\d)", deck.text_content("#clock"))
        slides = deck.evaluate("Reveal.getTotalSlides()")
        assert abs(int(clock[1]) * 60 + int(clock[2]) - 60 * counted) < slides


def test_the_speakers_window_has_notes(deck):
    deck.evaluate("Reveal.slide(1, 0)")
    with deck.expect_popup() as popup:
        deck.keyboard.press("s")
    window = popup.value
    window.wait_for_function(
        "document.querySelector('.speaker-controls-notes .value')?.textContent"
    )
    notes = window.text_content(".speaker-controls-notes .value")
    window.close()
    part = next(part for part in deck.lesson.sections if part.number is not None)
    assert part.title in notes and f"{part.counted.minutes:.1f} counted" in notes
    for question in part.questions:
        assert " ".join(question.split())[:40] in " ".join(notes.split())


def test_a_hand_out_asks_everything_and_tells_nothing():
    for name in lesson.names():
        one = lesson.read(name)
        sheet = build.templates.get_template("handout.html").render(lesson=one)
        guesses, _, figures = sheet.partition("What you saw")
        asked = [question for part in one.sections for question in part.questions]
        assert guesses.count('class="question"') == len(asked)
        assert all(question in guesses for question in asked)
        blocks = [block for part in one.sections for block in part.blocks]
        assert figures.count('class="seen"') == sum(block.kind == "figure" for block in blocks)
        told = ("seen", "answer", "result")
        assert not any(block.html in sheet for block in blocks if block.kind in told)


def test_a_deck_is_one_file():
    for name in lesson.names():
        page = (DECKS / f"{name}.html").read_text("utf-8").partition("<script>")[0]
        assert not re.search(r'\bsrc="(?!data:)|<link\b|url\((?!["\']?data:)', page), name
