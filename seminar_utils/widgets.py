"""Sliders: controls above a picture that follows them.

Each wraps a function of ``figures`` that a notebook calls plainly first. Controls and picture are
one output, which holds the picture as PNG, too: a notebook that is read without a kernel shows it.
"""

import html
from collections.abc import Callable, Mapping, Sequence

import ipywidgets
from IPython.display import display

from seminar_utils.figures.explorer import branch_bars
from seminar_utils.figures.picture import Picture
from seminar_utils.models.googlenet import TABLE_1

__all__ = ["Controlled", "branch_explorer"]

FILTERS = ("#1x1", "#3x3 reduce", "#3x3", "#5x5 reduce", "#5x5", "pool proj")  # as in Table 1
GRIDS = {"3": 28, "4": 14, "5": 7}  # pixels, by the first letter of a module


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
        self.draw = draw
        self.controls = controls
        # No tooltip as alt text: ipywidgets 8.1 cannot show an image that has one (its issue 3860).
        self.image = ipywidgets.Image(format="png", layout={"max_width": "100%"})
        self.line = ipywidgets.HTML()  # the data line, for those who cannot see the image
        grid = ipywidgets.GridBox(
            list(controls.values()), layout={"grid_template_columns": "repeat(2, 430px)"}
        )
        self.box = ipywidgets.VBox([ipywidgets.HBox(list(above)), grid, self.line, self.image])
        self.following = True
        for control in controls.values():
            control.observe(self.follow, names="value")
        self.redraw()

    def follow(self, change: object = None) -> None:
        """Redraw when a control was moved by hand."""
        if self.following:
            self.redraw()

    def redraw(self) -> None:
        """Draw the picture of the controls' values."""
        values = {name: control.value for name, control in self.controls.items()}
        self.picture = self.draw(**values)
        self.image.value = self.picture.png()
        self.line.value = html.escape(self.picture.data)

    def set(self, **values: object) -> None:
        """Set several controls and redraw once."""
        self.following = False
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self.following = True
        self.redraw()

    def bundle(self) -> dict[str, object]:
        """Return what the output holds: the living widgets, the picture and its alt text."""
        return {
            **self.box._repr_mimebundle_(),
            "image/png": self.picture.png(),
            "text/plain": self.picture.alt,
        }

    def _ipython_display_(self) -> None:
        display(self.bundle(), raw=True, metadata={"image/png": {"alt": self.picture.alt}})


def branch_explorer() -> Controlled:
    """Return sliders for the filters of an Inception module above the cost of its branches.

    The module of Table 1 that is chosen sets all six sliders, and what comes in.
    """
    inputs = module_inputs()
    module = ipywidgets.Dropdown(options=list(TABLE_1), description="module")
    again = ipywidgets.Button(description="as in Table 1")
    sliders = {
        name: ipywidgets.IntSlider(
            value=filters,
            min=8,
            max=512,
            step=8,
            description=name,
            continuous_update=False,  # one picture when the slider is let go
            style={"description_width": "100px"},
            layout={"width": "420px"},
        )
        for name, filters in zip(FILTERS, TABLE_1[module.value], strict=True)
    }

    def draw(**filters: int) -> Picture:
        return branch_bars(*inputs[module.value], tuple(filters.values()))

    explorer = Controlled(draw, sliders, above=(module, again))

    def set_filters(_: object) -> None:
        explorer.set(**dict(zip(FILTERS, TABLE_1[module.value], strict=True)))

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
