"""The papers' own experiments: recipes from the papers, and the whole way on a tiny folder."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image
from torch.nn import functional as F

from seminar_utils.experiments.job import Record
from seminar_utils.full_scale import heads as heads_paper
from seminar_utils.full_scale import runs as paper
from seminar_utils.full_scale import twins as twins_paper
from seminar_utils.full_scale.twins import TwinJob
from seminar_utils.models.googlenet import Outputs
from seminar_utils.training import data
from seminar_utils.training.loop import Recipe, make_optimizer, schedule

JOBS = {job.net: job for job in twins_paper.jobs(0)}
TRY = Recipe(batch_size=4, iterations=3, learning_rate=0.01)


def rates(job, steps_per_epoch):
    """Return the steps after which the rate changes, and to what."""
    model = torch.nn.Linear(1, 1)
    optimizer = make_optimizer(model, job.recipe)
    steps = job.recipe.steps(steps_per_epoch)
    scheduler = schedule(optimizer, job.recipe, steps)
    found, last = {0: job.recipe.learning_rate}, job.recipe.learning_rate
    for milestone in sorted(scheduler.milestones):
        last *= scheduler.gamma
        found[milestone] = last
    return steps, found


@pytest.mark.parametrize("net", ["plain-18", "plain-34", "ResNet-18", "ResNet-34"])
def test_figure_4_is_the_papers(net):
    """He et al. 2016, Sec. 3.4; drops as in the curves of Fig. 4."""
    job = JOBS[net]
    steps, found = rates(job, 5004)
    assert steps == 600_000
    assert found == pytest.approx({0: 0.1, 150_000: 0.01, 300_000: 0.001})
    assert (job.recipe.batch_size, job.recipe.momentum, job.recipe.weight_decay) == (256, 0.9, 1e-4)
    assert job.images == "ImageNet"
    with torch.device("meta"):
        count = sum(parameter.numel() for parameter in job.build().parameters())
    assert count == {"18": 11_515_688, "34": 21_623_848}[net[-2:]]


def test_figure_6_is_the_papers():
    """He et al. 2016, Sec. 4.2."""
    for depth, parameters in ((20, 269_722), (56, 853_018), (110, 1_727_962)):
        for kind in ("plain", "ResNet"):
            job = JOBS[f"{kind}-{depth}"]
            steps, found = rates(job, 390)
            assert steps == 64_000
            assert found == pytest.approx({0: 0.1, 32_000: 0.01, 48_000: 0.001})
            assert job.recipe.batch_size == 128 and job.images == "CIFAR-10"
            with torch.device("meta"):
                assert sum(p.numel() for p in job.build().parameters()) == parameters


def test_googlenet_has_both_heads_or_none():
    counts = [sum(p.numel() for p in job.build().parameters()) for job in heads_paper.jobs(0)]
    assert counts == [6_998_552, 13_378_280]


@pytest.fixture(scope="module")
def imagenet(tmp_path_factory):
    """Make a folder like ImageNet with three and one pictures of each of two classes."""
    folder = tmp_path_factory.mktemp("imagenet")
    generator = torch.Generator().manual_seed(0)
    for part, count in (("train", 3), ("val", 1)):
        for name in ("n01440764", "n01443537"):
            (folder / part / name).mkdir(parents=True)
            for number in range(count):
                pixels = torch.randint(0, 256, (30, 40, 3), generator=generator).byte().numpy()
                Image.fromarray(pixels).resize((320, 240)).save(
                    folder / part / name / f"{number}.JPEG"
                )
    return folder


def test_imagenet_from_folder_to_record(imagenet, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("RANK", raising=False)
    job = replace(JOBS["ResNet-18"], recipe=TRY)
    record = paper.run(job, imagenet, tmp_path / "unfinished.pt")
    assert len(record.history.train) == 3 and record.history.test is not None
    assert "ResNet-18: epoch 3 of 3, training error" in capsys.readouterr().out
    assert 0 <= record.measurements["test on ten crops"]["error"] <= 100
    assert Record.from_json(json.loads(json.dumps(asdict(record))), TwinJob) == record
    again = paper.run(job, imagenet, tmp_path / "unfinished.pt")  # nothing left to train
    assert again.history.train == record.history.train
    assert again.history.test == record.history.test


def test_googlenet_trains_with_its_heads(imagenet, tmp_path, monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    job = replace(heads_paper.jobs(0)[1], recipe=replace(TRY, iterations=1))
    record = paper.run(job, imagenet, tmp_path / "unfinished.pt")
    assert len(record.history.train) == 1
    logits, labels = torch.randn(3, 4, 1000), torch.arange(4)
    main, first, second = (F.cross_entropy(each, labels) for each in logits)
    assert job.loss(Outputs(*logits), labels) == pytest.approx(main + 0.3 * (first + second))


def test_a_trial_keeps_nothing_and_estimates_the_hours(imagenet, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("RANK", raising=False)
    job = replace(JOBS["ResNet-18"], recipe=TRY)
    assert paper.run(job, imagenet, tmp_path / "unfinished.pt", trial=1) is None
    assert list(tmp_path.iterdir()) == []
    assert "all 3 steps would take" in capsys.readouterr().out


class FakeCifar:
    """What torchvision's CIFAR10 offers, without its files."""

    classes = ("a", "b")

    def __init__(self, root, train, download):
        assert not download
        count = 300 if train else 13
        generator = np.random.default_rng(train)
        self.data = generator.integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)
        self.targets = generator.integers(0, 2, count).tolist()


def test_cifar_from_folder_to_record(tmp_path, monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.setattr(torchvision.datasets, "CIFAR10", FakeCifar)
    images = data.load_cifar10(tmp_path)
    assert images.train_images.shape == (300, 3, 32, 32)
    assert images.train_images[7, 2, 3, 4] == FakeCifar(None, True, False).data[7, 3, 4, 2]
    record = paper.run(
        replace(JOBS["ResNet-20"], recipe=replace(TRY, batch_size=100, iterations=4)),
        tmp_path,
        tmp_path / "unfinished.pt",
    )
    assert len(record.history.train) == 2 and record.measurements == {}


def test_missing_cifar_is_one_clear_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not hold the whole of CIFAR-10"):
        data.load_cifar10(tmp_path)
