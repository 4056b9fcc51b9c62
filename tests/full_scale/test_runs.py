"""The papers' own experiments: recipes from the papers, and the whole way on a tiny folder."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image

from seminar_utils.experiments.job import Record
from seminar_utils.full_scale import heads, runs, twins
from seminar_utils.full_scale.twins import TwinJob
from seminar_utils.models.googlenet import Outputs, total_loss
from seminar_utils.training import data
from seminar_utils.training.loop import Recipe, make_optimizer, schedule

JOBS = {job.net: job for job in twins.jobs(0)}
TRY = Recipe(batch_size=4, iterations=3, learning_rate=0.01)


@pytest.fixture(autouse=True)
def without_torchrun(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)


@pytest.mark.parametrize(
    ("images", "depths", "batch_size", "drops", "steps"),
    [
        ("ImageNet", (18, 34), 256, (150_000, 300_000), 600_000),
        ("CIFAR-10", (20, 32, 44, 56, 110), 128, (32_000, 48_000), 64_000),
    ],
)
def test_recipes_are_the_papers(images, depths, batch_size, drops, steps):
    """He et al. 2016, Sec. 3.4 with drops as in the curves of Fig. 4, and Sec. 4.2."""
    for job in (JOBS[f"{kind}-{depth}"] for depth in depths for kind in ("plain", "ResNet")):
        recipe, optimizer = job.recipe, make_optimizer(torch.nn.Linear(1, 1), job.recipe)
        scheduler = schedule(optimizer, recipe, recipe.steps(job.train_images // batch_size))
        assert (sorted(scheduler.milestones), scheduler.gamma) == ([*drops], 0.1)
        assert (recipe.steps(1), recipe.batch_size, job.images) == (steps, batch_size, images)
        assert (recipe.learning_rate, recipe.momentum, recipe.weight_decay) == (0.1, 0.9, 1e-4)
        assert (recipe.flip, recipe.pad) == (True, 4 if images == "CIFAR-10" else 0)
        with torch.device("meta"):
            model = job.build()
        weighted = [name for name, x in model.named_parameters() if "conv" in name or x.dim() == 2]
        assert len(weighted) == int(job.net.split("-")[1]) == job.depth
        assert (job.shortcut is None) == job.net.startswith("plain")


def test_googlenet_has_both_heads_or_none_and_the_papers_loss_and_pictures():
    none, both = heads.jobs(0)
    counts = [sum(p.numel() for p in job.build().parameters()) for job in (none, both)]
    assert counts == [6_998_552, 13_378_280]
    outputs, labels = Outputs(*torch.randn(3, 4, 1000)), torch.arange(4)
    assert both.loss(outputs, labels) == total_loss(outputs, labels)
    assert "RandomResizedCrop" in str(both.augment())
    assert "lighting_noise" in str(JOBS["ResNet-18"].augment())


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
                picture = Image.fromarray(pixels).resize((320, 240))
                picture.save(folder / part / name / f"{number}.JPEG")
    return folder


def test_imagenet_from_folder_to_record(imagenet, tmp_path, capsys):
    job = replace(JOBS["ResNet-18"], recipe=TRY)
    record = runs.run_paper_job(job, imagenet, tmp_path / "unfinished.pt")
    assert len(record.history.train) == 3 and record.history.test is not None
    assert "ResNet-18: epoch 3, training error" in capsys.readouterr().out
    assert 0 <= record.measurements["test on ten crops"]["error"] <= 100
    assert Record.from_json(json.loads(json.dumps(asdict(record))), TwinJob) == record
    again = runs.run_paper_job(job, imagenet, tmp_path / "unfinished.pt")  # nothing left to train
    assert "3/3" in capsys.readouterr().err
    assert again.history.train == record.history.train
    assert again.history.test == record.history.test


def test_googlenet_trains_with_its_heads(imagenet, tmp_path):
    job = replace(heads.jobs(0)[1], recipe=replace(TRY, iterations=1))
    assert len(runs.run_paper_job(job, imagenet, tmp_path / "unfinished.pt").history.train) == 1


def test_a_trial_keeps_nothing_and_estimates_the_hours(imagenet, tmp_path, capsys):
    job = replace(JOBS["ResNet-18"], recipe=replace(TRY, iterations=4))  # 3 to warm up
    assert runs.run_paper_job(job, imagenet, tmp_path / "unfinished.pt", trial=1) is None
    assert list(tmp_path.iterdir()) == []
    out, line = capsys.readouterr()
    assert out.startswith("ResNet-18: looks for ImageNet in ") and "all 4 steps would take" in out
    assert "ResNet-18:   0%| " in line and "4/4" in line


class Resumed(list):
    epoch = 2


def test_a_line_of_progress_goes_on_after_the_epochs_of_an_earlier_run(capsys):
    job = replace(JOBS["ResNet-18"], recipe=replace(TRY, iterations=9))
    line, loss = runs._with_progress(job, Resumed([1, 2, 3]), True)
    assert loss(torch.zeros(1, 2), torch.tensor([0])) == torch.tensor(2.0).log()
    assert line.format_dict["initial"] == line.last_print_n == 6  # they say nothing about speed
    line.close()
    assert "7/9" in capsys.readouterr().err


def test_bfloat16_is_noted_and_never_mixed_with_float32(imagenet, tmp_path):
    job, unfinished = replace(JOBS["ResNet-18"], recipe=TRY), tmp_path / "unfinished.pt"
    rounded = runs.run_paper_job(job, imagenet, unfinished, precision="bfloat16")
    assert (rounded.job.device, rounded.job.precision) == ("cpu", "bfloat16")
    with pytest.raises(ValueError, match="was left by another recipe"):
        runs.run_paper_job(job, imagenet, unfinished)
    exact = runs.run_paper_job(job, imagenet, tmp_path / "another.pt")
    assert rounded.history.train[0].loss != exact.history.train[0].loss
    assert rounded.history.train[0].loss == pytest.approx(exact.history.train[0].loss, rel=0.05)


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
    with pytest.raises(FileNotFoundError, match="does not hold the whole of CIFAR-10"):
        data.load_cifar10(tmp_path)
    monkeypatch.setattr(torchvision.datasets, "CIFAR10", FakeCifar)
    images = data.load_cifar10(tmp_path)
    assert images.train_images.shape == (300, 3, 32, 32)
    assert images.train_images[7, 2, 3, 4] == FakeCifar(None, True, False).data[7, 3, 4, 2]
    job = replace(JOBS["ResNet-20"], recipe=replace(TRY, batch_size=100, iterations=4))
    record = runs.run_paper_job(job, tmp_path, tmp_path / "unfinished.pt")
    assert len(record.history.train) == 2 and record.measurements == {}
