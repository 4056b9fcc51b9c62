"""Pictures from folders: which come, in which order, augmented how, and shared among processes."""

import pytest
import torch
from PIL import Image
from torchvision.transforms import v2

from seminar_utils.full_scale.distributed import DistributedContext
from seminar_utils.full_scale.folders import FolderBatches, image_folder, share_of

CPU = torch.device("cpu")
AS_THEY_ARE = v2.PILToTensor()


def noisy(picture):
    """Add a random number to a picture that is its own index."""
    return AS_THEY_ARE(picture).flatten()[:1] + torch.rand(1)


def pictures(count):
    return [(Image.new("L", (2, 2), index), index % 3) for index in range(count)]


def batches(transform=AS_THEY_ARE, rank=0, processes=1, size=6, loaders=0):
    context = DistributedContext(rank, processes, CPU)
    return FolderBatches(pictures(20), transform, size, 5, context, loaders)


def seen(iterable):
    return [images.flatten(1)[:, 0].tolist() for images, _ in iterable]


def test_an_epoch_has_each_picture_once_with_its_label_and_drops_the_rest():
    loader, flat = batches(), []
    assert len(loader) == 3
    for images, labels in loader:
        indices = images.flatten(1)[:, 0].long()
        assert len(labels) == 6 and torch.equal(indices % 3, labels)
        flat += indices.tolist()
    assert len(set(flat)) == 18 and flat != sorted(flat)


def test_processes_share_each_batch():
    whole = seen(batches())
    parts = [seen(batches(rank=rank, processes=2)) for rank in range(2)]
    for batch, first, second in zip(whole, *parts, strict=True):
        assert batch[0::2] == first and batch[1::2] == second


def test_epochs_differ_can_be_skipped_and_leave_global_random_numbers_alone():
    loader, state = batches(noisy), torch.get_rng_state()
    first, second = seen(loader), seen(loader)
    assert torch.equal(torch.get_rng_state(), state)
    assert first != second and loader.epoch == 2
    again = batches(noisy)
    again.skip(1)
    assert seen(again) == second


def test_augmentation_depends_on_picture_and_epoch_alone():
    """Neither on the number of processes, nor of loaders, nor on what was drawn before."""
    whole = seen(batches(noisy))
    by_index = {int(x): x for batch in whole for x in batch}
    torch.rand(7)
    third = [x for batch in seen(batches(noisy, rank=1, processes=3)) for x in batch]
    assert third and all(x == by_index[int(x)] for x in third)
    assert seen(batches(noisy, loaders=2)) == whole
    assert len({round(x % 1, 6) for x in by_index.values()}) == 18


@pytest.mark.parametrize("processes", [1, 2, 3, 8])
def test_test_pictures_are_shared_without_repetition(processes):
    contexts = [DistributedContext(rank, processes, CPU) for rank in range(processes)]
    shares = [seen(share_of(pictures(11), AS_THEY_ARE, 4, context)) for context in contexts]
    flat = [index for share in shares for batch in share for index in batch]
    assert sorted(flat) == list(range(11))


@pytest.mark.parametrize(("size", "processes"), [(21, 1), (6, 4)])
def test_a_batch_must_be_filled_and_shared_out(size, processes):
    with pytest.raises(ValueError, match=rf"20 pictures and {processes} processes .* of {size}"):
        batches(size=size, processes=processes)


def test_a_missing_folder_is_one_clear_sentence(tmp_path):
    for folder in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(FileNotFoundError, match=r"is no folder of pictures.*for each class"):
            image_folder(folder)
