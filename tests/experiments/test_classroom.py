"""Classroom: the paper's net, and mistakes that are those of the trained net on the test images."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from seminar_utils import experiments
from seminar_utils.experiments import classroom
from seminar_utils.experiments.classroom import ClassroomJob, find_mistakes
from seminar_utils.experiments.heads import GoogLeNetJob
from seminar_utils.experiments.job import run_job
from seminar_utils.experiments.live import live_jobs
from seminar_utils.models.googlenet import Outputs
from seminar_utils.training.loop import Recipe

RECIPE = Recipe(epochs=1, batch_size=8)
JOB = ClassroomJob(seed=3, width=1 / 32, train_images=16, test_images=1100, recipe=RECIPE)


class Echo(nn.Module):
    """Predicts the class that stands in an image's first pixel; never in training."""

    def forward(self, images):
        assert not self.training
        return nn.functional.one_hot(images[:, 0, 0, 0].long(), 10).float()


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_mistakes_are_counted_through_all_batches_until_enough_are_found(size):
    images, labels = torch.zeros(6, 1, 2, 2), torch.tensor([5, 7, 2, 4, 4, 8])
    images[:, 0, 0, 0] = torch.tensor([5, 1, 2, 3, 0, 9])
    batches = list(zip(images.split(size), labels.split(size), strict=True))
    all_of_them = [[1, 1, 7], [3, 3, 4], [4, 0, 4], [5, 9, 8]]
    assert find_mistakes(Echo().train(), batches) == all_of_them
    for most in (1, 2, 3, 4):
        unread = iter(batches)
        assert find_mistakes(Echo(), unread, most) == all_of_them[:most]
        assert len(list(unread)) == len(batches) - 1 - all_of_them[most - 1][0] // size


def test_a_record_lists_the_first_mistakes_of_a_net_that_looking_does_not_disturb():
    """Recomputed picture by picture; 1,100 images are two batches of the test."""
    record = run_job(JOB)
    unobserved = GoogLeNetJob(**vars(JOB)).train(torch.float32, lambda epoch, score: None, None)
    assert unobserved.history.train == record.history.train
    assert unobserved.history.test == record.history.test
    assert unobserved.weights_checksum == record.weights_checksum
    _, test_batches = JOB.batches(torch.float32)
    images, labels = (torch.cat(parts) for parts in zip(*test_batches, strict=True))
    with torch.inference_mode():
        predicted = unobserved.model.eval()(images[:200]).argmax(1)
    expected = [[i, predicted[i], labels[i]] for i in range(200) if predicted[i] != labels[i]]
    assert record.measurements["mistakes"] == expected[:60] and len(expected) >= 60


def test_the_net_is_the_papers_with_both_heads_and_its_weights_come_with_the_course():
    (job,) = classroom.jobs(7)
    assert (job.net, job.seed, job.heads, job.head_weight) == ("GoogLeNet", 7, ("4a", "4d"), 0.3)
    assert (job.size, job.test_images) == (28, 10_000)
    model = job.build().train()
    assert sum(isinstance(module, nn.LocalResponseNorm) for module in model.modules()) == 2
    assert not any(isinstance(module, nn.BatchNorm2d) for module in model.modules())
    outputs = model(torch.zeros(2, 1, 28, 28))
    assert isinstance(outputs, Outputs) and all(part.shape == (2, 10) for part in outputs)
    assert live_jobs("classroom", 20260101) == [replace(job, seed=20260101)]
    assert isinstance(experiments.trained("classroom", "GoogLeNet"), nn.Module)


def test_every_recorded_seed_leaves_pure_guessing_and_lists_its_mistakes():
    """1.6 ln 10 = 3.68 is the loss of a net and two heads that guess; a tenth is right then."""
    for record in experiments.recorded("classroom"):
        assert record.history.train[-1].loss < 1.6 * 2.0
        assert record.history.test.error < 65
        mistakes = record.measurements["mistakes"]
        labels = torch.cat([labels for _, labels in record.job.batches(torch.float32)[1]])
        assert len(mistakes) == 60
        assert all(labels[i] == label != predicted for i, predicted, label in mistakes)
        # As many mistakes among the first pictures as the error says, give or take chance.
        share = 60 / (mistakes[-1][0] + 1)
        assert share == pytest.approx(record.history.test.error / 100, abs=0.2)
