"""Two processes under torchrun against one process that takes the same two micro-batches.

What torchrun starts is this file: a tiny net, on pictures in a folder, in float64.

    python -m torch.distributed.run ... -m tests.full_scale.test_distributed PICTURES OUT [EPOCH]

With EPOCH, the second process kills itself after that epoch.
"""

import os
import signal
import subprocess
import sys
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch.nn import functional as F
from torchvision.transforms import v2

from seminar_utils.full_scale.distributed import DistributedContext, join, launch, parallel
from seminar_utils.full_scale.folders import FolderBatches, image_folder, share_of
from seminar_utils.models.initialization import initialize
from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.training import checkpoints
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import Recipe, evaluate, fit, make_optimizer, schedule

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"]
TORCHRUN += ["--rdzv-backend=c10d", "--rdzv-endpoint=127.0.0.1:0"]
TORCHRUN += ["-m", "tests.full_scale.test_distributed"]
CPU = torch.device("cpu")
ALONE, FIRST, SECOND = (DistributedContext(*each, CPU) for each in ((0, 1), (0, 2), (1, 2)))
RECIPE = Recipe(batch_size=8, iterations=50, learning_rate=0.05)
TO_FLOAT64 = v2.Compose([v2.PILToTensor(), v2.ToDtype(torch.float64, scale=True)])
AUGMENT = v2.Compose([v2.RandomCrop(12), v2.RandomHorizontalFlip(), TO_FLOAT64])
PREPARE = v2.Compose([v2.CenterCrop(12), TO_FLOAT64])


def small_net():
    model = cifar_resnet(8, "A", width=4)
    return initialize(model, seed=0, mode="fan_out").double()


def train_batches(folder, context):
    return FolderBatches(image_folder(folder / "train"), AUGMENT, RECIPE.batch_size, 0, context)


def held_out(folder, context):
    return share_of(image_folder(folder / "val"), PREPARE, 4, context)


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    dies_after = int(sys.argv[3]) if len(sys.argv) > 3 else None
    with join() as context:
        model = small_net()

        def on_epoch(epoch, score):
            if epoch == dies_after and context.rank == 1:
                os.kill(os.getpid(), signal.SIGKILL)

        batches = train_batches(folder, context), held_out(folder, context)
        checkpoint = Checkpoint(out.with_suffix(".unfinished"), {"net": "small"})
        history = fit(parallel(model, context), *batches, RECIPE, on_epoch, checkpoint=checkpoint)
        if context.rank == 0:
            checkpoints.write(out, {"model": model.state_dict(), "history": asdict(history)})


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Make 66 training and 11 test pictures of three classes: no number that processes divide."""
    folder = tmp_path_factory.mktemp("그림")
    generator = torch.Generator().manual_seed(0)
    for split, count in (("train", 22), ("val", 4)):
        for label, name in enumerate("abc"):
            (folder / split / name).mkdir(parents=True)
            for number in range(count - (split == "val" and name == "c")):
                pixels = torch.randint(0, 156, (16, 16, 3), generator=generator)
                pixels[:, :, label] += 100
                picture = Image.fromarray(pixels.byte().numpy())
                picture.save(folder / split / name / f"{number}.png")
    return folder


def run_two(pictures, out, *more):
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [*TORCHRUN, str(pictures), str(out), *more]
    return subprocess.run(command, env=environment, capture_output=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def two(pictures, tmp_path_factory):
    """Train in two processes, without a break."""
    out = tmp_path_factory.mktemp("two") / "out.pt"
    done = run_two(pictures, out)
    assert done.returncode == 0, done.stderr.decode()
    return checkpoints.read(out)


def test_two_processes_take_the_steps_of_one(pictures, two):
    torch.set_num_threads(1)
    model = small_net().train()
    optimizer = make_optimizer(model, RECIPE)
    scheduler = schedule(optimizer, RECIPE, RECIPE.iterations)
    halves = [train_batches(pictures, context) for context in (FIRST, SECOND)]
    pairs = chain.from_iterable(zip(*halves, strict=True) for _ in range(7))
    for pair in islice(pairs, RECIPE.iterations):
        optimizer.zero_grad()
        for images, labels in pair:  # batch norm sees each half by itself
            (F.cross_entropy(model(images), labels) / 2).backward()
        optimizer.step()
        scheduler.step()
    for name, parameter in model.named_parameters():
        assert (two["model"][name] - parameter).abs().max() < 1e-8, name


def test_scores_are_of_all_processes_and_every_picture_counts_once(pictures, two):
    """11 test pictures: 6 for one process, 5 for the other."""
    model = small_net()
    model.load_state_dict(two["model"])
    alone = evaluate(model, held_out(pictures, ALONE))
    assert two["history"]["test"]["error"] == alone.error
    assert two["history"]["test"]["loss"] == pytest.approx(alone.loss, rel=1e-12)
    errors = [score["error"] * 64 / 100 for score in two["history"]["train"][:-1]]
    assert errors == pytest.approx([round(wrong) for wrong in errors])  # 8 whole batches of 8
    assert len(two["history"]["train"]) == 7  # 6 epochs of 8 steps and 2 more


def test_a_killed_process_ends_all_and_the_same_command_goes_on(pictures, two, tmp_path):
    out = tmp_path / "out.pt"
    killed = run_two(pictures, out, "3")
    assert killed.returncode != 0 and not out.exists()
    assert len(checkpoints.read(out.with_suffix(".unfinished"))["history"]["train"]) in (3, 4)
    resumed = run_two(pictures, out)
    assert resumed.returncode == 0, resumed.stderr.decode()
    again = checkpoints.read(out)
    for name, parameter in again["model"].items():
        assert torch.equal(parameter, two["model"][name]), name
    assert again["history"]["train"] == two["history"]["train"]
    assert again["history"]["test"] == two["history"]["test"]


def test_an_error_of_two_processes_is_one_sentence(tmp_path):
    command = ["twins", "--processes", "2", "--net", "ResNet-18", "--images"]
    command = [sys.executable, "-m", "seminar_utils.full_scale", *command, tmp_path / "없음"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=240, check=False)
    (sentence,) = done.stderr.splitlines()
    assert done.returncode == 1 and "없음/train is no folder of pictures" in sentence


def test_a_lost_process_is_one_sentence():
    with pytest.raises(RuntimeError, match=r"A process is lost \(Signal 9 .*The same command"):
        launch(2, "timeit", "-n1", "import os; os.kill(os.getpid(), 9)")


if __name__ == "__main__":
    main()
