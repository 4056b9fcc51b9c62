"""Train several nets at once on one GPU, each step recorded once and replayed.

A net of 16 filters on pictures of 28 x 28 does not fill a GPU: its kernels take microseconds, less
than Python needs to start them. So the whole step (take a batch, mirror, forward, backward, SGD) is
recorded as a CUDA graph, and the graphs of several nets run side by side, each in a stream of its
own. Start, batches, recipe, scores and checkpoints are those of ``training.fit``. Rounding differs,
and a GPU adds in an order that changes from run to run: the numbers repeat within the spread of
seeds, not to the bit.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache
from itertools import islice, zip_longest

import torch
from torch import Tensor, nn
from tqdm import tqdm

from seminar_utils.experiments import records
from seminar_utils.experiments.job import Job, Record, run_of
from seminar_utils.models.initialization import checksum
from seminar_utils.training import checkpoints
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import (
    History,
    Recipe,
    Score,
    evaluate,
    final_logits,
    make_optimizer,
    mean_score,
    schedule,
)
from seminar_utils.training.precision import InPrecision, allow_tf32

__all__ = ["Feed", "Trainee", "record_together", "train_together"]

KEEP_SECONDS = 30  # between two checkpoints


class Feed:
    """A seed's images and the plan of one epoch's batches, on the device."""

    def __init__(self, job: Job, epoch: int):
        self.batches, self.test_batches = job.batches(torch.float32)
        self.steps = job.recipe.steps(len(self.batches))
        self.batches.skip(min(epoch, self.steps // len(self.batches)))  # the last may be cut short
        self.plan = [part.to(job.device) for part in self.next_plan()]

    def next_plan(self) -> list[Tensor]:
        """Return the next epoch's plan, a row for each batch; nothing after the last epoch."""
        left = self.steps - self.batches.epoch * len(self.batches)
        rows = list(islice(self.batches.plan(), max(0, left)))
        self.batches.epoch += 1
        return [torch.stack(parts) for parts in zip(*rows, strict=True)]

    def turn_to(self, plan: list[Tensor]) -> None:
        """Put another epoch's plan in place of this one."""
        for mine, new in zip(self.plan, plan, strict=False):
            mine[: len(new)] = new


class Trainee:
    """A net in training, whose steps need nothing from Python but to be started."""

    def __init__(self, job: Job, checkpoint: Checkpoint):
        self.job, self.checkpoint, device = job, checkpoint, job.device
        self.model = job.build().to(device, memory_format=torch.channels_last)
        self.first = checksum(self.model)
        self.net = InPrecision(self.model, device, job.precision).train()
        self.optimizer = make_optimizer(self.model, job.recipe)
        kept = checkpoint.restore(model=self.model, optimizer=self.optimizer)
        self.history = History.from_json(kept) if kept else History()
        per_epoch = job.train_images // job.recipe.batch_size
        self.steps = job.recipe.steps(per_epoch)
        # Steps read their rate on the device.
        self.all_rates = _rates_of(job.recipe, self.steps)
        self.rates = torch.zeros(per_epoch, device=device)
        self.rate = self.optimizer.param_groups[0]["lr"] = torch.zeros((), device=device)
        self.position = torch.zeros(1, dtype=torch.int64, device=device)  # steps of the epoch
        self.wrong = torch.zeros((), dtype=torch.int64, device=device)
        widest = torch.float32 if device == "mps" else torch.float64  # that the device has
        self.total_loss = torch.zeros((), dtype=widest, device=device)
        self.graph: torch.cuda.CUDAGraph | None = None

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return len(self.history.train)

    def step(self) -> None:
        """Take one step, or replay the recorded one beside those of other nets."""
        if self.graph is None:
            self.take_step()
            return
        with torch.cuda.stream(self.stream):
            self.graph.replay()

    def take_step(self) -> None:
        """Take one step; which one of the epoch, the device counts itself."""
        parts = (part[self.position].squeeze(0) for part in self.feed.plan)
        images, labels = self.feed.batches.take(*parts)
        outputs = self.net(images)
        loss = self.job.loss(outputs, labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.rate.copy_(self.rates[self.position].squeeze())
        self.optimizer.step()
        self.wrong += (final_logits(outputs).argmax(1) != labels).sum()
        self.total_loss += loss.detach() * len(labels)
        self.position += 1

    def state(self) -> list[Tensor]:
        """Return every tensor that a step changes; momenta are there after the first one."""
        momenta = [each["momentum_buffer"] for each in self.optimizer.state.values()]
        counts = [self.position, self.wrong, self.total_loss, self.rate]
        return [*self.model.parameters(), *self.model.buffers(), *counts, *momenta]

    def record(self) -> None:
        """Record a step as a CUDA graph, and leave everything as it was."""
        before = [tensor.detach().clone() for tensor in self.state()]
        self.stream = torch.cuda.Stream()
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            for _ in range(3):  # to warm up
                self.take_step()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=self.stream):
            self.take_step()
        torch.cuda.synchronize()
        self.graph = graph
        with torch.no_grad():
            for tensor, value in zip_longest(self.state(), before):
                tensor.zero_() if value is None else tensor.copy_(value)

    def begin_epoch(self) -> int:
        """Write down the rate of each step, as the schedule has it, and return how many."""
        done = self.epoch * len(self.rates)
        rates = self.all_rates[done : done + len(self.rates)]
        self.rates[: len(rates)] = torch.tensor(rates)
        self.history.learning_rates.append(rates[0])
        for count in (self.position, self.wrong, self.total_loss):
            count.zero_()
        return len(rates)

    def end_epoch(self, seconds: float) -> Score:
        """Note what the epoch came to."""
        score = mean_score(
            self.wrong, self.total_loss, self.position.item() * self.job.recipe.batch_size
        )
        self.history.train.append(score)
        self.history.seconds = seconds
        return score


@cache
def _rates_of(recipe: Recipe, steps: int) -> list[float]:
    """Return the learning rate of each step of a run."""
    optimizer = make_optimizer(nn.Linear(1, 1), recipe)
    scheduler, rates = schedule(optimizer, recipe, steps), []
    for _ in range(steps):
        rates += scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()
    return rates


def train_together(
    jobs: Sequence[Job],
    checkpoint: Callable[[Job], Checkpoint],
    on_epoch: Callable[[Job, int, Score], None] = lambda job, epoch, score: None,
) -> Iterator[tuple[nn.Module, Record]]:
    """Train nets of equally many steps side by side and yield each with its record.

    A CUDA device replays recorded steps, any other takes them one by one.

    Args:
        jobs: Nets on the same images with the same recipe, of any seeds, for one device.
        checkpoint: Says for each job where its state is kept, every half minute.
        on_epoch: Called with each net's job, number of epochs done and last score.

    Raises:
        ValueError: An unknown precision, or nets of different recipes or devices.
    """
    if len({_shared(job) for job in jobs}) > 1:
        raise ValueError("Nets that are trained together need the same recipe, images and device.")
    allow_tf32(jobs[0].precision)
    torch.backends.cudnn.benchmark = True
    is_recorded = jobs[0].device == "cuda"
    wait = torch.cuda.synchronize if is_recorded else lambda: None
    nets = [Trainee(job, checkpoint(job)) for job in jobs]
    before = max((net.history.seconds for net in nets), default=0)
    begun = kept_at = time.perf_counter()
    feeds: dict[tuple[int, int], Feed] = {}  # by seed and epoch, for nets that were kept apart
    for net in nets:
        key = net.job.seed, net.epoch
        if key not in feeds:
            feeds[key] = Feed(net.job, net.epoch)
        net.feed = feeds[key]
        if is_recorded:
            net.record()
    while running := [net for net in nets if net.epoch * len(net.rates) < net.steps]:
        counts = [net.begin_epoch() for net in running]
        wait()  # the nets' own streams wait for nothing by themselves
        for step in range(max(counts)):
            for net, count in zip(running, counts, strict=True):
                if step < count:
                    net.step()
        plans = [feed.next_plan() for feed in feeds.values()]  # while the device is busy
        wait()
        for feed, plan in zip(feeds.values(), plans, strict=True):
            feed.turn_to(plan)
        for net in running:
            score = net.end_epoch(before + time.perf_counter() - begun)
            on_epoch(net.job, net.epoch, score)
        if time.perf_counter() - kept_at > KEEP_SECONDS:
            for net in running:
                net.checkpoint.keep(asdict(net.history), model=net.model, optimizer=net.optimizer)
            kept_at = time.perf_counter()
    for net in nets:
        net.history.test = evaluate(net.net, net.feed.test_batches)
        net.history.seconds = before + time.perf_counter() - begun
        seen = net.feed.batches.checksum
        yield net.model, Record.of_today(net.job, net.history, net.first, seen, {})


def _shared(job: Job) -> tuple:
    """Return what nets that are trained together have in common."""
    return job.recipe, job.train_images, job.test_images, job.size, job.device, job.precision


def record_together(name: str, scale: str, jobs: Sequence[Job]) -> None:
    """Train nets side by side, as far as they share a recipe, and write records and weights."""

    def checkpoint(job: Job) -> Checkpoint:
        path = records.files_of(name, job, scale)["unfinished"]
        return Checkpoint(path, run_of(job, records.fingerprint_today(job)))

    with tqdm(total=sum(job.epochs for job in jobs), file=sys.stdout) as progress:

        def on_epoch(job: Job, epoch: int, score: Score) -> None:
            progress.set_description(f"{job.net} {score.error:.1f} %", refresh=False)
            progress.update()

        for shared in dict.fromkeys(map(_shared, jobs)):
            alike = [job for job in jobs if _shared(job) == shared]
            for model, record in train_together(alike, checkpoint, on_epoch):
                if path := records.files_of(name, record.job, scale)["weights"]:
                    checkpoints.write(path, model.state_dict())
                losses = records.fingerprint_today(record.job)
                records.save(name, replace(record, fingerprint=losses), scale)
