"""G-6: which of three nets is the cheapest, and for what."""

import torch

from seminar_utils.exercises.by_words import ChoiceExercise
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.googlenet import GoogLeNet
from seminar_utils.tables import Table


def _bill() -> Table:
    """Count three nets for one image of 224 x 224 pixels."""
    from torchvision import models  # seconds that few need

    header = ("net", "parameters", "multiply-adds", "outputs of all layers")
    with torch.device("meta"):
        nets = {"AlexNet": models.alexnet(), "VGG-16": models.vgg16(), "GoogLeNet": GoogLeNet()}
    bills = {name: layer_table(net.eval(), (3, 224, 224)) for name, net in nets.items()}
    rows = [
        (name, f"{bill.parameters:,}", f"{bill.multiply_adds:,}", f"{bill.activations:,}")
        for name, bill in bills.items()
    ]
    return Table(header, rows, "For one image of 224 x 224 pixels; AlexNet as torchvision has it.")


def cheapest(bill: Table) -> dict[str, str]:
    """Return the net with the smallest sum for each question that the bill can answer."""
    sums = {letter: {} for letter in "ABCD"}
    for net, *counts in bill.rows:
        parameters, multiply_adds, outputs = (int(count.replace(",", "")) for count in counts)
        sums["A"][net] = parameters
        sums["B"][net] = multiply_adds
        sums["C"][net] = parameters + outputs
        sums["D"][net] = parameters + 256 * outputs
    return {letter: min(nets, key=nets.get) for letter, nets in sums.items()} | {"E": "not there"}


EXERCISE = ChoiceExercise(
    begin="Begin with what each question needs: A and B are one column each. For C and D, "
    "parameters are stored once, the outputs of the layers for each image.",
    right="no net is the cheapest for everything: GoogLeNet for few images, AlexNet for many "
    "in memory and in multiply-adds. Time has to be measured.",
    solution=cheapest,
    examine=_bill,
    letters="ABCDE",
    words=("AlexNet", "VGG-16", "GoogLeNet", "not there"),
    hints={
        "A AlexNet": "AlexNet needs the fewest multiply-adds, but a file holds parameters: most "
        "of them are in its fully connected layers.",
        "B GoogLeNet": "GoogLeNet has the fewest parameters, but each of them works at many "
        "positions: look at the multiply-adds.",
        "C AlexNet": "AlexNet writes the fewest outputs, but its parameters lie in memory, too.",
        "D GoogLeNet": "Parameters are stored once, outputs for each of the 256 images.",
        "E": "Time is not on this bill: multiply-adds are not seconds. It has to be measured.",
        "VGG-16": "VGG-16 has the largest number in every column.",
        "not there": "The table has the numbers for this: add them up.",
    },
)
