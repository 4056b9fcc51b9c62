"""Inception: how good does a narrow GoogLeNet get, and where does it look?

A GoogLeNet to be used: a sixth of the paper's width, on all 60,000 images of 28 x 28 pixels,
shifted by up to a pixel and mirrored, for 10 epochs. What differs from the paper: batch norm after
every convolution instead of the two local response normalisations, dropout of 0.2 instead of 0.4
(both as in torchvision's GoogLeNet), no auxiliary heads, and the pool before 5a stands before 3a,
so that stages 3, 4 and 5 work on 14, 7 and 7 pixels.

For the first 1,000 test images it is measured how much of a class activation map (Zhou et al. 2016)
lies on the garment.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean

import torch
from torch import Tensor
from torch.nn import functional as F

from seminar_utils.experiments.accurate import find_mistakes
from seminar_utils.experiments.heads import GoogLeNetJob
from seminar_utils.experiments.job import Experiment, Record
from seminar_utils.experiments.verdicts import Comparison
from seminar_utils.measures.activation_maps import activation_maps, share_on
from seminar_utils.models.googlenet import PAPER, GoogLeNet
from seminar_utils.tables import Table
from seminar_utils.training import data
from seminar_utils.training.loop import Recipe

__all__ = ["EXPERIMENT", "GARMENT", "garment_shares", "garment_table", "jobs", "right_minus_wrong"]

RECIPE = Recipe(epochs=10, batch_size=64, drops=(0.6, 0.9), weight_decay=5e-4, pad=1)
SHARES = "shares on the garment"  # of a record's measurements
GARMENT = 20  # of 255: brighter pixels are garment; the background of the images is 0


@dataclass(frozen=True, kw_only=True)
class _InceptionJob(GoogLeNetJob):
    """The narrow GoogLeNet that works."""

    variant = replace(PAPER, local_response_norm=False, dropout=0.2)

    def build(self, dtype: torch.dtype = torch.float32) -> GoogLeNet:
        """Return the net with the first weights of its seed."""
        model = super().build(dtype)
        model.maxpool2, model.maxpool4 = model.maxpool4, model.maxpool2
        return model

    def measure(self, model: GoogLeNet, test_batches: list, record: Record) -> None:
        """Measure where the net looks, and list what it gets wrong."""
        images, labels = test_batches[0]
        garments = data.load(test=len(images)).test_images.to(images.device) > GARMENT
        shares = garment_shares(model, images, labels, garments).tolist()
        record.measurements[SHARES] = [[round(share, 4) for share in row] for row in shares]
        record.measurements["mistakes"] = find_mistakes(model, test_batches)


def garment_shares(model: GoogLeNet, images: Tensor, labels: Tensor, garments: Tensor) -> Tensor:
    """Return how much of three maps lies on the garment: right class, best wrong one, wrong ones.

    Args:
        model: A trained net.
        images: (N, 1, H, W)
        labels: (N,)
        garments: bool, (N, 1, H, W): where the garment is.

    Returns:
        (N, 3): for the class of the label; for the class with the highest logit of the others;
        the mean over all others. NaN where a map is nowhere positive.
    """
    maps = activation_maps(model, images)
    shares = share_on(garments, maps)
    right = F.one_hot(labels, maps.shape[1]).bool()
    logits = maps.mean((2, 3)) + model.fc.bias
    best_wrong = logits.masked_fill(right, -torch.inf).argmax(1, keepdim=True)
    of_best_wrong = shares.gather(1, best_wrong).squeeze(1)
    of_wrong = shares.masked_fill(right, torch.nan).nanmean(1)
    return torch.stack([shares[right], of_best_wrong, of_wrong], dim=1)


def right_minus_wrong(records: Sequence[Record]) -> list[Comparison]:
    """Compare the share on the garment of the right class's map with that of the best wrong one.

    Returns:
        One comparison a seed, over the images, in percentage points of a map's positive mass.
        Images on which one of both maps is nowhere positive are left out.
    """
    compared = []
    for record in records:
        shares = ((right, wrong) for right, wrong, _ in record.measurements[SHARES])
        points = tuple(100 * (a - b) for a, b in shares if not math.isnan(a + b))
        name = f"seed {record.job.seed}"
        compared.append(Comparison("right class", "best wrong class", name, points))
    return compared


def garment_table(records: Sequence[Record]) -> Table:
    """Show seed by seed how much of the right class's map and the best wrong one's is on it."""
    names, compared = ("right class", "best wrong class"), right_minus_wrong(records)
    shares = [torch.tensor(each.measurements[SHARES]).nanmean(0)[:2].tolist() for each in records]
    # In the last row, over the seeds.
    compared.append(Comparison(*names, "seeds", tuple(each.mean for each in compared)))
    shares.append([mean(column) for column in zip(*shares, strict=True)])
    rows = [
        (
            each.split,
            *(f"{100 * share:.1f}" for share in on_it),
            f"{each.mean:+.1f}",
            f"{each.spread:.1f}",
            f"{each.smallest_visible:.1f}",
            f"{each.same_sign:,} of {len(each.differences):,}",
            each.verdict,
        )
        for each, on_it in zip(compared, shares, strict=True)
    ]
    header = ("% of a map on the garment", *names, "points", "spread", "visible from", "same sign")
    covered = (data.load(test=len(records[0].measurements[SHARES])).test_images > GARMENT).float()
    note = f"Garments cover {100 * covered.mean():.0f} % of the pixels. Paired, 95 % confidence."
    return Table((*header, "verdict"), rows, note)


def jobs(seed: int) -> list[_InceptionJob]:
    """Return the one net of a seed."""
    net = {"net": "GoogLeNet", "heads": (), "batch_norm": True, "width": 1 / 6}
    return [_InceptionJob(**net, seed=seed, train_images=60_000, recipe=RECIPE)]


EXPERIMENT = Experiment(about=__doc__, job=_InceptionJob, jobs=jobs, kept=("GoogLeNet",))
