"""The catalogue: every experiment has what the others rely on, and its nets have usable names."""

import json
import re
from dataclasses import asdict

import pytest

from seminar_utils.experiments.catalogue import AT_PAPER_SCALE, EXPERIMENTS, experiment
from seminar_utils.experiments.records import files_of
from tests import refused

SCALES = [(name, scale) for name, each in EXPERIMENTS.items() for scale in each.seeds]
SCALES += [(name, "paper") for name in AT_PAPER_SCALE]


@pytest.mark.parametrize(("name", "scale"), SCALES)
def test_an_experiment_has_what_others_rely_on(name, scale):
    found = experiment(name, scale)
    assert found.about.startswith(f"{name.capitalize()}") and found.question  # for the command
    jobs = [job for seed in found.seeds[scale] for job in found.jobs(seed)]
    assert {job.seed for job in jobs} == set(found.seeds[scale])
    paths = [files_of(name, job, scale)["unfinished"] for job in jobs]
    kept = [job.net for job in jobs if files_of(name, job, scale)["weights"]]
    assert sorted(kept) == (sorted(found.kept) if scale == "seminar" else [])
    # Names differ also on a file system that ignores case.
    assert len({path.name.lower() for path in paths}) == len(jobs)
    for job, path in zip(jobs, paths, strict=True):
        assert path.parent.name == "unfinished"
        assert re.fullmatch(rf"[0-9A-Za-z][0-9A-Za-z.-]*-seed-{job.seed}\.pt", path.name), path
        again = found.job.from_json(json.loads(json.dumps(asdict(job))))
        assert type(job) is found.job and again == job and hash(again) == hash(job)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_pairs_live_and_kept_name_nets_that_differ_in_what_they_compare_alone(name):
    """Both nets of a pair see images of the same kind for the same number of steps."""
    found = EXPERIMENTS[name]
    jobs = {job.net: job for job in found.jobs(0)}
    assert jobs.keys() >= {*found.live, *found.kept}
    assert bool(found.pairs) == (len(jobs) > 1)  # a single net is compared with nothing
    assert len(set(found.pairs)) == len(found.pairs)
    for ours, theirs in ((jobs[net], jobs[baseline]) for net, baseline in found.pairs):
        assert ours != theirs and ours.recipe.epochs == theirs.recipe.epochs
        assert ours.recipe.batch_size == theirs.recipe.batch_size
        assert (ours.train_images, ours.size) == (theirs.train_images, theirs.size)


def test_unknown_names_and_scales_get_one_clear_sentence():
    refused(
        (lambda: experiment("twinz"), r"no experiment 'twinz': take one of \['accurate', .*\]\.$"),
        (lambda: experiment("longer", "paper"), r"longer has no scale 'paper': .*\['seminar'\]\.$"),
        (lambda: experiment("heads", "night"), r"heads has no scale .*\['seminar', 'paper'\]\.$"),
    )
