"""Several processes of one thread, against one process of two threads.

All processes stand ready, their net built and warm, before the first round. Then those whose turn
it is get the signal together, and the time runs until the last of them is done.

Two threads of one net wait for each other after every operation. When other programs hold the
cores, that way is slower by a factor of ten or more, and this block takes that much longer.
"""

import multiprocessing
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection
from statistics import median

import torch

from bench.rounds import Steps, ratio, take_turns
from seminar_utils.experiments import twins
from seminar_utils.experiments.job import Job

ROUNDS, STEPS = 7, 10
NET = "ResNet-32"
TOGETHER = (1, 2, 4)


def serve(connection: Connection, job: Job, threads: int) -> None:
    """Take as many steps as the connection asks for, again and again, until it closes."""
    torch.set_num_threads(threads)
    steps = Steps(job)
    steps(2)
    connection.send("ready")
    try:
        while True:
            steps(connection.recv())
            connection.send("done")
    except EOFError:
        return


def start(job: Job, threads: int) -> Connection:
    """Start a process and return what to talk to it with."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    spawn.Process(target=serve, args=(theirs, job, threads), daemon=True).start()
    theirs.close()  # so that a process that dies is noticed here
    return ours


def train_together(workers: Sequence[Connection], count: int) -> None:
    """Let each worker take so many steps, all at once, and wait for the last."""
    for worker in workers:
        worker.send(count)
    for worker in workers:
        worker.recv()


def report(rounds: int) -> None:
    """Print what so many processes train together."""
    job = next(job for job in twins.jobs(0) if job.net == NET)
    workers = [start(job, threads=1) for _ in range(max(TOGETHER))]
    two_threads = start(job, threads=2)
    for worker in [*workers, two_threads]:
        worker.recv()
    ways = {count: partial(train_together, workers[:count], STEPS) for count in TOGETHER}
    alone = "1 of 2 threads"
    taken = take_turns({**ways, alone: partial(train_together, [two_threads], STEPS)}, rounds)
    for worker in [*workers, two_threads]:
        worker.close()
    for process in multiprocessing.active_children():
        process.join()
    print(f"processes       images/s of all, {NET}  against one")
    for way, of_rounds in taken.items():
        count = 1 if way == alone else way
        images = count * STEPS * job.recipe.batch_size / median(of_rounds)
        print(f"{way:<14} {images:>26,.0f} {count * ratio(taken[1], of_rounds):>11.2f}x")
