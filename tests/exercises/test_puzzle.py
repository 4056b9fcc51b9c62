"""The puzzles of notebook 01: what is shown, and what is said of a guess."""

import pytest
import torch
from torchvision.transforms import v2

from seminar_utils.exercises import w0_puzzle as puzzle
from seminar_utils.training import data

STEPS = [
    v2.Resize(256),
    v2.CenterCrop(224),
    v2.RandomHorizontalFlip(p=1.0),
    v2.ColorJitter(brightness=(1.4, 1.4)),
]
SQUEEZED = v2.Resize([256, 256])
CONTRAST = v2.ColorJitter(contrast=(1.4, 1.4))
CANDIDATES = {"A": [SQUEEZED, *STEPS[1:]], "B": STEPS}
RIGHT = "Right: these 4 steps give the same pixels."


def shown(guess, capsys):
    puzzle.check(guess, CANDIDATES)
    return capsys.readouterr().out


def said(guess, capsys):
    return shown(guess, capsys).splitlines()[-1]


def test_the_pair_is_a_photograph_and_its_transformed_self():
    raw, transformed = puzzle.pair()
    assert torch.equal(raw, data.photo("cat")) and transformed.shape == (3, 224, 224)
    assert torch.equal(transformed, v2.Compose(STEPS)(raw))


@pytest.mark.parametrize(
    "guess",
    [
        "B",
        " b",
        tuple(STEPS),
        [*STEPS[:2], STEPS[3], STEPS[2]],  # mirroring and brightening can change places
        [v2.Resize(256), v2.CenterCrop(224), v2.ColorJitter((1.4, 1.4)), lambda x: x.flip(2)],
    ],
)
def test_equal_pixels_are_right_however_they_came_about(guess, capsys):
    assert said(guess, capsys) == RIGHT


@pytest.mark.parametrize(
    ("guess", "number", "name"),
    [
        ("a", 1, "Resize(size=[256, 256]"),
        ([STEPS[1], STEPS[0], *STEPS[2:]], 1, "CenterCrop"),
        ([STEPS[0], v2.CenterCrop(200), *STEPS[2:]], 2, "CenterCrop(size=(200, 200))"),
        ([*STEPS[:2], v2.RandomVerticalFlip(p=1.0), STEPS[3]], 3, "RandomVerticalFlip"),
        ([*STEPS[:3], CONTRAST], 4, "ColorJitter(contrast="),
    ],
)
def test_the_first_step_that_differs_is_named(guess, number, name, capsys):
    beginning = f"Not yet. Step {number} is the first that differs: {name}"
    assert said(guess, capsys).startswith(beginning)


@pytest.mark.parametrize(
    ("guess", "sentence"),
    [
        *((g, f"Not yet. Your {len(g)} steps fit, but it took 4.") for g in ([], STEPS[:3])),
        *((g, "No guess yet: write 'A' or 'B', and run the cell again.") for g in (None, "")),
        ("D", "There is no candidate 'D': write 'A' or 'B'."),
    ],
)
def test_other_guesses_get_a_sentence(guess, sentence, capsys):
    assert said(guess, capsys) == sentence


def test_two_recipes_are_two_rows_after_the_photograph_that_do_not_name_them():
    images, boxes = puzzle.two_recipes()
    assert len(images) == 10 and not any("Net" in title for title in images)
    assert list(images)[::5] == list(boxes) == ["upper crops", "lower crops"]
    assert torch.equal(images["upper crops"], data.photo("astronaut"))
    assert float(images["lower 3"].mean()) > 0.75 > float(images["upper 3"].mean())  # brightened


def test_a_frame_is_the_part_that_its_picture_shows():
    images, boxes = puzzle.two_recipes()
    photo = data.photo("astronaut") / 255
    for draw, box in enumerate(boxes["upper crops"], start=1):  # the colours hardly change
        part = v2.functional.resized_crop(photo, **box, size=[224, 224])
        shown = images[f"upper {draw}"]
        off, off_mirrored = ((shown - x).abs().mean() for x in (part, part.flip(2)))
        assert min(off, off_mirrored) < 0.05 < max(off, off_mirrored)
        moved = {**box, "left": box["left"] + (20 if box["left"] < 100 else -20)}
        part = v2.functional.resized_crop(photo, **moved, size=[224, 224])
        assert min((shown - x).abs().mean() for x in (part, part.flip(2))) > 0.05


def test_whoever_guesses_a_letter_sees_what_each_makes(capsys):
    assert "transformed (3, 224, 224); A (3, 224, 224); B (3, 224, 224)" in shown("A", capsys)
    assert shown(None, capsys).startswith("No guess yet")


def revealed(labels, capsys):
    puzzle.reveal(labels)
    return capsys.readouterr().out.splitlines()[-1]


def test_crops_keep_8_to_100_per_cent_and_random_numbers_stay_as_they_were():
    before = torch.get_rng_state()
    boxes = [box for *_, box in puzzle._garments()]
    kept = sorted(100 * box["height"] * box["width"] / 28**2 for box in boxes)
    assert len(puzzle.crops()) == 6 and round(kept[0]) == 8 and kept[-1] == 100
    assert torch.equal(before, torch.get_rng_state())


def test_wrong_labels_are_named_and_unknown_ones_get_a_sentence(capsys):
    truth = [name for _, _, name, _ in puzzle._garments()]
    assert revealed(truth, capsys).endswith("6. Wrong: none.")
    assert "Right: 1, 2. Wrong: none." in revealed([truth[0].upper(), truth[1]], capsys)
    shirt = truth.index("Shirt")
    mine = [None] * 6
    for label in ("T-shirt", "top", "t-shirt/top"):
        mine[shirt] = label
        wrong = f"Right: none. Wrong: {shirt + 1} (T-shirt/top; it is Shirt, "
        assert revealed(mine, capsys).startswith(wrong)
    mine[shirt] = "Hat"
    assert f"{shirt + 1} ('Hat' is no class: take one of T-shirt/top, " in revealed(mine, capsys)


def test_without_labels_only_the_classes_are_shown(capsys):
    assert "Wrong" not in revealed([], capsys)
