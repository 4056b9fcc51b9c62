"""The colours of all figures, what they stand for, and the nets that are told apart by them."""

from collections import namedtuple

__all__ = ["COLORS", "KINDS", "NETS", "PALETTE", "SHALLOW_AND_DEEP", "SPLITS", "net_of"]

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


Net = namedtuple("Net", "kind depth")  # of ``KINDS``; 6n+2 layers with weights
NETS = {f"{kind}-{depth}": Net(kind, depth) for kind in KINDS for depth in range(8, 111, 6)}


def net_of(name: str) -> Net:
    """Return the net that has a name like "plain-32"."""
    if name not in NETS:
        raise ValueError(
            f'net {name!r} cannot be drawn: name it "plain-32" or "ResNet-32", of 8 to 110 layers.'
        )
    return NETS[name]
