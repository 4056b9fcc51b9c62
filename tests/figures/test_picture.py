"""How a cell shows a picture, the empty figure and its palette."""

import base64
import fnmatch
import io
import tomllib
from html.parser import HTMLParser
from importlib.resources import files

import torch
from PIL import Image

from seminar_utils.figures import shown as module
from seminar_utils.figures.images import gallery
from seminar_utils.figures.picture import Picture, new_figure
from tests.run_checks import ROOT


def test_a_cell_shows_the_picture_and_then_prints_the_data_line(monkeypatch, capsys):
    shown = []

    def display(*args, **options):
        shown.append((args, options))
        print("THE PICTURE")

    monkeypatch.setattr(module, "display", display)
    figure, (axis,) = new_figure()
    axis.plot([1, 2])
    one = Picture(figure, "12.3 and 4.5", "A line rises.")
    one._ipython_display_()
    assert capsys.readouterr().out == "THE PICTURE\n12.3 and 4.5\n"
    bundle = {"text/html": one.html(), "text/plain": "A line rises."}
    assert shown == [((bundle,), {"raw": True})]


def test_the_image_of_a_page_has_its_alt_text():
    alt = 'Below "zero" & <rising>.'
    one = Picture(new_figure()[0], "no data", alt)
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(one.html())
    source = "data:image/png;base64," + base64.b64encode(one.png()).decode()
    assert found == [("img", {"alt": alt, "src": source})]
    assert ">" not in one.html()[:-1]


def test_a_line_too_long_to_be_shown_belongs_to_the_alt_text(monkeypatch, capsys):
    monkeypatch.setattr(module, "display", lambda bundle, raw: None)
    figure = new_figure()[0]
    long = "12.3 and " * 12
    shown = Picture(figure, long[:100], "A line rises to 4.")
    hidden = Picture(figure, long[:101], "A line rises to 4.")
    for picture in (shown, hidden):
        picture._ipython_display_()
    assert capsys.readouterr().out == long[:100] + "\n"
    assert shown.alt == "A line rises to 4."
    assert hidden.alt == f"A line rises to 4. {long[:101]}."
    told = Picture(figure, long[:99], "A line rises to 12.3.")
    assert told.alt == Picture(figure, 2 * told.data, told.description).alt == told.description


def test_a_photograph_keeps_its_colours():
    colours = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))
    shown = gallery({"many colours": colours})
    assert shown.photograph and "data:image/jpeg;base64," in shown.html()
    picture = Image.open(io.BytesIO(shown.png())).convert("RGB")
    assert len(picture.getcolors(1_000_000)) > 1000
    grey = gallery({"grey": colours[0]})
    assert not grey.photograph and "data:image/png;base64," in grey.html()
    assert len(Image.open(io.BytesIO(grey.png())).convert("RGB").getcolors()) <= 64


def test_new_figure_fills_its_grid_row_by_row():
    figure, axes = new_figure(3, 2, width=6.0, height=3.0)
    assert figure.get_size_inches().tolist() == [6.0, 3.0] and figure.dpi == 90
    places = [axis.get_subplotspec() for axis in axes]
    assert [(p.rowspan.start, p.colspan.start) for p in places] == [
        (row, column) for row in range(2) for column in range(3)
    ]
    assert not any(axis.spines[side].get_visible() for axis in axes for side in ("top", "right"))


def test_style_and_drawings_are_packed_with_the_package():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = settings["tool"]["setuptools"]["package-data"]["seminar_utils.figures"]
    room = files("seminar_utils.figures")
    found = [path.relative_to(room).as_posix() for path in room.rglob("*") if path.is_file()]
    assert [sorted(fnmatch.filter(found, pattern)) for pattern in packed] == [
        ["seminar.mplstyle"],
        sorted(name for name in found if name.endswith(".svg")),
    ]
