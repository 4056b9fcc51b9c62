"""A chosen net's picture: runs of exactly this net, and nets that there are not."""

from dataclasses import replace

from seminar_utils.figures import net_choice
from tests import refused
from tests.figures import record


def norms(depth):
    """Return gradient norms that are all different."""
    return {f"conv{number}": 3.3 / 1.07**number for number in range(depth - 1)}


def test_runs_of_exactly_this_net_are_drawn():
    nets = [(32, 8, None), (32, 8, "A"), (20, 8, "A"), (32, 16, "A"), (32, 8, "B")]
    runs = []
    for number, (depth, width, shortcut) in enumerate(nets):
        for seed in (0, 1):
            one = record("plain-32", seed, [9.0 + number, 5.0 + seed], 3.0)
            job = replace(one.job, depth=depth, width=width, shortcut=shortcut)
            runs.append(replace(one, job=job))
    for number, net in enumerate(nets):
        axis = net_choice(*net, norms(net[0]), runs).figure.axes[2]
        drawn = [list(line.get_ydata()) for line in axis.lines]
        assert drawn == [[9.0 + number, 5.0], [9.0 + number, 6.0]]


def test_no_records_are_said_to_be_none():
    assert net_choice(8, 8, "A", norms(8), []).data.endswith("not recorded; recorded are none")


def test_nets_that_do_not_exist_and_norms_of_others_are_refused():
    words = "7 convolutions are not those of 32 layers: give all 31"
    refused(
        (lambda: net_choice(32, 8, "A", norms(8), []), words),
        (lambda: net_choice(9, 8, "A", norms(9), []), "depth=9"),
        (lambda: net_choice(8, 0, "A", norms(8), []), "width=0"),
        (lambda: net_choice(8, 8, "D", norms(8), []), "shortcut='D'"),
    )
