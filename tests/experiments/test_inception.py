"""Inception: the net that is described, what is measured of it, and that it works."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from seminar_utils import experiments
from seminar_utils.experiments import inception
from seminar_utils.experiments.inception import SHARES, garment_shares, garment_table
from seminar_utils.experiments.job import run_job
from seminar_utils.measures.activation_maps import activation_maps, share_on
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.training.loop import Recipe
from tests.figures import record_of

JOB = replace(inception.jobs(3)[0], width=1 / 32, train_images=64, test_images=40)
JOB = replace(JOB, recipe=Recipe(epochs=1, batch_size=32, pad=1))


def test_the_net_is_the_papers_at_a_sixth_of_its_width():
    (job,) = inception.jobs(0)
    assert (job.width, job.size, job.train_images, job.heads) == (1 / 6, 28, 60_000, ())
    model = job.build()
    layers = layer_table(model, (1, 28, 28))
    assert 12e6 < layers.multiply_adds < 13e6 and layers.parameters == 169_430
    sides = {layer.name.split(".")[0]: layer.output_shape[-1] for layer in layers[:-3]}
    modules = ("3a", "3b", "4a", "4e", "5b")
    assert [sides[f"inception_{name}"] for name in modules] == [14, 14, 7, 7, 7]
    assert not any(isinstance(module, nn.LocalResponseNorm) for module in model.modules())
    kernels = {conv.kernel_size for conv in model.modules() if isinstance(conv, nn.Conv2d)}
    assert kernels == {(1, 1), (3, 3), (5, 5)}
    assert model.dropout.p == 0.2


def test_a_record_says_where_it_looks_and_lists_all_mistakes():
    record = run_job(JOB)
    shares = record.measurements[SHARES]
    assert len(shares) == 40 and all(len(row) == 3 for row in shares)
    assert len(record.measurements["mistakes"]) == round(0.4 * record.history.test.error)


def test_shares_are_of_the_right_class_the_best_wrong_one_and_the_wrong_ones():
    model = JOB.build().eval()
    images, labels = torch.randn(6, 1, 28, 28), torch.tensor([0, 1, 2, 3, 4, 5])
    garments = torch.rand(6, 1, 28, 28) > 0.5
    found = garment_shares(model, images, labels, garments)
    all_shares = share_on(garments, activation_maps(model, images))
    with torch.inference_mode():
        logits = model(images)
    for number, label in enumerate(labels.tolist()):
        wrong = [other for other in range(10) if other != label]
        best = max(wrong, key=lambda other: logits[number, other].item())
        of_wrong = [s for s in all_shares[number, wrong].tolist() if s == s]
        expected = [*all_shares[number, [label, best]].tolist(), sum(of_wrong) / len(of_wrong)]
        assert found[number].tolist() == pytest.approx(expected, nan_ok=True)


def records(*shares_by_seed):
    return [
        record_of(replace(JOB, seed=seed), [50.0], 10.0, **{SHARES: shares})
        for seed, shares in enumerate(shares_by_seed)
    ]


NAN = float("nan")
FIRST = [[0.5, 0.4, 0.3], [0.7, 0.5, 0.3], [NAN, 0.5, 0.3], [0.5, NAN, 0.3], [0.6, 0.7, 0.1]]
SECOND = [[0.525, 0.625, 0.3], [0.525, 0.725, 0.3]]


def test_pairs_are_right_minus_best_wrong_without_empty_maps():
    first, second = inception.right_minus_wrong(records(FIRST, SECOND))
    assert first.differences == pytest.approx((10, 20, -10))
    assert second.differences == pytest.approx((-10, -20))
    assert (first.split, second.split) == ("seed 0", "seed 1")


def test_the_table_has_a_row_a_seed_and_one_over_the_seeds():
    table = garment_table(records(FIRST, SECOND))
    assert [row[:4] for row in table.rows] == [
        ("seed 0", "57.5", "52.5", "+6.7"),
        ("seed 1", "52.5", "67.5", "-15.0"),
        ("seeds", "55.0", "60.0", "-4.2"),
    ]
    assert [row[-2] for row in table.rows] == ["2 of 3", "2 of 2", "1 of 2"]
    assert [row[-1] for row in table.rows] == ["not shown at this scale"] * 3
    sure = [[0.5 + i / 1000, 0.4, 0.3] for i in range(9)]
    assert garment_table(records(sure, sure[1:])).rows[0][-1] == "larger"


def test_kept_weights_make_the_recorded_mistakes():
    record, *others = experiments.recorded("inception")  # of seed 0
    assert all(len(each.measurements[SHARES]) == 1000 for each in (record, *others))
    model = experiments.trained("inception", "GoogLeNet")
    images, labels = experiments.test_images("inception", 1000)
    with torch.inference_mode():
        wrong = (model(images).argmax(1) != labels).nonzero().flatten().tolist()
    recorded = [index for index, *_ in record.measurements["mistakes"] if index < 1000]
    assert len(set(wrong) ^ set(recorded)) <= 2  # of about 70; rounding may turn one
