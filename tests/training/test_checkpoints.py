"""What is kept in a file: whole or not at all, read only when every bit is right, and enough."""

import errno
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from unittest.mock import Mock

import pytest
import torch
from torch import nn

from seminar_utils import files
from seminar_utils.models.initialization import initialize
from seminar_utils.training import checkpoints
from seminar_utils.training.batches import Batches, Normalization
from seminar_utils.training.checkpoints import Checkpoint
from seminar_utils.training.loop import Recipe, fit

IMAGES = torch.randint(0, 256, (24, 1, 8, 8), dtype=torch.uint8)
LABELS = torch.randint(0, 10, (24,))
RECIPE = Recipe(epochs=3, batch_size=6)  # 12 steps
STEPS = 12
RUN = {"job": {"net": "tiny", "drops": (0.5, 0.75)}, "fingerprint": [2.5, float("nan")]}


class Stopped(BaseException):
    """Passes through all that catches errors, as Ctrl-C does, and does not stop pytest."""


def tiny_net():
    """A net with all that a checkpoint has to keep: weights, running statistics, dropout."""
    layers = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(), nn.Flatten()
    return initialize(nn.Sequential(*layers, nn.Linear(144, 10)), 0, mode="fan_in")


@contextmanager
def look(model, measured, step, batch):
    """Note what is right only if no step is lost or taken twice."""
    before = model[0].weight.sum().item()
    yield
    after = model[0].weight.sum().item()
    measured.setdefault("sums", []).append([step, before, after, batch[0].sum().item()])


def train(path=None, stop_at=None, run=RUN, recipe=RECIPE, look=None):
    """Train the tiny net and return everything that a run leaves behind.

    ``stop_at`` breaks the run off in so many steps, like Ctrl-C.
    """
    steps = 0

    def loss(outputs, labels):
        nonlocal steps
        steps += 1
        if steps == stop_at:
            raise Stopped
        return nn.functional.cross_entropy(outputs, labels)

    normalization = Normalization(IMAGES)
    model, batches = tiny_net(), Batches(IMAGES, LABELS, 6, normalization, seed=0)
    checkpoint = path and Checkpoint(path, run)
    test = [(normalization(IMAGES), LABELS)]
    measured = {}
    history = fit(model, batches, test, recipe, lambda *_: None, loss, checkpoint, look, measured)
    found = {"weights": model.state_dict(), "batches": batches.checksum, "measured": measured}
    return found | asdict(history) | {"seconds": None}


def same(one, other):
    """Compare nested contents to the bit; numbers as texts, because NaN differs from itself."""
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return repr(one) == repr(other)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "자료" / "unfinished" / "both heads, batch norm-seed-0.pt"


@pytest.fixture
def kept(path):
    """A checkpoint as a run leaves it that was broken off in its last epoch."""
    with pytest.raises(Stopped):
        train(path, stop_at=STEPS)
    return path


def damaged(path, raw):
    """Put other bytes into the file and return the sentence that reading it gets."""
    path.write_bytes(raw)
    with pytest.raises(ValueError) as caught:
        checkpoints.read(path)
    assert path.read_bytes() == raw  # nothing is deleted unasked
    return str(caught.value)


@pytest.mark.parametrize("look", [None, look])
@pytest.mark.parametrize("iterations", [None, 10])  # 10: the last epoch is cut short
def test_a_run_broken_off_at_any_step_ends_with_the_same_bits(tmp_path, iterations, look):
    options = {"recipe": replace(RECIPE, iterations=iterations), "look": look}
    whole, steps = train(**options), iterations or STEPS
    for step in range(1, steps + 1):
        path = tmp_path / f"{step}.pt"
        with pytest.raises(Stopped):
            train(path, stop_at=step, **options)
        assert path.exists() == (step > STEPS / 3)  # after the first of three epochs
        assert same(train(path, **options), whole), step
    assert same(train(path, **options), whole)  # all but the test was done before
    assert len(whole["measured"].get("sums", [])) == (steps if look else 0)


def test_a_damaged_file_gets_one_clear_sentence(kept):
    raw = kept.read_bytes()
    half, longer = raw[: len(raw) // 2], raw[:1000] + bytes(1000) + raw[1000:]
    torch.save([1, 2], kept)  # whole, but of another form
    other = kept.read_bytes()
    for spoiled in (b"", bytes(len(raw)), "잔차\n".encode(), raw[:-1], half, longer, other):
        sentence = damaged(kept, spoiled)
        assert sentence.startswith(f"{kept} is damaged") and "\n" not in sentence
        assert "delete it, and the same command makes it again" in sentence


class Code:
    """Runs a command when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_code_in_a_file_is_never_executed(path):
    executed = path.with_name("executed")
    path.parent.mkdir(parents=True)
    torch.save({"run": Code(executed)}, path)
    sentence = damaged(path, path.read_bytes())
    assert not executed.exists()
    # PyTorch's own words advise to execute the file after all.
    assert "weights_only" not in sentence and "\n" not in sentence
    torch.load(path, weights_only=False)
    assert executed.exists()  # so the code would have worked


def test_what_torch_does_not_see_is_refused(kept):
    """A tensor marked as a folder, found by flipping each bit of a small file, and a changed one.

    The first would hold whatever the memory held.
    """
    raw = kept.read_bytes()
    attributes = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"/data/0")) + 38
    weights = checkpoints.read(kept)["model"]["0.weight"].numpy().tobytes()
    for place, bit in ((attributes, 0x10), (raw.index(weights), 1)):
        altered = bytearray(raw)
        altered[place] ^= bit
        assert "is damaged" in damaged(kept, bytes(altered))
        seen = torch.load(kept, weights_only=True)["model"]  # nothing wrong with it
        assert seen.keys() == tiny_net().state_dict().keys()


def test_a_checkpoint_of_another_run_is_refused(kept):
    raw = kept.read_bytes()
    other_job = {**RUN["job"], "drops": (0.5, 0.8)}
    for change in (
        {"job": other_job},
        {"fingerprint": [2.5 + 1e-15, float("nan")]},
        {"fingerprint": [2.5, 2.5]},
    ):
        with pytest.raises(ValueError, match=r"-seed-0\.pt was left by another recipe.*delete it"):
            train(kept, run=RUN | change)
        assert kept.read_bytes() == raw
    checkpoints.write(kept, tiny_net().state_dict())  # which is no checkpoint
    with pytest.raises(ValueError, match="was left by another recipe"):
        train(kept)


@pytest.mark.parametrize("fault", [PermissionError(errno.EACCES, "Permission denied"), Stopped()])
def test_a_failed_write_leaves_the_old_file(kept, monkeypatch, fault):
    raw = kept.read_bytes()
    monkeypatch.setattr(files.os, "replace", Mock(side_effect=fault))
    with pytest.raises((OSError, Stopped), match=r"written \(Permission denied\): see|^$"):
        checkpoints.write(kept, {"new": torch.ones(1000)})
    assert kept.read_bytes() == raw and list(kept.parent.iterdir()) == [kept]
