"""What was guessed beside what came out."""

from collections.abc import Sequence
from dataclasses import replace

from matplotlib.font_manager import FontProperties, findfont, get_font

from seminar_utils.figures.marks import write_beside
from seminar_utils.figures.palette import COLORS
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.figures.question import Question
from seminar_utils.language import tr

__all__ = ["guesses"]

BAND, EDGE = 2, 6  # spreads: of the grey band, and of the last place for a dot


@styled
def guesses(questions: Sequence[Question]) -> Picture:
    """Draw how far each guess lies from what came out: a row per question, an axis in spreads.

    A guess beyond the axis is a triangle at its end. A name that the figure's font cannot write
    becomes a number in the figure; the texts keep it.

    Raises:
        ValueError: There is no question.
    """
    if not questions:
        raise ValueError("There is no question to draw: ask at least one with exercises.guess().")
    figure, (axis,) = new_figure(height=1.8 + 0.7 * len(questions))
    axis.axvspan(-BAND, BAND, color="#d9d9d9")
    axis.axvline(0, color=COLORS["black"], linewidth=1.5)
    labels, parts = [], []
    font = get_font(findfont(FontProperties()))  # has no Korean letters
    for row, question in enumerate(questions):
        far, words = question.distance, tr(question.words)
        if all(font.get_char_index(ord(letter)) for letter in question.name + question.unit):
            labels.append(f"{question.name}\n{question.words}")
        else:
            labels.append(f"question {row + 1}\n{replace(question, unit='').words}")
        if far is not None:
            marker = "o" if abs(far) <= EDGE else ">" if far > 0 else "<"
            place = max(-EDGE, min(EDGE, far))
            axis.plot(place, row, marker, color=COLORS["blue"], markersize=12)
            shift, side = (-12, "right") if place > EDGE / 2 else (12, "left")
            style = {"va": "center", "ha": side, "fontweight": "bold", "color": COLORS["blue"]}
            write_beside(axis, f"{far:+.1f}", (place, row), (shift, 0), **style)
            words = tr("{words}, {far:+.1f} spreads away", words=words, far=far)
        parts.append(f"{question.name}: {words}")
    axis.set_yticks(range(len(questions)), labels)
    axis.set(ylim=(len(questions) - 0.5, -0.5), xlim=(-EDGE - 0.5, EDGE + 0.5))
    axis.set(xlabel="guess minus outcome (spreads over seeds)")
    axis.set_title(f"0: right on; grey: within {BAND} spreads")
    said = "; ".join(parts)
    line = tr("Your guesses and what came out: {said}", said=said)
    alt = tr(
        "One row for each of {n} questions, a dot where the guess lies beside what "
        "came out, with a grey band of {band} spreads on either side of 0. {said}.",
        **{"n": len(questions), "band": BAND, "said": said},
    )
    return Picture(figure, line, alt)
