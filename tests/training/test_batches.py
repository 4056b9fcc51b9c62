"""Batches: the same seed gives the same pixels, whatever else happens."""

import pytest
import torch

from seminar_utils.training.batches import Batches, Normalization, shifted
from tests import refused


@pytest.fixture
def images():
    return torch.randint(0, 256, (50, 2, 6, 6), dtype=torch.uint8)


def make(images, seed=0, flip=True, batch_size=8, **more):
    labels = torch.arange(len(images))  # each label names its image
    return Batches(images, labels, batch_size, Normalization(images), seed, flip, **more)


def same(one, other):
    pairs = zip(one, other, strict=True)
    return all(torch.equal(a, c) and torch.equal(b, d) for (a, b), (c, d) in pairs)


def test_normalization_is_over_all_pixels_of_all_images(images):
    normalization = Normalization(images)
    pixels = images.double().transpose(0, 1).flatten(1)
    assert torch.allclose(normalization.mean.flatten().double(), pixels.mean(1))
    assert torch.allclose(normalization.std.flatten().double(), pixels.std(1))
    out = normalization(images)
    assert out.dtype == torch.float32
    assert abs(out.mean()) < 1e-5 and abs(out.std() - 1) < 1e-2


@pytest.mark.parametrize("flip", [True, False])
def test_an_epoch_has_each_image_once_but_the_rest_itself_or_its_mirror_image(images, flip):
    normalization, batches, masks = Normalization(images), make(images, flip=flip), []
    assert len(batches) == 6
    for _ in range(2):
        seen, mirrored = [], set()
        for batch, labels in batches:
            seen += labels.tolist()
            for image, label in zip(batch, labels, strict=True):
                original = normalization(images[label : label + 1])[0]
                if not torch.equal(image, original):
                    assert torch.equal(image, original.flip(2))
                    mirrored.add(label.item())
        assert len(seen) == 48 == len(set(seen))
        masks.append(mirrored)
    # Of 48, about half, and others in the next epoch.
    assert 12 <= len(masks[0]) <= 36 and masks[0] != masks[1] if flip else masks == [set(), set()]


def test_same_seed_same_batches_and_checksum_and_other_ones_otherwise(images):
    one, other = make(images), make(images)
    torch.manual_seed(123)
    first = list(one)
    torch.manual_seed(456)  # the global generator must not matter
    assert same(first, other) and one.checksum == other.checksum
    sums = set()
    for batches in (make(images), make(images, seed=1), make(images, flip=False)):
        for _ in range(2):
            list(batches)
            sums.add(batches.checksum)
    assert len(sums) == 6


def test_skipped_epochs_are_as_if_their_batches_had_come(images):
    iterated, skipped = (make(images, pad=1) for _ in range(2))
    for _ in range(2):
        list(iterated)
    skipped.skip(2)
    assert skipped.epoch == iterated.epoch == 2 and skipped.checksum == iterated.checksum
    assert same(skipped, iterated) and skipped.checksum == iterated.checksum


@pytest.mark.parametrize("processes", [2, 4])
def test_parts_of_all_processes_interleave_to_the_whole_batch(images, processes):
    whole = make(images, pad=1)
    parts = [make(images, pad=1, rank=r, processes=processes) for r in range(processes)]
    for (batch, labels), *shares in zip(whole, *parts, strict=True):
        for rank, (part, part_labels) in enumerate(shares):
            assert len(part) == 8 // processes
            assert torch.equal(part, batch[rank::processes])
            assert torch.equal(part_labels, labels[rank::processes])
    assert {part.checksum for part in parts} == {whole.checksum}


def test_batches_that_cannot_be_filled_or_shared_get_one_clear_sentence(images):
    refused(
        (lambda: make(images, batch_size=64), "50 images do not fill one batch of 64"),
        (lambda: make(images, processes=3), "A batch of 8 cannot be shared .* 3 processes: take a"),
    )


def test_a_shift_is_a_window_onto_the_padded_image():
    """Row and column of its upper left corner; (pad, pad) is the image, (0, 0) the corner."""
    images = torch.randn(25, 2, 5, 6)
    shifts = torch.cartesian_prod(torch.arange(5), torch.arange(5))
    found = shifted(images, shifts, pad=2)
    for image, out, (row, column) in zip(images, found, shifts.tolist(), strict=True):
        padded = torch.zeros(2, 9, 10)
        padded[:, 2:7, 2:8] = image
        assert torch.equal(out, padded[:, row : row + 5, column : column + 6])
    assert torch.equal(found[12], images[12]) and shifts[12].tolist() == [2, 2]


def test_every_shift_occurs_and_each_image_has_its_own(images):
    """The border is the mean colour, zero when normalised; order and flips stay as they were."""
    batches, unshifted, planned = make(images, pad=1), make(images), make(images, pad=1)
    epochs = [[], [], []]
    for planned.epoch, seen in enumerate(epochs):
        for (batch, labels), (original, same), plan in zip(
            batches, unshifted, planned.plan(), strict=True
        ):
            assert torch.equal(labels, same) and torch.equal(batch, shifted(original, plan[2], 1))
            seen += [3 * row + column for row, column in plan[2].tolist()]
        assert len(set(seen[:8])) > 2
    assert min(sum(epoch.count(shift) for epoch in epochs) for shift in range(9)) >= 6  # of 16
    assert epochs[0] != epochs[1] and batches.checksum != unshifted.checksum


def test_checksum_of_batches_without_shifts_is_that_of_the_first_edition():
    """So records from before there were shifts still hold."""
    images = torch.arange(200).view(50, 1, 2, 2).byte()
    batches = make(images)
    for _ in range(2):
        list(batches)
    assert batches.checksum == "5673fc8e5c7f496f"
