"""The figure that follows a run: what it draws, how often, and where it is only a line of text."""

import base64
import io
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from seminar_utils import experiments, figures
from seminar_utils.experiments import live
from seminar_utils.figures.live import Curves
from seminar_utils.figures.picture import Picture
from seminar_utils.machine import KERNEL
from seminar_utils.training.loop import Score
from tests.experiments import QUICK
from tests.experiments.test_pool import interrupt
from tests.figures import BLUE, ORANGE, color, points, recorded

WATCH = figures.watch.__globals__
TWINS = ("plain-8", "ResNet-8", "plain-32", "ResNet-32")


@pytest.fixture
def kernel(monkeypatch):
    """Return what a kernel's cell was shown: each picture, as HTML and as text."""
    shown = []

    def display(data, raw, display_id):
        assert raw and display_id
        shown.append(data)
        return SimpleNamespace(update=lambda data, raw: shown.append(data))

    monkeypatch.delenv(KERNEL, raising=False)
    monkeypatch.setitem(WATCH, "get_ipython", lambda: SimpleNamespace(kernel=1))
    monkeypatch.setitem(WATCH, "display", display)
    return shown


def scores(*errors, nets=TWINS):
    return {net: [Score(error + n, 1.0) for error in errors] for n, net in enumerate(nets)}


def test_lines_are_what_came_in():
    known = scores(50, 40)
    known["plain-32"].append(Score(30.5, 1.0))
    known["ResNet-8"].clear()
    curves = Curves(known, recorded(2))
    curves.follow()
    for net in TWINS:
        line = curves.lines[net]
        assert points(line) == [(n + 1, score.error) for n, score in enumerate(known[net])]
        assert color(line) == (BLUE if net.endswith("-8") else ORANGE)
    assert curves.names["plain-32"].xy == (3, 30.5)
    pale = [line for axis in curves.axes for line in axis.lines if line.get_alpha()]
    assert len(pale) == 2 * len(TWINS)


def test_a_run_that_did_not_finish_says_so_and_its_pale_lines_have_names():
    runs = recorded(2)
    curves = Curves(scores(), runs)
    curves.picture(finished=False)
    titles = [axis.get_title() for axis in curves.axes]
    assert titles == ["Not finished today: plain nets", "Not finished today: residual nets"]
    for net, name in curves.names.items():
        ends = [run.history.train[-1].error for run in runs if run.job.net == net]
        epochs = len(runs[0].history.train)
        assert name.get_text() == net and name.xy == (epochs, pytest.approx(sum(ends) / 2))


def test_a_single_net_has_one_panel():
    curves = Curves(scores(70, nets=["GoogLeNet"]), [])
    curves.follow()
    assert len(curves.axes) == 1 and points(curves.lines["GoogLeNet"]) == [(1, 70)]


def pixels(curves):
    _, data = curves.quickly()["text/html"].split("base64,")
    return np.array(Image.open(io.BytesIO(base64.b64decode(data.removesuffix('">')))))


def test_a_picture_in_between_is_the_same_as_one_drawn_anew():
    """What stands behind was drawn once; nothing of an earlier epoch is left over."""
    known = scores()
    curves = Curves(known, recorded(2))
    for error in (None, 50, 40):
        for n, those in enumerate(known.values() if error else ()):
            those.append(Score(error + n, 1.0))
        shown = pixels(curves)
    assert (shown == pixels(Curves(scores(50, 40), recorded(2)))).all()
    assert (shown == np.array([0, 0x72, 0xB2])).all(axis=2).sum() > 100


def test_it_draws_after_an_epoch_and_every_five_seconds_at_most(kernel, monkeypatch):
    clock, known, shown = [100.0], scores(), []
    monkeypatch.setitem(WATCH, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def result(timeout, look):
        for seconds, epochs in ((1, 1), (4, 0), (100, 0), (0.1, 1), (4.9, 3), (0.2, 0)):
            known["plain-8"] += [Score(50.0, 1.0)] * epochs
            clock[0] += seconds
            look()
            shown.append(len(kernel))

    figures.watch(SimpleNamespace(scores=known, result=result, is_live=True))
    assert "no epoch yet" in kernel[0]["text/plain"] and shown == [1, 2, 2, 3, 3, 4]
    assert len(kernel) == 5 and "plain-8 50.0 after epoch 5" in kernel[-1]["text/plain"]


def test_the_last_picture_holds_all_epochs(kernel, monkeypatch, capsys):
    monkeypatch.setattr(live, "live_jobs", lambda name, seed: [QUICK])
    run = experiments.start("twins", seed=3)
    (record,) = figures.watch(run)
    last = kernel[-1]["text/plain"]
    errors = [score.error for score in record.history.train]
    assert run.is_live and [score.error for score in run.scores["ResNet-8"]] == errors
    assert f"ResNet-8 {errors[-1]:.1f} after epoch 8" in last
    assert 'alt="Training error of today' in kernel[-1]["text/html"]
    assert "8 of 8 epochs trained" in capsys.readouterr().out


@pytest.mark.parametrize("is_live", [True, False, None])
def test_the_last_picture_is_told_whether_the_run_ended(kernel, monkeypatch, is_live):
    """False: the recorded seed 0 stands in; None: the stop button was pressed."""
    ended = []

    def picture(self, finished):
        ended.append(finished)
        return Picture(self.figure, "", "The last picture.")

    def result(timeout, look):
        return interrupt(0) if is_live is None else [timeout]

    monkeypatch.setattr(Curves, "picture", picture)
    run = SimpleNamespace(scores=scores(70), result=result, is_live=is_live)
    with nullcontext() if is_live is not None else pytest.raises(KeyboardInterrupt):
        assert figures.watch(run, timeout=240) == [240]
    assert ended == [is_live] and kernel[-1]["text/plain"] == "The last picture."


@pytest.mark.parametrize("where", ["a terminal", "IPython in a terminal", "nbval", "live=False"])
def test_elsewhere_there_is_only_text(kernel, monkeypatch, where):
    shells = {"a terminal": None, "IPython in a terminal": SimpleNamespace()}
    if where in shells:
        monkeypatch.setitem(WATCH, "get_ipython", lambda: shells[where])
    if where == "nbval":
        monkeypatch.setenv(KERNEL, "compared")
    known = {} if where == "live=False" else scores()
    run = SimpleNamespace(scores=known, result=lambda timeout: [timeout])
    assert figures.watch(run, timeout=3.0) == [3.0] and not kernel
