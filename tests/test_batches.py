"""Batches: the same seed gives the same pixels, whatever else happens."""

import pytest
import torch

from seminar_utils.batches import Batches, Normalization


@pytest.fixture
def images():
    return torch.randint(0, 256, (50, 2, 6, 6), dtype=torch.uint8)


def make(images, seed=0, flip=True, batch_size=8):
    labels = torch.arange(len(images))  # each label names its image
    return Batches(images, labels, batch_size, Normalization(images), seed, flip)


def test_normalization_is_over_all_pixels_of_all_images(images):
    normalization = Normalization(images)
    pixels = images.double().transpose(0, 1).flatten(1)
    assert torch.allclose(normalization.mean.flatten().double(), pixels.mean(1))
    assert torch.allclose(normalization.std.flatten().double(), pixels.std(1))
    out = normalization(images)
    assert out.dtype == torch.float32
    assert abs(out.mean()) < 1e-5 and abs(out.std() - 1) < 1e-2


def test_not_the_mean_of_standard_deviations_per_image():
    """The slip behind CIFAR-10's 0.2023: images of one grey each have no deviation of their own."""
    images = torch.tensor([0, 200], dtype=torch.uint8).view(2, 1, 1, 1).expand(2, 1, 4, 4)
    assert Normalization(images).std.item() > 100


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


def test_epochs_differ_and_can_be_resumed(images):
    batches = make(images)
    first, second = (torch.cat([labels for _, labels in batches]) for _ in range(2))
    assert not torch.equal(first, second)
    resumed = make(images)
    resumed.epoch = 1
    assert torch.equal(torch.cat([labels for _, labels in resumed]), second)


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
