"""The README and the page on what was measured say what the recorded runs say."""

import re
import tomllib
from statistics import mean

from seminar_utils import experiments
from seminar_utils.experiments.verdicts import compare, errors
from tests import ROOT, korean

README = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURED = (ROOT / "site" / "pages" / "measured.md").read_text(encoding="utf-8")


def test_the_table_of_the_twins_is_that_of_the_recorded_seeds():
    recorded = experiments.recorded("twins")
    for kind, name in (("plain", "plain"), ("residual", "ResNet")):
        for split in ("training", "test"):
            ends = [mean(errors(recorded, f"{name}-{n}", split).values()) for n in (8, 32)]
            found = compare(recorded, f"{name}-32", f"{name}-8", split)
            cells = [f"{end:.1f}" for end in ends]
            cells += [f"{found.mean:+.1f} ± {found.spread:.1f}", found.verdict]
            row = f"| {kind}, {split} | {' | '.join(cells)} |"
            assert row in README and row in MEASURED


def test_the_table_of_figure_6_is_that_of_the_recorded_run():
    nets = [f"{kind}-{n}" for kind in ("plain", "ResNet") for n in (20, 32, 56)] + ["ResNet-110"]
    runs = {record.job.net: record.history for record in experiments.recorded("twins", "figure-6")}
    assert sorted(runs) == sorted(nets)
    # The rate falls within an epoch; the one before it is the last whole one at the first rate.
    last = {net: runs[net].learning_rates.count(0.1) - 2 for net in nets}
    rows = {
        "training, before the drop": [f"{runs[net].train[last[net]].error:.1f}" for net in nets],
        "training, end": [f"{runs[net].train[-1].error:.2f}" for net in nets],
        "test, end": [f"{runs[net].test.error:.1f}" for net in nets],
    }
    assert f"| | {' | '.join(nets)} |" in MEASURED
    for name, cells in rows.items():
        assert f"| {name} | {' | '.join(cells)} |" in MEASURED, (name, cells)


def test_the_numbers_of_pre_activation_and_of_the_accurate_net_are_those_of_the_recorded_seeds():
    recorded = experiments.recorded("preactivation")
    for kind in ("pre-activation", "ResNet"):
        nets = [f"{kind}-{depth}" for depth in (8, 20, 32, 56)]
        *first, last = (f"{mean(errors(recorded, net, 'training').values()):.1f}" for net in nets)
        assert f"{', '.join(first)} and {last} %" in " ".join(MEASURED.split())
    pairs = [(f"pre-activation-{n}", f"ResNet-{n}") for n in (8, 20, 32, 56)]
    found = [compare(recorded, *pair, "training") for pair in pairs]
    (shown,) = [each for each in found if each.verdict != "not shown at this scale"]
    assert shown.net == "pre-activation-20" and f"({shown.mean:+.1f} points)" in MEASURED
    ends = [f"{record.history.test.error:.1f}" for record in experiments.recorded("accurate")]
    *first, last = ends
    seeds = f"{', '.join(first)} and {last} % test error in three seeds"
    assert seeds in " ".join(MEASURED.split())


def test_the_korean_readme_says_the_same():
    texts = [README, (ROOT / "README.ko.md").read_text(encoding="utf-8")]
    for text, other in zip(texts, ("README.ko.md", "README.md"), strict=True):
        assert f"]({other})" in text.splitlines()[2]
    # The line that leads to the other one, and the remarks beside commands, are no translation.
    english, translation = (re.sub(r" +# .*", "", "\n".join(one.splitlines()[3:])) for one in texts)
    assert korean.all_problems(english, translation) == []
    assert korean.all_problems(english, translation.replace("25.6", "26.5")) != []
    assert korean.all_problems(english, translation.replace("TORCH=cpu", "TORCH=gpu")) != []


def test_the_readme_is_short_and_all_say_the_same_version():
    assert len(README.splitlines()) <= 120
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
