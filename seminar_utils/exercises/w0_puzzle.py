"""The puzzles of notebook 01, whose answers stand here and not in the notebook.

Which steps made the second image of a pair? They hold no chance, so whoever names them all gets the
same pixels. Which of two rows follows GoogLeNet's recipe? Which garment is it, seen in part?
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, zip_longest

import torch
from IPython.display import display
from torch import Tensor
from torchvision.transforms import v2

from seminar_utils import figures
from seminar_utils.language import tr
from seminar_utils.training import data
from seminar_utils.training.transforms import MEAN, STD, googlenet_training, resnet_training

__all__ = ["check", "crops", "pair", "reveal", "two_recipes"]

Steps = Sequence[Callable[[Tensor], Tensor]]
Box = dict[str, int]  # top, left, height, width, in pixels

STEPS = (
    v2.Resize(256),
    v2.CenterCrop(224),
    v2.RandomHorizontalFlip(p=1.0),
    v2.ColorJitter(brightness=(1.4, 1.4)),
)
GARMENTS = 0, 1, 2, 4, 8, 9  # of the test images: six classes
SEED = 109  # its crops show how far each recipe goes


def pair() -> tuple[Tensor, Tensor]:
    """Return the raw photograph (3, 300, 451) and the transformed one (3, 224, 224), uint8."""
    raw, *_, transformed = _after_each(STEPS)
    return raw, transformed


def check(guess: str | Steps | None, candidates: Mapping[str, Steps]) -> None:
    """Say whether a guess makes the transformed image; if not, which of its steps is off.

    Whoever guesses a letter sees what each letter makes.

    Args:
        guess: A letter, or a list of transforms, each from uint8 (3, H, W) to the same kind; None
            is no guess.
        candidates: The list of each letter.
    """
    letters = tr(" or ").join(map(repr, candidates))
    if guess is None or guess == "":
        print(tr("No guess yet: write {letters}, and run the cell again.", letters=letters))
    elif not isinstance(guess, str):
        print(_first_difference(guess))
    elif (letter := guess.strip().upper()) in candidates:
        made = {name: _after_each(steps)[-1] for name, steps in candidates.items()}
        display(figures.gallery({"transformed": pair()[1], **made}))
        print(_first_difference(candidates[letter]))
    else:
        print(tr("There is no candidate {guess!r}: write {letters}.", guess=guess, letters=letters))


def _first_difference(guess: Steps) -> str:
    wanted, found = _after_each(STEPS), _after_each(guess)
    if torch.equal(found[-1], wanted[-1]):
        return tr("Right: these {n} steps give the same pixels.", n=len(guess))
    steps = zip(guess, found[1:], wanted[1:], strict=False)
    for number, (step, ours, theirs) in enumerate(steps, start=1):
        if not torch.equal(ours, theirs):
            return tr("Not yet. Step {n} is the first that differs: {step}", n=number, step=step)
    return tr("Not yet. Your {n} steps fit, but it took {all}.", n=len(guess), all=len(STEPS))


def _after_each(steps: Steps) -> list[Tensor]:
    """Return the photograph, then what it is after each step."""
    return [*accumulate(steps, lambda image, step: step(image), initial=data.photo("cat"))]


def two_recipes() -> tuple[dict[str, Tensor], dict[str, list[Box]]]:
    """Draw four crops by each recipe, a row each; colours out of range are cut off.

    Returns:
        Title -> picture, the whole photograph first in each row; its title -> where the crops are.
    """
    photo, images, boxes = data.photo("astronaut"), {}, {}
    mean, std = torch.tensor(MEAN)[:, None, None], torch.tensor(STD)[:, None, None]
    with torch.random.fork_rng(devices=[]):
        for row, recipe in (("upper", resnet_training()), ("lower", googlenet_training())):
            images[f"{row} crops"], boxes[f"{row} crops"] = photo, []
            for draw in range(1, 5):
                torch.manual_seed(SEED + draw)
                images[f"{row} {draw}"] = (recipe(photo) * std + mean).clamp(0, 1)
                torch.manual_seed(SEED + draw)
                boxes[f"{row} crops"].append(_kept(recipe, photo))
    return images, boxes


def _kept(recipe: v2.Compose, photo: Tensor) -> Box:
    """Return which part of a photograph a recipe keeps: its places, followed through the steps."""
    is_place = [not isinstance(step, v2.ToDtype) for step in recipe.transforms]
    places = v2.Compose(recipe.transforms[2 : is_place.index(False)])  # it is RGB, and a tensor
    rows, columns = torch.meshgrid(*map(torch.arange, photo.shape[1:]), indexing="ij")
    kept = places(torch.stack([rows, columns, rows]).float()).flatten(1)[:2].round()
    low, high = kept.amin(1), kept.amax(1)
    corner, size = low.int().tolist(), (high - low + 1).int().tolist()
    return dict(zip(("top", "left", "height", "width"), corner + size, strict=True))


def crops() -> dict[str, Tensor]:
    """Return six crops of six garments, from 8 to 100 % of the area, (1, 56, 56)."""
    return {f"crop {number}": crop for number, (crop, *_) in enumerate(_garments(), start=1)}


def reveal(labels: Sequence[str | None] = ()) -> None:
    """Show the whole garments, their classes and the crops; say which of the labels were wrong.

    Args:
        labels: Of the crops, in order; None for those that are not labelled.
    """
    names, shown, boxes = data.load(train=1, test=1).class_names, {}, {}
    right, wrong, pairs = [], [], zip_longest(labels[: len(GARMENTS)], _garments())
    for number, (label, (_, image, name, box)) in enumerate(pairs, start=1):
        kept = 100 * box["height"] * box["width"] / image.numel()
        title = f"{number} {name}, {kept:.0f}\N{NO-BREAK SPACE}%\N{NO-BREAK SPACE}kept"
        shown[title], boxes[title] = image, [box]
        said = str(label or "").strip().casefold()
        meant = [n for n in names if said in (n.casefold(), *n.casefold().split("/"))]
        if name in meant:
            right.append(str(number))
        elif meant:
            off = tr("{said}; it is {name}, {kept:.0f} % kept", said=meant[0], name=name, kept=kept)
            wrong.append(f"{number} ({off})")
        elif said:
            known = {"label": label, "names": ", ".join(names)}
            off = tr("{label!r} is no class: take one of {names}", **known)
            wrong.append(f"{number} ({off})")
    display(figures.gallery(shown, columns=6, boxes=boxes))
    if right or wrong:
        answers = {"right": ", ".join(right) or tr("none"), "wrong": ", ".join(wrong) or tr("none")}
        print(tr("Right: {right}. Wrong: {wrong}.", **answers))


def _garments() -> list[tuple[Tensor, Tensor, str, Box]]:
    """Return for each garment crop, whole image, class, and where the crop is, in pixels."""
    clothes, found, count = data.load(train=1, test=10), [], len(GARMENTS)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(12)
        shares = torch.linspace(0.08, 1, count)[torch.randperm(count)].tolist()
        for place, share in zip(GARMENTS, shares, strict=True):
            image, label = clothes.test_images[place], clothes.test_labels[place]
            crop = v2.RandomResizedCrop(56, scale=(share, share), ratio=(3 / 4, 4 / 3))
            box = crop.make_params([image])  # where the patch is, and how large
            patch = v2.functional.resized_crop(image, **box, size=[56, 56])
            found.append((patch, image, clothes.class_names[label], box))
    return found
