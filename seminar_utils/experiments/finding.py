"""A finding of your own as files: the figure, its words, its numbers, and how to repeat it.

    finding = experiments.save_finding("twins", figure, records, "finding", ("plain-32", "plain-8"))

figure.png, alt.txt, data.csv (errors by net and seed), recipe.json (what was trained, and how) and
finding.json, the six fields that a page of notebook 04 takes from it.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seminar_utils.experiments import records as recordings
from seminar_utils.experiments.catalogue import experiment
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import compare, error_of
from seminar_utils.files import write_atomically
from seminar_utils.language import N_, Later, tr

__all__ = ["save_finding"]

WORDS = {"larger": N_("is larger than"), "smaller": N_("is smaller than")}


def save_finding(
    name: str, figure: Any, records: Sequence[Record], folder: str | Path, nets: tuple[str, str]
) -> dict[str, object]:
    """Save a figure of your own run with all that somebody needs to check it.

    Args:
        name: The experiment, such as "twins".
        figure: A plot of it: a ``Picture``, or what has ``alt`` and ``png()`` as well.
        records: Your run: of one seed, not one of those that come with the course.
        folder: Where to write; it is made where there is none.
        nets: The two nets whose training errors the verdict is about.

    Returns:
        Six fields of a page: figure, alt, seed, verdict, caption and repeat.

    Raises:
        ValueError: The records are of no seed, or of several, or lack a net.
        OSError: The folder is not yours to write in.
    """
    seeds = sorted({record.job.seed for record in records})
    if len(seeds) != 1:
        raise ValueError(f"The records have the seeds {seeds}: save one run, of one seed.")
    errors = {record.job.net: error_of(record.history, "training") for record in records}
    if missing := [net for net in nets if net not in errors]:
        raise ValueError(f"The run has no {missing[0]}: its nets are {', '.join(errors)}.")
    known = compare(recordings.recorded(name), *nets, "training")
    folder, (seed,), (net, baseline) = Path(folder), seeds, nets
    # A class whose run is late goes on with a run that comes with the course.
    is_mine = seed not in experiment(name).seeds["seminar"]
    whose, on = N_("my own run") if is_mine else N_("the recorded run"), ""
    if (device := records[0].job.device) != "cpu":
        whose, on = Later("my own run on {device}", device=device), f", device='{device}'"
    run = {"n": len(known.differences), "seed": seed, "whose": whose}
    call = f"print(experiments.start('{name}', seed={seed}{on}).result())"
    fields = {
        "figure": (folder / "figure.png").as_posix(),
        "alt": figure.alt,
        "seed": seed,
        "verdict": tr(
            "Over {n} recorded seeds the training error of {net} {result} that of {baseline}: "
            "{mean:+.1f} percentage points on average; a difference of {visible:.1f} would be "
            "visible. In {whose} it is {mine:+.1f}.",
            **{**run, "net": net, "baseline": baseline, "mean": known.mean},
            result=WORDS.get(known.verdict, N_("is not shown to differ from")),
            visible=known.smallest_visible,
            mine=errors[net] - errors[baseline],
        ),
        "caption": tr(
            "Small dots: {n} recorded seeds. Large dots: {whose}, seed {seed}. One run proves "
            "nothing, and other settings give other numbers.",
            **run,
        ),
        "repeat": f'python -c "from seminar_utils import experiments; {call}"',
    }
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("net", "seed", "training error (%)", "test error (%)"))
    for record in records:
        both = (f"{error_of(record.history, split):.2f}" for split in ("training", "test"))
        writer.writerow((record.job.net, seed, *both))
    recipe = {
        "experiment": name,
        "question": experiment(name).question,
        "repeat": fields["repeat"],
        "nets": [asdict(record.job) for record in records],
    }
    for file, content in {
        "figure.png": figure.png(),
        "alt.txt": f"{figure.alt}\n",
        "data.csv": table.getvalue(),
        "recipe.json": _json(recipe),
        "finding.json": _json(fields),
    }.items():
        write_atomically(folder / file, content)
    return fields


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"
