"""The colours of all figures, and what they stand for."""

__all__ = ["COLORS", "KINDS", "PALETTE", "SHALLOW_AND_DEEP", "SPLITS"]

# Okabe and Ito's palette: distinct for all common kinds of colour vision.
COLORS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#009E73",
    "sky": "#56B4E9",
    "yellow": "#E69F00",
    "purple": "#CC79A7",
    "grey": "#6A6A6A",
    "black": "#222222",
}
PALETTE = [COLORS[name] for name in ("blue", "orange", "green", "purple", "yellow", "grey")]
KINDS = {"plain": COLORS["grey"], "ResNet": COLORS["green"]}
SHALLOW_AND_DEEP = (COLORS["blue"], COLORS["orange"])  # in every figure that compares two depths
SPLITS = {"training": COLORS["blue"], "test": COLORS["orange"]}
