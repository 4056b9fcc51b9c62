"""Every plot, drawn as the notebooks draw it: with recorded runs and the paper's data."""

import math
from functools import cache

import torch

from seminar_utils import experiments, figures, paper
from seminar_utils.figures.live import Curves
from seminar_utils.figures.question import Question
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.measures.layers import receptive_fields, weights
from seminar_utils.models.googlenet import TABLE_1, GoogLeNet, Inception, NaiveInception
from seminar_utils.models.resnet import resnet
from seminar_utils.training import data
from seminar_utils.training.loop import Score
from tests.figures import recorded

PHOTO = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))  # the worst to compress
KINDS = ("plain", "ResNet")
runs = cache(experiments.recorded)


def series(*lengths):
    """Return numbers between 0 and 1, no two alike, in lists of these lengths."""
    found, number = [], 0
    for length in lengths:
        found.append([(math.sin(number + n) + 1.1) / 2.2 for n in range(length)])
        number += length
    return found


def choice(depth, width, shortcut):
    norms = {f"conv{n}": 3.3 / 1.07**n for n in range(depth - 1)}
    return figures.net_choice(depth, width, shortcut, norms, [*runs("shortcuts"), *runs("twins")])


def build(net, *options, **named):
    """Return a net without weights: less to compute."""
    with torch.device("meta"):
        return net(*options, **named)


@cache
def costs():
    nets = {"GoogLeNet": build(GoogLeNet, heads=()), "ResNet-34": build(resnet, 34)}
    return {name: layer_table(net, (3, 224, 224)) for name, net in nets.items()}


def error_against_cost():
    alexnet, vgg = (
        sum(row.multiply_adds for row in paper.layer_list(name)) for name in ("AlexNet", "VGG-16")
    )
    googlenet = costs()["GoogLeNet"].multiply_adds
    return figures.error_against_cost(
        [("AlexNet", alexnet, 16.4), ("VGG-16", vgg, 7.32), ("GoogLeNet", googlenet, 6.67)]
    )


def receptive():
    fields = {f"ResNet-{depth}": receptive_fields(build(resnet, depth)) for depth in (18, 34, 50)}
    return figures.receptive_fields(fields, image=224)


def responses():
    nets = {"plain-20": 19, "plain-56": 55, "ResNet-20": 19, "ResNet-56": 55}
    numbers = zip(nets, series(*nets.values()), strict=True)
    ours = {net: {n: 0.5 + value for n, value in enumerate(values)} for net, values in numbers}
    return figures.layer_responses(ours)


def by_layer(*dead):
    net = build(GoogLeNet)
    numbers = series(*[len(weights(net))] * 4)
    labels = [(start, loss) for start in ("small start", "He") for loss in ("main", "heads")]
    norms = {
        label: {name: scale * value for name, value in zip(weights(net), values, strict=True)}
        for label, values, scale in zip(labels, numbers, (1e-6, 1e-5, 1, 1), strict=True)
    }
    return figures.gradients_by_layer({d: dict.fromkeys(weights(net), 0.0) for d in dead} | norms)


def similarity():
    distances, nets = (1, 2, 5, 10, 20, 50), [f"{kind}-{n}" for kind in KINDS for n in (8, 56)]
    start, trained = series(24, 24)
    panels = {
        title: {net: values[6 * n : 6 * n + 6] for n, net in enumerate(nets)}
        for title, values in (("at the start", start), ("trained", trained))
    }
    return figures.gradient_similarity(distances, panels)


CONDITIONS = {
    "at the start": {"plain-8": 4.6, "ResNet-8": 3.2, "plain-56": 19.9, "ResNet-56": 6.14},
    "trained": {"plain-8": 29.8, "ResNet-8": 23.6, "plain-56": 1.745e8, "ResNet-56": 58.0},
}
WITHOUT = {
    "plain-32": {f"stages.{n // 5}.{n % 5}": 80.5 + n / 3 for n in range(15) if n % 5},
    "ResNet-32": {f"stages.{n // 5}.{n % 5}": 30.3 - n for n in range(15)},
    "ResNet-56": {f"stages.{n // 9}.{n % 9}": 20.3 + n / 7 for n in range(27)},
}
WHOLE = {"plain-32": 20.5, "ResNet-32": 15.2, "ResNet-56": 14.1}
RECIPE = "v2.ColorJitter(contrast=(1.6, 1.6))"


def class_maps():
    pictures = {name: PHOTO[n : n + 1, ::3, ::3] for n, name in enumerate(("coat", "boot"))}
    scores = 20 * PHOTO[:2, :7, :7] - 8
    return figures.activation_maps(pictures, scores, ["Coat 90 %", "Coat 4 %"], limit=12.0)


def correlation():
    return figures.correlation_by_distance(
        {
            "images": [1.0, *(0.91 - 0.081 * n for n in range(10))],
            "conv1": [1.0, *(0.8 / 1.4**n for n in range(10))],
            "noise": [1.0, *(0.011 * n for n in range(10))],
        }
    )


def watched():
    scores = {
        net: [Score(80.5 / epoch - n, 1.0) for epoch in range(1, 8 - n)]
        for n, net in enumerate(("plain-8", "ResNet-8", "plain-32", "ResNet-32"))
    }
    return Curves(scores, runs("twins")).picture()


GOOGLENETS = {
    "architecture": {},
    "architecture without heads": {"heads": ()},
    "architecture with one head": {"heads": ("4d",)},
    "architecture of a small net": dict(
        num_classes=10, in_channels=1, width=0.5, small_images=True
    ),
}
BOXES = [{"top": 1, "left": 20, "height": 30, "width": width} for width in (20, 40)]
QUESTIONS = [
    Question("plain-32 minus plain-8", "points", 5.0, 11.1, 3.4),
    Question("ResNet-32 minus ResNet-8", "points", 20.0, -1.5, 0.9),
    Question("test error", "%", None, 16.2, 0.8),
    Question("훈련 오차", "점", -2.0),
]


DRAW = {
    "activation_maps": class_maps,
    "figure_1": figures.figure_1,
    "figure_1 without labels": lambda: figures.figure_1(labels=False),
    "figure_4": figures.figure_4,
    "figure_4 late": lambda: figures.figure_4(late=True),
    "net_choice": lambda: choice(32, 8, "A"),
    "net_choice not recorded": lambda: choice(20, 16, "C"),
    "table_2": figures.table_2,
    "training_curves": lambda: figures.training_curves(runs("twins")),
    "end_points": lambda: figures.end_points(runs("twins")),
    "end_points with today's": lambda: figures.end_points(runs("twins"), recorded(1)),
    "gradient_cells": lambda: figures.gradient_cells(runs("gradients")),
    "gradient_cells of steps": lambda: figures.gradient_cells(
        runs("gradients"), step=200, quantity="relative steps"
    ),
    "depth_series": lambda: figures.depth_series(runs("twins")),
    "layer_responses": responses,
    "receptive_fields": receptive,
    "shortcut_options": lambda: figures.shortcut_options(runs("shortcuts")),
    "distance_to_identity": lambda: figures.distance_to_identity(
        [0, 0.5, 1], [1.04, 1.07, 1.21], [0.03, 0.42, 0.91]
    ),
    "gradient_cells batch norm": lambda: figures.gradient_cells(
        runs("gradients"), norms=("batch norm",)
    ),
    "error_against_cost": error_against_cost,
    "growth": lambda: figures.growth([1, 2, 4, 8], [10, 21, 43, 87], [10, 38, 148, 584]),
    "savings": lambda: figures.savings(costs()),
    "branches": lambda: figures.branches(Inception(192, *TABLE_1["3a"]), (192, 28, 28)),
    "branch_bars": lambda: figures.branch_bars(480, 14, TABLE_1["4a"]),
    "channels": lambda: figures.channels(PHOTO / 100 - 1, "what a net gets"),
    "gallery": lambda: figures.gallery(
        {name: data.photo(name) for name in ("cat", "rocket")}, credit=data.photos()["cat"].credit
    ),
    "maps": lambda: figures.maps(PHOTO[:, :24, :24].repeat(11, 1, 1), "the first maps of a layer"),
    "pixel_histograms": lambda: figures.pixel_histograms(
        {"photograph": PHOTO, "transformed": PHOTO[:1]}, title=RECIPE, credit="NASA"
    ),
    "head_effects": lambda: figures.head_effects(runs("heads")),
    "weight_effects": lambda: figures.weight_effects(runs("heads")),
    "gradients_by_layer": by_layer,
    "width_and_errors": lambda: figures.width_and_errors(runs("overfitting")),
    "correlation_by_distance": correlation,
    "condition_numbers": lambda: figures.condition_numbers(CONDITIONS),
    "errors_without_blocks": lambda: figures.errors_without_blocks(WHOLE, WITHOUT),
    "gradient_similarity": similarity,
    "mistakes": lambda: figures.mistakes(runs("accurate")[0], data.load()),
    "watch": watched,
    "guesses": lambda: figures.guesses(QUESTIONS),
    "gradients_by_layer of a dead net": lambda: by_layer(("dead", "main"), ("dead", "heads")),
    "branches naive": lambda: figures.branches(NaiveInception(192, 64, 128, 32), (192, 28, 28)),
    "gallery of parts": lambda: figures.gallery(
        {"whole": PHOTO, "part": PHOTO[:, :32, :32], "grey": PHOTO[0]},
        columns=2,
        boxes={"whole": BOXES},
        same_scale=True,
    ),
    "gallery with long titles": lambda: figures.gallery(
        {f"a rather long title of picture {n} of four": PHOTO for n in range(4)}
    ),
    "maps with a long title": lambda: figures.maps(
        PHOTO[:, :7, :7].repeat(3, 1, 1), "a title so long that it does not fit over a few maps"
    ),
    "maps without a title": lambda: figures.maps(torch.zeros(40, 7, 7), ""),
    "guesses beyond the axis": lambda: figures.guesses([Question("<b> $x_1", "$", -100, 0, 1)]),
    **{
        name: lambda options=options: figures.architecture(build(GoogLeNet, **options))
        for name, options in GOOGLENETS.items()
    },
}
