"""Class activation maps: their means are the logits, and shares are shares of positive mass."""

import pytest
import torch

from seminar_utils.experiments import inception
from seminar_utils.measures.activation_maps import activation_maps, share_on
from seminar_utils.models.googlenet import GoogLeNet


@pytest.fixture(scope="module")
def net():
    """A small net with batch norm whose statistics are not those of a new one."""
    torch.manual_seed(0)
    model = inception.jobs(0)[0].build()
    with torch.no_grad():
        for _ in range(3):
            model.train()(torch.randn(16, 1, 28, 28))
    return model.eval()


def test_the_mean_of_a_map_and_the_bias_are_the_logit(net):
    images = torch.randn(5, 1, 28, 28)
    for model in (net, GoogLeNet(10, 1, width=1 / 16, small_images=True)):  # heads are left out
        maps = activation_maps(model.train(), images)
        assert maps.shape == (5, 10, 7, 7) and not maps.requires_grad and model.training
        with torch.inference_mode():
            logits = model.eval()(images)
        torch.testing.assert_close(maps.mean((2, 3)) + model.fc.bias, logits, rtol=1e-4, atol=1e-4)
        assert maps.std((2, 3)).min() > 0  # places differ


def test_every_class_has_its_share_of_positive_mass_and_none_without_any():
    """Upper half of a map +1, lower half -3: only the upper one counts."""
    maps = torch.zeros(2, 4, 4, 4)
    maps[0, 0, 0, 0], maps[0, 1, 3, 3], maps[1, 2] = 2, 5, -1
    maps[0, 2], maps[0, 2, :2] = -3, 1
    mask = torch.zeros(2, 1, 4, 4, dtype=torch.bool)
    mask[:, :, 0] = True
    assert share_on(mask, maps)[0, :3].tolist() == [1, 0, 0.5]
    assert share_on(~mask, maps)[0, :3].tolist() == [0, 1, 0.5]
    assert share_on(torch.ones_like(mask), maps)[0, :3].tolist() == [1, 1, 1]
    assert share_on(mask, maps)[1].isnan().all() and share_on(mask, maps).shape == (2, 4)
    ramp = torch.tensor([0.0, 3, 0, 3]).view(1, 1, 2, 2)  # enlarged to 4 pixels: 0, 0.75, 2.25, 3
    left = torch.tensor([True, True, False, False]).expand(1, 1, 4, 4)
    assert share_on(left, ramp).item() == pytest.approx(0.75 / 6)
