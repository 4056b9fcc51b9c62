"""Fashion-MNIST and the photographs: counts, bytes, sizes, errors."""

import gzip
import hashlib
import shutil

import pytest
import torch

from seminar_utils import files
from seminar_utils.training import data
from tests import refused

# MD5 of the unpacked files, as the data set's authors and torchvision know them.
MD5 = {
    "train-images-idx3-ubyte": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "train-labels-idx1-ubyte": "9018921c3c673c538a1fc5bad174d6f9",
    "t10k-images-idx3-ubyte": "8181f5470baa50b63fa0f6fddb340f0a",
    "t10k-labels-idx1-ubyte": "15d484375f8d13e6eb1aabb0c3f46965",
}
TENSORS = ("train_images", "train_labels", "test_images", "test_labels")


@pytest.fixture(scope="module")
def whole():
    return data.load()


def test_counts_shapes_types_and_classes(whole):
    assert whole.name == "fashion_mnist"
    assert whole.train_images.shape == (60_000, 1, 28, 28)
    assert whole.test_images.shape == (10_000, 1, 28, 28)
    for images in (whole.train_images, whole.test_images):
        assert images.dtype == torch.uint8
    for labels, per_class in ((whole.train_labels, 6_000), (whole.test_labels, 1_000)):
        assert labels.dtype == torch.int64
        assert labels.bincount().tolist() == [per_class] * 10
    readme = (files.DATA / "fashion_mnist" / "README.md").read_text("utf-8")
    assert f"| class | {' | '.join(whole.class_names)} |" in readme


@pytest.mark.parametrize(("file", "tensor"), list(zip(MD5, TENSORS, strict=True)))
def test_tensors_hold_the_bytes_of_the_published_files(whole, file, tensor):
    packed = files.read_verified(f"fashion_mnist/{file}.gz")
    content = gzip.decompress(packed)
    assert hashlib.md5(content, usedforsecurity=False).hexdigest() == MD5[file]
    readme = (files.DATA / "fashion_mnist" / "README.md").read_text("utf-8")
    sums = [hashlib.sha256(each).hexdigest() for each in (content, packed)]
    assert all(digest in readme for digest in (MD5[file], *sums))
    header = 16 if "images" in file else 8
    assert getattr(whole, tensor).to(torch.uint8).numpy().tobytes() == content[header:]


@pytest.mark.parametrize("size", [28, 14, 7, 4, 2, 1])
def test_smaller_images_are_rounded_block_means_of_the_first_n(whole, size):
    small = data.load(train=500, test=100, size=size)
    assert torch.equal(small.train_labels, whole.train_labels[:500])
    assert torch.equal(small.test_labels, whole.test_labels[:100])
    for images, originals in (
        (small.train_images, whole.train_images[:500]),
        (small.test_images, whole.test_images[:100]),
    ):
        assert images.dtype == torch.uint8 and images.shape[1:] == (1, size, size)
        pooled = torch.nn.functional.avg_pool2d(originals.double(), 28 // size).round()
        assert torch.equal(images, pooled.to(torch.uint8))


def test_changing_the_tensors_leaves_the_cache_alone(whole):
    mine = data.load(train=2, test=2)
    for name in TENSORS:
        getattr(mine, name).zero_()
    again = data.load(train=2, test=2)
    for name in TENSORS:
        assert torch.equal(getattr(again, name), getattr(whole, name)[:2]), name
        assert getattr(again, name).any(), name


def test_wrong_arguments_get_one_sentence():
    load = data.load
    refused(
        (lambda: load(size=5), "size 5 does not divide 28 .* choose one of 1, 2, 4, 7, 14, 28"),
        (lambda: load(size=0), "size 0 does not divide 28"),
        (lambda: load(size=56), "size 56 does not divide 28"),
        (lambda: load(train=60_001), "train=60001 .* choose 1 to 60,000, or None for all"),
        (lambda: load(test=10_001), "test=10001 .* choose 1 to 10,000, or None for all"),
        (lambda: load(train=0), "train=0"),
        (lambda: data.photo("dog"), "no photograph 'dog'; choose one of 'astronaut', 'cat'"),
    )


def test_altered_images_are_refused(tmp_path, monkeypatch):
    shutil.copy(files.DATA / files.SUMS, tmp_path)
    path = tmp_path / "fashion_mnist" / "t10k-images-idx3-ubyte.gz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(bytes(16 + 784)))  # an archive that is whole
    monkeypatch.setattr(files, "DATA", tmp_path)
    with pytest.raises(ValueError, match=r"data/fashion_mnist/t10k-images.*expected SHA-256"):
        data._fashion_mnist.__wrapped__("t10k", 1, 1)


def test_photos_carry_their_credit_and_hash_and_no_metadata():
    known = data.photos()
    assert list(known) == ["astronaut", "cat", "coffee", "photographer", "retina", "rocket"]
    readme = (files.DATA / "photos" / "README.md").read_text("utf-8")
    on_disk = {path.name for path in (files.DATA / "photos").glob("*.jpg")}
    assert {entry.file for entry in known.values()} == on_disk
    for entry in known.values():
        assert entry.licence in ("CC0 1.0", "public domain")
        assert entry.title and entry.source and entry.credit in readme
        content = files.read_verified(f"photos/{entry.file}")
        assert hashlib.sha256(content).hexdigest() == entry.sha256
        header = content[: content.index(b"\xff\xda")]
        assert not any(mark in header for mark in (b"Exif", b"ICC_PROFILE", b"http", b"\xff\xfe"))


def test_photos_are_red_green_and_blue():
    sizes = {"cat": (300, 451), "coffee": (400, 600), "rocket": (400, 600)}
    for name in data.photos():
        image = data.photo(name)
        assert image.dtype == torch.uint8 and image.shape == (3, *sizes.get(name, (400, 400)))
        assert image.float().std() > 30
        assert torch.equal(image[0], image[2]) == (name == "photographer")
    red, green, blue = data.photo("retina").float().mean(dim=(1, 2))
    assert red > green > blue
