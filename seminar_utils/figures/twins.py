"""Our own twins beside the paper's: training curves as in Figure 4, end points as in Table 2."""

from collections.abc import Sequence
from statistics import mean

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from seminar_utils.experiments.jobs import Record
from seminar_utils.experiments.verdicts import errors
from seminar_utils.figures.curves import SHALLOW_AND_DEEP, write_at_end
from seminar_utils.figures.picture import COLORS, Picture, new_figure

__all__ = ["end_points", "training_curves"]

PANELS = {"plain": ("plain-8", "plain-32"), "residual": ("ResNet-8", "ResNet-32")}
KINDS = {"plain": COLORS["grey"], "residual": COLORS["green"]}


def training_curves(recorded: Sequence[Record], live: Sequence[Record] = ()) -> Picture:
    """Draw the twins' training error per epoch: recorded seeds thin, the live seed bold.

    Args:
        recorded: Runs of several seeds.
        live: The run of today, if there is one.
    """
    figure, axes = new_figure(2, sharey=True, height=4.8)
    means = {}
    for axis, (kind, nets) in zip(axes, PANELS.items(), strict=True):
        ends = {net: mean(errors(recorded, net, "training").values()) for net in nets}
        means |= ends
        for color, net in zip(SHALLOW_AND_DEEP, nets, strict=True):
            for record in of_net(recorded, net):
                draw_history(axis, record, color, line_width=0.9)
            for record in of_net(live, net):
                draw_history(axis, record, color, line_width=2.8)
            epochs = of_net(recorded, net)[0].job.recipe.epochs
            raised = 8 if ends[net] == max(ends.values()) else -8
            write_at_end(axis, epochs, ends[net], net, color, raised)
        axis.set_title(f"Fashion-MNIST 14 x 14, {kind} nets", fontsize=14)
        axis.set_xlabel("epoch", fontsize=13)
        axis.set_xlim(0.8, 10)
    axes[0].set_ylabel("training error (%)", fontsize=13)
    key = "thin: recorded seeds" + ("    bold: today" if live else "")
    axes[0].text(1.2, 2, key, fontsize=12)
    axes[0].set_ylim(0, None)
    seeds = len({record.job.seed for record in recorded})
    numbers = ", ".join(f"{net} {value:.1f}" for net, value in means.items())
    alt = (
        "Two panels of training error against epochs. Plain nets end at "
        f"{means['plain-8']:.0f} % (8 layers, blue) and {means['plain-32']:.0f} % (32 layers, "
        f"orange); residual nets at {means['ResNet-8']:.0f} % and {means['ResNet-32']:.0f} %."
    )
    line = f"Training error at the end, mean of {seeds} seeds (%): {numbers}"
    return Picture(figure, line, alt)


def end_points(recorded: Sequence[Record], live: Sequence[Record] = ()) -> Picture:
    """Draw each net's final error, training left and test right: one dot per seed.

    Args:
        recorded: Runs of several seeds; lines go through their means.
        live: The run of today, if there is one, as large dots.
    """
    figure, axes = new_figure(2, sharey=True, height=4.8)
    parts = []
    for axis, split in zip(axes, ("training", "test"), strict=True):
        for kind, color in KINDS.items():
            pairs = [errors(recorded, net, split) for net in PANELS[kind]]
            shift = -0.04 if kind == "plain" else 0.04
            for x, by_seed in enumerate(pairs):
                axis.plot([x + shift] * len(by_seed), by_seed.values(), "o", color=color, alpha=0.6)
            averages = [mean(by_seed.values()) for by_seed in pairs]
            axis.plot([shift, 1 + shift], averages, color=color, linewidth=2.5, label=kind)
            axis.text(1.2, averages[1], kind, color=color, fontsize=13, fontweight="bold")
            parts.append(f"{split} {kind} {averages[0]:.1f} -> {averages[1]:.1f}")
        if live:
            draw_today(axis, live, split)
        axis.set_title(f"{split} error", fontsize=14)
        axis.set_xticks([0, 1], ("8 layers", "32 layers"), fontsize=13)
        axis.set_xlim(-0.3, 1.6)
    axes[0].set_ylabel("error (%)", fontsize=13)
    axes[0].set_ylim(0, None)
    line = f"8 -> 32 layers (%): {', '.join(parts)}"
    alt = (
        "Final error against depth, one dot per seed, a line through the means. "
        + ", ".join(parts)
        + " %."
    )
    if live:
        axes[0].text(-0.2, 1.5, "small: recorded seeds    large: today", fontsize=12)
        ends = [f"{net} {error:.1f}" for net, error in today(live, "training").items()]
        line += f"; today, training: {', '.join(ends)}"
        alt += f" Large dots with a black rim are today's run, training {', '.join(ends)} %."
    return Picture(figure, line, alt)


def today(live: Sequence[Record], split: str) -> dict[str, float]:
    """Return the error in % of each of the twins in a run of one seed."""
    return {
        net: error
        for nets in PANELS.values()
        for net in nets
        for error in errors(live, net, split).values()
    }


def draw_today(axis: Axes, live: Sequence[Record], split: str) -> None:
    """Draw the run of today as large dots, beside those of the recorded seeds."""
    ends = today(live, split)
    for kind, color in KINDS.items():
        shift = -0.12 if kind == "plain" else 0.12
        for x, net in enumerate(PANELS[kind]):
            style = {"color": color, "markersize": 12, "markeredgecolor": COLORS["black"]}
            axis.plot(x + shift, ends[net], "o", markeredgewidth=2, **style)


def of_net(records: Sequence[Record], net: str) -> list[Record]:
    """Return the records of one net."""
    return [record for record in records if record.job.net == net]


def draw_history(axis: Axes, record: Record, color: str, line_width: float) -> None:
    """Draw the training error of one run, epoch by epoch."""
    scores = record.history.train
    axis.plot(
        range(1, len(scores) + 1),
        [score.error for score in scores],
        color=color,
        linewidth=line_width,
        # A black rim, so that the bold line can be told from ten thin ones of its colour.
        path_effects=[withStroke(linewidth=line_width + 2, foreground="black")] * (line_width > 1),
    )
