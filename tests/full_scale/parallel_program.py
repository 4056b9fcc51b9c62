"""What ``test_processes`` starts under torchrun: a tiny net, on pictures in a folder, in float64.

    python -m torch.distributed.run ... -m tests.full_scale.parallel_program PICTURES OUT [EPOCH]

With EPOCH, the second process kills itself after that epoch.
"""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn
from torchvision.transforms import v2

from seminar_utils.full_scale.distributed import DistributedContext, join, parallel
from seminar_utils.full_scale.folders import FolderBatches, image_folder, share_of
from seminar_utils.models.initialization import initialize
from seminar_utils.models.resnet import cifar_resnet
from seminar_utils.training import checkpoints
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import Recipe, fit

RECIPE = Recipe(batch_size=8, iterations=50, learning_rate=0.05)
TO_FLOAT64 = v2.Compose([v2.PILToTensor(), v2.ToDtype(torch.float64, scale=True)])
AUGMENT = v2.Compose([v2.RandomCrop(12), v2.RandomHorizontalFlip(), TO_FLOAT64])
PREPARE = v2.Compose([v2.CenterCrop(12), TO_FLOAT64])


def small_net() -> nn.Module:
    model = cifar_resnet(8, "A", width=4, num_classes=3)
    return initialize(model, seed=0, mode="fan_out").double()


def train_batches(folder: Path, context: DistributedContext) -> FolderBatches:
    return FolderBatches(image_folder(folder / "train"), AUGMENT, RECIPE.batch_size, 0, context)


def test_batches(folder: Path, context: DistributedContext) -> Iterator:
    return share_of(image_folder(folder / "val"), PREPARE, 4, context)


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    dies_after = int(sys.argv[3]) if len(sys.argv) > 3 else None
    with join() as context:
        model = small_net()

        def on_epoch(epoch, score):
            if epoch == dies_after and context.rank == 1:
                os.kill(os.getpid(), signal.SIGKILL)

        history = fit(
            parallel(model, context),
            train_batches(folder, context),
            test_batches(folder, context),
            RECIPE,
            on_epoch,
            checkpoint=Checkpoint(out.with_suffix(".unfinished"), {"net": "small"}),
        )
        if context.rank == 0:
            content = {"model": model.state_dict(), "history": asdict(history)}
            checkpoints.write(out, content)


if __name__ == "__main__":
    main()
