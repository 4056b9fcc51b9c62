"""A finding of your own as files: the figure, its words, its numbers, and how to repeat it.

    finding = experiments.save_finding("twins", figure, run.result())
    finding = experiments.read_finding()          later, in another notebook

figure.png, alt.txt, data.csv (errors by net and seed), recipe.json (what was trained, and how) and
finding.json, the six fields that a page of notebook 04 takes from it.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from seminar_utils.experiments import records as recordings
from seminar_utils.experiments.catalogue import experiment
from seminar_utils.experiments.job import Record
from seminar_utils.experiments.verdicts import compare, error_of
from seminar_utils.files import write_atomically

__all__ = ["FOLDER", "read_finding", "save_finding"]

FOLDER = "finding"  # beside the notebook
WORDS = {"larger": "is larger than", "smaller": "is smaller than"}


class Figure(Protocol):
    """What a finding needs of a figure."""

    alt: str

    def png(self) -> bytes:
        """Return the picture as a file."""


def save_finding(
    name: str,
    figure: Figure,
    records: Sequence[Record],
    folder: str | Path = FOLDER,
    nets: tuple[str, str] = ("plain-32", "plain-8"),
    split: str = "training",
) -> dict[str, object]:
    """Save a figure of your own run with all that somebody needs to check it.

    Args:
        name: The experiment, such as "twins".
        figure: The figure of it.
        records: Your run: of one seed, not one of those that come with the course.
        folder: Where to write; it is made where there is none.
        nets: The two nets that the verdict is about.
        split: The error that it is about, see ``verdicts.SPLITS``.

    Returns:
        Six fields of a page: figure, alt, seed, verdict, caption and repeat.

    Raises:
        ValueError: The records are of no seed, or of several, or lack a net.
        OSError: The folder is not yours to write in.
    """
    seeds = sorted({record.job.seed for record in records})
    if len(seeds) != 1:
        raise ValueError(f"The records have the seeds {seeds}: save one run, of one seed.")
    errors = {record.job.net: error_of(record.history, split) for record in records}
    if missing := [net for net in nets if net not in errors]:
        raise ValueError(f"The run has no {missing[0]}: its nets are {', '.join(errors)}.")
    known = compare(recordings.recorded(name), *nets, split)
    n, (net, baseline), seed = len(known.differences), nets, seeds[0]
    result = WORDS.get(known.verdict, "is not shown to differ from")
    shown = f"{known.mean:+.1f} percentage points on average"
    visible = f"{known.smallest_visible:.1f} would have been visible"
    # A class whose run is late goes on with a run that comes with the course.
    whose = "my own run" if seed not in experiment(name).seeds["seminar"] else "the recorded run"
    mine = errors[net] - errors[baseline]
    call = f"print(experiments.start('{name}', seed={seed}).result())"
    folder = Path(folder)
    fields = {
        "figure": (folder / "figure.png").as_posix(),
        "alt": figure.alt,
        "seed": seed,
        "verdict": f"Over {n} recorded seeds the {split} error of {net} {result} that of "
        f"{baseline}: {shown}, where {visible}. In {whose} it is {mine:+.1f}.",
        "caption": f"Small dots: {n} recorded seeds. Large dots: {whose}, seed {seed}. One run is "
        "a picture and no evidence; the sizes belong to this recipe.",
        "repeat": f'python -c "from seminar_utils import experiments; {call}"',
    }
    table = io.StringIO(newline="")
    rows = [
        (r.job.net, r.job.seed, *(f"{error_of(r.history, s):.2f}" for s in ("training", "test")))
        for r in records
    ]
    head = ("net", "seed", "training error (%)", "test error (%)")
    csv.writer(table, lineterminator="\n").writerows([head, *rows])
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


def read_finding(folder: str | Path = FOLDER) -> dict[str, object]:
    """Return the fields of a saved finding, with the figure's path as it is now.

    Raises:
        FileNotFoundError: Nothing was saved there.
    """
    path = Path(folder) / "finding.json"
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is not there: save your run first, with experiments.save_finding(...)."
        )
    fields = json.loads(path.read_text(encoding="utf-8"))
    return {**fields, "figure": (Path(folder) / "figure.png").as_posix()}


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"
