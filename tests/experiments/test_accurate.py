"""Accurate: the paper's width, crops that are what they say, every mistake listed."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from seminar_utils import experiments
from seminar_utils.experiments import accurate
from seminar_utils.experiments.accurate import CROPS, find_mistakes
from seminar_utils.experiments.job import run_job
from seminar_utils.training.loop import Recipe

JOB = replace(accurate.jobs(3)[0], depth=8, width=4, size=14, train_images=64, test_images=200)
JOB = replace(JOB, recipe=Recipe(epochs=1, batch_size=32, pad=2))


def test_the_net_is_the_papers_on_all_images():
    (job,) = accurate.jobs(0)
    assert (job.depth, job.width, job.size, job.train_images) == (20, 16, 28, 60_000)
    assert sum(parameter.numel() for parameter in job.build().parameters()) == 269_434


def test_crops_are_the_image_its_mirror_image_and_ten_of_a_black_frame():
    images = torch.rand(3, 1, 6, 6) - 0.5
    mirrored = CROPS["mirror images"](images)
    assert mirrored.shape == (3, 2, 1, 6, 6)
    assert torch.equal(mirrored[:, 0], images) and torch.equal(mirrored[:, 1], images.flip(-1))
    ten = CROPS["ten crops"](images)
    assert ten.shape == (3, 10, 1, 6, 6)
    assert torch.equal(ten[:, 4], images)  # the middle
    assert torch.equal(ten[:, 0, :, 2:, 2:], images[..., :4, :4])  # upper left: shifted by two
    assert (ten[:, 0, :, :2] == images.min()).all()


class Echo(nn.Module):
    """Predicts the class that stands in an image's first pixel; never in training."""

    def forward(self, images):
        assert not self.training
        return nn.functional.one_hot(images[:, 0, 0, 0].long(), 10).float()


@pytest.mark.parametrize("size", [1, 2, 4, 6])
def test_mistakes_are_counted_through_all_batches(size):
    images, labels = torch.zeros(6, 1, 2, 2), torch.tensor([5, 7, 2, 4, 4, 8])
    images[:, 0, 0, 0] = torch.tensor([5, 1, 2, 3, 0, 9])
    batches = list(zip(images.split(size), labels.split(size), strict=True))
    found = find_mistakes(Echo().train(), batches)
    assert found == [[1, 1, 7], [3, 3, 4], [4, 0, 4], [5, 9, 8]]


def test_a_record_tests_with_crops_and_lists_all_mistakes():
    record = run_job(JOB)
    assert len(record.measurements["mistakes"]) == round(2 * record.history.test.error)
    for name in CROPS:
        assert 0 <= record.measurements[f"test error with {name}"] <= 100


@pytest.mark.parametrize(("name", "most"), [("accurate", 7), ("inception", 8)])
def test_every_recorded_seed_is_right_in_92_of_100(name, most):
    for record in experiments.recorded(name):
        assert record.history.test.error <= most
        mistakes = record.measurements["mistakes"]
        assert len(mistakes) == round(100 * record.history.test.error)
