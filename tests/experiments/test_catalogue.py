"""The catalogue: every experiment has what the others rely on, and its nets have usable names."""

import json
import re
from dataclasses import asdict

import pytest

from seminar_utils.experiments import longer, overfitting, shortcuts
from seminar_utils.experiments.catalogue import AT_PAPER_SCALE, EXPERIMENTS, experiment
from seminar_utils.experiments.job import Job
from seminar_utils.experiments.records import unfinished_path

SCALES = [(name, "seminar") for name in EXPERIMENTS]
SCALES += [("twins", "evening"), ("twins", "figure-6"), ("twins", "paper"), ("heads", "paper")]
EVERY_SCALE = pytest.mark.parametrize(("name", "scale"), SCALES)


def jobs_of(name: str, scale: str) -> list[Job]:
    """Return all jobs that are recorded at a scale."""
    found = experiment(name, scale)
    return [job for seed in found.seeds[scale] for job in found.jobs(seed, scale)]


def test_the_scales_below_are_all():
    names = "twins longer gradients heads identity shortcuts overfitting "
    names += "preactivation accurate inception"
    assert list(EXPERIMENTS) == names.split()
    own = [(name, scale) for name, each in EXPERIMENTS.items() for scale in each.seeds]
    papers = [(name, "paper") for name in AT_PAPER_SCALE]
    assert sorted(own + papers) == sorted(SCALES)


@EVERY_SCALE
def test_an_experiment_has_what_others_rely_on(name, scale):
    found = experiment(name, scale)
    assert found.name == name
    assert found.about.startswith(f"{name.capitalize()}") and found.question  # for the command
    jobs = jobs_of(name, scale)
    assert jobs and all(type(job) is found.job for job in jobs)
    assert {job.seed for job in jobs} == set(found.seeds[scale])


@EVERY_SCALE
def test_jobs_survive_json(name, scale):
    job_class = experiment(name, scale).job
    for job in jobs_of(name, scale):
        again = job_class.from_json(json.loads(json.dumps(asdict(job))))
        assert again == job and hash(again) == hash(job)


@EVERY_SCALE
def test_names_are_unique_within_a_seed(name, scale):
    """Also on a file system that ignores case."""
    found = experiment(name, scale)
    for seed in found.seeds[scale]:
        nets = [job.net.lower() for job in found.jobs(seed, scale)]
        assert len(set(nets)) == len(nets)


@EVERY_SCALE
def test_file_names_are_unique_and_hold_letters_digits_points_and_hyphens_alone(name, scale):
    jobs = jobs_of(name, scale)
    paths = [unfinished_path(name, job, scale) for job in jobs]
    assert len({path.name.lower() for path in paths}) == len(jobs)
    for job, path in zip(jobs, paths, strict=True):
        assert path.parent.name == "unfinished"
        assert re.fullmatch(rf"[0-9A-Za-z][0-9A-Za-z.-]*-seed-{job.seed}\.pt", path.name), path


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_pairs_live_and_kept_name_existing_nets(name):
    found = EXPERIMENTS[name]
    nets = {job.net for job in found.jobs(0)}
    assert nets >= {*found.live, *found.kept, *(net for pair in found.pairs for net in pair)}
    assert bool(found.pairs) == (len(nets) > 1)  # a single net is compared with nothing
    assert len(set(found.pairs)) == len(found.pairs)
    assert all(net != baseline for net, baseline in found.pairs)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_pairs_differ_in_what_they_compare_alone(name):
    """Both nets of a pair see images of the same kind for the same number of steps."""
    jobs = {job.net: job for job in EXPERIMENTS[name].jobs(0)}
    for pair in EXPERIMENTS[name].pairs:
        ours, theirs = (jobs[net] for net in pair)
        assert ours.recipe.epochs == theirs.recipe.epochs
        assert ours.recipe.batch_size == theirs.recipe.batch_size
        assert (ours.train_images, ours.size) == (theirs.train_images, theirs.size)


def test_longer_is_three_and_five_times_as_long():
    for job in longer.jobs(0):
        net, times = job.net.split(" x")
        assert job.recipe.epochs == 8 * int(times)
        assert net == f"{'plain' if job.shortcut is None else 'ResNet'}-{job.depth}"


def test_shortcuts_are_all_three_options_at_two_depths():
    found = [(job.net, job.depth, job.shortcut) for job in shortcuts.jobs(0)]
    options = [(depth, option) for depth in (20, 32) for option in "ABC"]
    assert found == [(f"ResNet-{depth} {option}", depth, option) for depth, option in options]


def test_overfitting_takes_the_same_number_of_steps_on_few_images_and_on_many():
    jobs = overfitting.jobs(0)
    assert {(job.train_images // 128) * job.recipe.epochs for job in jobs} == {624}
    assert [(job.width, job.train_images) for job in jobs] == [
        (width, images) for images in (500, 10_000) for width in (8, 16, 32)
    ]
    for job in jobs:
        assert job.net == f"width x{job.width // 8}, {job.train_images:,} images"


@pytest.mark.parametrize(
    ("name", "scale", "words"),
    [
        ("twinz", "seminar", r"no experiment 'twinz': take one of \['accurate', .*'twins'\]\.$"),
        ("longer", "evening", r"longer has no scale 'evening': take one of \['seminar'\]\.$"),
        ("longer", "paper", r"longer has no scale 'paper': take one of \['seminar'\]\.$"),
        ("heads", "night", r"heads has no scale 'night': .*\['seminar', 'paper'\]\.$"),
    ],
)
def test_unknown_names_and_scales_get_one_clear_sentence(name, scale, words):
    with pytest.raises(ValueError, match=words):
        experiment(name, scale)
