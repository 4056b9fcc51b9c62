"""Batches: the same seed gives the same pixels, whatever else happens."""

import pytest
import torch
from torch.nn import functional as F

from seminar_utils.training.batches import Batches, Normalization, shifted


@pytest.fixture
def images():
    return torch.randint(0, 256, (50, 2, 6, 6), dtype=torch.uint8)


def make(images, seed=0, flip=True, batch_size=8, **more):
    labels = torch.arange(len(images))  # each label names its image
    return Batches(images, labels, batch_size, Normalization(images), seed, flip, **more)


def test_normalization_is_over_all_pixels_of_all_images(images):
    normalization = Normalization(images)
    pixels = images.double().transpose(0, 1).flatten(1)
    assert torch.allclose(normalization.mean.flatten().double(), pixels.mean(1))
    assert torch.allclose(normalization.std.flatten().double(), pixels.std(1))
    out = normalization(images)
    assert out.dtype == torch.float32
    assert abs(out.mean()) < 1e-5 and abs(out.std() - 1) < 1e-2


def test_an_epoch_has_every_image_once_except_the_rest(images):
    seen = torch.cat([labels for _, labels in make(images)])
    assert len(seen) == 48 == len(seen.unique())
    assert len(make(images)) == 6


def test_every_image_is_itself_or_its_mirror_image(images):
    normalization = Normalization(images)
    mirrored = 0
    for batch, labels in make(images):
        for image, label in zip(batch, labels, strict=True):
            original = normalization(images[label : label + 1])[0]
            is_mirror = torch.equal(image, original.flip(2))
            assert is_mirror or torch.equal(image, original)
            mirrored += is_mirror
    assert 12 <= mirrored <= 36  # of 48, about half


def test_without_flip_nothing_is_mirrored(images):
    normalization = Normalization(images)
    for batch, labels in make(images, flip=False):
        assert torch.equal(batch, normalization(images[labels]))


def test_same_seed_same_batches_and_checksum(images):
    one, other = make(images), make(images)
    torch.manual_seed(123)
    first = list(one)
    torch.manual_seed(456)  # the global generator must not matter
    for (a, b), (c, d) in zip(first, other, strict=True):
        assert torch.equal(a, c) and torch.equal(b, d)
    assert one.checksum == other.checksum


def test_other_seed_other_epoch_other_flips_change_the_checksum(images):
    sums = set()
    for batches in (make(images), make(images, seed=1), make(images, flip=False)):
        list(batches)
        sums.add(batches.checksum)
        list(batches)
        sums.add(batches.checksum)
    assert len(sums) == 6


def test_too_few_images_get_one_clear_sentence(images):
    with pytest.raises(ValueError, match="50 images do not fill one batch of 64"):
        make(images, batch_size=64)


def test_flips_differ_from_epoch_to_epoch(images):
    normalization, batches = Normalization(images), make(images, batch_size=50)
    masks = []
    for _ in range(2):
        ((batch, labels),) = batches
        originals = normalization(images[labels])
        mirrored = torch.tensor(
            [not torch.equal(a, b) for a, b in zip(batch, originals, strict=True)]
        )
        masks.append(mirrored[labels.argsort()])
    assert not torch.equal(*masks)


def test_skipped_epochs_are_as_if_their_batches_had_come(images):
    iterated, skipped = (make(images, pad=1) for _ in range(2))
    for _ in range(2):
        list(iterated)
    skipped.skip(2)
    assert skipped.epoch == iterated.epoch == 2
    assert skipped.checksum == iterated.checksum
    for (a, b), (c, d) in zip(skipped, iterated, strict=True):
        assert torch.equal(a, c) and torch.equal(b, d)
    assert skipped.checksum == iterated.checksum


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


def test_a_batch_that_cannot_be_shared_out_gets_one_clear_sentence(images):
    words = "A batch of 8 cannot be shared out evenly among 3 processes: take a batch_size that"
    with pytest.raises(ValueError, match=words):
        make(images, processes=3)


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
    assert not found[0, :, :2].any() and not found[0, :, :, :2].any()
    assert torch.equal(found[0, :, 2:, 2:], images[0, :, :-2, :-2])


def test_every_shift_occurs_and_each_image_has_its_own(images):
    """The border is zero in normalised units, which is the mean colour."""
    batches, normalization = make(images, pad=1, flip=False), Normalization(images)
    seen, first_batch = [], None
    for _ in range(3):
        for batch, labels in batches:
            padded = F.pad(normalization(images[labels]), (1, 1, 1, 1))
            for image, source in zip(batch, padded, strict=True):
                (shift,) = [
                    (row, column)
                    for row in range(3)
                    for column in range(3)
                    if torch.equal(image, source[:, row : row + 6, column : column + 6])
                ]
                seen.append(shift)
            first_batch = first_batch or set(seen)
    assert len(seen) == 144 and len(set(seen)) == 9
    assert min(seen.count(shift) for shift in set(seen)) >= 6  # of 16 on average
    assert len(first_batch) > 2
    assert seen[:48] != seen[48:96]


def test_flips_and_order_do_not_depend_on_shifts(images):
    with_shifts, without = make(images, pad=1), make(images)
    for (batch, labels), (original, original_labels) in zip(with_shifts, without, strict=True):
        assert torch.equal(labels, original_labels)
        windows = F.pad(original, (1, 1, 1, 1)).unfold(2, 6, 1).unfold(3, 6, 1)
        same = (windows == batch[:, :, None, None]).flatten(4).all(-1).all(1)
        assert same.flatten(1).any(1).all()
    assert with_shifts.checksum != without.checksum


def test_checksum_of_batches_without_shifts_is_that_of_the_first_edition():
    """So records from before there were shifts still hold."""
    images = torch.arange(200).view(50, 1, 2, 2).byte()
    batches = make(images)
    for _ in range(2):
        list(batches)
    assert batches.checksum == "5673fc8e5c7f496f"
