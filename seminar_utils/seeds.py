"""Random numbers with a name: each stream depends on the run's seed and its own name alone."""

import hashlib

import torch

__all__ = ["generator_for"]


def generator_for(seed: int, name: str) -> torch.Generator:
    """Return a CPU generator whose stream depends on the seed and the name alone.

    Python's own ``hash`` of a string changes from process to process, hence SHA-256.
    """
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little") >> 1)
