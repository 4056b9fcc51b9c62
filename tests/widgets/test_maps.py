"""The slider over the classes, driven from Python."""

import pytest
import torch
from traitlets import TraitError

from seminar_utils.experiments import inception
from seminar_utils.measures.activation_maps import activation_maps
from seminar_utils.training import data
from seminar_utils.widgets import where_it_looks

CHOSEN = (0, 7)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return inception.jobs(0)[0].build().eval()


@pytest.fixture
def explorer(model):
    tests = data.load(test=10).test_images / 255
    return where_it_looks(model, {f"image {n}": tests[n] for n in CHOSEN}, "Sandal")


def drawn(explorer):
    return [torch.as_tensor(ax.images[0].get_array()) for ax in explorer.picture.figure.axes[2:4]]


def test_images_go_into_the_net_as_the_test_images_do(explorer, model):
    _, batches = inception.jobs(0)[0].batches(torch.float32)
    maps = activation_maps(model, batches[0][0][list(CHOSEN)])
    for found, expected in zip(drawn(explorer), maps[:, 5], strict=True):  # 5 is the sandal
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_the_slider_changes_map_and_probability_but_not_the_scale(explorer):
    before, limits = drawn(explorer), explorer.picture.figure.axes[2].images[0].get_clim()
    explorer.controls["name"].value = "Bag"
    assert not torch.equal(before[0], drawn(explorer)[0])
    assert explorer.picture.figure.axes[2].get_title().startswith("Bag ")
    assert explorer.picture.figure.axes[2].images[0].get_clim() == limits


def test_probabilities_of_all_classes_add_up(explorer):
    total = 0
    for name in explorer.controls["name"].options:
        explorer.controls["name"].value = name
        total += int(explorer.picture.figure.axes[2].get_title().split()[-2])
    assert total == pytest.approx(100, abs=5)


def test_an_unknown_class_is_refused(model):
    with pytest.raises(TraitError):
        where_it_looks(model, {"image": torch.zeros(1, 28, 28)}, "Hat")
