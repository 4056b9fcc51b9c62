"""Helper package of a Jupyter seminar on GoogLeNet and ResNet."""
