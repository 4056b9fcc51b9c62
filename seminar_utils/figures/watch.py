"""Training error as it falls: a figure that follows a run of today while it trains."""

from __future__ import annotations

import base64
import html
import io
import os
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from seminar_utils.experiments.job import Record
from seminar_utils.figures.marks import draw_run, write_beside
from seminar_utils.figures.palette import PALETTE, SHALLOW_AND_DEEP
from seminar_utils.figures.picture import Picture, new_figure, styled
from seminar_utils.figures.twins import PANELS
from seminar_utils.machine import KERNEL
from seminar_utils.training.loop import Score

if TYPE_CHECKING:  # a figure loads nothing that runs
    from seminar_utils.experiments.live import Live

__all__ = ["watch"]

PAUSE = 5.0  # seconds between two pictures, at least
GUESSING = 90.0  # error in % of a net that guesses among ten classes


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
    if not run.scores or not shows_updates():
        return run.result(timeout)
    screen = Screen(run.scores, recorded)
    try:
        return run.result(timeout, screen.look)
    finally:
        screen.finish()


def shows_updates() -> bool:
    """Tell whether a picture can be replaced by the next one; nbval cannot compare that."""
    return hasattr(get_ipython(), "kernel") and os.environ.get(KERNEL) != "compared"


class Screen:
    """The picture in a cell, drawn anew when epochs have come in.

    Args:
        scores: Of each net, the scores that came in; they become more.
        recorded: Runs of several seeds, drawn pale behind.
    """

    def __init__(self, scores: Mapping[str, list[Score]], recorded: Sequence[Record]):
        self.scores = scores
        self.curves = Curves(list(scores), recorded)
        self._shown, self._last = self._came_in(), time.monotonic()
        self._handle = display(self._now(), raw=True, display_id=True)

    def look(self) -> None:
        """Show what is new, unless the last picture is too young."""
        if self._came_in() > self._shown and time.monotonic() - self._last >= PAUSE:
            self._shown = self._came_in()
            self._handle.update(self._now(), raw=True)
            self._last = time.monotonic()

    def finish(self) -> None:
        """Show all that came in, as small as every picture."""
        picture = self.curves.picture(self.scores)
        self._handle.update({"text/html": picture.html(), "text/plain": picture.alt}, raw=True)

    def _came_in(self) -> int:
        return sum(map(len, self.scores.values()))

    def _now(self) -> dict[str, str]:
        alt = self.curves.follow(self.scores)
        png = base64.b64encode(self.curves.png()).decode()
        image = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{png}">'
        return {"text/html": image, "text/plain": alt}


def panels_of(nets: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return of each panel the nets with their colours: the twins' two, or one for all."""
    found = {}
    for kind, pair in PANELS.items():
        colors = dict(zip(pair, SHALLOW_AND_DEEP, strict=True))
        found[f"{kind} nets"] = {net: color for net, color in colors.items() if net in nets}
    twins = {kind: colors for kind, colors in found.items() if colors}
    return twins or {"": dict(zip(nets, PALETTE, strict=False))}


class Curves:
    """A figure of which only the lines of today change; all else is drawn once.

    Attributes:
        lines, names: Of each net, its line and the name at its end.
    """

    @styled
    def __init__(self, nets: Sequence[str], recorded: Sequence[Record]):
        panels = panels_of(nets)
        self.figure, self.axes = new_figure(len(panels), sharey=True, height=4.8)
        self.canvas, self._background = FigureCanvasAgg(self.figure), None
        self.lines, self.names = {}, {}
        behind = {net: [] for net in nets}
        for record in recorded:
            if record.job.net in behind:
                behind[record.job.net].append([score.error for score in record.history.train])
        pale = [errors for runs in behind.values() for errors in runs]
        for axis, (kind, of_kind) in zip(self.axes, panels.items(), strict=True):
            for net, color in of_kind.items():
                for errors in behind[net]:
                    draw_run(axis, errors, color)
                    axis.lines[-1].set_alpha(0.35)
                draw_run(axis, [], color, bold=2.8)
                self.lines[net] = axis.lines[-1]
                style = {"color": color, "fontweight": "bold", "va": "center"}
                self.names[net] = write_beside(axis, "", (0, 0), (6, 0), **style)
            axis.set_title("Today's run" + (f": {kind}" if kind else ""))
            axis.set_xlabel("epoch")
            axis.set_xlim(0.8, max(map(len, pale), default=8) + 2)
        self.axes[0].set_ylabel("training error (%)")
        self.axes[0].set_ylim(0, max([GUESSING, *map(max, pale)]) + 5)
        key = ("pale: recorded seeds    " if pale else "") + "bold: today"
        self.axes[0].text(1.2, 2, key)

    def follow(self, scores: Mapping[str, Sequence[Score]]) -> str:
        """Move lines and names to what came in, and return it in words."""
        # Copied first: epochs may come in meanwhile.
        errors = {net: [one.error for one in list(those)] for net, those in scores.items()}
        ends = {net: (len(those), those[-1]) for net, those in errors.items() if those}
        for net, (epochs, end) in ends.items():
            line, name = self.lines[net], self.names[net]
            line.set_data(range(1, epochs + 1), errors[net])
            name.set_text(net)
            name.xy = ends[net]
            others = [n for n in ends if n != net and self.lines[n].axes is line.axes]
            name.set_position((6, sum(8 if end > ends[other][1] else -8 for other in others)))
        parts = [f"{net} {end:.1f} after epoch {epochs}" for net, (epochs, end) in ends.items()]
        return f"Training error of today's run (%): {', '.join(parts) or 'no epoch yet'}."

    def png(self) -> bytes:
        """Return the picture quickly: over the background of the first call come the lines."""
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
        packed = io.BytesIO()
        image = Image.fromarray(np.asarray(self.canvas.buffer_rgba())).convert("RGB")
        image.save(packed, format="png", compress_level=1)
        return packed.getvalue()

    def picture(self, scores: Mapping[str, Sequence[Score]]) -> Picture:
        """Return what came in as a picture like every other."""
        alt = self.follow(scores)
        return Picture(self.figure, alt.removesuffix("."), alt)
