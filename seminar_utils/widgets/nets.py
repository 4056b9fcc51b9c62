"""Sliders and lists: controls above a picture that follows them.

Controls and picture are one output. Without the kernel that made it, a notebook shows the picture
and a hint in their place.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import ipywidgets
import torch
from IPython.display import display
from ipywidgets import Dropdown, IntSlider, SelectionSlider
from torch import Tensor

from seminar_utils import experiments
from seminar_utils.experiments.job import ResidualJob
from seminar_utils.figures.choices import net_choice
from seminar_utils.figures.costs import branch_bars
from seminar_utils.figures.picture import Picture
from seminar_utils.language import N_, tr, tr_words
from seminar_utils.measures.layers import activation_gradients
from seminar_utils.models.googlenet import TABLE_1
from seminar_utils.paper.tables import FILTERS

__all__ = [
    "LOOK",
    "SLIDER",
    "Controlled",
    "branch_explorer",
    "gradients_at_start",
    "module_inputs",
    "net_explorer",
]

GRIDS = {"3": 28, "4": 14, "5": 7}  # pixels in a row, by the first character of a module in Table 1
DEPTHS = (8, 14, 20, 32, 44, 56, 110)  # of the paper's nets on CIFAR-10 and of ours
WIDTHS = (8, 16, 32)  # filters of the first stage; the paper has 16
LOOK = {"style": {"description_width": "115px"}, "layout": {"width": "auto"}}
SLIDER = {"continuous_update": False, **LOOK}  # draws once, when it is let go
# Columns of controls, as many as the window has room for, at most two.
COLUMNS = {"grid_template_columns": "repeat(auto-fit, minmax(300px, 1fr))", "max_width": "860px"}
HINT = N_("Saved picture: run this cell to use its controls.")
# JupyterLab marks saved widgets whose kernel is gone as disconnected.
STYLE = """<style>
.seminar-controls.jupyter-widgets-disconnected, .seminar-picture .seminar-hint {display: none}
.seminar-picture.jupyter-widgets-disconnected .seminar-hint {display: block}
.seminar.jupyter-widgets-disconnected::before,
.seminar .jupyter-widgets-disconnected::before {content: none}
.seminar-picture .widget-html-content {min-width: 0; line-height: 1.5}
.seminar-picture img {max-width: 100%}
</style>"""


class Controlled:
    """A picture and the controls that it follows.

    Args:
        draw: Called with the controls' values, by their names.
        controls: By name.
        above: Widgets that stand above the controls and are none themselves.
    """

    def __init__(
        self,
        draw: Callable[..., Picture],
        controls: Mapping[str, ipywidgets.ValueWidget],
        above: Sequence[ipywidgets.DOMWidget] = (),
    ):
        self.draw, self.controls, self.following = draw, controls, True
        head = ipywidgets.HBox(list(above), layout={"flex_flow": "row wrap"})
        grid = ipywidgets.GridBox(list(controls.values()), layout=COLUMNS)
        self.image = ipywidgets.HTML().add_class("seminar-picture")
        parts = [head.add_class("seminar-controls"), grid.add_class("seminar-controls"), self.image]
        self.box = ipywidgets.VBox(parts).add_class("seminar")
        for control in controls.values():
            control.observe(self.redraw, names="value")
        self.redraw()

    def redraw(self, change: object = None) -> None:
        """Draw the picture of the controls' values, as when one was moved by hand."""
        if not self.following:
            return
        self.picture = self.draw(**{name: one.value for name, one in self.controls.items()})
        self.still = (
            f'<p class="seminar-hint"><em>{tr(HINT)}</em></p>'
            f"<p>{html.escape(tr_words(self.picture.data))}</p>{self.picture.html()}"
        )
        self.image.value = STYLE + self.still

    def set(self, **values: object) -> None:
        """Set several controls and redraw once."""
        self.following = False
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self.following = True
        self.redraw()

    def _ipython_display_(self) -> None:
        still = {"text/html": self.still, "text/plain": self.picture.alt}
        display({**self.box._repr_mimebundle_(), **still}, raw=True)


def branch_explorer() -> Controlled:
    """Return sliders for the filters of an Inception module above the cost of its branches.

    The module of Table 1 that is chosen sets all six sliders, and what comes in.
    """
    inputs = module_inputs()
    module = Dropdown(options=list(TABLE_1), description=tr("module"))
    again = ipywidgets.Button(description=tr("as in Table 1"))
    sliders = {
        name: IntSlider(filters, min=8, max=512, step=8, description=name, **SLIDER)
        for name, filters in zip(FILTERS, TABLE_1[module.value], strict=True)
    }

    def draw(**filters: int) -> Picture:
        return branch_bars(*inputs[module.value], tuple(filters.values()))

    def set_filters(_: object) -> None:
        explorer.set(**dict(zip(FILTERS, TABLE_1[module.value], strict=True)))

    explorer = Controlled(draw, sliders, above=(module, again))
    module.observe(set_filters, names="value")
    again.on_click(set_filters)
    return explorer


def module_inputs() -> dict[str, tuple[int, int]]:
    """Return the channels and the side of the grid that each module of Table 1 receives."""
    inputs, channels = {}, 192
    for name, (n1x1, _, n3x3, _, n5x5, pool_proj) in TABLE_1.items():
        inputs[name] = channels, GRIDS[name[0]]
        channels = n1x1 + n3x3 + n5x5 + pool_proj
    return inputs


def net_explorer() -> Controlled:
    """Return sliders for depth and width and a list of shortcuts above what such a net is like."""
    recorded = [*experiments.recorded("shortcuts"), *experiments.recorded("twins")]
    shortcuts = ("plain", "A", "B", "C")
    controls = {
        "depth": SelectionSlider(options=DEPTHS, value=32, description=tr("layers"), **SLIDER),
        "width": SelectionSlider(options=WIDTHS, value=8, description=tr("filters"), **SLIDER),
        "shortcut": Dropdown(options=shortcuts, value="A", description=tr("shortcut"), **LOOK),
    }

    def draw(depth: int, width: int, shortcut: str) -> Picture:
        # A list's value None means that nothing is chosen, so "plain" stands for it.
        net = depth, width, None if shortcut == "plain" else shortcut
        return net_choice(*net, gradients_at_start(*net), recorded)

    return Controlled(draw, controls)


@cache
def gradients_at_start(depth: int, width: int, shortcut: str | None) -> dict[str, float]:
    """Return the norm of the loss's gradient at each convolution before the first step.

    The net starts as the recorded runs of seed 0 do, and sees the first of their images.

    Raises:
        ValueError: There is no such net.
    """
    job = ResidualJob(net="", seed=0, depth=depth, width=width, shortcut=shortcut)
    return activation_gradients(job.build(), *_first_images(), job.loss)


@cache
def _first_images() -> tuple[Tensor, Tensor]:
    """Return the first 32 images that seed 0 sees, (32, 1, 14, 14), and their labels, (32,)."""
    batches, _ = ResidualJob(net="", seed=0, depth=8, shortcut=None).batches(torch.float32)
    images, labels = next(iter(batches))
    return images[:32], labels[:32]
