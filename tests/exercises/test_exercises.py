"""Every exercise: right answers in any spelling, a hint for each mistake, and no harm done."""

import ast
import copy
import inspect
import math
import random
import re
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from html import escape
from io import StringIO
from itertools import product
from statistics import mean, stdev

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.functional import relu

from seminar_utils import exercises
from seminar_utils.exercises import EXERCISES, by_function, by_module, by_words, exercise
from seminar_utils.experiments.verdicts import Comparison
from seminar_utils.measures.layer_table import layer_table
from seminar_utils.models.resnet import BasicBlock, cifar_resnet
from seminar_utils.tables import Table
from tests.exercises import conv, googlenet, resnet, student, week4
from tests.exercises.googlenet import module
from tests.exercises.resnet import NETS, block, classes, residual
from tests.models.references import count

RIGHT = week4.RIGHT | googlenet.RIGHT | resnet.RIGHT
WRONG = week4.WRONG | googlenet.WRONG | resnet.WRONG
for name, one in EXERCISES.items():  # an answer of another kind
    if isinstance(one, by_function.FunctionExercise):
        WRONG[name][f"the function {one.solution.__name__} itself"] = [75_075, torch.ones(2)]
    elif isinstance(one, by_module.ModuleExercise):
        WRONG[name]["Give an nn.Module"] = [3, lambda: 3, torch.ones(2)]


def praise(name, answer):
    """Return what is said of a right answer, with the parameters that it has."""
    if "{parameters" in EXERCISES[name].right:
        net = answer if isinstance(answer, nn.Module) else answer()
        return f"Right: {EXERCISES[name].right.format(parameters=count(net))}"
    return f"Right: {EXERCISES[name].right}"


IDS = list(EXERCISES)
EXAMINED = [name for name in IDS if EXERCISES[name].examine]

for_each_exercise = pytest.mark.parametrize("name", IDS)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors are not worth waiting for a second processor that is busy."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def said(*arguments):
    """Check an answer and return what was printed."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        assert exercises.check(*arguments) is None
    assert err.getvalue() == "" and out.getvalue().count("\n") == 1
    return out.getvalue().strip()


@cache
def said_of(name, words):
    """Return what is printed for each wrong answer with this hint, found out once."""
    return [said(name, answer) for answer in WRONG[name][words]]


def test_there_are_twenty():
    assert set(RIGHT) == set(WRONG) == set(EXERCISES) and len(EXERCISES) == 20


@for_each_exercise
def test_a_solution_is_folded_away_and_is_the_code_that_was_run(name):
    shown = exercises.solution(name)
    code = repr(shown).removeprefix(f"One solution of {name}:\n\n")
    page = f"<summary>One solution of {name}</summary><pre>{escape(code)}</pre>"
    assert shown._repr_html_() == f"<details>{page}</details>"
    names = {"torch": torch, "nn": nn, "F": F, "math": math, "copy": copy}
    names |= {"mean": mean, "stdev": stdev, "Table": Table, "Tensor": Tensor}
    names |= {"multiply_adds": EXERCISES["G-1"].solution}
    exec(code, names)
    answer = names[EXERCISES[name].solution.__name__]
    if name == "G-2" or name in EXAMINED:
        answer = answer(exercises.puzzle(name)) if name in EXAMINED else answer()
    assert re.match(r"(def|class) ", code)
    assert said(name, answer) == praise(name, answer)


@pytest.mark.parametrize("name, answer", [(name, answer) for name in IDS for answer in RIGHT[name]])
def test_other_right_answers_pass(name, answer):
    assert said(name, answer) == praise(name, answer)


@pytest.mark.parametrize("name, words", [(name, words) for name in IDS for words in WRONG[name]])
def test_a_mistake_gets_its_own_hint_the_same_for_all_who_make_it(name, words):
    sentences = said_of(name, words)
    assert sentences and set(sentences) == {sentences[0]} and sentences[0].startswith("Not yet. ")
    assert [other for other in WRONG[name] if other in sentences[0]] == [words]


def known_mistakes():
    """Return name, hint and number of each wrong result that the check of a function knows."""
    for name, one in EXERCISES.items():
        if isinstance(one, by_function.FunctionExercise):
            for hint, results in one.mistakes(*one.cases()[0].inputs).items():
                yield from ((name, hint, number) for number, _ in enumerate(results))


@pytest.mark.parametrize(("name", "hint", "number"), [*known_mistakes()])
def test_every_known_mistake_is_told_from_all_others(name, hint, number):
    def answer(*inputs):
        return list(EXERCISES[name].mistakes(*inputs)[hint])[number]

    assert said(name, answer) == f"Not yet. {hint}"


def test_every_sentence_was_heard():
    """A hint that no wrong answer gets would be one that nobody has seen work."""
    heard = [text for one in EXERCISES.values() for text in (one.begin, one.right, one.takes)]
    heard += [text for name in IDS for words in WRONG[name] for text in said_of(name, words)]
    heard += [hint for _, hint, _ in known_mistakes()]
    heard += [key for name in ("G-6", "R-6") for key in EXERCISES[name].hints]
    heard += [repr(exercises.puzzle(name)) for name in EXAMINED]
    kinds = (exercise, by_function, by_module, by_words)
    files = [*kinds, *(inspect.getmodule(one.solution) for one in EXERCISES.values())]
    sentences = [text for file in files for text in sentences_in(file)]
    assert len(sentences) > 200
    assert [text for text in sentences if not any(text in other for other in heard)] == []


def sentences_in(module):
    """Return the texts of several words between fields in a module's code, no docstrings."""
    nodes = list(ast.walk(ast.parse(inspect.getsource(module))))
    docstrings = [node.value for node in nodes if isinstance(node, ast.Expr)]
    texts = [node for node in nodes if isinstance(node, ast.Constant) and node not in docstrings]
    parts = [part for node in texts for part in re.split(r"\{[^{}]*\}", str(node.value))]
    return [part for part in parts if re.search(r"\w \w", part)]


def stops(error):
    """Return an answer that raises this."""

    def answer(*_):
        raise error

    return answer


not_yet_written = student(lambda *_: ...)
EMPTY = [lambda *_: None, lambda *_: ..., not_yet_written, not_yet_written(), nn.Module]
EMPTY += [stops(NotImplementedError("to do"))]


@for_each_exercise
def test_no_answer_says_what_to_give_and_a_hint_where_to_begin(name, capsys):
    kind = type(EXERCISES[name]).__name__
    nobody = {"A": None, "B": ""}
    empty = {"NameExercise": ["", " ", "...", "''"], "ChoiceExercise": [{}, nobody], "_Number": []}
    expected = f'No answer yet. {EXERCISES[name].takes} Stuck? exercises.hint("{name}")'
    answers = [None, ..., *empty.get(kind, EMPTY)]
    assert {said(name), *(said(name, answer) for answer in answers)} == {expected}
    exercises.hint(name)
    begin = capsys.readouterr().out.strip()
    assert begin == EXERCISES[name].begin and begin.startswith("Begin with ")
    assert len(expected) < 180 and begin not in expected


def adds_in_place(block, x):
    x += residual(block, x)  # which the first convolution still needs on the way back
    return x.relu()


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("G-1", stops(ValueError("first line.\nsecond line")), "ValueError: first line."),
        ("G-3", lambda x, w, b: x.view(3, 1000), "RuntimeError: shape '[3, 1000]' is invalid"),
        ("G-4", stops(ValueError), "ValueError."),
        ("G-1", lambda i, o: i, "TypeError: <lambda>() takes 2 positional arguments but 5 were"),
        ("G-5", stops(ValueError), "ValueError."),
        ("G-5", lambda: nn.Conv2d(3, 64, 1), "RuntimeError: Given groups=1"),
        ("G-5", module(join=lambda b: torch.cat(b, 7)), "IndexError: Dimension out of range"),
        ("R-1", block(first=conv(16, 8)), "RuntimeError: running_mean should"),
        ("R-1", block(adds_in_place), "RuntimeError: one of the variables needed for gradient"),
        ("R-2", lambda x: x, "TypeError: "),
        ("R-2", lambda x, o: x.view(7), "RuntimeError: shape '[7]' is invalid"),
    ],
)
def test_an_answer_that_stops_gets_a_sentence(name, answer, sentence):
    text = said(name, answer)
    assert text.startswith(f"Your answer stopped with an error. {sentence}")
    assert text[-1] == "." and text[-2] != "."


@pytest.mark.parametrize(
    "call", [getattr(exercises, f) for f in ("check", "solution", "puzzle", "hint")]
)
@pytest.mark.parametrize("name", ["G-9", "g-1", None])
def test_an_unknown_id_gets_one_clear_sentence(call, name):
    known = f"There is no exercise {name!r}; take one of: {', '.join(EXERCISES)}."
    with pytest.raises(ValueError, match=f"^{re.escape(known)}$"):
        call(name)


def settings():
    return (
        torch.get_rng_state().tolist(),
        random.getstate(),
        str(np.random.get_state()),
        torch.is_grad_enabled(),
        torch.get_default_dtype(),
    )


def vandal(*inputs):
    torch.manual_seed(1), random.seed(1), np.random.seed(1)
    torch.set_grad_enabled(not torch.is_grad_enabled())
    torch.set_default_dtype(torch.float64)
    raise ValueError


@pytest.mark.parametrize("gradients", [True, False])
def test_nothing_global_is_changed_nor_does_it_matter(gradients):
    with torch.set_grad_enabled(gradients):
        before = settings()
        for name in IDS:
            said(name, vandal)
            assert said(name, RIGHT[name][0]).startswith("Right")
            assert settings() == before, name


@for_each_exercise
def test_what_is_printed_does_not_depend_on_the_random_numbers(name):
    texts = set()
    for seed in (1, 2):
        torch.manual_seed(seed)
        texts.add(said(name, lambda first, *_: first * 0.0))
    assert len(texts) == 1


@pytest.mark.parametrize(("name", "mine"), [("G-5", module()().train()), ("R-1", block()().eval())])
def test_the_students_module_keeps_weights_statistics_and_mode(name, mine):
    before, mode = {key: value.clone() for key, value in mine.state_dict().items()}, mine.training
    assert said(name, mine).startswith("Right") and said(name, lambda: mine).startswith("Right")
    assert all(torch.equal(value, before[key]) for key, value in mine.state_dict().items())
    assert mine.training is mode


ROUGHLY = {  # an answer that is off by a factor, how little counts as rounded, how much does not
    "G-1": (lambda factor: lambda i, o, k, h, w: factor * i * o * k**2 * h * w, 1e-6, 1e-4),
    "G-2": (lambda factor: factor * 5_268_480, 0.009, 0.011),
    "G-5": (lambda factor: module(join=lambda b: factor * torch.cat(b, 1)), 1e-5, 0.01),
    "R-1": (lambda factor: block(lambda b, x: factor * relu(residual(b, x) + x)), 1e-5, 0.01),
}


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("name", ROUGHLY)
def test_a_rounded_answer_is_right_and_a_rough_one_is_not(name, sign):
    off_by, little, much = ROUGHLY[name]
    assert said(name, off_by(1 + sign * little)).startswith("Right")
    assert said(name, off_by(1 + sign * much)).startswith("Not yet")


def parameters(net):
    return {name: tuple(p.shape) for name, p in net.named_parameters()}


@pytest.mark.parametrize("name", NETS)
def test_a_puzzle_looks_like_resnet_20_and_is_the_same_each_time(name):
    state = torch.get_rng_state()
    net, again = exercises.puzzle(name), exercises.puzzle(name)
    assert torch.equal(state, torch.get_rng_state()) and net is not again and net.training
    assert parameters(net) == parameters(cifar_resnet(20)) and count(net) == 269_722
    assert all(map(torch.equal, net.parameters(), again.parameters()))
    assert str(net) == str(cifar_resnet(20))
    for other in (again, cifar_resnet(20)):
        assert net.state_dict().keys() == other.state_dict().keys()
    assert net(torch.rand(2, 3, 32, 32)).shape == (2, 10)


def test_the_stride_is_missing_in_one_place_and_costs_multiply_adds():
    nets = cifar_resnet(20), exercises.puzzle("R-3")
    right, wrong = (layer_table(net, (3, 32, 32)) for net in nets)
    assert (right.multiply_adds, wrong.multiply_adds) == (40_551_040, 118_407_808)
    pairs = zip(right, wrong, strict=True)
    larger = [ours.name for ours, theirs in pairs if ours.output_shape != theirs.output_shape]
    assert larger[0] == NETS["R-3"]


def test_the_running_statistics_of_one_layer_alone_stay_as_they_were():
    net = exercises.puzzle("R-5")
    net(torch.rand(8, 3, 32, 32))
    changed = {k for k, v in net.state_dict().items() if k.endswith("mean") and v.any()}
    means = {k for k in net.state_dict() if k.endswith("running_mean")}
    assert means - changed == {f"{NETS['R-5']}.running_mean"}


def test_solutions_of_the_puzzles_find_nothing_in_a_right_net():
    assert EXERCISES["R-4"].solution(cifar_resnet(20)) == "none"
    assert EXERCISES["R-5"].solution(cifar_resnet(20)) == "none"
    with pytest.raises(StopIteration):
        EXERCISES["R-3"].solution(cifar_resnet(20))


def test_verdicts_are_those_of_the_course():
    for letter, *pairs in exercises.puzzle("R-6").rows:
        verdict = Comparison("new", "old", "test", tuple(pairs)).verdict
        assert verdict.removesuffix(" at this scale") == resnet.pairs()[letter]


@pytest.mark.parametrize("name", ["G-6", "R-6"])
def test_every_wrong_word_has_a_hint(name):
    right = RIGHT[name][0]
    for letter, word in product(EXERCISES[name].letters, EXERCISES[name].words):
        if word.lower() != right[letter].strip().lower():
            assert said(name, right | {letter: word}).startswith(f"Not yet. {letter}: ")


def test_a_class_of_blocks_is_right_if_it_works_where_a_stage_begins_too():
    right = classes(lambda block, x: block.shortcut(x))
    assert said("R-1", right).startswith("Right: 4,672 parameters")


@pytest.mark.parametrize("name", ["R-1", "R-2", "G-1"])
def test_an_exercise_with_nothing_to_examine_says_which_have_something(name):
    known = ", ".join(n for n in EXERCISES if n in EXAMINED)
    sentence = f"Exercise '{name}' has nothing to examine; take one of: {known}."
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        exercises.puzzle(name)


def test_the_numbers_of_the_sentences():
    price, branch = EXERCISES["G-1"].solution, EXERCISES["G-2"].solution()
    direct, reduction = price(480, 48, 5, 14, 14), price(480, 16, 1, 14, 14)
    assert (direct, branch, reduction) == (112_896_000, 5_268_480, 1_505_280)
    assert direct // branch == 21
    assert count(EXERCISES["G-5"].solution()) == 163_696
    assert count(module(bias=False)()) == 163_696 - 368
    assert count(googlenet.UNREDUCED()) == 393_472
    assert count(EXERCISES["R-1"].solution()) == 4_672
    assert count(BasicBlock(16, 16, shortcut=None)) == 4_672
    assert said("R-1", block(bias=True)).startswith("Right: 4,704 parameters")
    assert 2 * 9 * 64**2 == 73_728 and 73_728 // count(EXERCISES["R-7"].solution()) == 16
    assert {count(cifar_resnet(20, option)) for option in (None, "A")} == {269_722}
    assert EXERCISES["W-5"].solution(1000, 1000, 0.08, 1).tolist() == [283, 283]


def test_sentences_are_friendly_and_short():
    for one in EXERCISES.values():
        for text in (one.begin, one.right):
            assert "!" not in text and text[-1] in ".?" and len(text) < 200
