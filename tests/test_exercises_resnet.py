"""The exercises on ResNet: right answers in any spelling, a hint for each mistake."""

import random
import re
from functools import cache, partial
from html import escape
from itertools import combinations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.functional import relu

from seminar_utils import exercises
from seminar_utils.exercises import (
    lost_statistics,
    missing_stride,
    naming,
    option_a,
    residual,
    resnet,
    wrong_shortcut,
)
from seminar_utils.models.resnet import BasicBlock, ZeroPadShortcut, cifar_resnet
from tests.answers import assert_hints_apart, assert_own_hint, cases, one_thread, said

__all__ = ["one_thread"]  # a fixture

IDS = ["R-1", "R-2", "R-3", "R-4", "R-5"]
PUZZLES = {"R-3": "stages.1.0.conv1", "R-4": "stages.1.2", "R-5": "stages.2.1.bn1"}


def block(forward=None, *, bias=False, **parts):
    """Return a student's class for R-1, with one thing or another done differently."""

    class Student(nn.Module):
        def __init__(self):
            super().__init__()
            self.second = nn.Conv2d(16, 16, 3, padding=1, bias=bias)
            self.first = nn.Conv2d(16, 16, 3, padding=1, bias=bias)
            self.norm2, self.norm1 = nn.BatchNorm2d(16), nn.BatchNorm2d(16)
            for name, build in parts.items():
                setattr(self, name, build())

        def residual(self, x):
            return self.norm2(self.second(relu(self.norm1(self.first(x)))))

        def forward(self, x):
            return forward(self, x) if forward else relu(x + self.residual(x))

    return Student


def conv(channels=16, kernel=3, **options):
    """Return what builds a convolution of 16 channels."""
    return lambda: nn.Conv2d(16, channels, kernel, **{"padding": 1, "bias": False} | options)


class Shared(block()):
    """One batch norm behind both convolutions."""

    def __init__(self):
        super().__init__()
        self.norm2 = self.norm1


class SharedKernel(block()):
    def __init__(self):
        super().__init__()
        self.second = self.first


class InPlace(block(bias=True)):
    """An order of one's own, ReLU and sum in place, convolutions with a bias."""

    def forward(self, x):
        out = nn.Sequential(self.first, self.norm1, nn.ReLU(inplace=True), self.second)(x)
        x += self.norm2(out)
        return x.relu_()


class ByHand(nn.Module):
    """Parameters instead of layers."""

    def __init__(self):
        super().__init__()
        self.w = nn.ParameterList(torch.randn(16, 16, 3, 3) for _ in range(2))
        self.v = nn.ParameterList(torch.randn(16) for _ in range(4))

    def forward(self, x):
        out = x
        for n in range(2):
            out = F.conv2d(relu(out) if n else out, self.w[n], padding=1)
            out = F.batch_norm(out, None, None, self.v[2 * n], self.v[2 * n + 1], training=True)
        return F.relu(torch.stack([x, out]).sum(0))


def in_place_first(self, x):
    return relu(self.residual(x.relu_()) + x)


def append_by_hand(x, out_channels):
    small = x[..., ::2, ::2]
    return torch.cat([small, torch.zeros(len(x), out_channels - x.shape[1], *small.shape[2:])], 1)


def fill_an_empty_one(x, out_channels):
    n, c, h, w = x.shape
    out = torch.zeros(n, out_channels, h // 2, w // 2)
    out[:, :c] = F.max_pool2d(x, 1, stride=2)
    return out


def extend(x, front=0, behind=4, **options):
    return F.pad(x, (0, 0, 0, 0, front, behind), **options)


def half(x):
    return x[:, :, ::2, ::2]


def option_b(x, out_channels):
    return nn.Conv2d(x.shape[1], out_channels, 1, stride=2, bias=False)(x)


class OptionB(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Conv2d(4, 8, 1, stride=2)

    def forward(self, x, out_channels):
        return self.project(x)


class OptionA(nn.Module):
    def forward(self, x, out_channels):
        return ZeroPadShortcut(out_channels - x.shape[1], 2)(x)


def spellings(name):
    """Return some ways of writing a layer's name."""
    in_brackets = re.sub(r"\.(\d)", r"[\1]", name)
    quoted = [f"'{name}'", f'"{name}"', f"`{name}`"]
    long = [f"net.{name}", f"net.{in_brackets}", f"model.{name}.", f"{name}.weight"]
    return [name, f" {name}\n", name.upper(), in_brackets, *quoted, *long]


RIGHT = {
    "R-1": [
        block(),
        block()(),
        block(bias=True),
        lambda: BasicBlock(16, 16),
        InPlace,
        ByHand,
        lambda: nn.Sequential(block()()),
    ],
    "R-2": [append_by_hand, fill_an_empty_one, OptionA, OptionA()],
    **{number: spellings(name) for number, name in PUZZLES.items()},
}

TEXT = {  # the same for every name
    "name as text": [3, nn.Conv2d(1, 1, 1), ["stages.1"], print],
    "a name of torchvision's": ["layer2.0.conv1", "layer1"],
    "nothing of that name": ["stages.1.0.conv3", "stages.3.0.conv1", "the stem", "stages.1.3"],
}

# For each hint, by words that only it has, the answers that must get it.
WRONG = {
    "R-1": {
        "before the addition as well": [block(lambda b, x: relu(relu(b.residual(x)) + x))],
        "added after the last ReLU": [block(lambda b, x: relu(b.residual(x)) + x)],
        "no ReLU after the addition": [
            block(lambda b, x: b.residual(x) + x),
            block(lambda b, x: b.residual(x) + x, bias=True),
        ],
        "x is not added": [
            block(lambda b, x: relu(b.residual(x))),
            lambda: BasicBlock(16, 16, shortcut=None),
        ],
        "added twice": [
            block(lambda b, x: relu(b.residual(x) + x + x)),
            block(lambda b, x: relu(b.residual(x) + x) + x),
        ],
        "multiplied": [block(lambda b, x: relu(b.residual(x) * x))],
        "batch norm is missing": [
            block(norm1=nn.Identity, norm2=nn.Identity),
            block(norm1=nn.Identity, norm2=nn.Identity, bias=True),
            block(norm1=nn.Identity),
            block(norm2=nn.Identity, bias=True),
        ],
        "comes after the addition, where": [
            block(lambda b, x: relu(b.norm2(b.second(relu(b.norm1(b.first(x)))) + x)))
        ],
        "between the two convolutions": [
            block(lambda b, x: relu(b.norm2(b.second(b.norm1(b.first(x)))) + x))
        ],
        "changed places": [
            block(lambda b, x: relu(b.norm2(b.second(b.norm1(relu(b.first(x))))) + x)),
            block(lambda b, x: relu(b.norm2(relu(b.second(b.norm1(relu(b.first(x)))))) + x)),
        ],
        "pre-activation": [
            block(lambda b, x: b.second(relu(b.norm2(b.first(relu(b.norm1(x)))))) + x),
            block(lambda b, x: relu(b.residual(relu(x)) + x)),
            block(in_place_first),
            block(lambda b, x: b.residual(relu(x)) + x),
        ],
        "One batch norm serves both": [Shared],
        "One kernel does the work": [SharedKernel],
        "loses its border": [
            block(first=conv(padding=0), second=conv(padding=0)),
            block(first=conv(padding=0)),
            block(lambda b, x: b.residual(x), first=conv(padding=0)),
        ],
        "A 1x1 is a projection": [
            block(lambda b, x: relu(b.residual(x) + b.short(x)), short=conv(kernel=1, padding=0))
        ],
        f"shape {residual.KERNEL}; yours are [": [block(first=conv(kernel=5, padding=2))],
        f"shape {residual.KERNEL}; yours are none": [nn.Identity],
        "differs from relu(F(x) + x)": [block(lambda b, x: relu(b.residual(x) - x))],
        "yours has (4, 16)": [block(lambda b, x: b.residual(x).mean((2, 3)))],
        "something else than one tensor": [block(lambda b, x: (b.residual(x), x))],
        "Hand over an nn.Module": [3, lambda: 3, torch.ones(2), relu(torch.ones(2))],
    },
    "R-2": {
        "You pooled": [
            lambda x, o: extend(F.avg_pool2d(x, 2)),
            lambda x, o: extend(F.max_pool2d(x, 2)),
            lambda x, o: extend(F.adaptive_avg_pool2d(x, (x.shape[2] // 2, x.shape[3] // 2))),
        ],
        "wrong pixels": [lambda x, o: extend(x[:, :, 1::2, 1::2])],
        "one quarter": [lambda x, o: extend(x[:, :, : x.shape[2] // 2, : x.shape[3] // 2])],
        "Not all zeros stand behind": [
            lambda x, o: extend(half(x), o - x.shape[1], 0),
            lambda x, o: extend(half(x), o // 4, o // 4),
        ],
        "You repeat": [lambda x, o: torch.cat([half(x), half(x)], 1)],
        "as large as before": [lambda x, o: extend(x), lambda x, o: x],
        "Only one of H and W": [
            lambda x, o: extend(x[:, :, ::2]),
            lambda x, o: extend(x[..., ::2]),
        ],
        "H and W have changed": [lambda x, o: extend(half(x)).mT],
        "hold ones": [lambda x, o: extend(half(x), value=1)],
        "channels are missing": [lambda x, o: half(x)],
        "channels too many": [lambda x, o: extend(half(x), 0, o)],
        "zeros are pixels": [
            lambda x, o: F.pad(half(x), (0, o - x.shape[1])),
            lambda x, o: F.pad(half(x), (0, 0, 0, o - x.shape[1])),
        ],
        "is option B": [option_b, OptionB(), OptionB],
        "no gradient would come back": [
            lambda x, o: extend(half(x.detach()), 0, o - x.shape[1]),
            torch.no_grad()(append_by_hand),
        ],
        "not from 3 to 8": [
            lambda x, o: extend(half(x)),
            lambda x, o: extend(half(x), 0, x.shape[1]),
            lambda x, o: extend(half(x), 0, o // 2),
        ],
        "With x = a tensor (2, 4, 6, 10) that begins": [lambda x, o: -extend(half(x))],
        "the function itself, shortcut_a": [torch.ones(2)],
    },
    "R-3": {
        "only follows": ["stages.1.0.shortcut"],
        "Right block, wrong layer": ["stages.1.0.conv2", "stages.1.0.bn1"],
        "holds several layers": ["stages.1", "stages[1][0]", "stages"],
        "Right stage, wrong block": ["stages.1.1.conv1", "stages.1.2"],
        "A stage too late": ["stages.2", "stages.2.0.conv1", "stages.2.0.shortcut"],
        "wrong at the end": ["avgpool", "fc"],
        "Up to the end of stages.0": ["conv1", "stages.0.0.conv1", "maxpool", "bn1.weight"],
        **TEXT,
    },
    "R-4": {
        "name of the block itself": ["stages.1.2.conv2", "stages.1.2.shortcut"],
        "holds several blocks": ["stages.1", "stages.2", "stages"],
        "that is option A": ["stages.1.0", "stages.2.0.shortcut"],
        "because it feeds them": ["stages.2.1", "stages.2.2"],
        "This block is right": ["stages.0.0", "stages.1.1", "stages.1.1.conv1"],
        "one of the nine blocks": ["conv1", "fc"],
        **TEXT,
    },
    "R-5": {
        "which of its layers": ["stages.2.1"],
        "Right block, wrong batch norm": ["stages.2.1.bn2"],
        "Something is lost that": ["conv1", "stages.2.1.conv1", "fc"],
        "look further in front": ["bn1", "stages.2.2.bn1", "stages.1.1.bn1"],
        "holds several layers": ["stages.2", "stages.0.2", "stages"],
        "nothing to save": ["relu", "stages.2.1.shortcut", "avgpool"],
        **TEXT,
    },
}


@cache
def said_before(name, words, n):
    """Return what is printed for one of the wrong answers, found out once."""
    return said(name, WRONG[name][words][n])


def solve(name):
    """Return what the solution of an exercise would hand over."""
    solution = exercises.EXERCISES[name].solution
    return solution(exercises.puzzle(name)) if name in PUZZLES else solution


def test_there_are_five():
    assert list(resnet.EXERCISES) == IDS == list(RIGHT) == list(WRONG)
    assert list(exercises.EXERCISES)[-5:] == IDS


@pytest.mark.parametrize("name", IDS)
def test_the_solution_passes_its_own_check(name):
    assert said(name, solve(name)) == f"Right: {exercises.EXERCISES[name].right}"


@pytest.mark.parametrize(
    ("name", "n"), [(name, n) for name, answers in RIGHT.items() for n in range(len(answers))]
)
def test_other_right_answers_pass(name, n):
    assert said(name, RIGHT[name][n]) == f"Right: {exercises.EXERCISES[name].right}"


@pytest.mark.parametrize(("name", "words", "n"), cases(WRONG))
def test_a_mistake_gets_its_own_hint(name, words, n):
    assert_own_hint(said_before(name, words, n), words, WRONG[name])


@pytest.mark.parametrize("name", IDS)
def test_a_hint_is_the_same_for_all_who_make_the_mistake_and_for_nobody_else(name):
    assert_hints_apart(partial(said_before, name), WRONG[name])


def test_every_hint_of_the_catalogues_is_reached():
    """A hint that no wrong answer above gets would be one that nobody has seen work."""
    texts = [naming.NO_TEXT, naming.TORCHVISION, naming.NO_SUCH_LAYER]
    catalogues = {
        "R-1": [*residual.MISTAKES, residual.PADDING],
        "R-2": [*option_a.MISTAKES, option_a.LEARNT, option_a.NO_GRADIENT],
        "R-3": [*filter(None, missing_stride.HINTS.values()), *texts],
        "R-4": [*filter(None, wrong_shortcut.HINTS.values()), *texts],
        "R-5": [*filter(None, lost_statistics.HINTS.values()), *texts],
    }
    for name, hints in catalogues.items():
        assert len(hints) > 5
        assert [hint for hint in hints if not any(words in hint for words in WRONG[name])] == []


class NotYetWritten(nn.Module):
    def forward(self, x, *_): ...


EMPTY = {
    "R-1": [lambda: None, NotYetWritten, NotYetWritten(), nn.Module],
    "R-2": [lambda *_: None, lambda *_: ..., NotYetWritten, NotYetWritten()],
    **{name: ["", " ", "...", "''"] for name in PUZZLES},
}


@pytest.mark.parametrize("name", IDS)
def test_no_answer_gets_a_fixed_hint_where_to_begin(name):
    expected = f"No answer yet. {exercises.EXERCISES[name].begin}"
    assert expected.startswith("No answer yet. Begin with ")
    assert {said(name)} | {said(name, a) for a in [None, ..., *EMPTY[name]]} == {expected}


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("R-1", block(first=conv(channels=8)), "RuntimeError: running_mean should"),
        ("R-1", block(first=conv(stride=2)), "RuntimeError: The size of tensor a"),
        ("R-2", lambda x: x, "TypeError: "),
        ("R-2", lambda x, o: x.view(7), "RuntimeError: shape '[7]' is invalid"),
    ],
)
def test_an_answer_that_stops_gets_a_sentence(name, answer, sentence):
    text = said(name, answer)
    assert text.startswith("Your answer stopped with an error. ") and sentence in text


def parameters(net):
    return {name: tuple(p.shape) for name, p in net.named_parameters()}


@pytest.mark.parametrize("name", PUZZLES)
def test_a_puzzle_looks_like_resnet_20_and_is_the_same_each_time(name):
    state = torch.get_rng_state()
    net, again = exercises.puzzle(name), exercises.puzzle(name)
    assert torch.equal(state, torch.get_rng_state()) and net is not again and net.training
    assert parameters(net) == parameters(cifar_resnet(20))
    assert sum(p.numel() for p in net.parameters()) == 269_722
    assert all(map(torch.equal, net.parameters(), again.parameters()))
    if name != "R-3":  # whose stride is printed
        assert str(net) == str(cifar_resnet(20))
    assert net(torch.rand(2, 3, 32, 32)).shape == (2, 10)


def test_the_stride_is_missing_in_one_place_and_costs_multiply_adds():
    def multiply_adds(net):
        costs = [net.fc.weight.numel()]
        for layer in net.modules():
            if isinstance(layer, nn.Conv2d):
                layer.register_forward_hook(
                    lambda layer, _, y: costs.append(layer.weight.numel() * y[0, 0].numel())
                )
        net(torch.rand(1, 3, 32, 32))
        return sum(costs)

    assert multiply_adds(cifar_resnet(20)) == 40_551_040
    assert multiply_adds(exercises.puzzle("R-3")) == 118_407_808
    right, wrong = (
        {n: m.stride for n, m in net.named_modules() if isinstance(m, nn.Conv2d)}
        for net in (cifar_resnet(20), exercises.puzzle("R-3"))
    )
    assert [name for name in right if right[name] != wrong[name]] == [PUZZLES["R-3"]]


def test_one_block_alone_differs_from_the_paper_under_equal_weights():
    net, paper = exercises.puzzle("R-4"), cifar_resnet(20)
    paper.load_state_dict(net.state_dict())
    different = []
    for stage, blocks in enumerate(paper.stages):
        for position, right in enumerate(blocks):
            x = torch.randn(2, right.conv1.in_channels, 8, 8)
            if not torch.equal(right(x), net.stages[stage][position](x)):
                different.append(f"stages.{stage}.{position}")
    assert different == [PUZZLES["R-4"]]


def test_the_net_that_forgets_answers_otherwise_after_loading():
    def trained_and_loaded(build):
        net, loaded = build(), build()
        net(torch.rand(8, 3, 32, 32))
        loaded.load_state_dict(net.state_dict())
        image = torch.rand(1, 3, 32, 32)
        return net.eval()(image), loaded.eval()(image)

    assert torch.equal(*trained_and_loaded(lambda: cifar_resnet(20)))
    ours, theirs = trained_and_loaded(lambda: exercises.puzzle("R-5"))
    assert not torch.allclose(ours, theirs, rtol=0.01)
    lost = set(cifar_resnet(20).state_dict()) - set(exercises.puzzle("R-5").state_dict())
    assert lost == {f"{PUZZLES['R-5']}.running_{kind}" for kind in ("mean", "var")}


def test_solutions_of_the_puzzles_find_nothing_in_a_right_net():
    assert wrong_shortcut.block_that_loses_x(cifar_resnet(20)) == "none"
    assert lost_statistics.forgetful_layer(cifar_resnet(20)) == "none"
    with pytest.raises(StopIteration):
        missing_stride.first_large_map(cifar_resnet(20))


def test_the_known_mistakes_of_the_shortcut_are_different_functions():
    x = torch.randn(2, 4, 6, 10)
    results = [f(x, 8) for functions in option_a.MISTAKES.values() for f in functions]
    for a, b in combinations([option_a.shortcut_a(x, 8), *results], 2):
        assert a.shape != b.shape or not torch.allclose(a, b)


@pytest.mark.parametrize("name", ["R-1", "R-2", "G-1"])
def test_an_exercise_without_a_net_says_which_have_one(name):
    sentence = f"Exercise '{name}' has no net to examine; take one of: R-3, R-4, R-5."
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        exercises.puzzle(name)


def test_a_puzzle_of_an_unknown_id():
    with pytest.raises(ValueError, match=r"There is no exercise 'R-9'; take one of: W-1.*R-5\."):
        exercises.puzzle("R-9")


def settings():
    return (
        torch.get_rng_state().tolist(),
        random.getstate(),
        str(np.random.get_state()),
        torch.is_grad_enabled(),
        torch.get_default_dtype(),
    )


@pytest.mark.parametrize("gradients", [True, False])
def test_nothing_global_is_changed(gradients):
    with torch.set_grad_enabled(gradients):
        before = settings()
        for name in IDS:
            assert said(name, RIGHT[name][0]).startswith("Right")
            assert settings() == before, name


def test_the_students_block_keeps_weights_statistics_and_mode():
    mine = block()().eval()
    before = {name: value.clone() for name, value in mine.state_dict().items()}
    assert said("R-1", mine).startswith("Right") and said("R-1", lambda: mine).startswith("Right")
    assert all(torch.equal(value, before[name]) for name, value in mine.state_dict().items())
    assert not mine.training


@pytest.mark.parametrize("name", IDS)
def test_a_solution_is_folded_away_and_is_the_code_that_was_run(name):
    shown = exercises.solution(name)
    code = repr(shown).partition(":\n\n")[2]
    page = re.search(r"<pre>(.*)</pre>", shown._repr_html_(), re.DOTALL)
    assert page[1] == escape(code)
    names = {"torch": torch, "nn": nn, "F": F, "Tensor": torch.Tensor}
    exec(code, names)
    answer = names[exercises.EXERCISES[name].solution.__name__]
    answer = answer(exercises.puzzle(name)) if name in PUZZLES else answer
    assert said(name, answer).startswith("Right")


def test_the_numbers_of_the_sentences():
    assert sum(p.numel() for p in residual.ResidualBlock().parameters()) == 4_672
    assert sum(p.numel() for p in BasicBlock(16, 16, shortcut=None).parameters()) == 4_672
    for option in (None, "A"):
        assert sum(p.numel() for p in cifar_resnet(20, option).parameters()) == 269_722


def test_sentences_are_friendly_and_short():
    for exercise in resnet.EXERCISES.values():
        for text in (exercise.begin, exercise.right):
            assert "!" not in text and text[-1] in ".?" and len(text) < 200
