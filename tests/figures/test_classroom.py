"""The classroom's pictures, of records whose numbers are all different."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from seminar_utils.experiments.classroom import ClassroomJob
from seminar_utils.figures.classroom import live_loss, mistakes
from seminar_utils.training import data
from seminar_utils.training.loop import History, Recipe, Score
from tests.figures import BLUE, color, images, labels, lines, points, record_of, words

RECIPE = Recipe(epochs=4)
GUESSING = 1.6 * math.log(10)
MISTAKES = [[5, 3, 2], [6, 4, 6], [9, 0, 1], [10, 5, 9], [20, 8, 0], [33, 7, 5], [34, 9, 7]]


def record(seed, losses, **changes):
    job = ClassroomJob(seed=seed, recipe=RECIPE, **changes)
    history = History([Score(77.0, loss) for loss in losses], [0.1] * 4, Score(50.0, 1.5))
    return replace(record_of(job, [77.0], 50.0, mistakes=MISTAKES), history=history)


RECORDS = [
    record(seed, [3.7 - seed / 7, 3.1 + seed / 9, 2.6, 2.03 + seed / 5]) for seed in range(3)
]
TODAY = record(20260101, [3.5, 2.9, 2.2, 1.1])


def losses(one):
    return [(epoch, score.loss) for epoch, score in enumerate(one.history.train, start=1)]


def curves(picture):
    """Return the solid lines; the dashed one is the loss of guessing."""
    return lines(picture.figure.axes[0], linestyle="-")


@pytest.fixture
def forty():
    """Return 40 test pictures, each of a grey of its own, with the true labels of MISTAKES."""
    loaded = data.load(train=1, test=40)
    pictures = torch.arange(40, dtype=torch.uint8).view(40, 1, 1, 1).expand(40, 1, 4, 4).clone()
    truth = torch.zeros(40, dtype=torch.int64)
    for index, _, label in MISTAKES:
        truth[index] = label
    return replace(loaded, test_images=pictures, test_labels=truth)


def test_one_thin_line_per_recorded_seed():
    drawn = curves(live_loss(RECORDS))
    assert [points(line) for line in drawn] == [losses(one) for one in RECORDS]
    assert all(line.get_linewidth() < 2 and color(line) == BLUE for line in drawn)
    assert not any(line.get_path_effects() for line in drawn)


def test_the_live_run_is_bold_with_a_rim_and_on_top():
    *thin, bold = curves(live_loss(RECORDS, [TODAY]))
    assert points(bold) == losses(TODAY) and len(thin) == 3
    assert bold.get_linewidth() > 2 * max(line.get_linewidth() for line in thin)
    (rim,) = bold.get_path_effects()
    assert rim._gc == {"linewidth": bold.get_linewidth() + 2, "foreground": "black"}


def test_the_live_run_is_a_picture_and_never_evidence():
    before, after = live_loss(RECORDS), live_loss(RECORDS, [TODAY])
    assert (before.data, before.alt) == (after.data, after.alt)
    assert not any("today" in text for text in words(before))
    assert any("bold: today" in text for text in words(after))


@pytest.mark.parametrize(
    ("changes", "shares"),
    [({}, 1.6), ({"heads": ()}, 1.0), ({"heads": ("4a",)}, 1.3), ({"head_weight": 1.0}, 3.0)],
)
def test_the_dashed_line_is_what_a_net_that_guesses_pays(changes, shares):
    """By the job's own loss on logits that are all alike."""
    records = [record(0, [3.0] * 4, **changes)]
    job = records[0].job
    model = job.build().train()
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    paid = job.loss(model(torch.zeros(3, 1, 28, 28)), torch.tensor([1, 7, 4])).item()
    picture = live_loss(records)
    (axis,) = picture.figure.axes
    (dashed,) = lines(axis, linestyle="--")
    assert [y for _, y in points(dashed)] == pytest.approx([paid, paid])
    assert paid == pytest.approx(shares * math.log(10))
    (label,) = [text for text in labels(axis) if "guessing" in text]
    assert label == f"pure guessing: {shares:.1f} x ln 10 = {paid:.2f}"
    assert f"guessing {paid:.2f}" in picture.data and f"line at {paid:.2f}" in picture.alt
    low, high = axis.get_ylim()
    assert low == 0 and high > paid


@pytest.mark.parametrize("count", [1, 3, 6])
def test_each_mistake_is_its_own_picture_in_grey(forty, count):
    found = images(mistakes(RECORDS[0], forty, count))
    assert len(found) == count
    for image, (index, _, _) in zip(found, MISTAKES, strict=False):
        assert image.get_array().shape == (4, 4) and (image.get_array() == index).all()
        assert (image.cmap.name, *image.get_clim()) == ("gray", 0, 255)


def test_titles_say_what_it_is_and_then_what_the_net_said(forty):
    picture = mistakes(RECORDS[0], forty, 3)
    titles = ["Pullover,\nnot Dress", "Shirt,\nnot Coat", "Trouser,\nnot T-shirt/top"]
    assert words(picture) == titles
    assert picture.data == (
        "First mistakes: Pullover, not Dress (5); Shirt, not Coat (6); Trouser, not T-shirt/top (9)"
    )
    assert "3 grey pictures" in picture.alt and picture.data.partition(": ")[2] in picture.alt


def test_the_longest_names_stand_beside_each_other_without_touching(forty):
    shirts = replace(RECORDS[0], measurements={"mistakes": [[0, 0, 0]] * 6})
    figure = mistakes(shirts, forty).figure
    figure.draw_without_rendering()
    boxes = [axis.title.get_window_extent() for axis in figure.axes]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    assert boxes[0].x0 >= 0 and boxes[-1].x1 <= figure.bbox.width
    assert max(box.y1 for box in boxes) <= figure.bbox.height


@pytest.mark.parametrize("count", [0, 7])
def test_a_row_that_does_not_fit_gets_one_clear_sentence(forty, count):
    with pytest.raises(ValueError, match=rf"count={count}: take 1 to 6 pictures"):
        mistakes(RECORDS[0], forty, count)


def test_other_images_are_refused(forty):
    forty.test_labels[6] = 3
    with pytest.raises(ValueError, match=r"not of these test images of fashion_mnist"):
        mistakes(RECORDS[0], forty)
