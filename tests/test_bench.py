"""The bench's helpers count and choose what they say; how fast anything is stands nowhere here."""

import time
from dataclasses import replace

import nbformat
import pytest
import torch
from PIL import Image

from bench import classroom, growth, loop, notebook, operators, peers, precision, reader, workers
from bench.rounds import Steps, alone, multiply_adds, ratio, scatter, take_turns
from seminar_utils.experiments import heads, twins
from seminar_utils.experiments.job import ResidualJob
from seminar_utils.training.loop import Recipe
from tests.small_notebooks import code, figure, markdown

SMALL = ResidualJob(net="ResNet-8", depth=8, shortcut="A", seed=0)


def test_competitors_take_turns_forwards_and_backwards_and_ratios_are_within_a_round():
    """The first round does not count."""
    seen = []
    taken = take_turns({"a": lambda: seen.append("a"), "b": lambda: seen.append("b")}, rounds=2)
    assert "".join(seen) == "ba" + "ab" + "ba"
    assert [len(taken[name]) for name in "ab"] == [2, 2]
    # The second round was slow for both: the ratio of the medians would say 2/3.
    assert ratio([1.0, 10.0, 2.0], [2.0, 20.0, 3.0]) == 0.5
    assert scatter([1.0, 2.0, 4.0]) == 0.5


def test_what_a_process_of_its_own_measured_is_the_last_line_it_prints(tmp_path):
    module = "import json, os; print('words'); print(json.dumps({'seconds': os.environ['GIVEN']}))"
    (tmp_path / "measures.py").write_text(module, encoding="utf-8")
    assert alone("measures", PYTHONPATH=str(tmp_path), GIVEN="3") == {"seconds": "3"}


def test_work_of_a_step_counts_three_passes_and_the_heads():
    # Stem, and the two convolutions of each block; the maps are 14, 7 and 4 pixels wide.
    stem, first = 9 * 8 * 14**2, 2 * 9 * 8 * 8 * 14**2
    second, third = 9 * (8 + 16) * 16 * 7**2, 9 * (16 + 32) * 32 * 4**2
    assert multiply_adds(SMALL) == 3 * 128 * (stem + first + second + third + 32 * 10)
    jobs = {job.net: job for job in heads.jobs(0)}
    assert multiply_adds(jobs["both heads"]) > multiply_adds(jobs["no heads"])


def test_memory_counts_what_is_held_at_one_moment():
    x = torch.ones(1000)  # 4,000 bytes
    with growth.Memory([x]) as memory:
        y = 3 * (2 * x)
        assert memory.now == 8000  # x and y; 2 * x is gone
        z = y[10:].view(-1)  # no storage of its own
        del y
        assert memory.now == 8000
        del z
    assert memory.now == 4000
    assert memory.peak == 12000


def test_memory_of_a_step_is_the_same_again_and_more_than_what_backward_needs():
    steps = Steps(SMALL)
    before = steps.model.fc.weight.detach().clone()
    peak = growth.peak_bytes(steps)
    assert not torch.equal(steps.model.fc.weight, before)
    assert growth.peak_bytes(steps) == peak
    kept = {}
    pack = lambda tensor: kept.setdefault(tensor.untyped_storage().data_ptr(), tensor)  # noqa: E731
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        loss = steps.job.loss(steps.model(steps.images), steps.labels)
    loss.backward()
    saved = sum(tensor.untyped_storage().nbytes() for tensor in kept.values())
    assert saved < peak < 1.2 * saved


def test_growth_is_held_against_a_line_through_the_largest_or_through_one_process():
    def rows(name, *milliseconds):
        values = growth.DIMENSIONS[name].values[-len(milliseconds) :]
        pairs = zip(values, milliseconds, strict=True)
        return [{"dimension": name, "value": value, "ms": ms, "MB": value} for value, ms in pairs]

    assert growth.beside(rows("batch", 4, 4, 8), "ms") == {128: 1, 256: 0, 512: 0}
    assert growth.beside(rows("width", 5, 16), "ms") == {32: 0.25, 64: 0}  # of filters squared
    assert growth.beside(rows("workers", 10, 11, 30), "ms") == pytest.approx({1: 0, 2: 0.1, 4: 2})
    assert growth.sentence("width", rows("width", 5, 16)) == (
        "width: time beside the line at 32 (+25%); memory on the line"
    )


def test_every_dimension_of_growth_is_kept_as_it_is_measured_today():
    for name, rows in growth.kept().items():
        assert [int(row["value"]) for row in rows] == [*growth.DIMENSIONS[name].values]
        assert len({row["machine"] for row in rows}) == 1
    assert growth.job_of("batch", 16).recipe.batch_size == 16 and growth.job_of("size", 7).size == 7


def test_the_bench_writes_pictures_of_the_usual_size(tmp_path):
    reader.write_pictures(tmp_path)
    paths = sorted(tmp_path.rglob("*.jpg"))
    assert len(paths) == reader.PICTURES and Image.open(paths[0]).size == (500, 375)


@pytest.mark.parametrize("way", ["ours", "plain", "lightning"])
def test_peers_do_the_same_work(way):
    """What they learn differs as the order of their images does."""
    if way == "lightning":
        pytest.importorskip("lightning")
    job = replace(SMALL, train_images=256, test_images=100, recipe=Recipe(epochs=2))
    torch.manual_seed(0)
    found = peers.measured(way, job)
    assert 20 < found["error"] <= 100 and found["images/s"] > 0 and found["MB"] > 100


def test_lines_of_code_are_counted_without_docstrings():
    assert peers.lines(peers.hits) == 2
    assert peers.lines(peers.hits, peers.optimizer_of) == 2 + 6
    assert all(peers.lines(*functions) > 20 for functions in peers.WAYS.values())


def test_tests_with_folded_batch_norm_find_the_same():
    model = Steps(SMALL).model
    model.train()(torch.randn(64, 1, 14, 14))
    ways = classroom.tests_of(replace(SMALL, test_images=5000), model)
    errors = [test().loss for test in ways.values()]
    assert errors == pytest.approx([errors[0]] * len(errors), rel=1e-5)


def test_ways_through_the_loop_train_and_pictures_are_normalised_as_the_batches_are():
    ways = loop.ways(SMALL, count=2)
    assert all(0 < ways[name]().error <= 100 for name in ("trainer", "DataLoader"))
    batches, _ = SMALL.tiny().batches(torch.float32)
    pictures = loop.Pictures(batches)
    ours = batches.normalization(batches.images[:1])[0]
    theirs, label = pictures[0]
    same = [torch.allclose(theirs, each, atol=1e-5) for each in (ours, ours.flip(2))]
    assert any(same) and label == batches.labels[0]


def test_the_profiler_still_uses_our_names():
    job = next(job for job in heads.jobs(0) if job.net == "both heads, batch norm")
    steps = Steps(replace(job, recipe=replace(job.recipe, batch_size=4)))
    steps(1)
    operations = operators.profiled(steps, 1)
    assert {name for names in operators.PARTS.values() for name in names} <= operations.keys()
    assert all(share > 0 for share in operators.in_parts(operations).values())


def test_autocast_calculates_in_bfloat16_and_returns_float32():
    images = torch.randn(4, 1, 14, 14)
    logits = precision.in_bfloat16(SMALL).build().eval()(images)
    expected = SMALL.build().eval()(images)
    assert logits.dtype == torch.float32 and not torch.equal(logits, expected)
    assert torch.allclose(logits, expected, rtol=0.05, atol=0.05)
    assert 0 < precision.errors(SMALL.tiny())["test"] <= 100


def test_what_is_measured_exists():
    assert workers.NET in {job.net for job in twins.jobs(0)}
    assert operators.NETS.keys() <= {job.net for job in [*twins.jobs(0), *heads.jobs(0)]}
    cells = nbformat.read(notebook.NOTEBOOK, as_version=4).cells
    assert cells.index(notebook.first_figure(cells)) < cells.index(notebook.first_verdict(cells))


def test_notebook_cells_are_found_and_timed(tmp_path):
    nap = "import time; time.sleep(0.3)"
    cells = [
        markdown("# T"),
        code("import json.decoder as verdicts\nverdicts.verdicts = 1"),
        code(nap, outputs=[figure()]),
        markdown("compare(...).verdict in text"),
        code("class found:\n    verdict = 1\nassert found.verdict"),
        code("1"),
    ]
    assert notebook.first_figure(cells) is cells[2]
    assert notebook.first_verdict(cells) is cells[4]
    start = time.time()
    found = notebook.ends(cells[:5], tmp_path)
    assert list(found) == [cells[index].id for index in (1, 2, 4)]
    before, figure_at, verdict_at = found.values()
    assert before + 0.3 <= figure_at <= verdict_at <= time.time() - start
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        notebook.ends([code("1 / 0")], tmp_path)
