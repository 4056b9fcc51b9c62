"""The catalogue: every experiment has what the others rely on, and its nets have usable names."""

import json
import re
from dataclasses import asdict

import pytest

from seminar_utils.experiments import longer, overfitting, shortcuts
from seminar_utils.experiments.catalogue import AT_PAPER_SCALE, EXPERIMENTS, experiment
from seminar_utils.experiments.records import unfinished_path

SCALES = [(name, scale) for name, each in EXPERIMENTS.items() for scale in each.seeds]
SCALES += [(name, "paper") for name in AT_PAPER_SCALE]


@pytest.mark.parametrize(("name", "scale"), SCALES)
def test_an_experiment_has_what_others_rely_on(name, scale):
    found = experiment(name, scale)
    assert found.name == name
    assert found.about.startswith(f"{name.capitalize()}") and found.question  # for the command
    jobs = [job for seed in found.seeds[scale] for job in found.jobs(seed, scale)]
    assert {job.seed for job in jobs} == set(found.seeds[scale])
    paths = [unfinished_path(name, job, scale) for job in jobs]
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


def test_longer_is_three_and_five_times_as_long():
    jobs = {job.net: (job.shortcut, job.depth, job.recipe.epochs) for job in longer.jobs(0)}
    kinds = {"plain": None, "ResNet": "A"}
    assert jobs == {
        f"{kind}-{depth} x{times}": (shortcut, depth, 8 * times)
        for times in (3, 5)
        for depth in (8, 32)
        for kind, shortcut in kinds.items()
    }


def test_shortcuts_are_all_three_options_at_two_depths():
    found = [(job.net, job.depth, job.shortcut) for job in shortcuts.jobs(0)]
    options = [(depth, option) for depth in (20, 32) for option in "ABC"]
    assert found == [(f"ResNet-{depth} {option}", depth, option) for depth, option in options]


def test_overfitting_takes_the_same_number_of_steps_on_few_images_and_on_many():
    jobs = overfitting.jobs(0)
    assert {(job.train_images // 128) * job.recipe.epochs for job in jobs} == {624}
    assert [(job.net, job.width, job.train_images) for job in jobs] == [
        (f"width x{width // 8}, {images:,} images", width, images)
        for images in (500, 10_000)
        for width in (8, 16, 32)
    ]


@pytest.mark.parametrize(
    ("name", "scale", "words"),
    [
        ("twinz", "seminar", r"no experiment 'twinz': take one of \['accurate', .*'twins'\]\.$"),
        ("longer", "paper", r"longer has no scale 'paper': take one of \['seminar'\]\.$"),
        ("heads", "night", r"heads has no scale 'night': .*\['seminar', 'paper'\]\.$"),
    ],
)
def test_unknown_names_and_scales_get_one_clear_sentence(name, scale, words):
    with pytest.raises(ValueError, match=words):
        experiment(name, scale)
