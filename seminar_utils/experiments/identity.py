"""Identity: can SGD keep a deep plain net as good as the shallow one inside it?

He et al. 2016 (Sec. 1 and 3.1) argue that a deeper net cannot be worse, because added layers could
be the identity and the rest copied from the trained shallow net; they never run it. Here plain-8 is
trained, its three blocks are followed by 24 identity layers, and the plain-32 that results, which
does exactly the same, goes on training, at the shallow net's first rate and at its last. Beside it:
plain-32 from its usual random start, and plain-8 itself going on.

A convolution can be the identity as it stands: its input has passed a ReLU, so the next ReLU leaves
it alone. Batch norm carries it when its running mean and variance are those of its input and its
bias and weight undo them: exact in evaluation, and off by the batch's own statistics in training.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from seminar_utils.experiments.job import Experiment, Record, ResidualJob
from seminar_utils.models.resnet import ResNet
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import Recipe, evaluate, fit

__all__ = ["EXPERIMENT", "IdentityJob", "deepened", "jobs"]

SHALLOW = 8  # layers


@dataclass(frozen=True, kw_only=True)
class IdentityJob(ResidualJob):
    """A plain net with a given start, of which the first steps are looked at one by one."""

    shortcut: str | None = None
    start: str  # "random", "shallow" (plain-8, trained) or "identity" (the same and more layers)
    looked_at: int = 50  # steps

    @property
    def cost(self) -> float:
        """How long an epoch takes, with the share of the shallow net's training before it."""
        shallow = 0 if self.start == "random" else SHALLOW / self.depth
        return super().cost * (1 + shallow)

    def tiny(self) -> "IdentityJob":
        """Return the job with so few layers that rounding errors stay small."""
        few = super().tiny()
        return replace(few, depth=min(self.depth, 14), looked_at=2)

    @contextmanager
    def look(
        self, test_batches: list, model: ResNet, measured: dict, step: int, batch: tuple
    ) -> Iterator[None]:
        """Test before the first step and after the last one that is looked at."""
        if step == 1:
            measured["test before"] = asdict(evaluate(model, test_batches))
        yield
        if step == self.looked_at:
            measured["test after first steps"] = asdict(evaluate(model, test_batches))

    def measure(self, model: ResNet, test_batches: list, record: Record) -> None:
        """Keep the scores of the steps that are looked at."""
        record.measurements["first steps"] = record.measurements.pop("steps")[: self.looked_at]

    def begin(self, dtype: torch.dtype, checkpoint: Checkpoint | None) -> tuple[ResNet, float]:
        """Return the start; what the shallow net has learned stays until the run is recorded."""
        model, _ = super().begin(dtype, None)
        if self.start == "random":
            return model, 0.0
        shallow, _ = replace(self, depth=SHALLOW, start="random").begin(dtype, None)
        train_batches, test_batches = self.batches(dtype)
        usual = replace(self.recipe, learning_rate=Recipe.learning_rate)
        if checkpoint is not None:
            path = checkpoint.path.with_suffix(".shallow.pt")
            checkpoint = Checkpoint(path, {**checkpoint.run, "net": "shallow"})
        history = fit(shallow, train_batches, test_batches, usual, checkpoint=checkpoint)
        if self.start == "identity":
            shallow = deepened(shallow, model, torch.cat([images for images, _ in train_batches]))
        return shallow, history.seconds


@torch.no_grad()
def deepened(shallow: ResNet, deep: ResNet, images: Tensor) -> ResNet:
    """Turn a deeper plain net into one that computes what the shallow one does, and return it.

    Args:
        shallow: A trained plain net, one block or more in each stage.
        deep: A plain net of the same width with more blocks; its weights are overwritten.
        images: (N, C, H, W), from which the statistics of the added batch norms come.
    """
    for name in ("conv1", "bn1", "fc"):
        getattr(deep, name).load_state_dict(getattr(shallow, name).state_dict())
    outputs = shallow.eval().stem(images)
    for known, blocks in zip(shallow.stages, deep.stages, strict=True):
        outputs = known(outputs)
        for position, block in enumerate(blocks):
            if position < len(known):
                block.load_state_dict(known[position].state_dict())
            else:
                _make_identity(block.conv1, block.bn1, outputs)
                _make_identity(block.conv2, block.bn2, outputs)
    return deep


def _make_identity(conv: nn.Conv2d, norm: nn.BatchNorm2d, inputs: Tensor) -> None:
    """Let a 3x3 convolution without bias, and its batch norm, hand on such inputs (N, C, H, W)."""
    nn.init.dirac_(conv.weight)
    mean, variance = inputs.mean((0, 2, 3)), inputs.var((0, 2, 3))
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
    norm.weight.copy_((variance + norm.eps).sqrt())
    norm.bias.copy_(mean)


PAIRS = tuple(
    (f"identity, rate {rate}", baseline)
    for rate in ("0.1", "0.001")
    for baseline in ("plain-32, random start", f"plain-8 goes on, rate {rate}")
)


def jobs(seed: int) -> list[IdentityJob]:
    """Return the starts, each at the first rate, and those from a trained net at its last, too."""
    job = partial(IdentityJob, seed=seed)
    found = [job(net="plain-32, random start", depth=32, start="random")]
    for rate in (Recipe.learning_rate, Recipe.learning_rate / 100):
        recipe = Recipe(learning_rate=rate)
        found += [
            job(net=f"plain-8 goes on, rate {rate:g}", depth=8, start="shallow", recipe=recipe),
            job(net=f"identity, rate {rate:g}", depth=32, start="identity", recipe=recipe),
        ]
    return found


EXPERIMENT = Experiment(about=__doc__, job=IdentityJob, jobs=jobs, pairs=PAIRS)
