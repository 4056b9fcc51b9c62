"""Measure all blocks, or those named: python -m bench [growth workers ...] [--rounds 3].

    class      the live run of a lesson: what was tried to make it faster
    peers      the course's loop beside a plain one, d2l's and Lightning's
    loop       the training loop against the bare steps and against a DataLoader
    growth     seconds and memory of a step against depth, width, size, batch and processes
    googlenet  images per second of the small GoogLeNet, with and without heads and batch norm
    operators  what the time of a step goes to
    workers    several processes of one thread against one process of several threads
    precision  bfloat16 against float32: speed and results
    reader     pictures decoded a second, against torchvision's reference
    gpu        several nets at once on a GPU against a plain loop
    notebook   what first cells load; seconds from a kernel's start to the figure and the verdict
    watch      does the figure that follows a live run slow its training?

Who is compared takes turns within a round, so that whatever else the machine does hits all alike.
Printed are medians over the rounds, of ratios taken within a round; nothing is held against a
limit. Leave the machine alone meanwhile.
"""

import argparse
import os
import time

import torch

from bench import (
    classroom,
    googlenet,
    gpu,
    growth,
    loop,
    notebook,
    operators,
    peers,
    precision,
    reader,
    watch,
    workers,
)

BLOCKS = {
    "class": classroom,
    "loop": loop,
    "peers": peers,
    "growth": growth,
    "googlenet": googlenet,
    "operators": operators,
    "workers": workers,
    "precision": precision,
    "reader": reader,
    "notebook": notebook,
    "watch": watch,
    "gpu": gpu,
}


def main() -> None:
    """Run the blocks and print after each what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("blocks", nargs="*", metavar="block", help=f"of {', '.join(BLOCKS)}")
    parser.add_argument("--rounds", type=int, help="in place of each block's own number")
    options = parser.parse_args()
    if unknown := set(options.blocks) - BLOCKS.keys():
        parser.error(f"there is no block {', '.join(sorted(unknown))}: take of {', '.join(BLOCKS)}")
    torch.set_num_threads(1)
    capability = torch.backends.cpu.get_cpu_capability()
    print(
        f"torch {torch.__version__}, {capability}, {os.cpu_count()} cores; one thread unless said"
    )
    for name in options.blocks or BLOCKS:
        block = BLOCKS[name]
        rounds = options.rounds or block.ROUNDS
        print(f"\n== {name}: {block.__doc__.splitlines()[0]} Rounds: {rounds}.", flush=True)
        start = time.perf_counter()
        block.report(rounds)
        print(f"({name} took {time.perf_counter() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
