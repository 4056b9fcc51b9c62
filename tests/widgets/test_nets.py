"""Sliders driven from Python, as a browser would drive them."""

import html
import re
from itertools import count

import ipywidgets
import pytest
import torch
from traitlets import TraitError

from seminar_utils import experiments
from seminar_utils.figures.choices import net_choice
from seminar_utils.figures.costs import branch_bars
from seminar_utils.figures.picture import Picture, new_figure
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.measures.layers import activation_gradients
from seminar_utils.models.googlenet import TABLE_1, GoogLeNet
from seminar_utils.models.initialization import initialize
from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.training import data
from seminar_utils.training.batches import Normalization
from seminar_utils.widgets import nets as widgets

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def explorer():
    return widgets.branch_explorer()


def calls_of(monkeypatch, name, draw):
    """Return the arguments of every picture that is drawn by this name from now on."""
    calls = []

    def drawing(*arguments):
        calls.append(arguments)
        return draw(*arguments)

    monkeypatch.setattr(widgets, name, drawing)
    return calls


@pytest.fixture
def drawn(monkeypatch):
    return calls_of(monkeypatch, "branch_bars", branch_bars)


@pytest.fixture
def watched(monkeypatch):
    """A small picture is drawn instead of that of the net explorer."""
    small = Picture(new_figure(width=2.0, height=2.0)[0], "no data", "Nothing.")
    return calls_of(monkeypatch, "net_choice", lambda *_: small)


def shown(explorer):
    """Return the line and the image below it, as the reader meets them."""
    return re.search("<p>(.*)</p>(<img .*>)$", explorer.image.value).groups()


def as_shown(picture):
    return html.escape(picture.data), picture.html()


def parts(explorer):
    """Return the drop-down list, the button and the sliders, as they are shown."""
    above, grid, image = explorer.box.children
    assert image == explorer.image
    return *above.children, grid.children


def values(explorer):
    return tuple(slider.value for slider in parts(explorer)[2])


def test_it_begins_with_the_first_module(explorer):
    module, _, sliders = parts(explorer)
    assert module.value == "3a" and module.options == tuple(TABLE_1)
    assert [slider.description for slider in sliders] == list(widgets.FILTERS)
    assert not any(slider.continuous_update for slider in sliders) and sliders[0].min > 0
    assert values(explorer) == TABLE_1["3a"]
    assert shown(explorer) == as_shown(branch_bars(192, 28, TABLE_1["3a"]))


def test_each_slider_changes_image_and_line_once(explorer, drawn):
    filters = list(TABLE_1["3a"])
    for number, slider in enumerate(parts(explorer)[2]):
        before = shown(explorer)
        slider.value = filters[number] = 400
        assert drawn == [(192, 28, tuple(filters))]
        assert shown(explorer) == as_shown(branch_bars(*drawn.pop()))
        assert all(new != old for new, old in zip(shown(explorer), before, strict=True))


def test_a_module_sets_all_sliders_without_rounding_and_draws_once(explorer, drawn):
    """4e and 5a have the same six filters: no slider moves, and another input is drawn."""
    module, again, sliders = parts(explorer)
    for name in list(TABLE_1)[1:]:
        module.value = name
        assert values(explorer) == TABLE_1[name]
        assert drawn == [(*widgets.module_inputs()[name], TABLE_1[name])]
        assert shown(explorer) == as_shown(branch_bars(*drawn.pop()))
        assert all((slider.value - slider.min) % slider.step == 0 for slider in sliders)
    sliders[4].value = 256
    again.click()  # which brings the module back
    assert values(explorer) == TABLE_1[name] and len(drawn) == 2


def test_inputs_are_those_of_the_net():
    with torch.device("meta"):
        net = GoogLeNet(heads=())
    rows = {layer.name: layer for layer in layer_table(net, (3, 224, 224))}
    inputs = widgets.module_inputs()
    assert list(inputs) == list(TABLE_1)
    for name, (channels, size) in inputs.items():
        first = rows[f"inception_{name}.branch_1x1.conv"]
        assert first.output_shape[1:] == (size, size)
        assert getattr(net, f"inception_{name}").branch_1x1.conv.in_channels == channels


def test_output_is_one_bundle_of_widgets_picture_and_text(explorer, monkeypatch, capsys):
    outputs = []
    monkeypatch.setattr(widgets, "display", lambda *a, **options: outputs.append((a, options)))
    parts(explorer)[0].value = "4a"
    explorer._ipython_display_()
    picture = branch_bars(480, 14, TABLE_1["4a"])
    ((bundle,), options) = outputs.pop()
    assert set(bundle) == {VIEW, "text/html", "text/plain"} and not outputs
    assert bundle[VIEW]["model_id"] == explorer.box.model_id
    still = bundle["text/html"]
    assert still.endswith(picture.html()) and explorer.image.value == widgets.STYLE + still
    assert '<p class="seminar-hint">' in still and widgets.HINT in still and "<style" not in still
    assert bundle["text/plain"] == picture.alt and picture.data in picture.alt
    assert options == {"raw": True}
    assert capsys.readouterr() == ("", "")


def test_without_a_kernel_the_controls_go_and_the_hint_comes(explorer):
    """JupyterLab marks widgets without a kernel as disconnected; the style is for these."""
    classes = [widget._dom_classes for widget in (explorer.box, *explorer.box.children)]
    names = ["seminar", "seminar-controls", "seminar-controls", "seminar-picture"]
    assert classes == [(name,) for name in names]
    found = [explorer.box]
    for widget in found:
        found += getattr(widget, "children", ())
    assert len(found) == 12  # and none is an Output, which fails strict nbval
    assert not any(isinstance(widget, ipywidgets.Output) for widget in found)
    rules = widgets.STYLE
    assert ".seminar-controls.jupyter-widgets-disconnected, .seminar-picture .se" in rules
    assert ".seminar-picture.jupyter-widgets-disconnected .seminar-hint {display: block}" in rules


def test_the_data_line_is_no_markup_and_follows_again_after_a_refused_value():
    numbers = count()

    def draw(size):
        return Picture(new_figure()[0], f"<b>{next(numbers)} & {size}", "Nothing.")

    slider = ipywidgets.IntSlider(3)
    controlled = widgets.Controlled(draw, {"size": slider})
    assert "<p>&lt;b&gt;0 &amp; 3</p>" in controlled.image.value
    with pytest.raises(TraitError, match="expected an int"):
        controlled.set(size="many")
    slider.value = 4
    assert "<p>&lt;b&gt;1 &amp; 4</p>" in controlled.image.value


def test_the_net_explorer_begins_with_resnet_32(watched):
    explorer = widgets.net_explorer()
    recorded = watched[0][-1]
    assert watched == [(32, 8, "A", widgets.gradients_at_start(32, 8, "A"), recorded)]
    for name in ("twins", "shortcuts"):
        assert all(record in recorded for record in experiments.recorded(name))
    depth, width, shortcut = explorer.controls.values()
    assert list(explorer.controls) == ["depth", "width", "shortcut"]
    assert depth.options == (8, 14, 20, 32, 44, 56, 110) and width.options == (8, 16, 32)
    assert shortcut.options == ("plain", "A", "B", "C")
    assert not depth.continuous_update and not width.continuous_update


def test_each_control_of_the_net_explorer_draws_once(watched):
    controls = widgets.net_explorer().controls
    for name, value in (("depth", 14), ("width", 16), ("shortcut", "C"), ("shortcut", "plain")):
        controls[name].value = value
    nets = [(14, 8, "A"), (14, 16, "A"), (14, 16, "C"), (14, 16, None)]
    assert [call[:3] for call in watched[1:]] == nets
    assert [call[3] for call in watched] == [
        widgets.gradients_at_start(*call[:3]) for call in watched
    ]
    assert len({tuple(call[3].values()) for call in watched}) == 5


def test_the_net_explorer_shows_its_choice():
    explorer = widgets.net_explorer()
    explorer.set(depth=8, width=16, shortcut="B")
    picture = net_choice(
        8, 16, "B", widgets.gradients_at_start(8, 16, "B"), experiments.recorded("shortcuts")
    )
    assert explorer.picture.data.startswith(picture.data.split("; not recorded")[0])
    assert "option C, 8 filters: 20, 32 layers" in shown(explorer)[0]
    assert shown(explorer) == as_shown(explorer.picture)


def test_gradients_are_those_of_hes_start_in_training_mode():
    images, labels = widgets._first_images()
    for depth, width, shortcut in ((8, 8, None), (14, 16, "B")):
        net = initialize(
            cifar_resnet(depth, shortcut, width=width, in_channels=1), 0, mode="fan_out"
        )
        loss = torch.nn.functional.cross_entropy
        expected = activation_gradients(net, images, labels, loss)
        found = widgets.gradients_at_start(depth, width, shortcut)
        assert list(found) == list(expected)
        assert list(found.values()) == pytest.approx(list(expected.values()), rel=1e-4)
    assert widgets.gradients_at_start(8, 8, None) is widgets.gradients_at_start(8, 8, None)


def test_first_images_are_32_of_the_training_images_normalised():
    images, labels = widgets._first_images()
    assert images.shape == (32, 1, 14, 14)
    known = data.load(train=6000, test=1, size=14)
    pool = Normalization(known.train_images)(known.train_images)
    pool = torch.cat([pool, pool.flip(3)]).flatten(1)
    nearest = torch.cdist(images.flatten(1), pool)
    assert nearest.amin(1).max() < 0.05
    classes = known.train_labels.repeat(2)[nearest.argmin(1)]
    assert torch.equal(classes, labels) and len(labels.unique()) > 5


def test_every_gradient_lies_within_the_axis():
    """The largest comes from the deepest plain net, the smallest from the middle of option A."""
    for net in ((110, 8, None), (110, 8, "A")):
        norms = widgets.gradients_at_start(*net)
        (low, high) = net_choice(*net, norms, []).figure.axes[1].get_ylim()
        assert low < min(norms.values()) and max(norms.values()) < high
