"""Identity: the deep net computes what the shallow one does, and each start is what it says."""

import copy
from dataclasses import asdict, replace

import pytest
import torch
from torch import nn

from seminar_utils.experiments.identity import IdentityJob, deepened
from seminar_utils.experiments.job import ResidualJob
from seminar_utils.models.resnet import ResNet, cifar_resnet
from seminar_utils.training.loop import Recipe, mean_of
from tests.experiments import SMALL as TINY
from tests.models.references import randomise, relative_difference

GENERATOR = torch.Generator().manual_seed(0)
IMAGES = torch.randn(64, 1, 8, 8, dtype=torch.float64, generator=GENERATOR)
NEW_IMAGES = torch.randn(32, 1, 8, 8, dtype=torch.float64, generator=GENERATOR)
# Four steps in each of two epochs.
SMALL = {**TINY, "recipe": Recipe(epochs=2, batch_size=32)}
STARTS = {"random": 14, "shallow": 8, "identity": 14}
JOBS = {
    start: IdentityJob(net=start, start=start, depth=depth, looked_at=3, **SMALL)
    for start, depth in STARTS.items()
}
PLAIN = {
    depth: ResidualJob(net=f"plain-{depth}", depth=depth, shortcut=None, **SMALL)
    for depth in (8, 14)
}


def train(job):
    return job.train(torch.float64)[1]


@pytest.fixture(scope="module")
def trained():
    """Train each start, and the plain nets as every other experiment does."""
    return {key: train(job) for key, job in {**JOBS, **PLAIN}.items()}


@pytest.fixture
def shallow() -> ResNet:
    """Return a net none of whose numbers is the one it starts with, as if it were trained.

    Its running statistics are those of the images.
    """
    model = cifar_resnet(8, None, width=4, in_channels=1).double()
    randomise(model)
    nn.init.normal_(model.fc.bias)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        model.train()(IMAGES)
    return model


def deep_net(depth: int = 32) -> ResNet:
    return cifar_resnet(depth, None, width=4, in_channels=1).double()


@torch.no_grad()
def test_in_evaluation_32_layers_compute_what_8_do(shallow):
    before = copy.deepcopy(shallow).eval()
    deep = deepened(shallow, deep_net(), IMAGES).eval()
    assert before(NEW_IMAGES).std() > 0.1
    for images in (IMAGES, NEW_IMAGES):
        assert (deep(images) - before(images)).abs().max() < 1e-10
    copied = deep.state_dict()
    for name, value in before.state_dict().items():
        assert torch.equal(copied[name], value), name
        assert torch.equal(shallow.state_dict()[name], value), name
    assert len(list(deep.stages[0])) == 5


@torch.no_grad()
def test_in_training_the_batchs_own_statistics_make_a_difference(shallow):
    """Largest difference as a share of the largest logit; a random start is off by all of it."""
    deep = deepened(shallow, deep_net(), IMAGES).train()
    expected = shallow.train()(IMAGES[:32])
    assert 1e-3 < relative_difference(deep(IMAGES[:32]), expected) < 0.5
    assert relative_difference(deep_net().train()(IMAGES[:32]), expected) > 0.8


@torch.no_grad()
def test_added_norms_have_the_statistics_of_the_images(shallow):
    deep = deepened(shallow, deep_net(14), IMAGES)
    outputs = shallow.stem(IMAGES)
    for stage, (_, added) in zip(shallow.stages, deep.stages, strict=True):
        outputs = stage(outputs)
        by_channel = outputs.transpose(0, 1).flatten(1)
        for norm in (added.bn1, added.bn2):
            assert torch.allclose(norm.running_mean, by_channel.mean(1))
            assert torch.allclose(norm.running_var, by_channel.var(1))


def test_random_start_is_the_plain_net_of_every_experiment(trained):
    """Step by step, with tests in between, is no other training."""
    ours, theirs = trained["random"], trained[14]
    assert ours.weights_checksum == theirs.weights_checksum
    assert ours.history.learning_rates == theirs.history.learning_rates
    assert ours.history.test == theirs.history.test
    for a, b in zip(ours.history.train, theirs.history.train, strict=True):
        assert (a.error, a.loss) == pytest.approx((b.error, b.loss), rel=1e-12)


def test_test_before_is_that_of_the_shallow_net_trained_at_the_usual_rate(trained):
    own = trained[8].history.test
    slow_recipe = replace(SMALL["recipe"], learning_rate=0.001)
    slow = train(replace(JOBS["shallow"], recipe=slow_recipe))
    for found in (trained["shallow"], slow):
        assert found.measurements["test before"] == asdict(own)
    assert slow.history.learning_rates == [0.001, pytest.approx(0.0001)]
    before = trained["identity"].measurements["test before"]
    assert before["error"] == own.error
    assert before["loss"] == pytest.approx(own.loss, rel=1e-10)
    assert trained["random"].measurements["test before"] != asdict(own)


def test_all_starts_see_the_same_batches_and_looks_are_of_the_steps_of_an_epoch(trained):
    """Looked at to its end, the run has its last test twice and its epochs' means in its steps."""
    assert len({each.batches_checksum for each in trained.values()}) == 1
    assert len({trained[start].weights_checksum for start in STARTS}) == 3
    assert [len(trained[start].measurements["first steps"]) for start in STARTS] == [3, 3, 3]
    found = train(replace(JOBS["random"], looked_at=8))
    steps = found.measurements["first steps"]
    assert [mean_of(steps[:4]), mean_of(steps[4:])] == found.history.train
    assert found.measurements["test after first steps"] == asdict(found.history.test)
