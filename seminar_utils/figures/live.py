"""Training error as it falls: a figure that follows a run of today while it trains."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from seminar_utils.experiments.job import Record
from seminar_utils.figures.marks import draw_run, write_at_end
from seminar_utils.figures.palette import PALETTE
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.figures.shown import image_of
from seminar_utils.figures.twins import PANELS
from seminar_utils.language import tr
from seminar_utils.machine import KERNEL
from seminar_utils.training.loop import Score

if TYPE_CHECKING:  # a figure loads nothing that runs
    from seminar_utils.experiments.live import Live

__all__ = ["Curves", "watch"]

PAUSE = 5.0  # seconds between two pictures, at least
TICKS = (1, 2, 5, 10, 15, 20, 30, 50, 90)  # %; 90: who guesses among ten classes


def watch(run: Live, recorded: Sequence[Record] = (), timeout: float = 120.0) -> list[Record]:
    """Wait for a run and return its records, with a figure that follows its training error.

    A terminal, and a notebook whose outputs are compared, get the progress line alone.

    Args:
        run: What ``experiments.start`` returned.
        recorded: Runs of several seeds, drawn pale behind.
        timeout: Seconds to wait at most; then the recorded seed 0 stands in.

    Raises:
        Stopped: The stop button was pressed.
    """
    # Whether a picture can be replaced by the next one; nbval cannot compare that.
    is_shown = hasattr(get_ipython(), "kernel") and os.environ.get(KERNEL) != "compared"
    if not run.scores or not is_shown:
        return run.result(timeout)
    curves = Curves(run.scores, recorded)
    screen = display(curves.quickly(), raw=True, display_id=True)
    shown, last = curves.epochs, time.monotonic()

    def look() -> None:
        """Show what is new, unless the last picture is too young."""
        nonlocal shown, last
        if curves.epochs > shown and time.monotonic() - last >= PAUSE:
            shown = curves.epochs
            screen.update(curves.quickly(), raw=True)
            last = time.monotonic()

    try:
        return run.result(timeout, look)
    finally:  # all that came in, as small as every picture
        picture = curves.picture(finished=run.is_live)
        screen.update({"text/html": picture.html(), "text/plain": picture.alt}, raw=True)


class Curves:
    """A figure of which only the lines of today change; all else is drawn once.

    Args:
        scores: Of each net, the scores that came in; they become more.
        recorded: Runs of several seeds, drawn pale behind.
    """

    @styled
    def __init__(self, scores: Mapping[str, list[Score]], recorded: Sequence[Record]):
        twins = {f": {kind} nets": pair for kind, pair in PANELS.items() if {*pair} & {*scores}}
        panels = twins or {"": tuple(scores)}
        self.scores = scores
        self.figure, self.axes = new_figure(len(panels), sharey=True, height=4.4)
        self.canvas, self._background = FigureCanvasAgg(self.figure), None
        self.lines, self.names = {}, {}  # of each net, and the names at the ends of its lines
        pale, last = [], max((len(one.history.train) for one in recorded), default=8)
        for axis, (kind, nets) in zip(self.axes, panels.items(), strict=True):
            of_today = [pair for pair in zip(nets, PALETTE, strict=False) if pair[0] in scores]
            for net, color in of_today:
                ours = [record.history.train for record in recorded if record.job.net == net]
                for run in ours:
                    draw_run(axis, run, color).set_alpha(0.5)
                    pale += [score.error for score in run]
                self.lines[net] = draw_run(axis, [], color, bold=2.8)
                # Until the first epoch comes in, the name stands at the ends of the pale lines.
                ends = [run[-1].error for run in ours]
                place = (len(ours[0]), mean(ends)) if ours else (1, TICKS[-1])
                self.names[net] = write_at_end(axis, *place, net if ours else "", color)
            axis.set(title=f"Today's run{kind}", xlabel="epoch", xticks=range(1, last + 1))
            axis.set_xlim(0.8, last + 2)  # names stand right of the axis, which ends with the run
            axis.spines["bottom"].set_bounds(0.8, last)
        # Nets that end at 12 and 14 % are told apart, beside one that begins at 80 %.
        first = self.axes[0]
        first.set(yscale="log", ylabel="training error (%), log scale")
        first.set_yticks(TICKS, list(map(str, TICKS)))
        first.minorticks_off()
        first.set_ylim(0.8 * min(pale, default=TICKS[0]), 1.1 * max([TICKS[-1], *pale]))
        key = ("pale: recorded seeds    " if pale else "") + "bold: today"
        first.text(0.03, 0.04, key, transform=first.transAxes)

    @property
    def epochs(self) -> int:
        """How many epochs of all nets came in."""
        return sum(map(len, self.scores.values()))

    def follow(self) -> str:
        """Move lines and names to what came in, and return it in words."""
        # Copied first: epochs may come in meanwhile.
        errors = {net: [one.error for one in list(those)] for net, those in self.scores.items()}
        ends = {net: (len(those), those[-1]) for net, those in errors.items() if those}
        for net, end in ends.items():
            self.lines[net].set_data(range(1, end[0] + 1), errors[net])
            self.names[net].set_text(net)
            self.names[net].xy = end
        for name in self.names.values():
            others = [n for n in self.names.values() if n.axes is name.axes and n is not name]
            raised = [8 if name.xy[1] > one.xy[1] else -8 for one in others if one.get_text()]
            name.set_position((6, sum(raised)))
        parts = [
            tr("{net} {end:.1f} after epoch {epochs}", net=net, end=end, epochs=epochs)
            for net, (epochs, end) in ends.items()
        ]
        said = ", ".join(parts) or tr("no epoch yet")
        return tr("Training error of today's run (%): {said}.", said=said)

    def quickly(self) -> dict[str, str]:
        """Return what a cell shows meanwhile: lines over the background of the first picture."""
        alt, packed = self.follow(), io.BytesIO()
        moving = [*self.lines.values(), *self.names.values()]
        if self._background is None:
            for artist in moving:
                artist.set_visible(False)
            self.canvas.draw()
            self._background = self.canvas.copy_from_bbox(self.figure.bbox)
            for artist in moving:
                artist.set_visible(True)
        self.canvas.restore_region(self._background)
        for artist in moving:
            artist.axes.draw_artist(artist)
        image = Image.fromarray(np.asarray(self.canvas.buffer_rgba())).convert("RGB")
        image.save(packed, format="png", compress_level=1)
        return {"text/html": image_of(alt, packed.getvalue()), "text/plain": alt}

    def picture(self, finished: bool = True) -> Picture:
        """Return what came in as a picture like every other, whose titles say if it is not all."""
        for axis in () if finished else self.axes:
            axis.title.set_text(axis.get_title().replace("Today's run", "Not finished today"))
        alt = self.follow()
        return Picture(self.figure, alt.removesuffix("."), alt)
