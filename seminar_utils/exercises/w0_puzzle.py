"""The puzzles of notebook 01, whose answers stand here and not in the notebook.

Which steps made the second image of a pair? They hold no chance, so whoever names them all gets the
same pixels. Which of two rows follows GoogLeNet's recipe? Which garment is it, seen in part?
"""

from collections.abc import Callable, Mapping, Sequence

import torch
from IPython.display import display
from torch import Tensor
from torchvision.transforms import v2

from seminar_utils.figures.gallery import gallery
from seminar_utils.language import tr
from seminar_utils.training import data
from seminar_utils.training.transforms import MEAN, STD, googlenet_training, resnet_training

__all__ = ["check", "crops", "pair", "reveal", "two_recipes"]

Steps = Sequence[Callable[[Tensor], Tensor]]

_STEPS = (
    v2.Resize(256),
    v2.CenterCrop(224),
    v2.RandomHorizontalFlip(p=1.0),
    v2.ColorJitter(brightness=(1.4, 1.4)),
)
_CROPS = 10


def pair() -> tuple[Tensor, Tensor]:
    """Return the raw photograph (3, 300, 451) and the transformed one (3, 224, 224), uint8."""
    images = _after_each(_STEPS)
    return images[0], images[-1]


def check(guess: str | Steps | None, candidates: Mapping[str, Steps]) -> None:
    """Print whether a guess makes the transformed image; if not, which of its steps is off.

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
        print(_first_difference(candidates[letter]))
    else:
        print(tr("There is no candidate {guess!r}: write {letters}.", guess=guess, letters=letters))


def _first_difference(guess: Steps) -> str:
    wanted, found = _after_each(_STEPS), _after_each(guess)
    if torch.equal(found[-1], wanted[-1]):
        return tr("Right: these {n} steps give the same pixels.", n=len(guess))
    steps = zip(guess, found[1:], wanted[1:], strict=False)
    for number, (step, ours, theirs) in enumerate(steps, start=1):
        if not torch.equal(ours, theirs):
            return tr("Not yet. Step {n} is the first that differs: {step}", n=number, step=step)
    return tr("Not yet. Your {n} steps fit, but it took {all}.", n=len(guess), all=len(_STEPS))


def _after_each(steps: Steps) -> list[Tensor]:
    """Return the photograph, then what it is after each step."""
    images = [data.photo("cat")]
    for step in steps:
        images.append(step(images[-1]))
    return images


def two_recipes() -> dict[str, Tensor]:
    """Return a photograph and four draws of each recipe, a row each; the colours are cut off."""
    photo, images = data.photo("astronaut"), {}
    mean, std = torch.tensor(MEAN)[:, None, None], torch.tensor(STD)[:, None, None]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        for row, recipe in (("upper", resnet_training()), ("lower", googlenet_training())):
            images[f"raw, {row} row"] = photo
            for draw in range(1, 5):
                images[f"{row} {draw}"] = (recipe(photo) * std + mean).clamp(0, 1)
    return images


def crops() -> dict[str, Tensor]:
    """Return ten crops of ten garments, from 8 to 100 % of the area, (1, 56, 56)."""
    return {f"crop {number}": crop for number, (crop, *_) in enumerate(_garments(), start=1)}


def reveal(labels: Sequence[str | None] = ()) -> None:
    """Show the whole garments with their classes, and say which of the labels were wrong.

    Args:
        labels: Of the crops, in order; None for those that are not labelled.
    """
    names, shown, right, wrong = data.load(train=1, test=1).class_names, {}, [], []
    labels = [*labels, *[None] * _CROPS][:_CROPS]
    for number, (label, (_, image, name, kept)) in enumerate(
        zip(labels, _garments(), strict=True), start=1
    ):
        shown[f"{number} {name}, {kept:.0f}\N{NO-BREAK SPACE}%\N{NO-BREAK SPACE}kept"] = image
        said = str(label or "").strip().casefold()
        meant = [n for n in names if said in (n.casefold(), *n.casefold().split("/"))]
        if name in meant:
            right.append(str(number))
        elif said and not meant:
            no_class = tr(
                "{label!r} is no class: take one of {names}", label=label, names=", ".join(names)
            )
            wrong.append(f"{number} ({no_class})")
        elif said:
            truth = tr(
                "{said}; it is {name}, {kept:.0f} % kept", said=meant[0], name=name, kept=kept
            )
            wrong.append(f"{number} ({truth})")
    display(gallery(shown, columns=5))
    if right or wrong:
        answers = {"right": ", ".join(right) or tr("none"), "wrong": ", ".join(wrong) or tr("none")}
        print(tr("Right: {right}. Wrong: {wrong}.", **answers))


def _garments() -> list[tuple[Tensor, Tensor, str, float]]:
    """Return for each garment crop, whole image, class, and the share of the area kept, in %."""
    clothes, found = data.load(train=1, test=_CROPS), []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(12)
        shares = torch.linspace(0.08, 1, _CROPS)[torch.randperm(_CROPS)].tolist()
        for image, label, share in zip(
            clothes.test_images, clothes.test_labels, shares, strict=True
        ):
            crop = v2.RandomResizedCrop(56, scale=(share, share), ratio=(3 / 4, 4 / 3))
            box = crop.make_params([image])  # where the patch is, and how large
            patch = v2.functional.resized_crop(image, **box, size=[56, 56])
            kept = 100 * box["height"] * box["width"] / image.numel()
            found.append((patch, image, clothes.class_names[label], kept))
    return found
