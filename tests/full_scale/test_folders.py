"""Pictures from folders: which come, in which order, augmented how, and shared among processes."""

import pytest
import torch
from PIL import Image
from torchvision.transforms import v2

from seminar_utils.full_scale.distributed import DistributedContext
from seminar_utils.full_scale.folders import FolderBatches, TestBatches, image_folder

CPU = torch.device("cpu")
ALONE = DistributedContext(0, 1, CPU)
AS_THEY_ARE = v2.PILToTensor()
# Adds a random number to a picture that is its own index.
NOISY = v2.Compose([AS_THEY_ARE, v2.Lambda(lambda x: x.flatten()[0] + torch.rand(1))])


def pictures(count):
    return [(Image.new("L", (2, 2), index), index % 3) for index in range(count)]


def batches(count=20, size=6, transform=AS_THEY_ARE, context=ALONE, **options):
    return FolderBatches(pictures(count), transform, size, seed=5, context=context, **options)


def seen(iterable):
    return [images.flatten(1)[:, 0].tolist() for images, _ in iterable]


def test_an_epoch_has_each_picture_once_and_drops_the_rest():
    found = seen(batches())
    assert [len(batch) for batch in found] == [6, 6, 6] and len(batches()) == 3
    flat = [index for batch in found for index in batch]
    assert len(set(flat)) == 18 and flat != sorted(flat)


def test_labels_stay_with_their_pictures():
    for images, labels in batches():
        assert torch.equal(images.flatten(1)[:, 0].long() % 3, labels)


def test_processes_share_each_batch():
    whole = seen(batches())
    parts = [seen(batches(context=DistributedContext(rank, 2, CPU))) for rank in range(2)]
    for batch, first, second in zip(whole, *parts, strict=True):
        assert batch[0::2] == first and batch[1::2] == second


def test_epochs_differ_and_can_be_skipped():
    loader = batches(transform=NOISY)
    first, second = seen(loader), seen(loader)
    assert first != second and loader.epoch == 2
    again = batches(transform=NOISY)
    again.skip(1)
    assert seen(again) == second


def test_augmentation_depends_on_picture_and_epoch_alone():
    """Neither on the number of processes, nor of loaders, nor on what was drawn before."""
    by_index = {int(x): x for batch in seen(batches(transform=NOISY)) for x in batch}
    torch.rand(7)
    half = [
        x
        for batch in seen(batches(transform=NOISY, context=DistributedContext(1, 3, CPU)))
        for x in batch
    ]
    assert half and all(x == by_index[int(x)] for x in half)
    assert len({round(x % 1, 6) for x in by_index.values()}) == 18


def test_loaders_change_nothing(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(4):
            Image.new("L", (4, 4), 10 * number).save(tmp_path / name / f"{number}.png")
    transform = v2.Compose([v2.PILToTensor(), v2.RandomCrop(2)])
    found = [
        torch.cat(
            [
                images
                for images, _ in FolderBatches(image_folder(tmp_path), transform, 4, 0, ALONE, n)
            ]
        )
        for n in (0, 2)
    ]
    assert torch.equal(*found)


def test_global_random_numbers_are_left_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    seen(batches(transform=NOISY))
    assert torch.rand(1) == expected


@pytest.mark.parametrize("processes", [1, 2, 3, 8])
def test_test_pictures_are_shared_without_repetition(processes):
    shares = [
        seen(TestBatches(pictures(11), AS_THEY_ARE, 4, DistributedContext(rank, processes, CPU)))
        for rank in range(processes)
    ]
    flat = [index for share in shares for batch in share for index in batch]
    assert sorted(flat) == list(range(11))


@pytest.mark.parametrize(("size", "processes"), [(21, 1), (6, 4)])
def test_a_batch_must_be_filled_and_shared_out(size, processes):
    with pytest.raises(ValueError, match=rf"20 pictures and {processes} processes .* of {size}"):
        batches(size=size, context=DistributedContext(0, processes, CPU))


def test_a_missing_folder_is_one_clear_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match="is no folder of pictures"):
        image_folder(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="a folder for each class"):
        image_folder(tmp_path)
