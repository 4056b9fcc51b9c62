"""A net that is trained in a moment."""

from seminar_utils.experiments.job import ResidualJob

SMALL = {"seed": 3, "width": 4, "train_images": 128, "test_images": 100, "size": 7}
QUICK = ResidualJob(net="ResNet-8", depth=8, shortcut="A", **SMALL)
