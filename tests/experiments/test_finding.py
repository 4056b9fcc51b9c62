"""A run saved as files: all that a page needs, in words that follow from the records."""

import csv
import json
from dataclasses import dataclass, replace

import pytest

from seminar_utils import experiments
from seminar_utils.experiments import finding
from seminar_utils.experiments.verdicts import compare

NETS = "plain-32", "plain-8"
KNOWN = experiments.recorded("twins")
MINE = [
    replace(record, job=replace(record.job, seed=77))
    for record in KNOWN
    if record.job.seed == 3 and record.job.depth in (8, 32)
]


@dataclass
class Figure:
    alt: str = "The plain line rises, 오른다."

    def png(self):
        return b"png"


def test_a_finding_is_saved_as_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fields = experiments.save_finding("twins", Figure(), MINE, "finding", NETS)
    assert fields["figure"] == "finding/figure.png"
    names = {path.name for path in (tmp_path / "finding").iterdir()}
    assert names == {"alt.txt", "data.csv", "figure.png", "finding.json", "recipe.json"}
    assert (tmp_path / "finding/alt.txt").read_text(encoding="utf-8") == f"{Figure().alt}\n"
    with (tmp_path / "finding/data.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["net"] for row in rows} == {record.job.net for record in MINE}
    errors = {row["net"]: float(row["training error (%)"]) for row in rows}
    for record in MINE:
        assert errors[record.job.net] == pytest.approx(record.history.train[-1].error, abs=0.005)
    recipe = json.loads((tmp_path / "finding/recipe.json").read_text(encoding="utf-8"))
    assert recipe["nets"][0]["recipe"]["epochs"] == 8 and recipe["repeat"] == fields["repeat"]
    kept = (tmp_path / "finding/finding.json").read_text(encoding="utf-8")
    assert json.loads(kept) == fields


def test_the_verdict_is_said_in_words_and_with_its_numbers(tmp_path, monkeypatch):
    def save(seed=77, device="cpu", nets=NETS):
        run = [replace(each, job=replace(each.job, seed=seed, device=device)) for each in MINE]
        return experiments.save_finding("twins", Figure(), run, tmp_path, nets)

    known = compare(KNOWN, "plain-32", "plain-8", "training")
    said = save()["verdict"]
    assert "error of plain-32 is larger than that of plain-8" in said
    assert f"{known.mean:+.1f}" in said and f"of {known.smallest_visible:.1f} would" in said
    mine = f"{known.differences[3]:+.1f}"  # of seed 3
    assert said.endswith(f"In my own run it is {mine}.")
    there = save(device="cuda")
    assert there["verdict"].endswith(f"In my own run on cuda it is {mine}.")
    assert "start('twins', seed=77, device='cuda').result())" in there["repeat"]
    assert f"In the recorded run it is {mine}." in save(seed=0)["verdict"]
    residual = ("ResNet-32", "ResNet-8")
    assert "is smaller than" in save(nets=residual)["verdict"]
    two = [record for record in KNOWN if record.job.seed in (0, 1)]
    monkeypatch.setattr(finding.recordings, "recorded", lambda name: two)
    words = "ResNet-32 is not shown to differ from that of ResNet-8"
    assert words in save(nets=residual)["verdict"]


def test_the_line_that_repeats_it_trains(tmp_path):
    """It starts a run of today: nothing of a recorded seed is taken instead."""
    line = experiments.save_finding("twins", Figure(), MINE, tmp_path, NETS)["repeat"]
    assert line.startswith("python -c ") and "experiments.start('twins', seed=77).result()" in line
    compile(line.removeprefix('python -c "').removesuffix('"'), "line", "exec")


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([], r"seeds \[\]: save one run"),
        (KNOWN[:20], r"seeds \[0, 1\]: save one run"),
        (MINE[:1], "The run has no plain-32: its nets are plain-8"),
    ],
)
def test_what_is_no_run_of_one_seed_is_named(tmp_path, records, words):
    with pytest.raises(ValueError, match=words):
        experiments.save_finding("twins", Figure(), records, tmp_path, NETS)
    assert list(tmp_path.iterdir()) == []
